from __future__ import annotations

from django.urls import path

from guantong.assessment.views import bench as views

urlpatterns = [
    path("bench/", views.bench, name="bench"),
    path("bench/stability/", views.stability, name="bench-stability"),
    path("bench/draws/", views.draws, name="bench-draws"),
]

from __future__ import annotations

from django.urls import path

from guantong.records import views

urlpatterns = [
    path("records/", views.records, name="records"),
    path("evidence/<int:pk>/file/", views.evidence_file, name="evidence-file"),
]

from __future__ import annotations

from django.urls import path

from guantong.mechanisms import views

urlpatterns = [path("packages/<int:pk>/", views.package, name="package")]

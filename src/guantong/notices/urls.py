from __future__ import annotations

from django.urls import path

from guantong.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("digest/", views.digest, name="digest"),
    path("digest/hour/", views.digest_hour, name="digest-hour"),
]

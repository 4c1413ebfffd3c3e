from __future__ import annotations

from django.urls import path

from guantong.partners import views

urlpatterns = [
    path("consent/<str:code>/", views.consent, name="consent"),
    path("consent/<str:code>/details/", views.details, name="consent-details"),
    path("consent/<str:code>/renewal/", views.renewal, name="consent-renewal"),
    path("consent/<str:code>/withdrawal/", views.withdrawal, name="consent-withdrawal"),
]

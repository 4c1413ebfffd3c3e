from __future__ import annotations

from django.urls import path

from guantong.reporting.townships import views

urlpatterns = [path("townships/<int:pk>/", views.township, name="township")]

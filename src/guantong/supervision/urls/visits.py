from __future__ import annotations

from django.urls import path

from guantong.supervision.views import visit_planning, visits

urlpatterns = [
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visit_planning.new_visit, name="new-visit"),
    path("visits/<int:pk>/cancellation/", visits.visit_cancellation, name="visit-cancellation"),
    path("units/<int:pk>/visits/", visits.unit_visits, name="unit-visits"),
]

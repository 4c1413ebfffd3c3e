from __future__ import annotations

from django.urls import path

from guantong.supervision.views import ladder

urlpatterns = [
    path("escalations/", ladder.escalations, name="escalations"),
    path("escalations/decisions/", ladder.escalation_decisions, name="escalation-decisions"),
    path("escalations/<int:pk>/", ladder.escalation, name="escalation"),
    path("escalations/<int:pk>/talk/", ladder.escalation_talk, name="escalation-talk"),
]

from __future__ import annotations

from django.urls import path

from guantong.leadership.views import hearings

urlpatterns = [
    path("hearings/", hearings.hearings, name="hearings"),
    path("hearings/<int:pk>/brief/", hearings.hearing_brief, name="hearing-brief"),
    path("hearings/<int:pk>/brief/drawing/", hearings.brief_drawing, name="brief-drawing"),
    path("hearings/<int:pk>/brief/<slug:key>/", hearings.brief_figure, name="brief-figure"),
]

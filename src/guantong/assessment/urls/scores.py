from __future__ import annotations

from django.urls import path

from guantong.assessment.views import marks, runs, scores

urlpatterns = [
    path("scores/", scores.scores, name="scores"),
    path("scores/<int:pk>/", scores.score, name="score"),
    path("runs/<int:pk>/publication/", runs.publication, name="publication"),
    path("score-lines/<int:pk>/", scores.score_line, name="score-line"),
    path("cycles/<int:pk>/runs/", runs.runs, name="runs"),
    path("cycles/<int:cycle>/units/<int:unit>/marks/", marks.marks, name="marks"),
    path("cycles/<int:cycle>/units/<int:unit>/facts/", marks.facts, name="facts"),
]

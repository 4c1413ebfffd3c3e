from __future__ import annotations

from django.urls import path

from guantong.assessment.views import scores as views

urlpatterns = [
    path("scores/", views.scores, name="scores"),
    path("scores/<int:pk>/", views.score, name="score"),
    path("runs/<int:pk>/publication/", views.publication, name="publication"),
    path("score-lines/<int:pk>/", views.score_line, name="score-line"),
    path("cycles/<int:pk>/runs/", views.runs, name="runs"),
    path("cycles/<int:cycle>/units/<int:unit>/marks/", views.marks, name="marks"),
    path("cycles/<int:cycle>/units/<int:unit>/facts/", views.facts, name="facts"),
]

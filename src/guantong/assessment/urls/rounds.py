from __future__ import annotations

from django.urls import path

from guantong.assessment.views import answers, rounds, vetoes

urlpatterns = [
    path("round/", rounds.round_page, name="round"),
    path("cycles/<int:pk>/rounds/", rounds.rounds, name="rounds"),
    path("rounds/<int:pk>/stage/", rounds.round_stage, name="round-stage"),
    path("rounds/<int:pk>/publication/", rounds.round_publication, name="round-publication"),
    path("rounds/<int:pk>/days/", rounds.round_days, name="round-days"),
    path("rounds/<int:pk>/cancellation/", rounds.round_cancellation, name="round-cancellation"),
    path("rounds/<int:round>/units/<int:unit>/", rounds.round_unit, name="round-unit"),
    path(
        "rounds/<int:round>/units/<int:unit>/reviews/", answers.self_score_reviews, name="self-score-reviews"
    ),
    path("rounds/<int:pk>/agreements/", answers.agreements, name="self-score-agreements"),
    path("round-lines/<int:pk>/", rounds.round_line, name="round-line"),
    path("round-lines/<int:pk>/agreement/", answers.agreement, name="self-score-agreement"),
    path("round-lines/<int:pk>/self-score/", answers.self_score, name="self-score"),
    path("round-lines/<int:pk>/appeals/", answers.appeals, name="appeals"),
    path("self-scores/<int:pk>/review/", answers.self_score_review, name="self-score-review"),
    path("appeals/<int:pk>/decision/", answers.appeal_decision, name="appeal-decision"),
    path("vetoes/", vetoes.vetoes, name="vetoes"),
    path("findings/<int:pk>/vetoes/", vetoes.veto_confirmation, name="veto-confirmation"),
    path("vetoes/<int:pk>/lifting/", vetoes.veto_lifting, name="veto-lifting"),
]

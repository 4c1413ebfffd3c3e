from __future__ import annotations

from django.urls import path

from guantong.reporting.duty_reports import ledger_views, views

urlpatterns = [
    path("ledgers/", ledger_views.ledgers, name="ledgers"),
    path("ledgers/<int:pk>/", ledger_views.ledger, name="ledger"),
    path("ledgers/<int:pk>/duty-report/", views.new_report, name="new-duty-report"),
    path("duty-reports/<int:pk>/", views.report, name="duty-report"),
    path("duty-reports/<int:pk>/text/", views.report_text, name="duty-report-text"),
    path("duty-reports/<int:pk>/drawing/", views.report_drawing, name="duty-report-drawing"),
    path("duty-reports/<int:pk>/submission/", views.report_submission, name="duty-report-submission"),
    path("duty-reports/<int:pk>/taking-back/", views.report_taking_back, name="duty-report-taking-back"),
    path(
        "duty-reports/<int:pk>/sentences/<int:sentence>/", views.sentence_sources, name="duty-report-sources"
    ),
]

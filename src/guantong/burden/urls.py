from __future__ import annotations

from django.urls import path

from guantong.burden.views import (
    answers,
    fields,
    issuers,
    own,
    paper,
    request_page,
    requests,
    results,
    rows,
    signatures,
    table,
)

urlpatterns = [
    path("burden/", own.burden, name="burden"),
    path("burden/rows/", rows.rows, name="burden-rows"),
    path("burden/table/", table.table, name="burden-table"),
    path("burden/records/", table.record_list, name="burden-records"),
    path("burden/villages/", table.village_list, name="burden-villages"),
    path("burden/issuers/<int:pk>/", issuers.issuer, name="burden-issuer"),
    path("burden/issuers/<int:pk>/budget/", issuers.budget, name="burden-budget"),
    path("burden/signatures/", signatures.signatures, name="burden-signatures"),
    path("burden/fields/", fields.fields, name="fields"),
    path("burden/fields/new/", fields.new_field, name="new-field"),
    path("burden/fields/<int:pk>/", fields.field, name="field"),
    path("burden/fields/<int:pk>/retirement/", fields.field_retirement, name="field-retirement"),
    path("burden/requests/", requests.field_requests, name="field-requests"),
    path("burden/requests/new/", requests.new_request, name="new-field-request"),
    path("burden/requests/<int:pk>/", request_page.field_request, name="field-request"),
    path("burden/requests/<int:pk>/terms/", requests.request_terms, name="field-request-terms"),
    path("burden/requests/<int:pk>/fields/", requests.request_fields, name="field-request-fields"),
    path("burden/requests/<int:pk>/issue/", request_page.request_issue, name="field-request-issue"),
    path(
        "burden/requests/<int:pk>/signature/", request_page.request_signature, name="field-request-signature"
    ),
    path("burden/requests/<int:pk>/end/", request_page.request_end, name="field-request-end"),
    path(
        "burden/requests/<int:pk>/withdrawal/",
        request_page.request_withdrawal,
        name="field-request-withdrawal",
    ),
    path("burden/requests/<int:pk>/results/", results.results, name="field-request-results"),
    path("burden/requests/<int:pk>/results.csv", results.results_file, name="field-request-file"),
    path("burden/requests/<int:pk>/slips/", results.slips, name="field-request-slips"),
    path("burden/answers/<int:pk>/", answers.request_answer, name="request-answer"),
    path("burden/answers/<int:pk>/unchanged/", answers.request_unchanged, name="request-unchanged"),
    path("burden/paper/", paper.paper_answers, name="paper-answers"),
]

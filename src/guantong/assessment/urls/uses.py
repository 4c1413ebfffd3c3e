from __future__ import annotations

from django.urls import path

from guantong.assessment.views import uses

urlpatterns = [
    path("result-uses/", uses.result_uses, name="result-uses"),
    path("result-uses/next-year/", uses.next_year_list, name="next-year-list"),
    path("units/<int:pk>/results/", uses.unit_results, name="unit-results"),
    path("publications/<int:pk>/corrections/", uses.corrections, name="corrections"),
]

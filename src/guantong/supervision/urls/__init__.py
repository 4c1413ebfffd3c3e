"""Addresses of supervision, a file for each noun."""

from __future__ import annotations

from guantong.supervision.urls import circulars, findings, ladder, matters, samples, visits

urlpatterns = [
    *matters.urlpatterns,
    *findings.urlpatterns,
    *ladder.urlpatterns,
    *samples.urlpatterns,
    *visits.urlpatterns,
    *circulars.urlpatterns,
]

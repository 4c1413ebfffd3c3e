"""Addresses of assessment, a file for each noun."""

from __future__ import annotations

from guantong.assessment.urls import bench, rounds, scores, uses

urlpatterns = [
    *scores.urlpatterns,
    *rounds.urlpatterns,
    *bench.urlpatterns,
    *uses.urlpatterns,
]

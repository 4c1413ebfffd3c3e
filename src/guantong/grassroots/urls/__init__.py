"""Addresses of the base tier, a file for each noun."""

from __future__ import annotations

from guantong.grassroots.urls import certificates, coverage, roster

urlpatterns = [
    *coverage.urlpatterns,
    *roster.urlpatterns,
    *certificates.urlpatterns,
]

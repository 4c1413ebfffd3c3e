"""Addresses of the base tier, a file for each noun."""

from __future__ import annotations

from guantong.grassroots.quick import urls as quick
from guantong.grassroots.urls import (
    activities,
    campaigns,
    certificates,
    coverage,
    demands,
    homes,
    rooms,
    roster,
    services,
)

urlpatterns = [
    *coverage.urlpatterns,
    *roster.urlpatterns,
    *certificates.urlpatterns,
    *services.urlpatterns,
    *demands.urlpatterns,
    *campaigns.urlpatterns,
    *homes.urlpatterns,
    *rooms.urlpatterns,
    *activities.urlpatterns,
    *quick.urlpatterns,
]

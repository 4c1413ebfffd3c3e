"""Addresses of leadership, a file for each noun."""

from __future__ import annotations

from guantong.leadership.urls import bodies, hearings, meetings, pairings, publicity, study

urlpatterns = [
    *bodies.urlpatterns,
    *meetings.urlpatterns,
    *hearings.urlpatterns,
    *study.urlpatterns,
    *publicity.urlpatterns,
    *pairings.urlpatterns,
]

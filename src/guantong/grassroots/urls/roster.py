from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import roster

urlpatterns = [
    path("rosters/", roster.rosters, name="rosters"),
    path("rosters/<int:pk>/", roster.roster, name="roster"),
    path("term-ends/", roster.term_ends, name="term-ends"),
]

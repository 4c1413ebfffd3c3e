from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import coverage

urlpatterns = [
    path("gaps/", coverage.gaps, name="gaps"),
    path("rosters/<int:cycle>/<int:unit>/<str:rule>/", coverage.districts, name="coverage-districts"),
    path("rosters/<int:cycle>/<int:unit>/<str:rule>/days/", coverage.days, name="coverage-days"),
]

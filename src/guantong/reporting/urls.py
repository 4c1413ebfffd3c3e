from __future__ import annotations

from django.urls import include, path

from guantong.reporting import views, year_views

urlpatterns = [
    path("", include("guantong.reporting.duty_reports.urls")),
    path("", include("guantong.reporting.townships.urls")),
    path("board/<int:cycle>/<int:unit>/", views.board, name="board"),
    path("board/<int:cycle>/<int:unit>/lights/", views.light_matrix, name="light-matrix"),
    path("board/<int:cycle>/<int:unit>/<slug:pillar>/", views.element, name="board-element"),
    path("cycles/", year_views.cycles, name="cycles"),
    path("cycles/<int:pk>/package-change/", year_views.package_change, name="package-change"),
    path("phases/<int:pk>/closure/", year_views.phase_closure, name="phase-closure"),
    path("phases/<int:pk>/reopening/", year_views.phase_reopening, name="phase-reopening"),
    path("cycles/<int:cycle>/units/<int:unit>/", views.unit_page, name="unit"),
    path("cycles/<int:cycle>/units/<int:unit>/coverage/<str:rule>/", views.coverage, name="coverage"),
    path("records/<int:pk>/", views.record, name="record"),
]

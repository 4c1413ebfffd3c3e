from __future__ import annotations

from django.urls import path

from guantong.reporting import views

urlpatterns = [
    path("board/<int:cycle>/<int:unit>/", views.board, name="board"),
    path("board/<int:cycle>/<int:unit>/<slug:pillar>/", views.element, name="board-element"),
    path("cycles/", views.cycles, name="cycles"),
    path("cycles/<int:cycle>/units/<int:unit>/", views.unit_page, name="unit"),
    path("cycles/<int:cycle>/units/<int:unit>/coverage/<str:rule>/", views.coverage, name="coverage"),
    path("records/<int:pk>/", views.record, name="record"),
]

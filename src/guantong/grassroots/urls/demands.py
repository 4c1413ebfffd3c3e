from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import demand_page, demands

urlpatterns = [
    path("demands/", demands.demands, name="demands"),
    path("demands/new/", demands.new_demand, name="new-demand"),
    path("demands/<int:pk>/", demand_page.demand, name="demand"),
    path("demands/<int:pk>/<slug:verb>/", demand_page.demand_move, name="demand-move"),
]

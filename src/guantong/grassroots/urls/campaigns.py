from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import campaigns

urlpatterns = [
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/<str:identifier>/", campaigns.new_campaign, name="new-campaign"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/units/<int:unit>/", campaigns.campaign_unit, name="campaign-unit"),
]

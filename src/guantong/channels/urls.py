from __future__ import annotations

from django.urls import path

from guantong.channels.views import channels, choices, feeds

urlpatterns = [
    path("account/notices/", choices.notice_settings, name="notice-settings"),
    path("account/notices/choices/", choices.notice_choices, name="notice-choices"),
    path("account/calendar/", feeds.own_feed, name="own-feed"),
    path("account/calendar/new/", feeds.new_feed, name="new-feed"),
    path("account/calendar/<int:pk>/end/", feeds.feed_end, name="feed-end"),
    path("feeds/<str:code>.ics", feeds.feed, name="feed"),
    path("channels/", channels.channels, name="channels"),
    path("channels/new/<str:kind>/", channels.new_channel, name="new-channel"),
    path("channels/deliveries/", channels.deliveries, name="deliveries"),
    path("channels/<int:pk>/", channels.channel, name="channel"),
    path("channels/<int:pk>/terms/", channels.channel_terms, name="channel-terms"),
    path("channels/<int:pk>/switch/", channels.channel_switch, name="channel-switch"),
    path("channels/<int:pk>/test/", channels.channel_test, name="channel-test"),
]

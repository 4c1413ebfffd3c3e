from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import activities, activity_public

urlpatterns = [
    path("homes/<int:pk>/activities/", activities.home_activities, name="home-activities"),
    path("homes/<int:pk>/activities/new/", activities.activity_new, name="activity-new"),
    path("homes/<int:pk>/activities/held/", activities.activity_record, name="activity-record"),
    path("homes/activities/<int:pk>/", activities.activity, name="activity"),
    path("homes/activities/<int:pk>/held/", activities.activity_held, name="activity-held"),
    path(
        "homes/activities/<int:pk>/cancellation/",
        activities.activity_cancellation,
        name="activity-cancellation",
    ),
    path("homes/activities/<int:pk>/sheet/", activities.activity_sheet, name="activity-sheet"),
    path("here/<str:code>/", activity_public.activity_open, name="activity-open"),
]

from __future__ import annotations

from django.urls import path

from guantong.calendars import views

urlpatterns = [
    path("calendar/", views.this_year, name="calendar"),
    path("calendar/<int:year>/", views.year, name="calendar-year"),
    path("calendar/<int:year>/days/", views.days, name="calendar-days"),
    path("calendar/<int:year>/completion/", views.completion, name="calendar-completion"),
    path("calendar/days/<int:pk>/withdrawal/", views.withdrawal, name="calendar-day-withdrawal"),
]

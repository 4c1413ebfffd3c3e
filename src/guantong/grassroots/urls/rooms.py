from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import rooms

urlpatterns = [
    path("homes/<int:pk>/rooms/", rooms.home_rooms, name="home-rooms"),
    path("homes/idle-rooms/", rooms.idle_rooms, name="idle-rooms"),
    path("homes/rooms/<int:pk>/", rooms.room_booking, name="room-booking"),
    path("homes/rooms/<int:pk>/closing/", rooms.room_closing, name="room-closing"),
    path("homes/bookings/<int:pk>/cancellation/", rooms.room_freeing, name="room-freeing"),
]

"""Addresses of reception: public ones first."""

from __future__ import annotations

from django.urls import path

from guantong.reception.views import acts, booking, bookings, calendar, day, day_acts, layout, mine, public

urlpatterns = [
    path("reception/", public.reception, name="reception"),
    path("reception/slots/<int:pk>/booking/", booking.slot_booking, name="slot-booking"),
    path("reception/slots/<int:pk>/order/", public.waiting_order, name="waiting-order"),
    path("reception/slots/<int:pk>/order.csv", public.waiting_order_file, name="waiting-order-file"),
    path("reception/appointments/new/", booking.new_appointment, name="new-appointment"),
    path("reception/mine/confirmation/", mine.my_confirmation, name="my-confirmation"),
    path("reception/mine/cancellation/", mine.my_cancellation, name="my-cancellation"),
    path("reception/mine/other-time/", mine.my_other_time, name="my-other-time"),
    path("reception/mine/change/", mine.my_change, name="my-change"),
    path("reception/days/", calendar.reception_days, name="reception-days"),
    path("reception/days/new/", layout.lay_out, name="lay-out-days"),
    path("reception/days/publication/", layout.publication, name="days-publication"),
    path("reception/days/<int:pk>/", day.reception_day, name="reception-day"),
    path("reception/days/<int:pk>/list/", day.day_list, name="day-list"),
    path("reception/days/<int:pk>/edit/", day.day_edit, name="day-edit"),
    path("reception/days/<int:pk>/stand-in/", day_acts.stand_in, name="day-stand-in"),
    path("reception/days/<int:pk>/swap/", day_acts.swap, name="day-swap"),
    path("reception/days/<int:pk>/move/", day_acts.move, name="day-move"),
    path("reception/days/<int:pk>/cancellation/", day_acts.cancellation, name="day-cancellation"),
    path("reception/days/<int:pk>/record/", day_acts.record, name="day-record"),
    path("reception/bookings/", bookings.bookings, name="bookings"),
    path("reception/bookings/<int:pk>/", bookings.booking, name="booking"),
    path("reception/bookings/<int:pk>/acceptance/", acts.acceptance, name="booking-acceptance"),
    path("reception/bookings/<int:pk>/proposal/", acts.proposal, name="booking-proposal"),
    path("reception/bookings/<int:pk>/slot-proposal/", acts.slot_proposal, name="booking-slot-proposal"),
    path("reception/bookings/<int:pk>/declining/", acts.declining, name="booking-declining"),
    path("reception/bookings/<int:pk>/confirmation/", acts.confirmation, name="booking-confirmation"),
    path("reception/bookings/<int:pk>/cancellation/", acts.cancellation, name="booking-cancellation"),
    path("reception/bookings/<int:pk>/check-in/", acts.check_in, name="booking-check-in"),
    path("reception/walk-ins/new/", bookings.new_walk_in, name="new-walk-in"),
]

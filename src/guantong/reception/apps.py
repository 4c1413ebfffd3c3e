"""Shows a booking on the page that its applicant follows by code."""

from __future__ import annotations

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "guantong.reception"

    def ready(self) -> None:
        from guantong.cases.applicant_pages import Panel, register
        from guantong.reception.views.mine import panel

        register(Panel("reception", "reception/_my_booking.html", panel, order=20))

"""An address of another system in each city of the world of permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import START
from guantong.accounts.models import Office
from guantong.api.models import Webhook

if TYPE_CHECKING:
    from web.permissions import World


def told_in(world: World, code: str) -> None:
    """Its office need not hold a role: whoever sees the whole scope and runs the year reaches it."""
    unit = world.units[code]
    office = Office.objects.filter(unit__path__startswith=unit.path).order_by("pk")[0]
    made = Webhook.objects.create(
        office=office, scope=unit, name="汇总平台", address="https://example.org/hook",
        kinds=["obligation.red"], sealed="", made_at=START,
    )  # fmt: skip
    world.put("webhook", code, made.pk)

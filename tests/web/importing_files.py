"""An import of a unit's own, for the permission table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import CONSOLE, START
from guantong.importing.operations import receive_file
from guantong.organisation.models import Unit

if TYPE_CHECKING:
    from web.permissions import World


def imported_at(world: World, unit: Unit) -> None:
    """A progress table that was uploaded and not opened yet."""
    found = receive_file(
        content="事项编号,做了什么\n1,开会\n".encode(), name="a.csv", kind="progress", unit=unit,
        cycle=world.cycle_of(unit.code), actor=CONSOLE, now=START,
    )  # fmt: skip
    world.put("import", unit.code, found.pk)

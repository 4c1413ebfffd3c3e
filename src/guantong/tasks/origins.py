"""Where a task was decided: rooms above say which page of theirs it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guantong.accounts.acting import Acting
from guantong.tasks.models import Task


@dataclass(frozen=True, slots=True)
class Origin:
    label: str
    url: str


Look = Callable[[Task, Acting], Origin | None]
_looks: list[Look] = []


def register(look: Look) -> None:
    """Say how to find where a task came from; None where the room knows nothing of it or the actor may not see it."""
    if look not in _looks:
        _looks.append(look)


def origins_of(task: Task, acting: Acting) -> list[Origin]:
    """Every page the task came from that the actor sees."""
    return [found for look in _looks if (found := look(task, acting))]

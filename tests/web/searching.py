"""Saved views and words that mean the same for the permission table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import CONSOLE, at
from guantong.search.operations import add_synonyms, save_view

if TYPE_CHECKING:
    from web.permissions import World


def saved_by(world: World, actor: str) -> None:
    """A view that one of the cast keeps for themselves."""
    made = save_view(
        name="常用", address="/tasks/?q=会", shared="nobody", actor=world.people[actor], now=at(3, 2)
    )
    world.put("saved_view", actor, made.pk)


def searched_in(world: World) -> None:
    """Views shared by link, and groups of words: the same for everybody."""
    for side, actor in (("own", "office"), ("other", "district_b")):
        view = save_view(
            name="共享", address="/tasks/?q=会", shared="link", actor=world.people[actor], now=at(3, 2)
        )
        world.put("shared_view", side, view.code)
        made = add_synonyms(words=f"座谈会 {actor}", actor=CONSOLE, now=at(3, 2))
        world.put("synonym", side, made.pk)

"""Channels out of the system and calendar feeds that the permission table speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conftest import at
from guantong.channels.models import Channel, Feed
from guantong.channels.operations.feeds import make_feed

if TYPE_CHECKING:
    from web.permissions import World


def reached_in(world: World) -> None:
    """Two channels, and a feed of everybody in the cast."""
    for side, kind in (("own", "wecom"), ("other", "webhook")):
        channel = Channel.objects.create(
            kind=kind, name=f"渠道 {side}", server="https://robot.example", link_base="https://gt.example.org",
            set_up_at=at(3, 1),
        )  # fmt: skip
        world.put("channel", side, channel.pk)
        world.put("channel_kind", side, kind)
    for actor, acting in world.people.items():
        assert acting.person is not None
        code = make_feed(person=acting.person, language="zh-hans", actor=acting, now=at(3, 1))
        world.put("own_feed", actor, Feed.objects.get(person=acting.person, ended_at=None).pk)
        if actor == "leader":
            world.put("feed", "own", code)
            world.put("feed", "other", code[:-1] + ("A" if code[-1] != "A" else "B"))

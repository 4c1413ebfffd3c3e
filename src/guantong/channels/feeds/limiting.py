"""How often a feed is fetched, and how often somebody guesses at one: counted by keyed marks for an hour."""

from __future__ import annotations

from django.core.cache import cache

from guantong.channels.limits import MOST_FETCHES, MOST_WRONG, WINDOW_SECONDS
from guantong.privacy.keys import index_of


def fetched_too_often(digest: str) -> bool:
    return _counted(f"feed-{digest[:40]}") > MOST_FETCHES


def guesses_too_often(source: str) -> bool:
    """Whether this source asked for too many addresses that are no feed."""
    return int(cache.get(_wrong(source), 0)) >= MOST_WRONG


def note_wrong(source: str) -> None:
    _counted(_wrong(source))


def _wrong(source: str) -> str:
    return f"feed-wrong-{index_of(f'feed source {source}')}"


def _counted(key: str) -> int:
    """One more of it; how many within the hour."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1

"""How often one address may file, or try codes: counted by keyed marks in the database's cache, for an hour."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.privacy.keys import index_of

WINDOW_SECONDS = 3600
MOST_WRONG_CODES = 20
MOST_FILED = 30  # a hall where people share one address files for thirty an hour


def refuse_flood(source: str) -> None:
    """An address that files again and again."""
    if _counted(f"case-filing-{index_of(f'case filing {source}')}") > MOST_FILED:
        raise Refusal(_("这个网络地址提交得太频繁，请一小时后再试，或者打电话、到窗口反映。"))


def refuse_guessing(source: str) -> None:
    """An address that tries one code after another."""
    if cache.get(_guesses(source), 0) >= MOST_WRONG_CODES:
        raise Refusal(_("输错次数过多，请一小时后再试。"))


def note_wrong_code(source: str) -> None:
    _counted(_guesses(source))


def _guesses(source: str) -> str:
    return f"case-code-{index_of(f'case code source {source}')}"


def _counted(key: str) -> int:
    """One more of it; how many within the hour."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1

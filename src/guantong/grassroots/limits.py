"""How often one address may count at an activity, or try codes: by keyed marks in the database's cache, for an hour."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.privacy.keys import index_of

WINDOW_SECONDS = 3600
MOST_COUNTED = 400  # a full hall behind one address signs in within the hour
MOST_WRONG_CODES = 20


def refuse_flood(source: str) -> None:
    """An address that adds again and again."""
    if _counted(_mark("counts", source)) > MOST_COUNTED:
        raise Refusal(_("这个网络地址提交得太频繁，请稍后再试，或者请工作人员代为登记人数。"))


def refuse_guessing(source: str) -> None:
    """An address that tries one code after another."""
    if cache.get(_mark("codes", source), 0) >= MOST_WRONG_CODES:
        raise Refusal(_("输错次数过多，请一小时后再试。"))


def note_wrong_code(source: str) -> None:
    _counted(_mark("codes", source))


def _mark(what: str, source: str) -> str:
    return f"activity-{what}-{index_of(f'activity {what} {source}')}"


def _counted(key: str) -> int:
    """One more of it; how many within the hour."""
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1

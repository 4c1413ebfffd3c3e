"""Who keeps a home, who uses its rooms, and what cannot be written about it. No writes here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.grassroots.choices import ContentKind, HostKind
from guantong.grassroots.models import Home
from guantong.kernel.refusals import Refusal


def may_keep(actor: Actor, home: Home) -> bool:
    """An office at the home, or one above that sees it."""
    if not isinstance(actor, Acting):
        return True
    return actor.may("records.write") and actor.sees(home.unit.path)


def refuse_stranger(actor: Actor, home: Home) -> None:
    if not may_keep(actor, home):
        raise Refusal(_("之家由之家负责人或上级管理。"))


def refuse_closed(home: Home) -> None:
    if home.unit.closed_on is not None:
        raise Refusal(
            _("“%(home)s”已于 %(day)s 撤销。") % {"home": home.unit.name, "day": home.unit.closed_on}
        )


def contents_of(given: Iterable[str]) -> list[str]:
    """The kinds of content, each once, in their order. Refuses an unknown one."""
    return known(given, ContentKind.values)


def host_kinds_of(given: Iterable[str]) -> list[str]:
    return known(given, HostKind.values)


def known(given: Iterable[str], values: list[str]) -> list[str]:
    wanted = set(given)
    if strange := wanted - set(values):
        raise Refusal(_("没有“%(kind)s”这一类。") % {"kind": "、".join(sorted(strange))})
    return [value for value in values if value in wanted]


def said(text: str, *, most: int, missing: object, what: object) -> str:
    """A text somebody typed, without the space around it. Refuses none (where one is asked) and too much."""
    text = text.strip()
    if not text and missing:
        raise Refusal(missing)
    if len(text) > most:
        raise Refusal(_("%(what)s最多 %(n)s 字。") % {"what": what, "n": most})
    return text

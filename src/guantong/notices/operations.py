"""Asking whoever moves next, once.

A notice is derived from the state of other rows, so it has no log row of its own: the operation that asks writes one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from guantong.accounts.models import Office
from guantong.notices.models import Notice
from guantong.notices.said import Said

Key = tuple[int, str, str, int]
SAID = ("said_title", "said_missing", "minutes", "url", "due_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one office is asked. ``title`` and ``missing`` are as `said.say` keeps them, so that they are read in any
    language; ``minutes`` is what doing it takes, ``url`` where it is done."""

    office: int
    kind: str
    about: str
    about_ref: int
    title: Said
    missing: Said
    minutes: int
    url: str
    due_on: dt.date | None = None

    @property
    def key(self) -> Key:
        return self.office, self.kind, self.about, self.about_ref

    def as_notice(self, on: dt.date) -> Notice:
        return Notice(
            office_id=self.office,
            kind=self.kind,
            about=self.about,
            about_ref=self.about_ref,
            said_title=self.title,
            said_missing=self.missing,
            minutes=self.minutes,
            url=self.url,
            due_on=self.due_on,
            since=on,
        )


@dataclass(slots=True)
class Change:
    """What asking many changed."""

    opened: int = 0
    closed: int = 0
    changed: int = 0

    def payload(self, on: dt.date) -> dict[str, object]:
        """What the log row of the day says of it."""
        return {"on": on, "opened": self.opened, "closed": self.closed, "changed": self.changed}

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.changed)


def ask(
    *,
    office: Office,
    kind: str,
    about: str,
    about_ref: int,
    title: Said,
    missing: Said,
    minutes: int,
    url: str,
    on: dt.date,
    due_on: dt.date | None = None,
) -> Notice:
    """Ask an office to do the next thing. While it is open, asking again only brings its words up to date."""
    asked = Asked(office.pk, kind, about, about_ref, title, missing, minutes, url, due_on)
    ask_all([asked], on=on)
    return Notice.objects.get(
        office=office, kind=kind, about=about, about_ref=about_ref, closed_on__isnull=True
    )


def close(*, about: str, about_ref: int, on: dt.date, kind: str | None = None) -> int:
    """It has moved on: nobody is asked about it any more. Returns how many notices that closed."""
    return close_all(about=about, refs=[about_ref], on=on, kind=kind)


def close_all(*, about: str, refs: Iterable[int], on: dt.date, kind: str | None = None) -> int:
    """The same for many rows."""
    waiting = Notice.objects.filter(about=about, about_ref__in=list(refs), closed_on__isnull=True)
    return (waiting.filter(kind=kind) if kind else waiting).update(closed_on=on)


def ask_all(wanted: Iterable[Asked], *, on: dt.date) -> Change:
    """Ask many offices at once. Those already asked are not asked again."""
    asked = {each.key: each for each in wanted}
    about: dict[str, set[int]] = {}
    for each in asked.values():
        about.setdefault(each.about, set()).add(each.about_ref)
    spoken_of = Q(pk__in=[])
    for label, refs in about.items():
        spoken_of |= Q(about=label, about_ref__in=refs)
    return _bring_up_to_date(asked, Notice.objects.filter(spoken_of), on=on, closing=False)


def ask_only(wanted: Iterable[Asked], *, among: QuerySet[Notice], on: dt.date) -> Change:
    """Make the open notices among these exactly those wanted: open the new, close what no longer holds."""
    return _bring_up_to_date({each.key: each for each in wanted}, among, on=on, closing=True)


@transaction.atomic
def _bring_up_to_date(
    asked: dict[Key, Asked], among: QuerySet[Notice], *, on: dt.date, closing: bool
) -> Change:
    there: set[Key] = set()
    changed, gone = [], []
    for notice in among.filter(closed_on__isnull=True).iterator(2000):
        key = (notice.office_id, notice.kind, notice.about, notice.about_ref)
        there.add(key)
        if key not in asked:
            gone.append(notice.pk)
        elif _take_over(notice, asked[key]):
            changed.append(notice)
    fresh = [each.as_notice(on) for key, each in asked.items() if key not in there]
    Notice.objects.bulk_create(fresh, batch_size=1000, ignore_conflicts=True)
    Notice.objects.bulk_update(changed, SAID, batch_size=500)
    if closing:
        for start in range(0, len(gone), 1000):
            Notice.objects.filter(pk__in=gone[start : start + 1000]).update(closed_on=on)
    return Change(len(fresh), len(gone) if closing else 0, len(changed))


def _take_over(notice: Notice, asked: Asked) -> bool:
    """Put what is asked now on the notice; True where something is new."""
    now = asked.as_notice(notice.since)
    before = [getattr(notice, name) for name in SAID]
    for name in SAID:
        setattr(notice, name, getattr(now, name))
    return before != [getattr(notice, name) for name in SAID]

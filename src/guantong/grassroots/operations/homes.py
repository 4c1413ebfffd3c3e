"""The register of homes: an entry for a unit, changed as the home changes; who hosts it, from a day to a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.grassroots.choices import HostKind
from guantong.grassroots.home_terms import HOME
from guantong.grassroots.models import Home, HomeHost, PastHours
from guantong.grassroots.rules import homes as rules
from guantong.grassroots.rules.homes import said
from guantong.grassroots.rules.hours import Hours, in_order, spans_on
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners.models import Partner

MONDAY = dt.date(2024, 1, 1)


def held_home(home: Home, actor: Actor) -> Home:
    """The home under a lock, open, for somebody who keeps it."""
    found = Home.objects.select_for_update(of=("self",)).select_related("unit").get(pk=home.pk)
    rules.refuse_stranger(actor, found)
    rules.refuse_closed(found)
    return found


@transaction.atomic
def register_home(*, unit: Unit, actor: Actor, now: dt.datetime, **told: Any) -> Home:
    """Enter a unit of the kind in the register. ``told`` as `change_home` takes it. Twice gives the entry back."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.kind != HOME:
        raise Refusal(_("“%(unit)s”不是之家。") % {"unit": unit.name})
    home = Home(unit=unit, subkind=unit.subkind, registered_at=now)
    rules.refuse_stranger(actor, home)
    rules.refuse_closed(home)
    if earlier := Home.objects.select_related("unit").filter(unit=unit).first():
        return earlier
    _put(home, **told)
    home.save()
    audit.record("grassroots.home_registered", target=home, actor=actor, at=now, payload={"unit": unit.pk})
    return home


@transaction.atomic
def change_home(*, home: Home, actor: Actor, now: dt.datetime, **told: Any) -> Home:
    """Change what the register says: subkind, address, contents, hours, hours_posted, rules_posted, standard."""
    home = held_home(home, actor)
    before = _entry(home)
    _put(home, **told)
    changed = sorted(name for name, value in _entry(home).items() if value != before[name])
    if changed:
        home.save(update_fields=changed)
        past = _had(home, before["hours"], clock.today(now)) if "hours" in changed else None
        audit.record(
            "grassroots.home_changed", target=home, actor=actor, at=now, payload={"fields": changed},
            states=[past] if past else [],
        )  # fmt: skip
    return home


def _had(home: Home, hours: Hours, today: dt.date) -> PastHours | None:
    """The hours it had until yesterday. Hours of this very day, changed again, were never anybody's."""
    last = today - dt.timedelta(days=1)
    registered = clock.today(home.registered_at)
    if registered > last or PastHours.objects.filter(home=home, ends_on=last).exists():
        return None
    return PastHours.objects.create(home=home, hours=hours, ends_on=last)


def _entry(home: Home) -> dict[str, Any]:
    names = ("subkind", "address", "contents", "hours", "hours_posted", "rules_posted", "standard")
    return {name: getattr(home, name) for name in names}


def _put(
    home: Home,
    *,
    subkind: str | None = None,
    address: str | None = None,
    contents: Sequence[str] | None = None,
    hours: Hours | None = None,
    hours_posted: bool | None = None,
    rules_posted: bool | None = None,
    standard: str | None = None,
) -> None:
    """Set what is given, leave what is None."""
    if subkind is not None:
        home.subkind = said(subkind, most=60, missing="", what=_("类型"))
    if address is not None:
        home.address = said(address, most=200, missing="", what=_("地址"))
    if contents is not None:
        home.contents = rules.contents_of(contents)
    if hours is not None:
        for day in range(7):
            in_order(spans_on(hours, MONDAY + dt.timedelta(days=day)))
        home.hours = hours
    if standard is not None:
        home.standard = said(standard, most=200, missing="", what=_("建设标准"))
    home.hours_posted = home.hours_posted if hours_posted is None else hours_posted
    home.rules_posted = home.rules_posted if rules_posted is None else rules_posted


@transaction.atomic
def add_host(
    *,
    home: Home,
    kind: str,
    starts_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    unit: Unit | None = None,
    partner: Partner | None = None,
) -> HomeHost:
    """Somebody hosts the home from a day on: a unit, an organisation, or a kind alone. The same twice is one."""
    home = held_home(home, actor)
    if kind not in HostKind.values:
        raise Refusal(_("请选择主办方的类型。"))
    if unit is not None and partner is not None:
        raise Refusal(_("主办方填一个单位或者一个组织，不能两个都填。"))
    if partner is not None and partner.is_person:
        raise Refusal(_("主办方只登记单位和组织，不登记个人。"))
    same = {"home": home, "kind": kind, "unit": unit, "partner": partner, "ends_on": None}
    if earlier := HomeHost.objects.filter(
        **{name: value for name, value in same.items() if value is not None},
        ends_on__isnull=True, unit__isnull=unit is None, partner__isnull=partner is None,
    ).first():  # fmt: skip
        return earlier
    host = HomeHost.objects.create(**same, starts_on=starts_on)
    audit.record(
        "grassroots.host_added",
        target=host,
        actor=actor,
        at=now,
        payload={"home": home.pk, "kind": kind, "starts_on": starts_on},
    )
    return host


@transaction.atomic
def end_host(*, host: HomeHost, ends_on: dt.date, actor: Actor, now: dt.datetime) -> HomeHost:
    """The last day somebody hosts it. Ending twice changes nothing."""
    held_home(host.home, actor)
    host = HomeHost.objects.select_for_update().get(pk=host.pk)
    if host.ends_on is not None:
        return host
    if ends_on < host.starts_on:
        raise Refusal(_("结束日期早于开始日期 %(day)s。") % {"day": host.starts_on})
    host.ends_on = ends_on
    host.save(update_fields=["ends_on"])
    audit.record(
        "grassroots.host_ended", target=host, actor=actor, at=now, payload={"home": host.home_id, "ends_on": ends_on}
    )  # fmt: skip
    return host

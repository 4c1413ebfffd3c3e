"""Setting up bodies, saying who sits in them and who is first responsible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel.periods import PER
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import BodyKind, MemberPart
from guantong.leadership.models import Body, FirstResponsible, Membership
from guantong.leadership.operations.texts import said
from guantong.leadership.rules.bodies import may_set_up
from guantong.organisation.models import Unit

DAY = dt.timedelta(days=1)
MOST_HANDLES, LONGEST_HANDLE = 20, 60


@dataclass(frozen=True, slots=True)
class Terms:
    """What a body is: its kind and name, the kinds of matter it handles, how often it meets."""

    kind: str
    name: str
    name_en: str = ""
    handles: Sequence[str] = ()
    meets_count: int | None = None
    meets_per: str = ""


@transaction.atomic
def set_up_body(*, unit: Unit, terms: Terms, opened_on: dt.date, actor: Actor, now: dt.datetime) -> Body:
    """A body of the unit begins its work. One of a name at a time."""
    if not may_set_up(actor, unit):
        raise Refusal(_("机构由统筹协调单位设立。"))
    fields = _fields_of(terms)
    _refuse_second(unit, fields["name"])
    body = Body.objects.create(unit=unit, opened_on=opened_on, **fields)
    audit.record("leadership.body_set_up", target=body, actor=actor, at=now, payload={"unit": unit.pk})
    return body


@transaction.atomic
def change_body(*, body: Body, terms: Terms, actor: Actor, now: dt.datetime) -> Body:
    """Its name, what it handles or how often it meets has changed."""
    body = _open(body, actor)
    fields = _fields_of(terms)
    if fields["name"] != body.name:
        _refuse_second(body.unit, fields["name"])
    for name, value in fields.items():
        setattr(body, name, value)
    body.save(update_fields=list(fields))
    audit.record("leadership.body_changed", target=body, actor=actor, at=now)
    return body


def _fields_of(terms: Terms) -> dict[str, Any]:
    if terms.kind not in BodyKind.values:
        raise Refusal(_("请选择机构类型。"))
    if (terms.meets_count is None) != (terms.meets_per == ""):
        raise Refusal(_("会议频次要写全：多长时间、几次。"))
    if terms.meets_per and terms.meets_per not in PER:
        raise Refusal(_("请选择会议频次的周期。"))
    handles = [each.strip() for each in terms.handles if each.strip()]
    if len(handles) > MOST_HANDLES or any(len(each) > LONGEST_HANDLE for each in handles):
        raise Refusal(_("负责的事项最多 20 类，每类不超过 60 字。"))
    name = said(terms.name, most=200, missing=_("请写明机构名称。"), too_long=_("机构名称不超过 200 字。"))
    return {
        "kind": terms.kind,
        "name": name,
        "name_en": terms.name_en.strip()[:200],
        "handles": handles,
        "meets_count": terms.meets_count,
        "meets_per": terms.meets_per,
    }


def _refuse_second(unit: Unit, name: str) -> None:
    if Body.objects.filter(unit=unit, name=name, closed_on=None).exists():
        raise Refusal(_("“%(name)s”已经设立。") % {"name": name})


def _open(body: Body, actor: Actor) -> Body:
    body = Body.objects.select_for_update(of=("self",)).select_related("unit").get(pk=body.pk)
    if not may_set_up(actor, body.unit):
        raise Refusal(_("机构由统筹协调单位设立。"))
    if body.closed_on is not None:
        raise Refusal(_("“%(name)s”已经撤销。") % {"name": body.name})
    return body


@transaction.atomic
def seat_members(
    *, body: Body, offices: Sequence[Office], part: str, since: dt.date, actor: Actor, now: dt.datetime
) -> list[Membership]:
    """Offices take their places in the body. Those that sit in it already stay where they are."""
    body = _open(body, actor)
    if part not in MemberPart.values:
        raise Refusal(_("请选择在机构中的身份。"))
    if not offices:
        raise Refusal(_("请至少选择一个岗位。"))
    if since < body.opened_on:
        raise Refusal(_("任期不能早于机构设立的日子 %(day)s。") % {"day": body.opened_on})
    sitting = set(body.memberships.filter(ends_on=None).values_list("office", flat=True))
    wanted = {each.pk: each for each in offices if each.pk not in sitting}
    rows = [
        Membership.objects.create(body=body, office=each, part=part, starts_on=since)
        for each in wanted.values()
    ]
    if rows:
        audit.record(
            "leadership.members_seated",
            target=body,
            actor=actor,
            at=now,
            payload={"offices": sorted(wanted), "part": part, "since": since},
            states=rows,
        )
    return rows


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: dt.date, actor: Actor, now: dt.datetime) -> Membership:
    """An office leaves the body; the row says from when to when it sat."""
    body = _open(membership.body, actor)
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.ends_on is not None:
        return membership
    if ends_on < membership.starts_on:
        raise Refusal(_("离任日期早于任期开始的日子 %(day)s。") % {"day": membership.starts_on})
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    audit.record(
        "leadership.membership_ended",
        target=body,
        actor=actor,
        at=now,
        payload={"office": membership.office_id, "ends_on": ends_on},
        states=[membership],
    )
    return membership


@transaction.atomic
def name_first_responsible(
    *, body: Body, office: Office, since: dt.date, basis: str, actor: Actor, now: dt.datetime
) -> FirstResponsible:
    """The one post that answers for the body, from a day on; the one before ends the day before."""
    body = _open(body, actor)
    basis = said(basis, most=200, missing=_("请写明依据。"), too_long=_("依据不超过 200 字。"))
    before = body.first_responsible.select_for_update().filter(ends_on=None).first()
    if before is not None and before.office_id == office.pk:
        return before
    if before is not None:
        if since <= before.starts_on:
            raise Refusal(_("新的任期须晚于现任开始的日子 %(day)s。") % {"day": before.starts_on})
        before.ends_on = since - DAY
        before.save(update_fields=["ends_on"])
    elif since < body.opened_on:
        raise Refusal(_("任期不能早于机构设立的日子 %(day)s。") % {"day": body.opened_on})
    named = FirstResponsible.objects.create(body=body, office=office, starts_on=since, basis=basis)
    audit.record(
        "leadership.first_responsible_named",
        target=body,
        actor=actor,
        at=now,
        payload={"office": office.pk, "since": since},
        states=[named, *([before] if before else [])],
    )
    return named


@transaction.atomic
def close_body(*, body: Body, closed_on: dt.date, actor: Actor, now: dt.datetime) -> Body:
    """The body ends its work; so do all who sit in it."""
    body = _open(body, actor)
    sitting: list[Membership | FirstResponsible] = [
        *body.memberships.filter(ends_on=None),
        *body.first_responsible.filter(ends_on=None),
    ]
    if closed_on < body.opened_on or any(each.starts_on > closed_on for each in sitting):
        raise Refusal(_("撤销日期早于设立日期或有人的任期开始日期。"))
    for each in sitting:
        each.ends_on = closed_on
        each.save(update_fields=["ends_on"])
    body.closed_on = closed_on
    body.save(update_fields=["closed_on"])
    audit.record("leadership.body_closed", target=body, actor=actor, at=now, states=sitting)
    return body

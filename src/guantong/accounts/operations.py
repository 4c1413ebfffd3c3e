"""Changes of people, offices and holdings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.choices import role_of_seat
from guantong.accounts.models import Holding, Office, Person
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit


@transaction.atomic
def create_person(
    *, sign_in: str, display_name: str, password: str | None, actor: Actor, now: dt.datetime
) -> Person:
    """Add somebody who may sign in. They have no right until they hold an office."""
    sign_in = sign_in.strip()
    if not sign_in:
        raise Refusal(_("登录名不能为空。"))
    if Person.objects.filter(sign_in=sign_in).exists():
        raise Refusal(_("登录名“%(name)s”已被使用，请换一个。") % {"name": sign_in})
    if password is not None:
        try:
            validate_password(password, Person(sign_in=sign_in, display_name=display_name))
        except ValidationError as error:
            raise Refusal.of(error.messages) from error
    person = Person.objects.create_person(sign_in=sign_in, password=password, display_name=display_name)
    audit.record("accounts.person_created", target=person, actor=actor, at=now)
    return person


@transaction.atomic
def open_office(
    *,
    unit: Unit,
    seat: str,
    title: str,
    actor: Actor,
    now: dt.datetime,
    title_en: str = "",
    role: str | None = None,
    scope: Unit | None = None,
    number: int = 1,
    full_time: bool = False,
    opened_on: dt.date | None = None,
) -> Office:
    """Set up one seat in a unit."""
    if Office.objects.filter(unit=unit, seat=seat, number=number).exists():
        raise Refusal(_("“%(unit)s”已设有该岗位。") % {"unit": unit.name})
    office = Office.objects.create(
        unit=unit,
        seat=seat,
        number=number,
        title=title,
        title_en=title_en,
        role=role or role_of_seat(seat),
        scope=scope or unit,
        full_time=full_time,
        opened_on=opened_on,
    )
    audit.record("accounts.office_opened", target=office, actor=actor, at=now, payload={"unit": unit.code})
    return office


def open_offices(offices: Iterable[Office], *, for_what: Unit, actor: Actor, now: dt.datetime) -> int:
    """Set up many seats at once, with one log row on the unit they were set up for."""
    with transaction.atomic():
        made = Office.objects.bulk_create(offices, batch_size=1000)
        if made:
            audit.record(
                "accounts.offices_opened",
                target=for_what,
                actor=actor,
                at=now,
                payload={"offices": len(made)},
            )
    return len(made)


@transaction.atomic
def hold_office(
    *,
    person: Person,
    office: Office,
    starts_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    ends_on: dt.date | None = None,
    acting: bool = False,
    full_time: bool = True,
) -> Holding:
    """Put a person in an office from a day on."""
    if ends_on and ends_on < starts_on:
        raise Refusal(_("任职结束日期不能早于开始日期。"))
    if Holding.objects.on(starts_on).filter(person=person, office=office).exists():
        raise Refusal(_("此人当日已任该职务。"))
    holding = Holding.objects.create(
        person=person,
        office=office,
        starts_on=starts_on,
        ends_on=ends_on,
        acting=acting,
        full_time=full_time,
    )
    audit.record("accounts.office_held", target=holding, actor=actor, at=now)
    return holding

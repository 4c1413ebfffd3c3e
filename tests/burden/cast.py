"""Fields and requests on the small city: the office, a member unit and a district ask; two villages and two townships answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import hold_office, open_office
from guantong.burden.models import Addressee, Field, FieldRequest
from guantong.burden.operations.drafts import draft_request
from guantong.burden.operations.fields import register_field
from guantong.burden.operations.issuing import issue_request
from guantong.burden.rules.fields import Terms as FieldTerms
from guantong.burden.rules.requests import Terms
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation

VILLAGE, OTHER_VILLAGE, FAR_VILLAGE = "150602001001", "150602001002", "150622100200"
MARCH = at(3, 2)


def field(city: City, name: str, *, by: Acting | None = None, now: dt.datetime = MARCH, **more: Any) -> Field:
    """A field of the dictionary; whole numbers where nothing else is said."""
    actor = by or city.coordinator
    given: dict[str, Any] = {
        "name_en": f"English of {name}",
        "meaning": f"年末在册的{name}",
        "kind": "whole",
        "differs": "另一件事",
    }
    assert actor.office is not None
    return register_field(
        cycle=city.cycle, terms=FieldTerms(name=name, **given | more), registered_by=actor.office, actor=actor, now=now
    )  # fmt: skip


def terms(**more: Any) -> Terms:
    given: dict[str, Any] = {
        "title": "阵地情况", "purpose": "安排明年经费", "basis": "年度工作要点", "pillar": "base_home", "per": "once",
        "starts_on": dt.date(2026, 3, 2), "due_days": 10, "ends_on": dt.date(2026, 3, 31),
    }  # fmt: skip
    return Terms(**given | more)


def draft(
    city: City, fields: list[Field], codes: tuple[str, ...] = (VILLAGE, OTHER_VILLAGE), *, by: Acting | None = None,
    now: dt.datetime = MARCH, **more: Any,
) -> FieldRequest:  # fmt: skip
    actor = by or city.coordinator
    assert actor.office is not None
    return draft_request(
        cycle=city.cycle, terms=terms(**more), fields=fields, units=[city.units[code] for code in codes],
        drafted_by=actor.office, actor=actor, now=now,
    )  # fmt: skip


def issue(city: City, fields: list[Field], codes: tuple[str, ...] = (VILLAGE, OTHER_VILLAGE), *,
          by: Acting | None = None, now: dt.datetime = MARCH, **more: Any) -> FieldRequest:  # fmt: skip
    request = draft(city, fields, codes, by=by, now=now, **more)
    return issue_request(request=request, actor=by or city.coordinator, now=now)


def owed(city: City, request: FieldRequest, code: str = VILLAGE, period: int = 0) -> Obligation:
    addressee = Addressee.objects.get(request=request, unit=city.units[code])
    rows = Obligation.objects.filter(source=Source.REQUEST, source_ref=addressee.pk).order_by("due_on")
    return rows.select_related("cycle", "unit", "office")[period]


def leader(city: City) -> Acting:
    return city.acting("1506-LG", "leader")


def liaison(city: City, code: str = VILLAGE) -> Acting:
    return city.acting(code, "liaison")


def clerk_of(city: City, code: str) -> Acting:
    """A clerk's seat in a unit, opened for the test."""
    unit = city.units[code]
    office = Office.objects.filter(unit=unit, seat="clerk").first() or open_office(
        unit=unit,
        seat="clerk",
        title=f"{unit.name}经办",
        role=Role.CLERK,
        scope=unit,
        actor=CONSOLE,
        now=START,
    )
    office = Office.objects.select_related("unit__parent", "scope").get(pk=office.pk)
    name = f"clerk-{code}"
    person = Person.objects.by_sign_in(name) or Person.objects.create_person(
        sign_in=name, password=None, display_name=office.title
    )
    if not Holding.objects.filter(office=office, person=person).exists():
        hold_office(person=person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=START)
    return Acting(person, office)

"""A case at any point of its way, on the small city."""

from __future__ import annotations

import datetime as dt

from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import hold_office
from guantong.audit.verification import verify_log
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, Channel, Outcome
from guantong.cases.models import Answer, Case, Handling
from guantong.cases.operations import register_case, registering_unit
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.answering import answer_case, rate_answer
from guantong.cases.operations.assigning import assign_case

FILED = at(3, 2)
ACCEPTED = at(3, 4)
GIVEN = at(3, 5)
ANSWERED = at(3, 20)
NAME, CONTACT = "王小明", "138 0000 1234"
WORDING = "小区门口的路灯坏了三个月，晚上孩子放学看不见路。"
REPLY = "路灯已经修好，今后每月检查一次。"
LEAD = "1506-MU-01"
OTHER = "1506-MU-02"


def filed(city: City, **changed: object) -> tuple[Case, str]:
    """As somebody files it on the web."""
    given = {
        "cycle": city.cycle,
        "unit": registering_unit(city.cycle),
        "kind": CaseKind.DIFFICULTY,
        "channel": Channel.WEB,
        "wording": WORDING,
        "name": NAME,
        "contact": CONTACT,
        "actor": Applicant(),
        "now": FILED,
    }
    return register_case(**{**given, **changed})  # type: ignore[arg-type]


def accepted(city: City, *, title: str = "路灯不亮", now: dt.datetime = ACCEPTED, **changed: object) -> Case:
    case, _code = filed(city, **changed)
    return accept_case(case=case, title=title, actor=city.coordinator, now=now)


def given(city: City, code: str = LEAD, *, now: dt.datetime = GIVEN, **changed: object) -> Handling:
    """Accepted and given to a unit that leads."""
    case = accepted(city, **changed)
    return assign_case(case=case, unit=city.units[code], actor=city.coordinator, now=now)


def answered(city: City, *, now: dt.datetime = ANSWERED, **changed: object) -> Case:
    handling = given(city, **changed)
    reply(city, handling.case, now=now)
    return again(handling.case)


def reply(city: City, case: Case, *, now: dt.datetime = ANSWERED, by: Acting | None = None) -> Answer:
    return answer_case(
        case=case, wording=REPLY, outcome=Outcome.SOLVED, actor=by or city.acting(LEAD, "unit_head"), now=now
    )


def rated(case: Case, *, stars: int, solved: bool, now: dt.datetime) -> Case:
    rate_answer(case=case, stars=stars, solved=solved, actor=Applicant(case.pk), now=now)
    return again(case)


def again(case: Case) -> Case:
    """The row as it is now."""
    return Case.objects.select_related(
        "cycle__stored", "cycle__unit", "unit", "host", "against", "subject"
    ).get(pk=case.pk)


def leader(city: City, number: int = 1) -> Acting:
    return city.acting("1506-LG", "leader", number)


def second_holder(city: City, office: Office, name: str) -> Acting:
    """Another person who acts for the same office."""
    person = Person.objects.create_person(sign_in=name, password=None, display_name=name)
    hold_office(person=person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=START)
    return Acting(person, office)


def also_sits(acting: Acting, office: Office) -> Holding:
    """The person behind the act holds another office too."""
    assert acting.person is not None
    return hold_office(
        person=acting.person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=START
    )


def clean_log() -> bool:
    return verify_log().faults == []

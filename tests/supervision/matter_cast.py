"""A matter on the small city, and short words for what is done to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.accounts.operations import hold_office
from guantong.audit.verification import verify_log
from guantong.obligations.models import Claim, Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.records.operations import enter_record
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import matter_drafts, matters, parts
from guantong.supervision.operations.matter_drafts import PartPlan, Terms

LEAD, COOPERATING, DISTRICT = "1506-MU-01", "1506-MU-02", "150602"


def terms(**changes: Any) -> Terms:
    given: dict[str, Any] = {
        "kind": "other",
        "title": "解决民营企业账款拖欠问题",
        "origin": "meeting",
        "basis": "市政府常务会议纪要〔2026〕3号",
        "due_on": dt.date(2026, 4, 30),
    }
    return Terms(**(given | changes))


def plans(city: City, *, also: Sequence[str] = (COOPERATING,), **changes: Any) -> list[PartPlan]:
    lead = PartPlan(city.units[LEAD], "lead", **changes)
    return [lead, *(PartPlan(city.units[each], "cooperating") for each in also)]


def drafted(city: City, *, also: Sequence[str] = (COOPERATING,), **changes: Any) -> Matter:
    return matter_drafts.draft_matter(
        cycle=city.cycle, terms=terms(**changes), parts=plans(city, also=also), actor=city.coordinator, now=at(3, 2)
    )  # fmt: skip


def dispatched(city: City, **changes: Any) -> Matter:
    """Drafted, registered and handed out on 2 March, a Monday."""
    matter = drafted(city, **changes)
    matters.register_matter(matter=matter, actor=city.coordinator, now=at(3, 2))
    return matters.dispatch_matter(matter=matter, actor=city.coordinator, now=at(3, 2))


def part_of(matter: Matter, code: str) -> MatterPart:
    return MatterPart.objects.select_related(
        "matter__cycle__stored", "matter__cycle__unit", "matter__issued_by__unit", "unit", "office", "obligation",
        "parent__unit",
    ).get(matter=matter, unit__code=code)  # fmt: skip


SEAT_OF = {
    LEAD: "unit_head",
    COOPERATING: "unit_head",
    DISTRICT: "first_responsible",
    "150602001": "commissioner",
}


def head_of(city: City, code: str) -> Acting:
    return city.acting(code, SEAT_OF[code])


def signed_for(city: City, matter: Matter, *codes: str) -> Matter:
    for code in codes or (LEAD, COOPERATING):
        parts.sign_for(part=part_of(matter, code), actor=head_of(city, code), now=at(3, 3))
    return now_of(matter)


def report(city: City, matter: Matter, code: str, *, day: dt.datetime | None = None) -> Claim:
    """Recorded and claimed at the waist, like any work."""
    day = day or at(3, 20)
    acting = head_of(city, code)
    assert acting.office is not None
    record = enter_record(
        kind="progress", happened_on=day.date(), summary="已清偿账款 320 万元", entered_by=acting.office,
        actor=acting, now=day, today=day.date(),
    )  # fmt: skip
    owed = part_of(matter, code).obligation
    assert owed is not None
    return claim_fulfilment(obligation=owed, record=record, claimed_by=acting.office, actor=acting, now=day)


def accept(city: City, claim: Claim, *, by: Acting | None = None, day: dt.datetime | None = None) -> None:
    review_claim(
        claim=claim, verdict="accepted", reason="", actor=by or city.coordinator, now=day or at(3, 21)
    )


def completed(city: City, **changes: Any) -> Matter:
    """Handed out, signed for, reported and accepted by all its units."""
    matter = dispatched(city, **changes)
    units = [each.unit.code for each in matter.parts.select_related("unit")]
    signed_for(city, matter, *units)
    for code in units:
        accept(city, report(city, matter, code))
    return matter


def second_coordinator(city: City) -> Acting:
    """Another person who holds the coordinating office too."""
    office = city.coordinator.office
    assert office is not None
    person = Person.objects.by_sign_in("second")
    if person is None:
        person = Person.objects.create_person(sign_in="second", password=None, display_name="副主任")
        hold_office(person=person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=START)
    return Acting(person, office)


def now_of(matter: Matter) -> Matter:
    return Matter.objects.select_related("cycle__stored", "cycle__unit", "issued_by__unit").get(pk=matter.pk)


def stages(matter: Matter) -> dict[str, str]:
    return dict(matter.parts.values_list("unit__code", "stage"))


def states(matter: Matter) -> set[tuple[str, str]]:
    owed = Obligation.objects.filter(rule=f"matter:{matter.pk}")
    return set(owed.values_list("unit__code", "state"))


def log_is_clean() -> bool:
    return verify_log().clean

"""Acts with made-up words, days and amounts on rows that are there, at many stages: done or refused, never broken.

The drill's made-up numbers seldom name a row; here every number does. ``GUANTONG_MADE_UP`` says how often each act is
asked on each row.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from api.calling import Caller, token_for
from api.moving_time import going
from api.test_acts import a_task, reported
from api.test_schema import ASKED, kept_connections
from cases import cast as cases
from conftest import City, at, undone
from grassroots.home_cast import keeper_of, registered, room_of
from guantong.accounts.acting import Acting
from guantong.grassroots.models import RoomBooking
from guantong.obligations.models import Extension, Obligation
from supervision import finding_cast as findings
from supervision import matter_cast as matters

__all__ = ["kept_connections"]
EACH = int(os.environ.get("GUANTONG_MADE_UP", "1"))
FEW = settings(
    max_examples=EACH, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def rows_of(city: City) -> dict[str, list[int]]:
    """Rows at many stages, by the first part of their address."""
    handed_out, done_with = matters.dispatched(city), matters.completed(city, kind="demand")
    standing = [
        matters.drafted(city),
        handed_out,
        matters.signed_for(city, matters.dispatched(city)),
        done_with,
    ]
    parts = [matters.part_of(each, matters.LEAD).pk for each in standing]
    owed, _told = reported(city)
    open_one = Obligation.objects.filter(unit__code=matters.LEAD, state="open").order_by("pk")[0]
    home = registered(city)
    booking = RoomBooking.objects.create(
        room=room_of(home), day=at(3, 9).date(), starts_at=at(3, 9).time(), ends_at=at(3, 9, 11).time(), purpose="—",
        booked_by=keeper_of(city).office, booked_at=at(3, 2),
    )  # fmt: skip
    found = [cases.filed(city)[0], cases.accepted(city), cases.given(city).case, cases.answered(city)]
    return {
        "obligations": [owed.pk, open_one.pk],
        "duty-lists": [city.list_of(matters.LEAD).pk],
        "tasks": [a_task(city).pk],
        "matters": [each.pk for each in standing],
        "matter-parts": parts,
        "findings": [findings.notified(city).pk, findings.ruled(city).pk],
        "cases": [each.pk for each in found],
        "bookings": [booking.pk],
    }


def numbers_of(city: City, program: Caller, kind: str, pk: int) -> dict[str, Any]:
    """What is named in a sending, as it stands in the row and in the city."""
    answer = program.get(f"{kind}/{pk}/")
    told = answer.json() if answer.status_code == 200 else {}  # type: ignore[attr-defined]
    unit, district = city.units[matters.LEAD].pk, city.units["150602"].pk
    known: dict[str, Any] = {
        "unit": unit, "lead": unit, "cooperating": [district], "units": [city.units["150602001"].pk],
        "against": None, "pass_to": district, "host": city.office("1506-LG", "leader").pk, "kind": "other",
    }  # fmt: skip
    first = {
        "claim": "claims", "extension": "extensions", "item": "items", "objection": "objections",
        "assignment": "assignments", "question": "questions", "handling": "handlings", "review": "reviews",
        "closure": "closures",
    }  # fmt: skip
    known |= {name: told[listed][0]["id"] for name, listed in first.items() if told.get(listed)}
    known |= {"parts": [each["id"] for each in told.get("parts", [])][:1]}
    return known


def made_up(operation: Any) -> list[Any]:
    """Right sendings of an operation, the same each time."""
    found: list[Any] = []

    @FEW
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def keep(case: Any) -> None:
        found.append(case)

    keep()
    return found


@pytest.mark.usefixtures("kept_connections")
@pytest.mark.parametrize("who", ["coordinator", "head"])
def test_made_up_acts_break_nothing(signed: City, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    go = going(monkeypatch)
    rows = rows_of(signed)
    Extension.objects.create(
        obligation_id=rows["obligations"][1], asked_by=signed.head.office, asked_at=at(3, 2),
        asked_until=at(12, 30).date(), reason="—",
    )  # fmt: skip
    acting: Acting = getattr(signed, who)
    secret = token_for(acting, days=300)[1]
    headers, program = {"Authorization": f"Bearer {secret}"}, Caller(secret)
    go(3, 24)
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in ASKED if name != "unsupported_method"]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    statuses: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        kind, *rest = operation.path.strip("/").split("/")
        if operation.method.upper() != "POST" or len(rest) < 2:
            continue
        for pk in rows[kind]:
            known = numbers_of(signed, program, kind, pk)
            for case in made_up(operation):
                case.path_parameters = {"pk": pk}
                case.headers = {name: value for name, value in case.headers.items() if name != "If-Match"}
                if isinstance(case.body, dict):
                    case.body = {name: known.get(name, value) for name, value in case.body.items()}
                with undone():
                    answer = case.call(headers=headers)
                    statuses[answer.status_code] += 1
                    case.validate_response(answer, checks=checks, headers=headers)
    assert statuses[201] > (20 if who == "coordinator" else 2), statuses
    assert statuses[422] > 10, statuses

"""The cast of the test suite as an installation of its own: this year opened and signed, three people in office."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import time

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from PIL import Image

from conftest import CONSOLE, UNITS
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import create_person, erase_person, hold_office, open_office
from guantong.audit import operations as audit
from guantong.audit.models import CheckpointKind
from guantong.audit.sequencing import checkpoint, sequence
from guantong.duties.models import DutyList
from guantong.duties.operations import issue_duty_lists, open_cycle, sign_duty_list
from guantong.kernel import clock
from guantong.mechanisms.operations import read_valid_package
from guantong.organisation.operations import open_unit
from guantong.records.files import path_of
from guantong.records.models import StoredFile
from guantong.records.operations import enter_record

PASSWORD = "草原-crane-四月-lantern"
# sign-in name, unit, seat
PEOPLE = (
    ("office", "1506-LGO", "coordinator"),
    ("unit", "1506-MU-01", "unit_head"),
    ("school", "1506-MU-02", "unit_head"),
    ("security", "1506-LGO", "security_admin"),
)


def prepare() -> dict[str, object]:
    """Units, an opened and signed year, offices and people. Returns what the tests need to know."""
    call_command("collectstatic", verbosity=0, interactive=False)
    today = clock.today()
    start = dt.datetime(today.year, 1, 1, 9, tzinfo=timezone.get_default_timezone())
    units = {}
    for code, name, kind, level, parent in UNITS:
        units[code] = open_unit(
            code=code,
            name=name,
            kind=kind,
            level=level,
            parent=units[parent] if parent else None,
            on=dt.date(today.year - 1, 1, 1),
            actor=CONSOLE,
            now=start,
        )
    cycle = open_cycle(
        package=read_valid_package("three-threes"), unit=units["1506"], year=today.year, actor=CONSOLE, now=start
    ).cycle  # fmt: skip
    for role in (Role.COORDINATOR, Role.SECURITY_ADMIN):
        open_office(
            unit=units["1506-LGO"],
            seat=role.value,
            title=f"领导小组办公室{role.label}",
            role=role,
            scope=units["1506"],
            actor=CONSOLE,
            now=start,
        )
    issue_duty_lists(cycle=cycle, actor=CONSOLE, now=start)
    for duty_list in DutyList.objects.filter(cycle=cycle):
        sign_duty_list(duty_list=duty_list, actor=CONSOLE, now=start)
    for name, unit, seat in PEOPLE:
        person = create_person(
            sign_in=name, display_name=f"{name} 同志", password=PASSWORD, actor=CONSOLE, now=start
        )
        office = Office.objects.get(unit__code=unit, seat=seat, number=1)
        hold_office(person=person, office=office, starts_on=start.date(), actor=CONSOLE, now=start)
    return {"cycle": cycle.pk}


def picture(number: int) -> bytes:
    """A small PNG, another for every number."""
    made = io.BytesIO()
    Image.new("RGB", (16, 16), (number % 256, number // 256 % 256, 40)).save(made, "PNG")
    return made.getvalue()


def enter_one(summary: str = "按节点推进", file: bool = False) -> int:
    """One record of work by the first member unit, with evidence if asked for."""
    office = Office.objects.get(unit__code="1506-MU-01", seat="unit_head", number=1)
    now = clock.now()
    record = enter_record(
        kind="progress",
        happened_on=clock.today(now),
        summary=summary,
        entered_by=office,
        references=["鄂发改〔2026〕7号"],
        files=[("照片.png", io.BytesIO(picture(len(summary))))] if file else [],
        actor=CONSOLE,
        now=now,
        today=clock.today(now),
    )
    return record.pk


def keep_writing(*, seconds: float) -> int:
    """Records with evidence, each taken up into the published log at once. Returns how many."""
    until = time.monotonic() + seconds
    written = 0
    while time.monotonic() < until:
        enter_one("次" * (written + 1), file=True)
        sequence()
        checkpoint(CheckpointKind.HOURLY, now=clock.now())
        written += 1
    return written


def names() -> list[str]:
    """How everybody is called, opened with their keys."""
    return sorted(str(person) for person in Person.objects.all())


def files_missing() -> list[str]:
    """Evidence whose bytes are gone or not what they were."""
    return [
        stored.digest
        for stored in StoredFile.objects.all()
        if not path_of(stored.digest).is_file()
        or hashlib.sha256(path_of(stored.digest).read_bytes()).hexdigest() != stored.digest
    ]


def leave_and_be_erased(name: str) -> int:
    """Somebody without open work leaves and is erased; returns the number they were known by."""
    person = Person.objects.by_sign_in(name)
    assert person is not None
    number = person.subject_id
    with transaction.atomic():  # nothing is open, so no handover is
        for holding in Holding.objects.filter(person=person):
            holding.ends_on = clock.today() - dt.timedelta(days=1)
            holding.save()
            audit.record("accounts.holding_ended", target=holding, actor=CONSOLE, at=clock.now())
    erase_person(person=person, actor=CONSOLE, now=clock.now())
    return number

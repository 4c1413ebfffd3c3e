"""Loading the demonstration city from nothing to a year that can be opened figure by figure."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import open_office
from guantong.assessment.models import Side
from guantong.assessment.operations import confirm_fact, give_mark, run_scores
from guantong.assessment.rules import mark_scale
from guantong.audit import operations as audit
from guantong.config.demo.base import play_base
from guantong.config.demo.bodies import bodies_of
from guantong.config.demo.burden import play_burden
from guantong.config.demo.cases import play_cases
from guantong.config.demo.channels import play_channels
from guantong.config.demo.circulars import play_circulars, play_notices
from guantong.config.demo.documents import play_documents
from guantong.config.demo.findings import play_findings, play_ladder
from guantong.config.demo.homes import play_homes
from guantong.config.demo.imports import play_imports
from guantong.config.demo.leadership import play_leadership
from guantong.config.demo.matters import play_matters
from guantong.config.demo.pairings import play_pairings
from guantong.config.demo.reception import play_reception
from guantong.config.demo.roster import play_roster
from guantong.config.demo.rounds import play_round
from guantong.config.demo.samples import play_samples
from guantong.config.demo.splits import play_splits
from guantong.config.demo.visits import play_visits
from guantong.config.demo.year import play_year
from guantong.duties.models import DutyItem, DutyList
from guantong.duties.operations import issue_duty_lists, open_cycle, sign_duty_list
from guantong.importing.tasks.operations import apply_task_workbook, read_task_workbook
from guantong.importing.units.operations import import_units_file
from guantong.kernel import clock
from guantong.kernel.commands import Report
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.operations import read_valid_package
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit
from guantong.privacy.keys import index_of
from guantong.privacy.operations import open_subjects
from guantong.reporting.tallies import recount
from guantong.search.following import reindex
from guantong.supervision.operations import sweep_lights
from guantong.web.demo_accounts import PASSWORD

HERE = Path(__file__).parent
CITY = "1506"
ACTOR = Console("load-demo")
ENGLISH = {
    "15": "Inner Mongolia",
    "1506": "Ordos",
    "150602": "Dongsheng District",
    "150603": "Kangbashi District",
    "150621": "Dalad Banner",
    "150622": "Jungar Banner",
    "150623": "Otog Front Banner",
    "150624": "Otog Banner",
    "150625": "Hanggin Banner",
    "150626": "Uxin Banner",
    "150627": "Ejin Horo Banner",
}


def _at(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(9, 30)))


def load_demo(*, year: int | None, seed: int, report: Report) -> dict[str, Any]:
    """Load the city into an empty database; a database that has units is left alone."""
    today = clock.today()
    year = year or today.year
    if Unit.objects.exists():
        report.say(_("数据库里已有单位，没有载入演示数据。"))
        return {"loaded": False}
    if year > today.year:
        raise Refusal(_("演示年度不能晚于今年。"))
    today = min(today, dt.date(year, 12, 31))
    chooser = random.Random(seed)  # noqa: S311 - a repeatable demonstration, no secret
    report.say(_("正在载入演示城市……"))
    start = _at(dt.date(year, 1, 5))
    _units(chooser, on=dt.date(year - 1, 1, 1), now=start)
    city = Unit.objects.get(code=CITY)
    opening = open_cycle(
        package=read_valid_package("three-threes"), unit=city, year=year, actor=ACTOR, now=start
    )
    cycle = opening.cycle
    _extra_offices(city, start)
    _holders(cycle, chooser)
    issue_duty_lists(cycle=cycle, actor=ACTOR, now=_at(dt.date(year, 1, 15)))
    _sign(cycle, chooser, today=today)
    _tasks(cycle)
    played = play_year(cycle, today=today, seed=seed)
    now = clock.now()
    for play in (
        play_splits, play_matters, play_samples, play_visits, play_findings, play_leadership, play_pairings,
        play_cases, play_reception, play_roster, play_homes, play_base, play_burden,
    ):  # fmt: skip
        play(cycle, now, chooser)
    sweep_lights(actor=ACTOR, on=today, now=now, cycle=cycle)
    play_ladder(cycle, now, chooser)
    _marks(cycle, chooser, today)
    run_scores(cycle=cycle, as_of=today, actor=ACTOR, now=now)
    play_round(cycle, now=now, chooser=chooser)
    play_circulars(cycle, now, chooser)
    play_notices(cycle, now, chooser)
    play_documents(cycle, now, chooser)
    play_channels(cycle, now, chooser)
    play_imports(cycle, now, chooser)
    recount(cycle, on=today, now=clock.now())
    reindex(now=clock.now())
    report.say(
        _("演示城市已载入：%(n)s 个单位，%(r)s 条工作记录。")
        % {"n": Unit.objects.count(), "r": played["records"]}
    )
    return {"loaded": True, "cycle": cycle.pk, "units": Unit.objects.count(), **played}


def _units(chooser: random.Random, *, on: dt.date, now: dt.datetime) -> None:
    import_units_file(HERE / "ordos_divisions.csv", actor=ACTOR, now=now)
    for code, name in ENGLISH.items():
        Unit.objects.filter(code=code).update(name_en=name)
    city = Unit.objects.get(code=CITY)
    townships = Unit.objects.below(city).at_level("township").order_by("path")
    for row in bodies_of(city, townships, chooser):
        open_unit(on=on, actor=ACTOR, now=now, **row)  # type: ignore[arg-type]


def _extra_offices(city: Unit, now: dt.datetime) -> None:
    """The seats that are not duties of the package: coordination, assessment, the three administrators."""
    office = Unit.objects.get(code=f"{CITY}-LGO")
    seats = (
        (office, Role.COORDINATOR, "领导小组办公室主任", "Director, Group Office", city),
        (office, Role.ASSESSOR, "领导小组办公室考核岗", "Assessor, Group Office", city),
        (office, Role.SYSTEM_ADMIN, "系统管理员", "System administrator", office),
        (office, Role.SECURITY_ADMIN, "安全管理员", "Security administrator", office),
        (office, Role.AUDIT_ADMIN, "审计管理员", "Audit administrator", office),
    )
    for unit, role, title, english, scope in seats:
        open_office(
            unit=unit,
            seat=role.value,
            title=title,
            title_en=english,
            role=role,
            scope=scope,
            actor=ACTOR,
            now=now,
        )


def _holders(cycle: Cycle, chooser: random.Random) -> None:
    """Somebody in nearly every office – by the office's title, never by a name – and the accounts to sign in."""
    accounts = _account_offices()
    start = dt.date(cycle.year - 1, 7, 1)
    people, holdings = [], []
    for office in Office.objects.select_related("unit").order_by("pk"):
        vacant = office.seat in {"commissioner", "liaison"} and chooser.random() < 0.035
        if vacant and office.pk not in accounts:
            continue
        name = accounts.get(office.pk, f"office-{office.pk}")
        person = Person(sign_in=name, sign_in_index=index_of(name), display_name=office.title[:100])
        if office.pk in accounts:
            person.set_password(PASSWORD)
        else:
            person.set_unusable_password()
        people.append(person)
        full_time = office.seat != "commissioner" or chooser.random() > 0.04
        holdings.append(Holding(person=person, office=office, starts_on=start, full_time=full_time))
    with transaction.atomic():
        subjects = open_subjects(len(people), now=timezone.now())
        for person, subject in zip(people, subjects, strict=True):
            person.subject = subject
        Person.objects.bulk_create(people, batch_size=1000)
        Holding.objects.bulk_create(holdings, batch_size=1000)
        audit.record(
            "accounts.offices_filled", target=cycle, actor=ACTOR, at=timezone.now(), states=holdings,
            payload={"offices": len(holdings)},
        )  # fmt: skip


def _account_offices() -> dict[int, str]:
    """Office id to the sign-in name of the demonstration account that holds it."""
    county = "150622"
    township = (
        Unit.objects.filter(parent__code=county, kind="territory", children__kind="home")
        .order_by("path")
        .first()
    )
    assert township is not None
    village = Unit.objects.filter(parent=township, level="village").order_by("path").first()
    home = Unit.objects.filter(parent=township, kind="home").first()
    wanted = {
        "office": Office.objects.filter(seat=Role.COORDINATOR),
        "assessor": Office.objects.filter(seat=Role.ASSESSOR),
        "leader": Office.objects.filter(seat="leader"),
        "unit": Office.objects.filter(seat="unit_head", unit__code=f"{CITY}-MU-04"),
        "county": Office.objects.filter(seat="first_responsible", unit__code=county),
        "township": Office.objects.filter(seat="commissioner", unit=township),
        "village": Office.objects.filter(seat="liaison", unit=village),
        "home": Office.objects.filter(seat="home_keeper", unit=home),
        "system": Office.objects.filter(seat=Role.SYSTEM_ADMIN),
        "security": Office.objects.filter(seat=Role.SECURITY_ADMIN),
        "audit": Office.objects.filter(seat=Role.AUDIT_ADMIN),
    }
    return {offices.order_by("number")[0].pk: name for name, offices in wanted.items()}


def _sign(cycle: Cycle, chooser: random.Random, *, today: dt.date) -> None:
    """Most units sign in time, a few late, some not at all."""
    dated = DutyItem.objects.filter(times__gt=0).values("duty_list")
    spare = {f"{CITY}-MU-04", f"{CITY}-LG", "150622"}
    for duty_list in DutyList.objects.filter(cycle=cycle, pk__in=dated).select_related("unit").order_by("pk"):
        luck = chooser.random()
        if luck > 0.99 and duty_list.unit.code not in spare:
            continue
        latest = duty_list.sign_by + dt.timedelta(days=12) if luck > 0.95 else duty_list.sign_by
        earliest = dt.date(cycle.year, 1, 16)
        signed_on = earliest + dt.timedelta(days=chooser.randint(0, max((latest - earliest).days, 1)))
        if signed_on <= today:
            sign_duty_list(duty_list=duty_list, actor=ACTOR, now=_at(signed_on))


def _tasks(cycle: Cycle) -> None:
    content = (HERE / "tasks.xlsx").read_bytes()
    reading = read_task_workbook(content, name="2026年度重点工作任务清单.xlsx", cycle=cycle)
    apply_task_workbook(
        reading,
        cycle=cycle,
        name="2026年度重点工作任务清单.xlsx",
        actor=ACTOR,
        now=_at(dt.date(cycle.year, 1, 20)),
    )


def _marks(cycle: Cycle, chooser: random.Random, today: dt.date) -> None:
    now = clock.now()
    scale = mark_scale(cycle, "I08")
    units = Unit.objects.filter(parent=cycle.unit, kind__in=["member_unit", "territory"]).order_by("path")
    for unit in units:
        value = min(Decimal(scale or 10), Decimal(chooser.randint(12, 20)) / 2)
        give_mark(
            cycle=cycle,
            unit=unit,
            indicator="I08",
            value=value,
            reason="按平时督查和各方评价综合评定",
            actor=ACTOR,
            now=now,
        )
    for unit in list(units)[2:18:5]:
        confirm_fact(
            cycle=cycle,
            unit=unit,
            side=Side.RECOGNITION,
            kind="confirmed",
            basis=f"市委办公室通报〔{cycle.year}〕{chooser.randint(3, 30)}号",
            text="工作做法在全市推广",
            actor=ACTOR,
            now=now,
        )

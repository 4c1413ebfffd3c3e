"""Posts and who holds them. A person is a sign-in name and how they are called, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import create_person, erase_person, hold_office, open_office
from guantong.importing.effects import Effects
from guantong.importing.kinds import seats
from guantong.importing.kinds.base import A_DAY, YES_OR_NO, Column, Given, Kind, Scope
from guantong.importing.kinds.places import by_code_or_name
from guantong.importing.kinds.reading import choice, day, flat, text, yes
from guantong.organisation.models import Unit
from guantong.privacy import keys
from guantong.privacy.keys import index_of


@dataclass(frozen=True, slots=True)
class Step:
    key: tuple[str, str, int]
    unit: Unit
    office: Office | None
    title: str
    role: str
    full_time: bool | None
    sign_in: str
    display_name: str
    starts_on: dt.date | None
    ends_on: dt.date | None


class Holders(Kind):
    id = "holders"
    label = gettext_lazy("岗位和任职")
    about = gettext_lazy("设立岗位，按登录名任职。对人只登记登录名和称呼，不登记其他信息。")
    function = "security.run"
    names_people = True
    columns = (
        *seats.COLUMNS,
        Column("title", gettext_lazy("岗位名称"), ("岗位名称", "职务"), example="市发展和改革委员会经办"),
        Column("role", gettext_lazy("权限角色"), ("权限角色", "角色"), example="单位经办", values=Role),
        Column("full_time", gettext_lazy("专职"), ("专职", "是否专职"), example="否", values=YES_OR_NO),
        Column(
            "sign_in",
            gettext_lazy("登录名"),
            ("登录名", "账号", "用户名"),
            example="shili",
            note=gettext_lazy("不写登录名的行只设岗位。"),
        ),
        Column(
            "display_name",
            gettext_lazy("称呼"),
            ("称呼", "显示名", "姓名"),
            example="示例",
            note=gettext_lazy("只写怎么称呼，新账号要写。"),
        ),
        Column(
            "starts_on",
            gettext_lazy("任职自"),
            ("任职自", "任职日期", "任职开始", "任职时间", "到任日期"),
            example="2026-01-05",
            note=A_DAY,
        ),
        Column("ends_on", gettext_lazy("任职止"), ("任职止", "任职结束"), note=A_DAY),
    )

    def key(self, given: Given) -> object:
        return (given["unit_code"], given["seat"], given["number"] or "1", given["sign_in"].casefold())

    def look_up(self, scope: Scope) -> Any:
        holdings: dict[tuple[int, int], list[Holding]] = {}
        for each in Holding.objects.all():
            holdings.setdefault((each.office_id, each.person_id), []).append(each)
        units = by_code_or_name(Unit.objects.filter(closed_on__isnull=True))
        people = {each.sign_in_index: each for each in Person.objects.all()}
        return seats.seats_of(seats.offices_in_sight(scope.actor), scope.cycle), units, people, holdings

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        offices, units, people, holdings = known
        key = seats.seat_key(given)
        unit, office = units.get(key[0]), offices.get(key)
        if unit is None:
            given.error(
                "unit_code",
                _("没有代码或名称为“%(code)s”的单位，或有几个同名，请写单位代码。") % {"code": key[0][:40]},
            )
            return None
        sign_in = flat(given["sign_in"])
        step = Step(
            key, unit, office, text(given, "title", most=200), choice(given, "role", Role),
            yes(given, "full_time"), sign_in, text(given, "display_name", most=100),
            day(given, "starts_on"), day(given, "ends_on"),
        )  # fmt: skip
        self._judge_office(given, step)
        person = people.get(index_of(sign_in)) if sign_in else None
        if sign_in:
            self._judge_holder(given, step, person)
        held = holdings.get((office.pk, person.pk), []) if office and person else []
        if office and (
            not sign_in or any((h.starts_on, h.ends_on) == (step.starts_on, step.ends_on) for h in held)
        ):
            given.same = True
            return None
        return step

    def _judge_office(self, given: Given, step: Step) -> None:
        if len(step.key[1]) > 60:
            given.error("seat", _("最多 %(most)s 字，现有 %(n)s 字。") % {"most": 60, "n": len(step.key[1])})
        if step.office is None and not step.title:
            given.error("title", _("新设的岗位要写岗位名称。"))
        if step.office and step.title and step.title != step.office.title:
            given.warn("title", _("系统里的岗位名称是“%(title)s”，不会更改。") % {"title": step.office.title})
        if step.office and step.role and step.role != step.office.role:
            given.error(
                "role",
                _("系统里的角色是“%(role)s”，不能用导入来改。") % {"role": step.office.get_role_display()},
            )

    def _judge_holder(self, given: Given, step: Step, person: Person | None) -> None:
        if len(step.sign_in) > 60:
            given.error(
                "sign_in", _("最多 %(most)s 字，现有 %(n)s 字。") % {"most": 60, "n": len(step.sign_in)}
            )
        if step.starts_on is None and not given["starts_on"]:
            given.error("starts_on", _("写了登录名，就要写任职开始日期。"))
        if person is None and not step.display_name:
            given.error("display_name", _("新账号要写称呼。"))
        if person is not None and not person.is_active:
            given.error("sign_in", _("此人的账号已停用。"))

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        office = (
            step.office or Office.objects.filter(unit=step.unit, seat=step.key[1], number=step.key[2]).first()
        )
        if office is None:
            office = open_office(
                unit=step.unit, seat=step.key[1], number=step.key[2], title=step.title, role=step.role or None,
                full_time=bool(step.full_time), actor=scope.actor, now=scope.now,
            )  # fmt: skip
            effects.created(office)
        if not step.sign_in:
            return
        person = Person.objects.by_sign_in(step.sign_in)
        if person is None:
            person = create_person(
                sign_in=step.sign_in,
                display_name=step.display_name,
                password=None,
                actor=scope.actor,
                now=scope.now,
            )
            effects.notes.setdefault("people", []).append(person.pk)
        assert step.starts_on is not None
        holding = hold_office(
            person=person, office=office, starts_on=step.starts_on, ends_on=step.ends_on,
            full_time=step.full_time is not False, actor=scope.actor, now=scope.now,
        )  # fmt: skip
        effects.created(holding)

    def end_undo(self, notes: Mapping[str, Any], *, actor: Actor, now: dt.datetime) -> None:
        """Accounts that the import made go too, unless somebody has put them in another office since."""
        for person in Person.objects.filter(pk__in=notes.get("people", ())).select_related("subject"):
            if not person.holdings.exists() and person.subject.erased_at is None:
                erase_person(person=person, actor=actor, now=now)

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        """Open posts in sight with who holds them today or later; a post without a holder is a row too."""
        held: dict[int, list[Holding]] = {}
        for each in Holding.objects.select_related("person").order_by("starts_on", "pk"):
            if each.ends_on is None or each.ends_on >= scope.today:
                held.setdefault(each.office_id, []).append(each)
        keys.load(each.person.subject_id for several in held.values() for each in several)
        for office in sorted(
            seats.offices_in_sight(scope.actor), key=lambda o: (o.unit.path, o.seat, o.number)
        ):
            row = {
                **seats.shown(office), "title": office.title, "role": office.get_role_display(),
                "full_time": office.full_time,
            }  # fmt: skip
            holders = held.get(office.pk, [])
            yield from ({**row, **self._holder(each)} for each in holders)
            if not holders:
                yield row

    def _holder(self, holding: Holding) -> dict[str, object]:
        return {
            "sign_in": str(holding.person.sign_in), "display_name": str(holding.person.display_name),
            "starts_on": holding.starts_on, "ends_on": holding.ends_on,
        }  # fmt: skip

"""Duty lists out for comment: wording, minutes, items left out, and duties more for an office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.models import Office
from guantong.duties import rules
from guantong.duties.amending import MOST_MINUTES, add_item, amend_item
from guantong.duties.models import DutyItem, DutyList, ListState
from guantong.duties.queries import duty_lists_visible_to
from guantong.importing.effects import Effects
from guantong.importing.kinds import seats
from guantong.importing.kinds.base import YES_OR_NO, Column, Given, Kind, Scope
from guantong.importing.kinds.reading import code, flat, number, text, yes

FIELDS = ("text_zh", "text_en", "minutes", "withdrawn")


@dataclass(frozen=True, slots=True)
class Step:
    duty_list: DutyList
    office: Office
    duty: str
    item: DutyItem | None
    wanted: dict[str, Any]


class Duties(Kind):
    id = "duties"
    label = gettext_lazy("责任清单")
    about = gettext_lazy("征求意见期间的清单：改写内容、用时，增减职责。下达以后不能再改。")
    function = "duties.issue"
    needs_cycle = True
    named_by = "duty"
    columns = (
        *seats.COLUMNS,
        Column("duty", gettext_lazy("职责编号"), ("职责编号", "编号"), True, example="D01"),
        Column("about_code", gettext_lazy("涉及单位代码"), ("涉及单位代码",)),
        Column(
            "text_zh",
            gettext_lazy("职责内容"),
            ("职责内容", "职责", "工作职责"),
            True,
            example="每季度专题研究一次",
        ),
        Column("text_en", gettext_lazy("职责内容（英文）"), ("英文内容",)),
        Column("minutes", gettext_lazy("每次用时（分钟）"), ("每次用时", "用时", "分钟"), example="30"),
        Column("withdrawn", gettext_lazy("不列入"), ("不列入", "撤回"), example="否", values=YES_OR_NO),
    )

    def key(self, given: Given) -> object:
        return (given["unit_code"], given["seat"], given["number"] or "1", given["duty"], given["about_code"])

    def look_up(self, scope: Scope) -> Any:
        lists = {each.unit_id: each for each in duty_lists_visible_to(scope.actor).filter(cycle=scope.cycle)}
        items = DutyItem.objects.filter(duty_list__in=list(lists.values())).select_related(
            "about", "duty_list"
        )
        assert scope.cycle is not None
        return (
            seats.seats_of(seats.offices_in_sight(scope.actor), scope.cycle),
            lists,
            {(each.office_id, each.duty, each.about.code if each.about else ""): each for each in items},
            {each.id: each for each in scope.cycle.package.duties},
        )

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        offices, lists, items, templates = known
        office = seats.office_in(given, offices)
        duty_list = lists.get(office.unit_id) if office else None
        if office is None:
            return None
        if duty_list is None:
            given.error("unit_code", _("“%(unit)s”今年没有责任清单。") % {"unit": office.unit.name})
            return None
        duty, about = flat(given["duty"]), code(given, "about_code")
        item = items.get((office.pk, duty, about))
        minutes = number(given, "minutes", most=MOST_MINUTES)
        template = templates.get(duty)
        if template is None:
            given.error("duty", _("机制里没有编号为“%(duty)s”的职责。") % {"duty": duty[:40]})
        if item is None and about:
            given.error("about_code", _("不能为另一个单位新增职责，请留空。"))
        if item is None and minutes is None:
            given.error("minutes", _("“%(column)s”没有填。") % {"column": self.column("minutes").label})
        wanted = {
            "text_zh": text(given, "text_zh", most=500),
            "text_en": text(given, "text_en", most=500)
            if "text_en" in given.cells
            else getattr(item, "text_en", ""),
            "minutes": int(minutes) if minutes is not None else getattr(item, "minutes", 0),
            "withdrawn": bool(yes(given, "withdrawn")),
        }
        step = Step(duty_list, office, duty, item, wanted)
        if item and all(getattr(item, name) == wanted[name] for name in FIELDS):
            given.same = True
            return None
        self._say_settled(given, duty_list, scope)
        return step

    def _say_settled(self, given: Given, duty_list: DutyList, scope: Scope) -> None:
        if duty_list.state != ListState.CONSULTED:
            given.error(
                "unit_code", _("“%(unit)s”的清单已经下达，不能再改。") % {"unit": duty_list.unit.name}
            )
        elif not rules.may_issue(scope.actor, duty_list):
            given.error("unit_code", _("清单由统筹协调单位下达。"))

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        if step.item is not None:
            with effects.altering(step.item, *FIELDS):
                amend_item(item=step.item, actor=scope.actor, now=scope.now, **step.wanted)
            return
        wanted = {name: value for name, value in step.wanted.items() if name != "withdrawn"}
        made = add_item(
            duty_list=step.duty_list,
            office=step.office,
            duty=step.duty,
            actor=scope.actor,
            now=scope.now,
            **wanted,
        )
        effects.created(made)

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        lists = duty_lists_visible_to(scope.actor).filter(cycle=scope.cycle).order_by()
        items = DutyItem.objects.filter(duty_list__in=lists.values("pk")).select_related(
            "office__unit", "about"
        )
        for each in items.order_by("duty_list__unit__path", "pk").iterator(2000):
            yield {
                **seats.shown(each.office), "duty": each.duty, "about_code": each.about.code if each.about else "",
                "text_zh": each.text_zh, "text_en": each.text_en, "minutes": each.minutes,
                "withdrawn": each.withdrawn,
            }  # fmt: skip

"""The register of homes: what a home is, where, when it is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting
from guantong.grassroots.choices import ContentKind
from guantong.grassroots.home_terms import HOME
from guantong.grassroots.models import Home
from guantong.grassroots.operations.homes import change_home, register_home
from guantong.grassroots.queries.homes import homes_visible_to
from guantong.importing.effects import Effects
from guantong.importing.kinds.base import YES_OR_NO, Column, Given, Kind, Scope
from guantong.importing.kinds.hours import DAYS, hours_in
from guantong.importing.kinds.places import by_code_or_name
from guantong.importing.kinds.reading import code, flat, names_of, text, words, yes
from guantong.organisation.models import PAST, Unit

FIELDS = ("subkind", "address", "contents", "hours", "hours_posted", "rules_posted", "standard")


@dataclass(frozen=True, slots=True)
class Step:
    unit: Unit
    home: Home | None
    told: dict[str, Any]


class Homes(Kind):
    id = "homes"
    label = gettext_lazy("之家")
    about = gettext_lazy("之家登记：地址、内容、开放时间、公示情况。单位要先在系统里。")
    function = "grassroots.run"
    columns = (
        Column(
            "unit_code",
            gettext_lazy("单位代码"),
            ("单位代码", "之家代码", "代码"),
            True,
            example="150602999-H1",
            instead="unit_name",
        ),
        Column("unit_name", gettext_lazy("单位名称"), ("单位名称", "之家名称", "名称"), shown=True),
        Column("subkind", gettext_lazy("之家类型"), ("之家类型", "类型")),
        Column(
            "address",
            gettext_lazy("地址"),
            ("地址", "所在地址", "详细地址", "具体地址"),
            example="示例路 1 号",
        ),
        Column(
            "contents",
            gettext_lazy("服务内容"),
            ("服务内容", "内容", "主要功能", "功能", "服务项目"),
            example="学习宣传、议事协商",
            values=ContentKind,
            note=gettext_lazy("可以写几项，用顿号隔开。"),
        ),
        Column(
            "hours",
            gettext_lazy("开放时间"),
            ("开放时间", "开放时段", "服务时间"),
            example="周一 09:00-17:30；周二 09:00-17:30",
        ),
        Column(
            "hours_posted",
            gettext_lazy("开放时间已公示"),
            ("开放时间已公示",),
            example="是",
            values=YES_OR_NO,
        ),
        Column("rules_posted", gettext_lazy("制度已上墙"), ("制度已上墙",), example="是", values=YES_OR_NO),
        Column("standard", gettext_lazy("建设标准"), ("建设标准",)),
    )

    def key(self, given: Given) -> object:
        return given["unit_code"].strip()

    def look_up(self, scope: Scope) -> Any:
        units = Unit.objects.filter(kind=HOME)
        if isinstance(scope.actor, Acting):
            path = scope.actor.scope_path
            units = units.filter(path__gte=path, path__lt=path + PAST) if path else units.none()
        homes = {each.unit_id: each for each in homes_visible_to(scope.actor)}
        return by_code_or_name(units), homes

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        units, homes = known
        unit = units.get(code(given, "unit_code"))
        told = self._told(given)
        if unit is None:
            said = {"code": given["unit_code"][:40]}
            given.error(
                "unit_code", _("没有代码或名称为“%(code)s”的之家，或有几个同名，或不在本单位辖区内。") % said
            )
            return None
        home = homes.get(unit.pk)
        if home and all(getattr(home, name) == value for name, value in told.items()):
            given.same = True
            return None
        if unit.closed_on:
            given.error("unit_code", _("“%(code)s”已经撤销。") % {"code": unit.code})
        return Step(unit, home, told)

    def _told(self, given: Given) -> dict[str, Any]:
        """What the row says; columns that the workbook lacks, and empty yes-or-no cells, say nothing."""
        told: dict[str, Any] = {}
        for name, most in (("subkind", 60), ("address", 200), ("standard", 200)):
            if name in given.cells:
                told[name] = text(given, name, most=most)
        if "contents" in given.cells:
            told["contents"] = self._contents(given)
        if "hours" in given.cells:
            told["hours"] = self._hours(given)
        for name in ("hours_posted", "rules_posted"):
            if (answer := yes(given, name)) is not None:
                told[name] = answer
        return told

    def _contents(self, given: Given) -> list[str]:
        names = names_of(ContentKind)
        given_words = words(given, "contents")
        for word in given_words:
            if word.lower() not in names:
                given.error("contents", _("没有“%(kind)s”这一类。") % {"kind": word[:40]})
        wanted = {names.get(word.lower()) for word in given_words}
        return [each for each in ContentKind.values if each in wanted]

    def _hours(self, given: Given) -> list[dict[str, Any]]:
        hours, unread = hours_in(flat(given["hours"]))
        for part in unread:
            given.error(
                "hours",
                _("开放时间“%(text)s”没有读懂，请写成“周一至周五 09:00-17:30”，几段用分号隔开。")
                % {"text": part[:40]},
            )
        return hours

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        if step.home is None:
            effects.created(register_home(unit=step.unit, actor=scope.actor, now=scope.now, **step.told))
            return
        with effects.altering(step.home, *FIELDS):
            change_home(home=step.home, actor=scope.actor, now=scope.now, **step.told)

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        for each in homes_visible_to(scope.actor).filter(unit__closed_on__isnull=True).order_by("unit__path"):
            hours = "；".join(f"周{DAYS[span['day'] - 1]} {span['from']}-{span['to']}" for span in each.hours)
            yield {
                "unit_code": each.unit.code, "unit_name": each.unit.name, "subkind": each.subkind,
                "address": each.address, "contents": "、".join(str(ContentKind(kind).label) for kind in each.contents),
                "hours": hours, "hours_posted": each.hours_posted, "rules_posted": each.rules_posted,
                "standard": each.standard,
            }  # fmt: skip

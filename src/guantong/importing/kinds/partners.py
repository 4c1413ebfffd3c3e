"""Organisations of paired contact: by registered name and place. No person is ever brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.importing.effects import Effects
from guantong.importing.kinds.base import Column, Given, Kind, Scope
from guantong.importing.kinds.places import by_code_or_name
from guantong.importing.kinds.reading import choice, code, text
from guantong.organisation.models import Unit
from guantong.partners import rules
from guantong.partners.choices import PartnerKind
from guantong.partners.models import Partner
from guantong.partners.operations import correct_organisation, register_organisation
from guantong.partners.queries import partners_visible_to

ORGANISATIONS = tuple(each.label for each in PartnerKind if each != PartnerKind.REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    name: str
    name_en: str
    area: Unit
    partner: Partner | None


class Partners(Kind):
    id = "partners"
    label = gettext_lazy("联系对象")
    about = gettext_lazy("组织团体、企业、商会，按登记名称和所在地登记。不登记个人。")
    function = "leadership.run"
    named_by = "name"
    columns = (
        Column("kind", gettext_lazy("类别"), ("类别", "对象类别"), True, example="企业", values=ORGANISATIONS),
        Column("name", gettext_lazy("登记名称"), ("登记名称", "名称", "对象名称", "组织名称", "企业名称"), True,
               example="示例有限公司"),
        Column("name_en", gettext_lazy("英文名称"), ("英文名称",)),
        Column("area_code", gettext_lazy("所在地代码"), ("所在地代码", "区划代码", "地区代码", "所在地区", "所在旗区", "所在区县", "所属旗区"), True, example="150602", instead="area_name",
               note=gettext_lazy("区划代码，也可以写不重名的地名。只登记组织，代表人士由本人同意后自己填写。")),
        Column("area_name", gettext_lazy("所在地"), ("地区",), shown=True),
    )  # fmt: skip

    def key(self, given: Given) -> object:
        return (" ".join(given["name"].split()), code_of(given)) if given["name"] else None

    def look_up(self, scope: Scope) -> Any:
        areas = by_code_or_name(Unit.objects.filter(kind="territory", closed_on__isnull=True))
        partners = {(each.area_id, each.name): each for each in Partner.objects.exclude(name="")}
        return areas, partners

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        areas, partners = known
        if given["kind"] in (
            PartnerKind.REPRESENTATIVE.value,
            "代表人士",
            str(PartnerKind.REPRESENTATIVE.label),
        ):
            given.error("kind", _("代表人士不能由别人登记。请生成同意链接，由本人看过说明后自己填写。"))
            return None
        kind = choice(given, "kind", PartnerKind, known=ORGANISATIONS)
        name, area = " ".join(text(given, "name", most=200).split()), areas.get(code(given, "area_code"))
        name_en = text(given, "name_en", most=200)
        if area is None:
            given.error(
                "area_code",
                _("没有代码或名称为“%(code)s”的地方，或有几处同名，请写区划代码。")
                % {"code": given["area_code"][:40]},
            )
        elif not rules.may_register(scope.actor, area):
            given.error("area_code", _("“%(code)s”不在本单位辖区内。") % {"code": area.code})
        elif kind and not any(each[0] == "error" for each in given.said):
            return self._against_register(
                given, Step(kind, name, name_en, area, partners.get((area.pk, name)))
            )
        return None

    def _against_register(self, given: Given, step: Step) -> Step | None:
        """New, the same, or another English name; the kind of an organisation in the register is not changed here."""
        partner = step.partner
        if partner is None:
            return step
        if partner.closed_on:
            given.error("name", _("“%(name)s”已经停止联系，不能重新导入。") % {"name": step.name})
        elif partner.kind != step.kind:
            said = {"kind": partner.get_kind_display()}
            given.error("kind", _("登记册里的类别是“%(kind)s”，与表里不一致。") % said)
        elif "name_en" in given.cells and step.name_en and step.name_en != partner.name_en:
            return step
        else:
            given.same = True
        return None

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        if step.partner is not None:
            with effects.altering(step.partner, "name_en"):
                correct_organisation(
                    partner=step.partner, name=step.name, name_en=step.name_en, area=step.area,
                    actor=scope.actor, now=scope.now,
                )  # fmt: skip
            return
        made = register_organisation(
            kind=step.kind,
            name=step.name,
            name_en=step.name_en,
            area=step.area,
            actor=scope.actor,
            now=scope.now,
        )
        effects.created(made)

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        found: models.QuerySet[Partner] = partners_visible_to(scope.actor)
        found = found.filter(subject__isnull=True, closed_on__isnull=True).select_related("area")
        for each in found.order_by("area__path", "name").iterator(2000):
            yield {
                "kind": each.get_kind_display(), "name": each.name, "name_en": each.name_en,
                "area_code": each.area.code, "area_name": each.area.name,
            }  # fmt: skip


def code_of(given: Given) -> str:
    return given["area_code"].strip()

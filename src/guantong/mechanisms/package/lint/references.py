"""Rule 2: every reference resolves."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.lint.names import Names, pillars
from guantong.mechanisms.package.schema.kinds import near_miss
from guantong.mechanisms.package.spots import Outline, Spot
from guantong.mechanisms.package.vocabulary import GENERIC_SUBJECTS, PARTNER_KINDS

LONGEST_REVIEW = 3


class References:
    """Looks every name up and reports those that name nothing."""

    def __init__(self, outline: Outline, findings: Findings) -> None:
        self.top = outline.top
        self.outline = outline
        self.findings = findings
        self.names = Names.of(outline)

    def check(self) -> None:
        self.structure()
        self.seats()
        self.duties()
        self.coverage()
        self.contacts()
        self.problems()
        self.supervision()
        self.indicators()
        self.scorecards()

    def resolve(self, spot: Spot, known: Iterable[str], what: str) -> None:
        """Each word of the spot is among the known."""
        known = frozenset(known)
        for word in spot.each_or_one():
            if word.text is not None and word.text not in known:
                self.findings.error(
                    2,
                    word,
                    _("没有名为“%(id)s”的%(what)s。") % {"id": word.text, "what": what},
                    near_miss(word.text, known),
                )

    def structure(self) -> None:
        names = self.names
        for kind in self.top.at("unit_kinds").each():
            self.resolve(kind.at("levels"), names.levels, _("层级"))
        for pillar in pillars(self.outline):
            self.resolve(pillar.at("chain"), names.levels | names.unit_kinds, _("层级或单位类别"))
        for asset in self.top.at("assets").each():
            self.resolve(asset.at("parent"), names.assets, _("对象"))
            self.resolve(asset.at("belongs_to", "level"), names.levels, _("层级"))
            self.resolve(asset.at("belongs_to", "kind"), names.unit_kinds, _("单位类别"))
            self.resolve(asset.at("boundary", "shared_with"), names.assets, _("对象"))

    def seats(self) -> None:
        for office in self.top.at("offices").each():
            self.resolve(office.at("level"), self.names.levels, _("层级"))
            for key in ("at", "also_at"):
                place = office.at(key)
                self.resolve(place.at("kind"), self.names.unit_kinds, _("单位类别"))
                self.resolve(place.at("asset"), self.names.assets, _("对象"))
                self.resolve(place.at("levels"), self.names.levels, _("层级"))
                self.kind_is_at(place.at("kind"), place.at("levels"))

    def kind_is_at(self, kind: Spot, levels: Spot) -> None:
        """The kind of unit exists at each of the levels; a kind that states no levels is everywhere."""
        said = next(
            (
                each.at("levels").words()
                for each in self.top.at("unit_kinds").each()
                if kind.text is not None and each.at("id").text == kind.text
            ),
            [],
        )
        for level in levels.each_or_one():
            if said and level.text in self.names.levels and level.text not in said:
                self.findings.error(
                    2,
                    level,
                    _("单位类别“%(kind)s”没有声明在层级“%(level)s”上存在。")
                    % {"kind": kind.text, "level": level.text},
                    _("请把 %(level)s 加到 unit_kinds 里 %(kind)s 的 levels，或从这里删去。")
                    % {"kind": kind.text, "level": level.text},
                )

    def duties(self) -> None:
        names = self.names
        for duty in self.top.at("duties").each():
            self.resolve(duty.at("pillar"), names.pillars, _("抓手"))
            self.resolve(duty.at("who"), names.offices, _("岗位"))
            self.resolve(duty.at("scope", "level"), names.levels, _("层级"))
            self.resolve(duty.at("pairing"), names.pairing, _("结对规则"))
            self.resolve(duty.at("reception"), names.reception, _("接待规则"))
            self.each_exists(duty)
            for key, condition in duty.at("when").entries():
                asset, _dot, field = key.partition(".")
                self.asset_field(condition, asset, field)

    def each_exists(self, duty: Spot) -> None:
        each = duty.at("cadence", "each")
        if each.text == "village":
            self.resolve(each, self.names.levels, _("层级"))
        elif each.text == "section":
            self.resolve(each, self.names.assets, _("对象"))
        elif each.text == "pairing" and not duty.has("pairing"):
            self.findings.error(
                2,
                each,
                _("按结对对象计次，但没有写是哪一条结对规则。"),
                _("请在这项职责里写 pairing:，指向 pairing 块里的一条。") + near_miss("", self.names.pairing),
            )

    def asset_field(self, spot: Spot, asset: str, field: str) -> None:
        for each in self.top.at("assets").each():
            if each.at("id").text == asset:
                fields = each.at("fields").words()
                if field not in fields:
                    self.findings.error(
                        2,
                        spot,
                        _("对象“%(asset)s”没有字段“%(field)s”。") % {"asset": asset, "field": field},
                        near_miss(field, fields),
                    )
                return
        self.findings.error(
            2,
            spot,
            _("没有名为“%(id)s”的%(what)s。") % {"id": asset, "what": _("对象")},
            near_miss(asset, self.names.assets),
        )

    def coverage(self) -> None:
        names = self.names
        for rule in self.top.at("coverage").each():
            of, needs = rule.at("of"), rule.at("needs")
            self.resolve(of.at("level"), names.levels, _("层级"))
            self.resolve(of.at("kind"), names.unit_kinds, _("单位类别"))
            self.resolve(of.at("asset"), names.assets, _("对象"))
            self.resolve(needs.at("office"), names.offices, _("岗位"))
            self.resolve(needs.at("facility"), names.facilities, _("阵地类别（facility: true）"))
            self.resolve(rule.at("gap_owner", "office"), names.offices, _("岗位"))
            self.resolve(rule.at("gap_owner", "level"), names.levels, _("层级"))
            field = needs.at("field")
            if field.text is not None:
                self.asset_field(field, of.at("asset").text or "", field.text)

    def contacts(self) -> None:
        names = self.names
        for pairing in self.top.at("pairing").each():
            self.resolve(pairing.at("who"), names.offices, _("岗位"))
            kinds = names.assets | names.unit_kinds | frozenset(PARTNER_KINDS)
            self.resolve(pairing.at("partner_kinds"), kinds, _("结对对象类别"))
        for reception in self.top.at("reception").each():
            self.resolve(reception.at("host"), names.offices | names.unit_kinds, _("岗位或单位类别"))
            for _key, clock in reception.at("deadlines").entries():
                self.resolve(clock.at("approve"), names.offices | names.unit_kinds, _("岗位或单位类别"))
        for campaign in self.top.at("campaigns").each():
            self.resolve(campaign.at("over"), names.offices | names.unit_kinds, _("岗位或单位类别"))

    def problems(self) -> None:
        for _key, grade in self.top.at("problems", "grading").entries():
            self.resolve(grade.at("who"), self.names.offices, _("岗位"))
        for step in self.top.at("problems", "escalate").each():
            self.resolve(step.at("from"), self.names.offices, _("岗位"))
            self.resolve(step.at("to"), self.names.offices, _("岗位"))

    def supervision(self) -> None:
        approver = self.top.at("supervision", "extension", "approve")
        self.resolve(approver, self.names.offices | self.names.unit_kinds, _("岗位或单位类别"))
        for kind in self.top.at("supervision", "matters").each():
            steps = kind.at("reviews").words()
            if len(steps) > LONGEST_REVIEW or len(set(steps)) < len(steps):
                self.findings.error(
                    2,
                    kind.at("reviews"),
                    _("审核最多三步，每步由不同的人。"),
                    _("可用：own_head、issuer、leader，各写一次。"),
                )
        for phase in self.top.at("cycle", "phases").each():
            self.resolve(phase.at("overlaps"), self.names.phases, _("阶段"))

    def indicators(self) -> None:
        names = self.names
        subjects = names.unit_kinds | names.offices | frozenset(GENERIC_SUBJECTS)
        for indicator in self.top.at("indicators").each():
            self.resolve(indicator.at("of"), subjects, _("考核对象"))
            self.resolve(indicator.at("for"), names.offices, _("岗位"))
            measure = indicator.at("measure")
            self.resolve(measure.at("rating", "by"), names.offices | names.unit_kinds, _("岗位或单位类别"))
            for count in (measure.at("count"), measure.at("ratio", "num"), measure.at("ratio", "den")):
                self.resolve(count.at("pillar"), names.pillars, _("抓手"))
                self.resolve(count.at("coverage", "rule"), names.coverage, _("覆盖规则"))

    def scorecards(self) -> None:
        names = self.names
        first = next(self.top.at("scorecards").each(), None)
        for card in self.top.at("scorecards").each():
            of = card.at("of")
            self.resolve(of.at("kind"), names.unit_kinds, _("单位类别"))
            self.resolve(of.at("levels"), names.levels, _("层级"))
            self.kind_is_at(of.at("kind"), of.at("levels"))
            self.resolve(of.at("office"), names.offices, _("岗位"))
            self.resolve(of.at("offices"), names.offices, _("岗位"))
            used = [item.at("use") for item in card.at("items").each()]
            for use in used:
                self.resolve(use, names.indicators, _("指标"))
            on_card = frozenset(use.text for use in used if use.text)
            self.resolve(card.at("tie_break"), on_card, _("本评分表指标"))
            for item in card.at("items").each():
                self.resolve(item.at("scorer", "kind"), names.unit_kinds, _("单位类别"))
            self.grades_named(card, first)

    def grades_named(self, card: Spot, first: Spot | None) -> None:
        """Vetoes and rewards speak of a grade that the card has."""
        grades = card.at("grades")
        if grades.text == "inherit" and first is not None:
            grades = first.at("grades")
        known = frozenset(grade.at("id").text or "" for grade in grades.each())
        for veto in card.at("vetoes").each():
            if veto.text is not None:
                self.resolve(veto, self.names.vetoes, _("一票否决事项"))
            self.resolve(veto.at("effect", "max_grade"), known, _("等次"))
        for reward in card.at("rewards").each():
            self.resolve(reward.at("when", "grade"), known, _("等次"))

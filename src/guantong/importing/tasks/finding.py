"""Which units a table's words mean: exact names by a normal form, known groups by the tree, nothing by guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guantong.importing.workbook.aliases import match_units
from guantong.importing.workbook.responsible import Mention
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.tasks.drafts import QuestionDraft

COUNTIES = re.compile(r"^(全市)?各(旗区|区县|县区|旗县区?|县（?市、区）?|县市区|区、县级市)")
TOWNSHIPS = re.compile(r"^(全市)?各(苏木|乡镇|镇|街道)")
MEMBERS = re.compile(r"^各(有关)?成员单位")


@dataclass
class Found:
    """Units a cell names, with the wording each came from, and what a person must still say."""

    units: list[tuple[Unit, str]] = field(default_factory=list)
    questions: list[QuestionDraft] = field(default_factory=list)


class UnitFinder:
    """Loads the cycle's units once; answers every cell of a workbook."""

    def __init__(self, cycle: Cycle) -> None:
        self.place = cycle.unit.name
        units = list(Unit.objects.below(cycle.unit).open_on(cycle.starts_on).order_by("path"))
        self.root = cycle.unit
        self.units = {unit.code: unit for unit in units}
        # Names are looked for among the bodies of the cycle's own level and the divisions right below it.
        direct = [
            unit
            for unit in units
            if unit.kind != "territory" and unit.kind != "home" and unit.level == cycle.unit.level
        ]
        self.counties = [
            unit for unit in units if unit.parent_id == cycle.unit.pk and unit.kind == "territory"
        ]
        self.townships = [unit for unit in units if unit.level == "township" and unit.kind == "territory"]
        self.members = [unit for unit in direct if unit.kind == "member_unit"]
        self.known = [(unit.code, unit.name) for unit in [*direct, *self.counties]]

    def find(self, mentions: Sequence[Mention], *, column: str) -> Found:
        found = Found()
        named = [each for each in mentions if not each.group]
        matches = {id(match.mention): match for match in match_units(named, self.known, place=self.place)}
        for mention in mentions:
            if mention.group:
                self._group(mention, column, found)
                continue
            match = matches[id(mention)]
            if match.code is not None:
                found.units.append((self.units[match.code], mention.text))
                continue
            near = "、".join(name for _code, name in match.candidates[:3])
            reason = _("没有找到单位“%(text)s”。") % {"text": mention.text}
            if near:
                reason += _("是不是：%(near)s？") % {"near": near}
            found.questions.append(QuestionDraft(column, "unknown_unit", mention.text, reason))
        return found

    def _group(self, mention: Mention, column: str, found: Found) -> None:
        members = self._members_of(mention.text)
        if members:
            found.units += [(unit, mention.text) for unit in members]
            return
        reason = _("“%(text)s”是一类单位的统称，请指定具体单位。") % {"text": mention.text}
        found.questions.append(QuestionDraft(column, "group", mention.text, reason))

    def _members_of(self, text: str) -> list[Unit]:
        """The units of a group whose members the tree knows; empty for "relevant units" and the like."""
        if COUNTIES.match(text):
            return self.counties
        if TOWNSHIPS.match(text):
            return self.townships
        if MEMBERS.match(text) and "有关" not in text:
            return self.members
        return []

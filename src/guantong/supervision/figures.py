"""The figures a circular may use: each by a key, with the obligations it was counted from.

Every key can be counted again on another day, so a sentence that a person wrote around a figure stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guantong.kernel.decimals import round_half_up
from guantong.organisation.models import Unit
from guantong.supervision.choices import LadderStep
from guantong.supervision.counting import Counting, Heap
from guantong.supervision.models import Figure, Matter, MatterPart
from guantong.supervision.queries.ladder import LISTED
from guantong.supervision.queries.matters import number_text

WHAT = {
    "due": "应完成事项",
    "done": "已完成事项",
    "on_time": "按期完成事项",
    "late": "逾期后完成事项",
    "waiting": "已申报待审核事项",
    "overdue": "逾期未完成事项",
}
CONFIRMED = {
    "reminded": (LadderStep.REMIND, "经确认提醒的事项"),
    "talked": (LadderStep.TALK, "经确认约谈的事项"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure before it is stored. ``refs`` are the obligations behind it."""

    key: str
    label: str
    value: str
    refs: tuple[int, ...]

    def as_row(self) -> Figure:
        return Figure(key=self.key, label=self.label, value=self.value, refs=list(self.refs))


@dataclass
class Numbers(Counting):
    """What was counted, as figures by their keys."""

    def figure(self, key: str) -> Counted | None:
        """The figure of a key, or None where no such figure exists."""
        head, _, what = key.partition("_")
        if key in WHAT:
            return self._of(key, "", self.all, key)
        if key == "rate":
            return self._rate()
        if named := matter_named(key):
            return self._matter(key, named)
        if head[:1] == "p" and head[1:].isdigit() and what in WHAT and int(head[1:]) < len(self.pillars):
            identifier, name = self.pillars[int(head[1:])]
            return self._of(key, name, self.by_pillar.get(identifier, Heap()), what)
        if head[:1] == "u" and head[1:].isdigit() and what in WHAT and int(head[1:]) in self.children:
            child = self.children[int(head[1:])]
            return self._of(key, child.name, self.by_child.get(child.pk, Heap()), what)
        return self._of_supervision(key)

    def _of(self, key: str, name: str, heap: Heap, what: str) -> Counted:
        refs = tuple(heap.refs.get(what, ()))
        return Counted(key, f"{name}{WHAT[what]}", str(len(refs)), refs)

    def _rate(self) -> Counted:
        due = tuple(self.all.refs.get("due", ()))
        share = Decimal(self.all.n("done") * 100) / Decimal(len(due)) if due else None
        value = "—" if share is None else f"{round_half_up(share, Decimal('0.1'))}%"
        return Counted("rate", "已完成事项占应完成事项的比重（列出应完成事项）", value, due)

    def _matter(self, key: str, pk: int) -> Counted | None:
        """The name of a numbered matter of the cycle, with what its units in the subtree owe."""
        matter = Matter.objects.select_related("cycle").filter(
            pk=pk, cycle=self.cycle, number__isnull=False
        ).first()  # fmt: skip
        parts = MatterPart.objects.filter(
            matter=pk, unit__path__startswith=self.unit.path, obligation__isnull=False
        )
        refs = tuple(ref for ref in parts.order_by("pk").values_list("obligation", flat=True) if ref)
        if matter is None or not refs:
            return None
        return Counted(key, "督办事项", f"《{matter.title}》（{number_text(matter)}）", refs)

    def _of_supervision(self, key: str) -> Counted | None:
        if key == "struck":
            refs = tuple(pk for parts in self.struck_off.values() for pk in parts)
            return Counted(key, "已销号督办事项（列出各承办单位的部分）", str(len(self.struck_off)), refs)
        if key == "matters_overdue":
            refs = tuple(self.matters_overdue)
            return Counted(key, "逾期未办结的督办事项", str(len(refs)), refs)
        if key in CONFIRMED:
            step, label = CONFIRMED[key]
            refs = tuple(obligation for _unit, obligation in self._confirmed(step))
            return Counted(key, label, str(len(refs)), refs)
        if key == LISTED:
            refs = tuple(pk for found in self.listed.values() for pk in found)
            return Counted(key, "予以通报的逾期事项", str(len(refs)), refs)
        if key.startswith("l") and key[1:].isdigit():
            refs = tuple(self.listed.get(int(key[1:]), ()))
            return Counted(key, "予以通报的逾期事项", str(len(refs)), refs)
        if key.startswith("all_on_time_"):
            return self._all_on_time(key)
        return None

    def _all_on_time(self, key: str) -> Counted | None:
        group = key.removeprefix("all_on_time_")
        units = [pk for pk, each in self.children.items() if group_of(each) == group and self.is_perfect(pk)]
        if not any(group_of(each) == group for each in self.children.values()):
            return None
        refs = tuple(ref for pk in units for ref in self.by_child[pk].refs["due"])
        return Counted(key, "应完成事项全部按期完成的单位（列出其事项）", str(len(units)), refs)


def matter_named(key: str) -> int | None:
    """The matter that a key names: ``m12``."""
    return int(key[1:]) if key[:1] == "m" and key[1:].isdigit() else None


def group_of(unit: Unit) -> str:
    """Units that may be compared: of one kind on one level."""
    return f"{unit.kind}_{unit.level}"[:28]

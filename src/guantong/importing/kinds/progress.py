"""What a unit did for what it owes: a work record each, and the claim that it fulfils the obligation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Acting
from guantong.importing.effects import Effects
from guantong.importing.kinds.base import A_DAY, Column, Given, Kind, Scope
from guantong.importing.kinds.reading import choice, day, flat, text
from guantong.obligations.choices import CLAIMABLE, State
from guantong.obligations.models import Claim, Obligation, Review
from guantong.obligations.operations import claim_fulfilment
from guantong.obligations.origins import is_answered_on_its_page
from guantong.records.choices import RecordKind, kinds_fitting
from guantong.records.models import Evidence, Record
from guantong.records.operations import enter_record

TYPED = ("happened_on", "kind", "summary", "place", "reference")
CHANGED = ("state", "claimed_on", "settled_on", "next_review", "light", "relight_on", "returns")
SHOWN_STATES = (*CLAIMABLE, State.CLAIMED)


@dataclass(frozen=True, slots=True)
class Step:
    obligation: Obligation
    happened_on: dt.date
    kind: str
    summary: str
    place: str
    reference: str


class Progress(Kind):
    id = "progress"
    label = gettext_lazy("办理进展")
    about = gettext_lazy("本单位应办事项做了什么：每行一条工作记录，并申报完成。先导出，填好再导回来。")
    function = "obligations.claim"
    needs_cycle = True
    columns = (
        Column(
            "obligation_ref",
            gettext_lazy("事项编号"),
            ("事项编号",),
            True,
            example="1024",
            note=gettext_lazy("在事项页面导出，编号已经填好。"),
        ),
        Column("title", gettext_lazy("事项"), ("事项", "应办事项"), shown=True),
        Column("office", gettext_lazy("承担岗位"), ("承担岗位",), shown=True),
        Column("due_on", gettext_lazy("截止"), ("截止", "截止日期"), shown=True),
        Column(
            "happened_on",
            gettext_lazy("工作日期"),
            ("工作日期", "日期", "完成日期"),
            example="2026-03-15",
            note=A_DAY,
        ),
        Column("kind", gettext_lazy("工作类型"), ("工作类型", "类型"), example="会议活动", values=RecordKind),
        Column(
            "summary",
            gettext_lazy("做了什么"),
            ("做了什么", "工作情况", "进展情况", "完成情况"),
            example="召开专题会议",
        ),
        Column("place", gettext_lazy("地点"), ("地点",)),
        Column("reference", gettext_lazy("依据"), ("依据", "文号"), example="会议纪要第 3 号"),
    )

    def key(self, given: Given) -> object:
        return flat(given["obligation_ref"])

    def _owed(self, scope: Scope) -> QuerySet[Obligation]:
        owed = Obligation.objects.filter(cycle=scope.cycle).select_related("office", "unit", "cycle")
        if not isinstance(scope.actor, Acting):
            return owed
        return owed.filter(unit=scope.actor.office.unit_id) if scope.actor.office else owed.none()

    def look_up(self, scope: Scope) -> Any:
        owed = {each.pk: each for each in self._owed(scope)}
        claims: dict[int, list[Record]] = {}
        for each in Claim.objects.filter(
            obligation__in=self._owed(scope), record__isnull=False
        ).select_related("record"):
            assert each.record is not None
            claims.setdefault(each.obligation_id, []).append(each.record)
        return owed, claims

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        owed, claims = known
        which = flat(given["obligation_ref"])
        found = owed.get(int(which)) if which.isascii() and which.isdigit() and len(which) < 19 else None
        if found is None:
            given.error("obligation_ref", _("本单位没有编号为“%(n)s”的应办事项。") % {"n": which[:40]})
            return None
        if not any(given[name] for name in TYPED):
            given.same = True
            return None
        happened_on, kind = day(given, "happened_on"), choice(given, "kind", RecordKind)
        summary = text(given, "summary", most=2000)
        for record in claims.get(found.pk, ()):
            if (record.happened_on, record.kind, record.summary) == (happened_on, kind, summary):
                given.same = True
                return None
        self._judge_record(given, found, happened_on, kind, scope)
        if happened_on is None or not kind:
            return None
        return Step(
            found,
            happened_on,
            kind,
            summary,
            text(given, "place", most=200),
            text(given, "reference", most=300),
        )

    def _judge_record(
        self, given: Given, owed: Obligation, happened_on: dt.date | None, kind: str, scope: Scope
    ) -> None:
        for name in ("happened_on", "kind", "summary"):
            if not given[name]:
                given.error(name, _("“%(column)s”没有填。") % {"column": self.column(name).label})
        if happened_on and happened_on > scope.today:
            given.error(
                "happened_on", _("工作日期 %(day)s 还没有到，只能记录已经发生的工作。") % {"day": happened_on}
            )
        if happened_on and happened_on < owed.starts_on:
            given.error("happened_on", _("这项工作早于起算日 %(day)s。") % {"day": owed.starts_on})
        if kind and kind not in kinds_fitting(owed.evidence):
            given.error("kind", _("这类工作记录不能用来完成这一项，请选择相应类型。"))
        if not owed.is_claimable:
            given.error(
                "obligation_ref", _("这一项%(state)s，不需要再申报。") % {"state": owed.get_state_display()}
            )
        elif is_answered_on_its_page(owed):
            given.error("obligation_ref", _("这一项在它自己的页面办理，不用工作记录申报。"))

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        office = scope.actor.office if isinstance(scope.actor, Acting) else None
        by = office or step.obligation.office
        record = enter_record(
            kind=step.kind, happened_on=step.happened_on, summary=step.summary, place=step.place, entered_by=by,
            references=[step.reference], actor=scope.actor, now=scope.now, today=scope.today,
        )  # fmt: skip
        with effects.altering(step.obligation, *CHANGED):
            claim = claim_fulfilment(
                obligation=step.obligation, record=record, claimed_by=by, actor=scope.actor, now=scope.now
            )
        effects.created(record, *record.participations.all(), *Evidence.objects.filter(record=record), claim)
        effects.created(*Review.objects.filter(claim=claim))

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        owed = self._owed(scope).filter(state__in=SHOWN_STATES).order_by("due_on", "pk")
        claims = Claim.objects.filter(
            obligation__in=owed.order_by(), record__isnull=False, obligation__state=State.CLAIMED
        )
        last = {each.obligation_id: each.record for each in claims.select_related("record").order_by("pk")}
        for each in owed.iterator(2000):
            yield {
                "obligation_ref": each.pk, "title": each.title, "office": each.office.title, "due_on": each.due_on,
                **self._done(last.get(each.pk)),
            }  # fmt: skip

    def _done(self, record: Record | None) -> dict[str, object]:
        if record is None:
            return {}
        reference = record.evidence.exclude(reference="").first()
        return {
            "happened_on": record.happened_on, "kind": record.get_kind_display(), "summary": record.summary,
            "place": record.place, "reference": reference.reference if reference else "",
        }  # fmt: skip

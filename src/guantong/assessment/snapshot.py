"""Everything a run reads, as it stands: one plain object, from which alone the scores follow.

A snapshot is what JSON can hold – no model, no database – so that a run, the what-if bench and `recompute.py`
compute from the same bytes. Days are ISO text, decimals are text, tables are lists of rows:

======================  =====================================================================================
``format``              ``guantong-data/1``
``cycle``, ``as_of``    ``{"unit": code, "year": 2026}``; the day the figures stand for
``seen_on``             the day the snapshot stands for what people decided: a veto bites after its window
``units``               ``[id, code, name, subkind, path]`` of every unit scored
``offices``             ``[id, title]`` of every office scored
``subjects``            card id → ``[unit id, office id or null]``, in the order of the tree
``obligations``         ``[id, source, path, office, pillar, rule, state, due, claimed, settled, is a report]``
``duty_lists``          ``[id, path, sign by, signed on]``
``coverage``            rule id → ``[unit id, path, whether it is met]``
``successions``         ``[path of the unit merged away, path of the unit it went into, on]``
``marks``               ``[id, unit, indicator, part, value, scale, office]``, those in force
``facts``               ``[id, unit, side, kind, office]``, in the order they were confirmed
``findings``            ``[id, unit, kind]``, upheld by a ruling that no recheck took back
``adjustments``         ``[id, unit, card, indicator, points, reason, source, office]``, those in force
``vetoes``              ``[id, unit, card, veto, reason]``, confirmed, not lifted, appeal window over
======================  =====================================================================================

Where a row names an office it speaks of that scored office, else (null) of the unit itself.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.assessment.models import Adjustment, ConfirmedFact, Mark, Run, RunData, Veto
from guantong.duties.models import DutyList, ListState
from guantong.grassroots.queries import coverage
from guantong.kernel.decimals import plain
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package, Scorecard
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.organisation.models import Succession, Unit, UnitChange
from guantong.supervision.models import Finding

FORMAT = "guantong-data/1"
Snapshot = dict[str, Any]


def snapshot_of(cycle: Cycle, *, as_of: dt.date, seen_on: dt.date | None = None) -> Snapshot:
    """The rows of a cycle that its scorecards read. A fixed number of queries, whatever the size.

    ``seen_on`` is the day on which a result is made from it, by default ``as_of``: a final result is made after
    the day it stands for, and a veto is in force once its appeal window is over on the day it is made.
    """
    seen_on = max(as_of, seen_on or as_of)
    package = cycle.package
    subjects = {card.id: subjects_of(card, cycle, on=as_of) for card in package.scorecards}
    scored = [(unit, office) for each in subjects.values() for unit, office in each]
    units = {unit.pk: unit for unit, _office in scored}
    offices = {office.pk: office for _unit, office in scored if office is not None}
    return {
        "format": FORMAT,
        "cycle": {"unit": cycle.unit.code, "year": cycle.year},
        "as_of": as_of.isoformat(),
        "seen_on": seen_on.isoformat(),
        "units": [[u.pk, u.code, u.name, u.subkind, u.path] for _pk, u in sorted(units.items())],
        "offices": [[pk, office.title] for pk, office in sorted(offices.items())],
        "subjects": {
            card: [[unit.pk, office.pk if office else None] for unit, office in each]
            for card, each in subjects.items()
        },
        "obligations": list(_obligations(cycle)),
        "duty_lists": list(_duty_lists(cycle)),
        "coverage": _coverage(cycle, as_of),
        "successions": _successions(cycle, as_of),
        **_judgements(cycle, seen_on),
    }


def subjects_of(card: Scorecard, cycle: Cycle, *, on: dt.date) -> list[tuple[Unit, Office | None]]:
    """Who the card is for: units of a kind (and levels), or the offices of a seat."""
    kind = card.of.get("kind")
    if kind:
        units = Unit.objects.below(cycle.unit).open_on(on).of_kind(str(kind)).order_by("path")
        levels = card.of.get("levels")
        wanted = [levels] if isinstance(levels, str) else levels
        return [(unit, None) for unit in units if not wanted or unit.level in wanted]
    seats = card.of.get("offices") or [card.of.get("office")]
    offices = (
        Office.objects.filter(
            seat__in=[seats] if isinstance(seats, str) else [str(seat) for seat in seats],
            unit__path__gte=cycle.unit.path,
            unit__path__lt=cycle.unit.path + "~",
            closed_on=None,
        )
        .select_related("unit")
        .order_by("unit__path", "number", "pk")
    )
    return [(office.unit, office) for office in offices]


def _obligations(cycle: Cycle) -> Iterator[list[Any]]:
    fields = (
        "pk", "source", "unit_path", "office_id", "pillar", "rule", "state", "due_on", "claimed_on", "settled_on",
        "evidence",
    )  # fmt: skip
    rows = Obligation.objects.filter(cycle=cycle).exclude(state=State.CANCELLED).order_by("pk")
    for ref, source, path, office, pillar, rule, state, *days, evidence in rows.values_list(*fields).iterator(
        chunk_size=5000
    ):
        yield [
            ref, source, path, office, pillar, rule, state, *(day and day.isoformat() for day in days),
            "progress_line" in evidence,
        ]  # fmt: skip


def _duty_lists(cycle: Cycle) -> Iterator[list[Any]]:
    """Issued lists that ask for something."""
    lists = (
        DutyList.objects.filter(cycle=cycle, items__times__gt=0, items__withdrawn=False)
        .exclude(state=ListState.CONSULTED)
        .distinct()
        .order_by("pk")
        .values_list("pk", "unit__path", "sign_by", "signature__signed_on")
    )
    for ref, path, sign_by, signed_on in lists:
        yield [ref, path, sign_by.isoformat(), signed_on and signed_on.isoformat()]


def _coverage(cycle: Cycle, as_of: dt.date) -> dict[str, list[list[Any]]]:
    """The rules that an indicator on a card counts by."""
    wanted = rules_counted(cycle.package)
    return {
        rule.id: [[line.unit.pk, line.unit.path, line.is_met] for line in coverage(cycle, rule, on=as_of)]
        for rule in cycle.package.coverage
        if rule.id in wanted
    }


def rules_counted(package: Package) -> set[str]:
    """The coverage rules that the package's cards count by."""
    found = set()
    for card in package.scorecards:
        for item in card.items:
            measure = package.indicator(item.use).measure
            for side in (measure.get("count"), (measure.get("ratio") or {}).get("num")):
                if isinstance(side, dict) and isinstance(side.get("coverage"), dict):
                    found.add(str(side["coverage"]["rule"]))
    return found


def _successions(cycle: Cycle, as_of: dt.date) -> list[list[str]]:
    merged = Succession.objects.filter(
        kind=UnitChange.Kind.MERGED,
        on__lte=as_of,
        successor__path__gte=cycle.unit.path,
        successor__path__lt=cycle.unit.path + "~",
    ).order_by("on", "pk")
    return [
        [before, after, on.isoformat()]
        for before, after, on in merged.values_list("predecessor__path", "successor__path", "on")
    ]


def _judgements(cycle: Cycle, seen_on: dt.date) -> Snapshot:
    """What people decided: marks, facts, upheld findings, points set by review or appeal, vetoes in force."""
    marks = Mark.objects.filter(cycle=cycle, replaced=False).order_by("pk")
    facts = ConfirmedFact.objects.filter(cycle=cycle).order_by("confirmed_at", "pk")
    upheld = Finding.objects.filter(cycle=cycle, ruling__upheld=True).exclude(ruling__recheck__kept=False)
    points = Adjustment.objects.filter(cycle=cycle, replaced=False).order_by("pk")
    vetoes = Veto.objects.filter(cycle=cycle, lifted_at=None, appeal_until__lt=seen_on).order_by("pk")
    return {
        "marks": [
            [m.pk, m.unit_id, m.indicator, m.part, plain(m.value), plain(m.scale), m.office_id]
            for m in marks.iterator()
        ],
        "facts": [list(row) for row in facts.values_list("pk", "unit_id", "side", "kind", "office_id")],
        "findings": [list(row) for row in upheld.order_by("pk").values_list("pk", "unit_id", "kind")],
        "adjustments": [
            [a.pk, a.unit_id, a.scorecard, a.indicator, plain(a.points), a.reason, a.source, a.office_id]
            for a in points.iterator()
        ],
        "vetoes": [list(v) for v in vetoes.values_list("pk", "unit_id", "scorecard", "veto", "reason")],
    }


# --- bytes -------------------------------------------------------------------------------------------


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, text as it is: the same object gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal, as ``sha256sum`` prints it."""
    return hashlib.sha256(content).hexdigest()


def packed(snapshot: Snapshot) -> bytes:
    """As `RunData` keeps it."""
    return zlib.compress(canonical(snapshot), 6)


def stored_bytes(run: Run) -> bytes:
    """The canonical bytes a run was computed from; refused where a run kept none or they were changed since."""
    kept = RunData.objects.filter(run=run).values_list("content", flat=True).first()
    if kept is None:
        raise Refusal(_("这次计分没有保存数据快照，不能导出或重算。"))
    try:
        content = zlib.decompress(bytes(kept))
    except zlib.error:
        content = b""
    if digest(content) != run.data_digest:
        raise Refusal(_("这次计分的数据快照与计分时不同，已被改动。"))
    return content


def stored_snapshot(run: Run) -> Snapshot:
    """The snapshot a run was computed from, as :func:`snapshot_of` gave it."""
    found: Snapshot = json.loads(stored_bytes(run))
    return found

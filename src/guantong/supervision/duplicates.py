"""Near-duplicates while a matter is drafted: by character bigrams of title and basis, and by the units concerned.

All titles of the cycle are read as one text in one query and looked through with plain substring search, which takes
some tens of milliseconds for 36,580 titles (`benchmarks/duplicates.py`): no table, no cache, nothing to go stale.
Only the few best are then compared exactly and looked up with basis and units. What is found is offered, never merged.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Aggregate, CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.likeness import dice
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.choices import MatterStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.wording import Wording, alike, bigrams
from guantong.tasks.models import Assignment, Task
from guantong.tasks.queries import tasks_visible_to

MATTER, TASK = "matter", "task"
TITLE, BASIS, UNITS = 0.9, 0.05, 0.05  # what each part weighs; a part that one side lacks is left out
TITLE_LEAST = 0.5  # titles less alike than this are another matter, whatever basis and units say
LEAST = 0.7
SOUGHT_IN_ALL, SOUGHT = 9, 32  # bigrams of the draft looked for in every title, and in the likely ones
ROUGH = 0.35  # share of the searched bigrams from which a title is compared exactly
COMPARED, LOOKED_UP = 200, 40


class Joined(Aggregate):
    """All values as one text, a line each."""

    function = "STRING_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **extra):  # type: ignore[no-untyped-def]
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


@dataclass(frozen=True, slots=True)
class Similar:
    """A matter or task of the cycle that may be the same thing. ``score`` runs from `LEAST` to 1."""

    kind: str
    pk: int
    title: str
    number: int | None
    basis: str
    units: tuple[str, ...]
    score: float

    @property
    def url(self) -> str:
        return reverse(self.kind, args=[self.pk])


def similar_matters(
    *,
    cycle: Cycle,
    title: str,
    basis: str,
    units: Iterable[Unit],
    limit: int = 5,
    apart_from: int | None = None,
    seen_by: Actor | None = None,
) -> list[Similar]:
    """Matters and tasks of the cycle that may be the same as what is being drafted, likeliest first.

    ``apart_from`` is the matter being drafted itself; ``seen_by`` leaves out what that office may not see.
    """
    wanted = Wording.of(title)
    if not wanted.bigrams:
        return []
    matters = Matter.objects.filter(cycle=cycle).exclude(
        stage__in=[MatterStage.MERGED, MatterStage.CANCELLED]
    )
    if apart_from is not None:
        matters = matters.exclude(pk=apart_from)
    tasks = Task.objects.filter(task_list__cycle=cycle)
    found = [
        *_titles_like(matters, MATTER, wanted),
        *_titles_like(tasks, TASK, wanted),
    ]
    best = heapq.nlargest(LOOKED_UP, found)
    paths = [unit.path for unit in units]
    scored = [*_matters(best, basis, paths, seen_by), *_tasks(best, basis, paths, seen_by)]
    scored = [each for each in scored if each.score >= LEAST]
    return sorted(scored, key=lambda each: (-each.score, each.kind, each.pk))[:limit]


Found = tuple[float, str, int]


def _titles_like(rows: QuerySet[Matter] | QuerySet[Task], kind: str, wanted: Wording) -> Iterator[Found]:
    """(likeness of the titles, kind, key) of the rows whose titles are alike."""
    row = Concat("title", Value("\t"), Cast("pk", CharField()), output_field=TextField())
    text = rows.order_by().aggregate(text=Joined(row, Value("\n")))["text"]
    lines = text.split("\n") if text else []
    for line in _roughly_like(lines, wanted):
        title, _tab, key = line.rpartition("\t")
        likeness = alike(wanted, Wording.of(title))
        if likeness >= TITLE_LEAST and key.isdigit():
            yield likeness, kind, int(key)


def _roughly_like(lines: list[str], wanted: Wording) -> list[str]:
    """The lines that hold the largest share of the wanted bigrams: a few are looked for in all, the rest in the few."""
    ordered = sorted(wanted.bigrams)  # by code point, which scatters them over the title
    first = ordered[:: -(-len(ordered) // SOUGHT_IN_ALL)]
    hits = [0] * len(lines)
    for seed in first:
        for place in [place for place, line in enumerate(lines) if seed in line]:
            hits[place] += 1
    least = 2 if len(first) >= 4 else 1
    rest = list(wanted.bigrams.difference(first))[: SOUGHT - len(first)]
    most = len(first) + len(rest)
    shares = []
    for place in [place for place, number in enumerate(hits) if number >= least]:
        line = lines[place]
        number = hits[place] + sum([seed in line for seed in rest])
        share = number / min(most, max(line.rfind("\t") - 1, 1))
        if share >= ROUGH:
            shares.append((share, place))
    return [lines[place] for _share, place in heapq.nlargest(COMPARED, shares)]


def _matters(best: list[Found], basis: str, paths: list[str], seen_by: Actor | None) -> Iterator[Similar]:
    likeness = {key: share for share, kind, key in best if kind == MATTER}
    if not likeness:
        return
    rows = Matter.objects.filter(pk__in=likeness)
    parts: dict[int, list[tuple[str, str]]] = {}
    for matter, path, name in MatterPart.objects.filter(matter__in=likeness).values_list(
        "matter_id", "unit__path", "unit__name"
    ):
        parts.setdefault(matter, []).append((path, name))
    for row in rows.select_related("issued_by__unit"):
        places = parts.get(row.pk, [])
        if _sees(seen_by, [row.issued_by.unit.path, *(path for path, _name in places)]):
            score = _score(likeness[row.pk], basis, row.basis, paths, places)
            names = tuple(name for _path, name in places)
            yield Similar(MATTER, row.pk, row.title, row.number, row.basis, names, score)


def _tasks(best: list[Found], basis: str, paths: list[str], seen_by: Actor | None) -> Iterator[Similar]:
    likeness = {key: share for share, kind, key in best if kind == TASK}
    if not likeness:
        return
    rows = (tasks_visible_to(seen_by) if seen_by else Task.objects.all()).filter(pk__in=likeness)
    parts: dict[int, list[tuple[str, str]]] = {}
    for task, path, name in Assignment.objects.filter(task__in=likeness).values_list(
        "task_id", "unit__path", "unit__name"
    ):
        parts.setdefault(task, []).append((path, name))
    for key, title, source in rows.values_list("pk", "title", "task_list__name"):
        places = parts.get(key, [])
        score = _score(likeness[key], basis, source, paths, places)
        yield Similar(TASK, key, title, None, source, tuple(name for _path, name in places), score)


def _sees(actor: Actor | None, paths: list[str]) -> bool:
    return not isinstance(actor, Acting) or any(actor.sees(path) for path in paths)


def _score(
    likeness: float, basis: str, other_basis: str, paths: list[str], places: Collection[tuple[str, str]]
) -> float:
    """Title, basis and units weighed together."""
    parts = [(TITLE, likeness)]
    mine, others = bigrams(basis), bigrams(other_basis)
    if mine and others:
        parts.append((BASIS, dice(mine, others)))
    if paths and places:
        met = sum(
            any(path.startswith(there) or there.startswith(path) for there, _name in places) for path in paths
        )
        parts.append((UNITS, met / len(paths)))
    return round(sum(weight * value for weight, value in parts) / sum(weight for weight, _value in parts), 3)

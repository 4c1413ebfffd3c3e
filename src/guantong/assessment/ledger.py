"""The rows of a snapshot that indicators count, by family, and whose each of them is. Reads no database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from guantong.mechanisms.package import Package


@dataclass(frozen=True, slots=True)
class Row:
    """One counted thing: where it belongs, whether it is due, done in time, excused."""

    family: str
    ref: int
    path: str
    office: int | None
    due: bool
    done: bool
    on_time: bool
    excused: bool = False
    pillar: str = ""
    rule: str = ""
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One person's mark in force."""

    ref: int
    value: Decimal
    scale: Decimal


@dataclass(frozen=True, slots=True)
class Successions:
    """Units merged into others: what falls due from that day on is the successor's (organisation.Succession)."""

    merged: tuple[tuple[str, str, str], ...]

    def path(self, path: str, due_on: str | None) -> str:
        """Where a row counts, following every merging up to its due day."""
        for before, after, on in self.merged:
            if path.startswith(before) and (due_on is None or due_on >= on):
                path = after + path[len(before) :]
        return path


class Ledger:
    """A snapshot (`snapshot.py`), sorted into families once."""

    def __init__(self, package: Package, data: Mapping[str, Any]) -> None:
        self.package = package
        self.data = data
        self.as_of: str = data["as_of"]
        self.successions = Successions(tuple((each[0], each[1], each[2]) for each in data["successions"]))
        self._pairing_duties = {duty.id for duty in package.duties if duty.pairing}

    @cached_property
    def obligations(self) -> list[Row]:
        """Owed things. Tasks and supervised matters are ``tasks``; asked progress is ``reports`` alone."""
        return [self._obligation(*row) for row in self.data["obligations"]]

    def _obligation(
        self,
        ref: int,
        source: str,
        path: str,
        office: int,
        pillar: str,
        rule: str,
        state: str,
        due_on: str | None,
        claimed_on: str | None,
        settled_on: str | None,
        is_report: bool,
    ) -> Row:
        done = state == "fulfilled" and settled_on is not None and settled_on <= self.as_of
        return Row(
            family=FAMILY_OF.get(source, "duties"),
            ref=ref,
            path=self.successions.path(path, due_on) if self.successions.merged else path,
            office=office,
            due=done or (due_on is not None and due_on <= self.as_of),
            done=done,
            on_time=done and (due_on is None or (claimed_on is not None and claimed_on <= due_on)),
            excused=state in ("excused", "suspended"),
            pillar=pillar,
            rule=rule,
            is_report=is_report or source == "report",
        )

    def rows(self, family: str) -> list[Row] | None:
        """The rows of a family (``coverage:C01`` for a rule); None where no room keeps that family."""
        if family.startswith("coverage:"):
            return self._covered(family.partition(":")[2])
        return {
            "tasks": self._tasks,
            "duties": self._duties,
            "reports": self._reports,
            "contacts": self._contacts,
            "cases": self._cases,
            "duty_lists": self._duty_lists,
        }.get(family, lambda: None)()

    def _tasks(self) -> list[Row]:
        return [row for row in self.obligations if row.family == "tasks"]

    def _duties(self) -> list[Row]:
        return [row for row in self.obligations if row.family == "duties"]

    def _reports(self) -> list[Row]:
        return [row for row in self.obligations if row.is_report and row.family != "tasks"]

    def _contacts(self) -> list[Row]:
        return [row for row in self._duties() if row.rule in self._pairing_duties]

    def _cases(self) -> list[Row]:
        """A unit's part in a case, and the case a leader carries."""
        return [row for row in self.obligations if row.family == "cases"]

    def _duty_lists(self) -> list[Row]:
        """Due once the signing day has come, or signed already."""
        return [
            Row(
                family="duty_lists",
                ref=ref,
                path=self.successions.path(path, sign_by),
                office=None,
                due=signed_on is not None or sign_by <= self.as_of,
                done=signed_on is not None,
                on_time=signed_on is not None and signed_on <= sign_by,
            )
            for ref, path, sign_by, signed_on in self.data["duty_lists"]
        ]

    def _covered(self, rule: str) -> list[Row]:
        """One row per unit the rule covers; done where it is met."""
        return [
            Row(f"coverage:{rule}", ref, path, None, due=True, done=met, on_time=met)
            for ref, path, met in self.data["coverage"][rule]
        ]

    @cached_property
    def marks(self) -> dict[tuple[int, int | None, str], dict[str, list[MarkRow]]]:
        """(unit id, office id, indicator) to part to the marks in force, in the order they were given."""
        found: dict[tuple[int, int | None, str], dict[str, list[MarkRow]]] = {}
        for ref, unit, indicator, part, value, scale, *office in self.data["marks"]:
            row = MarkRow(ref, Decimal(value), Decimal(scale))
            found.setdefault((unit, *_office(office), indicator), {}).setdefault(part, []).append(row)
        return found

    @cached_property
    def facts(self) -> dict[tuple[int, int | None, str], list[tuple[str, int, str]]]:
        """(unit id, office id, side) to (source, id, kind); findings of a ruling after those confirmed.

        What was confirmed of an office is not its unit's, and the other way round: nothing counts twice.
        """
        found: dict[tuple[int, int | None, str], list[tuple[str, int, str]]] = defaultdict(list)
        for ref, unit, side, kind, *office in self.data["facts"]:
            found[unit, *_office(office), side].append(("facts", ref, kind))
        for ref, unit, kind in self.data["findings"]:
            found[unit, None, "findings"].append(("findings", ref, kind))
        return found


def _office(said: Sequence[int | None]) -> tuple[int | None]:
    """The office a row speaks of; rows of earlier snapshots name none."""
    return (said[0] if said else None,)


FAMILY_OF = {"task": "tasks", "matter": "tasks", "report": "reports", "case": "cases"}


def under_units(rows: Iterable[Row], paths: Iterable[str]) -> dict[str, list[Row]]:
    """The rows below each path; a row counts for every scored unit above it."""
    wanted = set(paths)
    lengths = sorted({len(path) for path in wanted})
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for length in lengths:
            prefix = row.path[:length]
            if len(prefix) == length and prefix in wanted:
                found[prefix].append(row)
    return found


def under_offices(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.office is not None:
            found[row.office].append(row)
    return found

"""What a kind of workbook is: its columns, how a row is judged, which operation takes it in, how it is written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.acting import Actor
from guantong.importing.choices import Verdict
from guantong.importing.effects import Effects
from guantong.mechanisms.models import Cycle

Notice = tuple[str, str, str]
"""(verdict, field, sentence)"""


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a kind. ``shown`` ones are written out for the reader and not read in.

    ``values``: what may stand there, as choices or words; ``note``: how it is filled in;
    ``instead``: the shown column that is read for it where a workbook lacks it.
    """

    id: str
    label: Any
    aliases: tuple[str, ...] = ()
    required: bool = False
    shown: bool = False
    example: str = ""
    values: Any = ()
    note: Any = ""
    instead: str = ""

    def choices(self) -> list[str]:
        """The words to choose from, where the column takes one of a few."""
        if isinstance(self.values, type) and issubclass(self.values, models.Choices):
            return [str(label) for label in self.values.labels]
        return [str(each) for each in self.values]


YES_OR_NO = (gettext_lazy("是"), gettext_lazy("否"))
A_DAY = gettext_lazy("写明年月日，如 2026-01-05、2026.1.5 或 2026年1月5日。")


@dataclass(frozen=True, slots=True)
class Scope:
    """Who brings it in, for which year, when."""

    actor: Actor
    cycle: Cycle | None
    now: dt.datetime
    today: dt.date


@dataclass(slots=True)
class Given:
    """One row as it was read and what was said of it. ``row`` is the number that the spreadsheet shows."""

    row: int
    cells: dict[str, str]
    said: list[Notice] = field(default_factory=list)
    same: bool = False
    aside: bool = False

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def error(self, name: str, sentence: str) -> None:
        self.said.append((Verdict.ERROR, name, sentence))

    def warn(self, name: str, sentence: str) -> None:
        self.said.append((Verdict.WARNING, name, sentence))

    def leave(self, sentence: str) -> None:
        """Say that the row is none of the table."""
        self.aside = True
        self.said.append((Verdict.ASIDE, "", sentence))

    @property
    def verdict(self) -> str:
        if self.aside:
            return Verdict.ASIDE
        if not self.said:
            return Verdict.SAME if self.same else Verdict.GOOD
        worst = {each[0] for each in self.said}
        if Verdict.ERROR in worst:
            return Verdict.ERROR
        if self.same:
            return Verdict.SAME
        return Verdict.WARNING


@dataclass(slots=True)
class Plan:
    """A row that may be taken in, with what `Kind.take` needs for it; nothing to do where ``step`` is None."""

    given: Given
    step: Any = None


class Kind:
    """A kind of workbook. Rows are judged one by one and taken in one by one, unless a kind does it in bulk."""

    id: ClassVar[str]
    label: ClassVar[Any]
    about: ClassVar[Any]
    function: ClassVar[str]
    needs_cycle: ClassVar[bool] = False
    whole_book: ClassVar[bool] = False
    names_people: ClassVar[bool] = (
        False  # what is said of its rows may name somebody, so it is kept sealed alone
    )
    columns: ClassVar[Sequence[Column]]
    named_by: ClassVar[str] = ""  # the column at which a repeated row is said; the first where it is empty

    def may(self, actor: Actor) -> bool:
        return actor.may(self.function)

    def column(self, name: str) -> Column:
        return next(each for each in self.columns if each.id == name)

    # --- checking: writes nothing

    def look_up(self, scope: Scope) -> Any:
        """Everything that judging the rows needs, in a fixed number of queries."""
        raise NotImplementedError

    def judge(self, given: Given, known: Any, scope: Scope) -> Any:
        """Say what is wrong with a row, or that it changes nothing; else return what `take` needs."""
        raise NotImplementedError

    def key(self, given: Given) -> object:
        """What may stand in a workbook once."""
        return None

    def check(self, rows: Iterable[Given], scope: Scope) -> Iterator[Plan]:
        known = self.look_up(scope)
        seen: dict[object, int] = {}
        for given in rows:
            if given.aside or self.leaves_example(given):
                yield Plan(given)
                continue
            self._want_required(given)
            key = self.key(given)
            if key and key in seen:
                given.error(
                    self.named_by or self.columns[0].id, _("与第 %(row)s 行重复。") % {"row": seen[key]}
                )
            elif key:
                seen[key] = given.row
            step = None if given.verdict == Verdict.ERROR else self.judge(given, known, scope)
            if step is None and given.verdict not in (Verdict.ERROR, Verdict.SAME):
                given.same = True
            yield Plan(given, step if given.verdict not in (Verdict.ERROR, Verdict.SAME) else None)

    def leaves_example(self, given: Given) -> bool:
        """Whether the row is the example of an empty workbook, left in; it is then said to be left out."""
        examples = {each.id: each.example for each in self.columns if each.example and not each.shown}
        if not examples or not set(examples) <= set(given.cells):
            return False
        if any(cell != examples.get(name, "") for name, cell in given.cells.items()):
            return False
        given.leave(_("这是空表里的示例，不会导入。"))
        return True

    def _want_required(self, given: Given) -> None:
        for each in self.columns:
            if each.required and not given[each.id]:
                given.error(each.id, _("“%(column)s”没有填。") % {"column": each.label})

    # --- applying: through the rooms' operations, inside one transaction

    def take(self, step: Any, scope: Scope, effects: Effects) -> None:
        raise NotImplementedError

    def take_all(self, plans: Sequence[Plan], scope: Scope, effects: Effects) -> int | None:
        """Take the rows in as one act and return how many; None where rows are taken one by one."""
        return None

    def put_back(self, row: Any, before: Mapping[str, Any], *, actor: Actor, now: dt.datetime) -> bool:
        """Undo a change in this kind's own way; false where setting the fields back is enough."""
        return False

    def end_undo(self, notes: Mapping[str, Any], *, actor: Actor, now: dt.datetime) -> None:
        """What undoing needs once its rows are gone."""

    # --- writing out

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        """The rows in sight, as `judge` reads them."""
        raise NotImplementedError

"""Task tables in a workbook: every row accounted for, as a task, a header, a band, a note – or said to be skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guantong.importing.forbidden import looks_like_a_head, reasons_against
from guantong.importing.workbook.deadlines import Deadline, read_deadline
from guantong.importing.workbook.grid import Grid, as_text, read_grids
from guantong.importing.workbook.headers import Header, find_header, header_at
from guantong.importing.workbook.numerals import plain_text
from guantong.importing.workbook.responsible import Mention, UnitList, read_units
from guantong.kernel.refusals import Refusal

NOTE = re.compile(
    r"^[（(]?(注|说明|备注|填表说明|附注|注释|填报|制表|审核|单位盖章|联系人|填表人|报送)[：:1-9一、.]?"
)
BANDS = (
    re.compile(r"^(第?[一二三四五六七八九十]+(、|部分|章|篇)|[一二三四五六七八九十]+[.．])"),
    re.compile(r"^[（(][一二三四五六七八九十]+[)）]"),
    re.compile(r"^\d+[.．、](?!\d)"),
)
NUMBER = re.compile(r"^[（(]?(\d+(?:[.\-－—]\d+)*|[一二三四五六七八九十]+)[)）]?[.．、]?$")
TOTAL = re.compile(r"^(合计|小计|总计|共计)")
DOCUMENT = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[（(【]\s*(20\d{2}|19\d{2})\s*[〕\])）】]\s*第?\s*\d+\s*号")
YEAR = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?=\s*年|年度|\b|[^\d])")
CJK_SPACE = re.compile(r"(?<=[\u4e00-\u9fff，。；：、（）“”])[ \t\u3000]+(?=[\u4e00-\u9fff，。；：、（）“”])")


@dataclass(frozen=True)
class Problem:
    """Something a person must decide or know about a task."""

    column: str
    code: str
    reason: str

    def as_json(self) -> dict[str, str]:
        return {"column": self.column, "code": self.code, "reason": self.reason}


@dataclass
class ParsedTask:
    """One task row. ``row`` is the row number that the spreadsheet shows."""

    sheet: str
    row: int
    number: str
    title: str
    detail: str
    category: str
    section: list[str]
    lead: list[Mention]
    cooperating: list[Mention]
    lead_text: str
    cooperating_text: str
    due: Deadline
    quarters: dict[int, str] = field(default_factory=dict)
    note: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "number": self.number,
            "title": self.title,
            "detail": self.detail,
            "category": self.category,
            "section": self.section,
            "lead": [each.notation for each in self.lead],
            "cooperating": [each.notation for each in self.cooperating],
            "due": {
                "kind": self.due.kind,
                "dates": [day.isoformat() for day in self.due.dates],
                "value": self.due.value,
                "text": self.due.text,
                "goals": self.due.goals,
                "flags": self.due.flags,
            },
            "quarters": {str(number): text for number, text in self.quarters.items()},
            "note": self.note,
            "extra": self.extra,
            "problems": [each.as_json() for each in self.problems],
        }


@dataclass
class SheetReport:
    """What became of a sheet: its title, the header found, and rows that are no tasks with the reason."""

    name: str
    header_row: int | None = None
    columns: dict[str, str] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[int, str, str]] = field(default_factory=list)
    title: str = ""
    document_number: str = ""
    year: int | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class TaskWorkbook:
    tasks: list[ParsedTask] = field(default_factory=list)
    sheets: list[SheetReport] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_tasks(source: Path | bytes, *, name: str, base_year: int | None) -> TaskWorkbook:
    """Read every sheet. ``base_year`` is for dates without a year where the sheet does not name its own.

    Refuses the whole workbook where the head of a sheet has a column about private life.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    return tasks_in(read_grids(content, name=name), base_year=base_year)


def tasks_in(grids: Iterable[Grid], *, base_year: int | None) -> TaskWorkbook:
    """The task tables of sheets that were read."""
    book = TaskWorkbook()
    against: list[str] = []
    for grid in grids:
        sheet = _Sheet(grid, book, base_year)
        sheet.read()
        against += reasons_against(sheet.heads, sheet=grid.name)
    if against:
        raise Refusal.of(against)
    return book


def tidy(text: str) -> str:
    """Text without the breaks and spaces that a page layout left between Chinese characters."""
    flat = re.sub(r"\s*\n\s*", "", text.replace("\u3000", " ")).strip()
    return CJK_SPACE.sub("", re.sub(r"[ \t]{2,}", " ", flat))


class _Sheet:
    def __init__(self, grid: Grid, book: TaskWorkbook, base_year: int | None) -> None:
        self.grid, self.book, self.base_year = grid, book, base_year
        self.report = SheetReport(grid.name)
        self.section: list[str] = []
        self.covers = {
            (row, column): first
            for first, last in grid.merged
            for row in range(first[0], min(last[0] + 1, len(grid.rows)))
            for column in range(first[1], last[1] + 1)
        }
        self.seen: dict[str, int] = {}
        self.heads: list[str] = []

    def read(self) -> None:
        self.book.sheets.append(self.report)
        if not self.grid.rows:
            return
        if self.grid.hidden:
            self.book.problems.append(
                _("工作表“%(name)s”是隐藏的，其中的内容也已读取。") % {"name": self.grid.name}
            )
        header = find_header(self.grid, 0)
        if header is None:
            self._note_unread_head()
            for row in range(len(self.grid.rows)):
                self._skip(row, _("没有找到任务表的表头"))
            return
        self._above(header)
        while header:
            header = self._table(header)
        self._later_notes()

    def _note_heads(self, header: Header) -> None:
        """Every cell of a header, those merged into it from above, and those under one that spans columns."""
        for row in range(header.first, header.last + 1):
            self.heads += [as_text(value) for value in self.grid.rows[row]]
        for first, last in sorted(self.grid.merged):
            if first[0] < header.first <= last[0]:
                self.heads.append(self.grid.text(*first))
            elif first[0] == last[0] == header.first and last[1] > first[1]:
                below = range(first[1], last[1] + 1)
                self.heads += [self.grid.text(header.first + 1, column) for column in below]

    def _note_unread_head(self) -> None:
        """The first row of a sheet without a task table that could be the head of another table."""
        for values in self.grid.rows:
            cells = [as_text(value) for value in values]
            if looks_like_a_head(cells):
                self.heads += cells
                return

    def _above(self, header: Header) -> None:
        """Title, document number and notes before the table."""
        self.report.header_row = header.first + 1
        self.report.columns, self.report.places = header.labels, header.places
        for row in range(header.first):
            text = self._row_text(row)
            if not text:
                continue
            number = DOCUMENT.search(text)
            if number and not self.report.document_number:
                self.report.document_number = number[0]
            if not self.report.title and not NOTE.match(text) and not (number and number[0] == text):
                self.report.title = tidy(text)
            if NOTE.match(text):
                self.report.notes.append(text)
            self._skip(row, _("表头以上的标题或说明"))
        self.report.year = self._year()

    def _year(self) -> int | None:
        for text in (self.report.title, self.report.document_number, self.grid.name):
            found = YEAR.search(text or "")
            if found:
                return int(found[1])
        return self.base_year

    def _row_text(self, row: int) -> str:
        return " ".join(filter(None, (as_text(value) for value in self.grid.rows[row]))).strip()

    def _skip(self, row: int, why: str) -> None:
        text = self._row_text(row)
        if text:
            self.report.skipped.append((row + 1, text[:200], why))

    def _table(self, header: Header) -> Header | None:
        """Read the rows under one header; returns the next header of the sheet, if any."""
        self._note_heads(header)
        for row in range(header.last + 1, len(self.grid.rows)):
            text = self._row_text(row)
            if not text:
                continue
            again = header_at(self.grid, row)
            if again:
                self._skip(row, _("重复的表头"))
                return again
            self._row(row, header, text)
        return None

    def _row(self, row: int, header: Header, text: str) -> None:
        filled = {column for column in range(len(self.grid.rows[row])) if self.grid.text(row, column)}
        wide = self._is_wide(row, header)
        if NOTE.match(text) and (len(filled) == 1 or wide):
            self.report.notes.append(text)
            self._skip(row, _("注释"))
        elif TOTAL.match(text):
            self._skip(row, _("合计行"))
        elif (len(filled) == 1 or wide) and self._is_band(text, filled, header, wide):
            self._band(row, tidy(text))
        elif self._cell(row, header, "title") or self._cell(row, header, "detail"):
            self.book.tasks.append(self._task(row, header))
        else:
            self._skip(row, _("没有任务内容"))

    def _is_wide(self, row: int, header: Header) -> bool:
        """Whether one merged cell takes most of the row."""
        width = len(header.words)
        return any(
            first[0] == row and last[0] == row and last[1] - first[1] + 1 >= max(2, width - 1)
            for first, last in self.grid.merged
        )

    def _is_band(self, text: str, filled: set[int], header: Header, wide: bool) -> bool:
        if wide or any(pattern.match(text) for pattern in BANDS[:2]):
            return True
        title = header.columns["title"][0]
        return filled != {title} and not (
            filled & set(header.columns.get("number", ())) and NUMBER.match(text)
        )

    def _band(self, row: int, text: str) -> None:
        depth = next((at for at, pattern in enumerate(BANDS) if pattern.match(text)), 0)
        self.section = [*self.section[:depth], text]
        self._skip(row, _("章节标题"))

    def _cell(self, row: int, header: Header, name: str) -> str:
        """The text of a field; a merged cell speaks for every row it covers."""
        texts = []
        for column in header.columns.get(name, ()):
            texts.append(as_text(self._value(row, column)))
        return "\n".join(filter(None, texts))

    def _value(self, row: int, column: int) -> Any:
        first = self.covers.get((row, column))
        if first is not None and first[1] == column:
            return self.grid.value(first[0], first[1])
        return self.grid.value(row, column)

    def _task(self, row: int, header: Header) -> ParsedTask:
        cells = {name: self._cell(row, header, name) for name in header.columns}
        title, detail = tidy(cells.get("title", "")), tidy(cells.get("detail", ""))
        task = ParsedTask(
            sheet=self.grid.name,
            row=row + 1,
            number=_number(cells.get("number", "")),
            title=title or detail,
            detail=detail if title else "",
            category=tidy(cells.get("category", "")),
            section=list(self.section),
            lead=[],
            cooperating=[],
            lead_text="",
            cooperating_text="",
            due=self._due(row, header),
            quarters={at: tidy(cells[f"q{at}"]) for at in range(1, 5) if cells.get(f"q{at}")},
            note=tidy(cells.get("note", "")),
            extra=self._extra(row, header),
        )
        self._units(task, header, cells)
        self._check(task)
        return task

    def _extra(self, row: int, header: Header) -> dict[str, str]:
        known = header.known() - set(header.columns.get("leader", ()))
        return {
            word: as_text(self._value(row, column))
            for column, word in header.words.items()
            if column not in known and as_text(self._value(row, column))
        }

    def _due(self, row: int, header: Header) -> Deadline:
        places = header.columns.get("due", ())
        if not places:
            return Deadline("none")
        value = self._value(row, places[0])
        if isinstance(value, float | int) and not isinstance(value, bool):
            value = as_text(value)
        return (
            read_deadline(value, base_year=self.report.year or self.base_year or 0)
            if self._has_year(value)
            else Deadline("unknown", text=as_text(value), flags=["year_needed"])
        )

    def _has_year(self, value: Any) -> bool:
        return (
            bool(self.report.year or self.base_year)
            or not as_text(value)
            or bool(YEAR.search(as_text(value)))
        )

    def _units(self, task: ParsedTask, header: Header, cells: dict[str, str]) -> None:
        """Lead and cooperating units, by the columns the table has and the roles its cells state."""
        lead_cell, coop_cell = cells.get("lead", ""), cells.get("cooperating", "")
        duty_cell = cells.get("duty_unit", "")
        lead, coop, duty = read_units(lead_cell), read_units(coop_cell), read_units(duty_cell)
        task.lead = [each for each in lead.mentions if each.role != "cooperating"]
        task.cooperating = [each for each in lead.mentions if each.role == "cooperating"] + coop.mentions
        if "lead" in header.columns:
            task.cooperating += duty.mentions
        else:
            self._first_leads(task, duty)
        task.lead_text = tidy_units(lead_cell or (duty_cell if "lead" not in header.columns else ""))
        rest = [coop_cell, duty_cell if "lead" in header.columns else ""]
        task.cooperating_text = "；".join(tidy_units(each) for each in rest if each)
        for column, cell, units in (
            ("lead", lead_cell, lead),
            ("cooperating", coop_cell, coop),
            ("lead" if "lead" not in header.columns else "cooperating", duty_cell, duty),
        ):
            self._unit_problems(task, column, cell, units)
        if not task.lead and not any(each.column == "lead" for each in task.problems):
            task.problems.append(Problem("lead", "no_lead", _("没有写牵头单位，请指定。")))

    def _first_leads(self, task: ParsedTask, duty: UnitList) -> None:
        """Without a lead column the first unit leads, unless the cell says who does."""
        said = [each for each in duty.mentions if each.role == "lead"]
        leads = said or [each for each in duty.mentions if each.role != "cooperating"][:1]
        task.lead += leads
        task.cooperating += [each for each in duty.mentions if each not in leads]

    def _unit_problems(self, task: ParsedTask, column: str, cell: str, units: UnitList) -> None:
        if units.open_list:
            task.problems.append(
                Problem(
                    column,
                    "open_list",
                    _("“%(text)s”以“等”结尾，还有哪些单位请确定。") % {"text": tidy_units(cell)[:100]},
                )
            )
        for text in units.problems:
            task.problems.append(
                Problem(
                    column, "unlike_unit", _("“%(text)s”看起来不是单位名称，请核对。") % {"text": text[:100]}
                )
            )
        for mention in units.mentions:
            if mention.group and re.search(r"牵头单位|责任单位", mention.text):
                task.problems.append(
                    Problem(
                        column,
                        "self_reference",
                        _("“%(text)s”指的是表里其他任务的单位，请确定。") % {"text": mention.text},
                    )
                )

    def _check(self, task: ParsedTask) -> None:
        if not task.number:
            pass
        elif task.number in self.seen and len(task.number) < 8:
            task.problems.append(
                Problem(
                    "number",
                    "duplicate_number",
                    _("序号 %(n)s 与第 %(row)s 行重复。") % {"n": task.number, "row": self.seen[task.number]},
                )
            )
        self.seen.setdefault(task.number, task.row)
        reason = _due_reason(task.due, self.report.notes + [text for _r, text, _w in self.report.skipped])
        if reason:
            task.problems.append(Problem("due", _due_code(task.due), reason))

    def _later_notes(self) -> None:
        """A note under the table can still say what blanks mean; nothing is filled in from it."""
        said = any("空白" in note for note in self.report.notes)
        for task in self.book.tasks:
            if said and task.sheet == self.grid.name and task.due.kind == "none":
                for at, problem in enumerate(task.problems):
                    if problem.code == "no_deadline" and "空白" not in problem.reason:
                        task.problems[at] = Problem("due", "no_deadline", _blank_reason(self.report.notes))


def tidy_units(text: str) -> str:
    return re.sub(r"[ \t\n\u3000]+", " ", text).strip()


def _number(text: str) -> str:
    """``1.`` → ``1``, ``（3）`` → ``3``; other numberings as they are."""
    flat = plain_text(text)
    match = NUMBER.match(flat)
    return match[1] if match else flat


def _due_code(due: Deadline) -> str:
    if due.kind == "none":
        return "no_deadline"
    if due.flags:
        return due.flags[0]
    return due.kind


def _blank_reason(notes: list[str]) -> str:
    said = next((note for note in notes if "空白" in note), "")
    if said:
        return _("期限为空白；表中说明“%(note)s”，请确定办结日期。") % {"note": tidy(said)[:120]}
    return _("没有写期限，请确定办结日期。")


def _due_reason(due: Deadline, notes: list[str]) -> str:
    """Why a person must look at a deadline; empty where it is plain."""
    text = {"text": due.text[:100]}
    if due.kind == "none":
        return _blank_reason(notes)
    if "impossible_date" in due.flags:
        return _("期限“%(text)s”里有不存在的日期，请确定办结日期。") % text
    if "year_needed" in due.flags:
        return _("期限“%(text)s”没有年份，表里也找不到年份，请确定办结日期。") % text
    if due.kind == "unknown":
        return _("期限“%(text)s”没有读懂，请确定办结日期。") % text
    if due.kind == "relative":
        return _("期限“%(text)s”从某件事起算，请确定办结日期。") % text
    if due.kind == "external":
        return _("期限“%(text)s”由上级或另行确定，请在确定后填写办结日期。") % text
    if due.kind == "immediate":
        return _("“%(text)s”要求立即办理，请确定办结日期。") % text
    if due.kind == "span" and not due.dates:
        return _("期限“%(text)s”从印发之日起算，请确定办结日期。") % text
    if "vague" in due.flags:
        return _("期限“%(text)s”用语不明确，已按其中的日期计，请核对。") % text
    return ""

"""Finding the header of a task table and what each column means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from guantong.importing.workbook.grid import Grid
from guantong.importing.workbook.numerals import plain_text

# Column words, matched on the header without spaces and brackets; the first pattern that fits wins.
COLUMN_WORDS: tuple[tuple[str, str], ...] = (
    ("number", r"^(序号|编号|项目编号|任务编号|序|号|No\.?|NO\.?)$"),
    ("leader", r"(责任领导|分管领导|牵头领导|包联领导|负责领导|市级领导|县级领导|责任人|联系人|联系方式|联系电话|电话)"),
    ("lead", r"^(牵头|主责|主办|总牵头)(责任)?(单位|部门|科室|处室|机构)?(及责任人)?$|^(牵头|主责|主办|第一责任)(单位|部门)"),
    ("cooperating", r"^(配合|协办|参与|协同|协助|参加|支持)(单位|部门|科室)?"),
    ("duty_unit", r"^(责任|落实|承办|实施|承担|完成|负责)(单位|部门|科室|处室|主体|机构)|^(责任|承办)$"),
    ("due", r"(期限|时限|完成时间|完成日期|办结时间|截止|时间节点|时间要求|完成节点|进度要求|办理时间|计划完成|预计完成|时间安排|时间$)"),
    ("q1", r"^(第?一季度|1季度|Q1|一季)"),
    ("q2", r"^(第?二季度|2季度|Q2|二季)"),
    ("q3", r"^(第?三季度|3季度|Q3|三季)"),
    ("q4", r"^(第?四季度|4季度|Q4|四季)"),
    ("detail", r"(细化措施|具体措施|工作措施|推进举措|具体要求|工作要求|主要措施|落实措施|措施|举措|具体内容|目标要求|工作标准|完成标准|年度目标|工作目标|具体目标|预期目标|成果形式)"),
    ("category", r"^(类别|领域|工作领域|板块|分类|项目类别|工作类别|任务类别|重点领域|方面|任务类型|一级指标|章节|事项类别)$"),
    ("title", r"(任务要点|重点任务|主要任务|目标任务|工作任务|任务名称|任务内容|重点工作|工作内容|工作事项|具体事项|督办事项|事项名称|任务事项|工作要点|整改任务|年度任务|^任务|^事项|任务$|事项$|内容$|^要点|要点$)"),
    ("note", r"^(备注|说明|备注说明|附注)$"),
)  # fmt: skip
MUST = {"title", "detail"}
ALSO = {"lead", "cooperating", "duty_unit", "due", "number", "q1"}


@dataclass
class Header:
    """A header's place and columns. ``last`` is its last row; ``columns`` maps a field to column numbers."""

    first: int
    last: int
    columns: dict[str, list[int]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)

    @property
    def labels(self) -> dict[str, str]:
        return {name: " / ".join(self.words[at] for at in places) for name, places in self.columns.items()}

    @property
    def places(self) -> dict[str, int]:
        """The first column of each field; the units that share a column are all found there."""
        first = {name: min(places) for name, places in self.columns.items()}
        shared = first.get("duty_unit")
        return first if shared is None else {"lead": shared, "cooperating": shared} | first

    def known(self) -> set[int]:
        return {at for places in self.columns.values() for at in places}


def meaning(word: str) -> str | None:
    """What a header cell means, or None for a column of the table's own."""
    flat = re.sub(r"[（(].*?[)）]|[:：*＊]", "", plain_text(word))
    flat_all = re.sub(r"[（()）:：]", "", plain_text(word))
    if not flat_all or len(flat_all) > 20:
        return None
    for name, pattern in COLUMN_WORDS:
        if re.search(pattern, flat) or (name == "title" and re.search(pattern, flat_all)):
            return name
    return None


def find_header(grid: Grid, start: int) -> Header | None:
    """The next row from ``start`` that reads like the head of a task table."""
    for row in range(start, min(len(grid.rows), start + 200)):
        header = header_at(grid, row)
        if header:
            return header
    return None


def header_at(grid: Grid, row: int) -> Header | None:
    """The header that starts in a row: a task column and at least one other known one."""
    header = Header(row, row)
    width = max(len(each) for each in grid.rows[row : row + 2])
    for column in range(width):
        word = grid.text(row, column)
        name = meaning(word) if word else None
        if word:
            header.words[column] = word
        if name:
            header.columns.setdefault(name, []).append(column)
    _second_row(grid, header)
    names = set(header.columns)
    if not names & MUST or not names & ALSO or len(header.known()) < 2:
        return None
    return _settled(header)


def _second_row(grid: Grid, header: Header) -> None:
    """A header of two rows: the upper cells merged, or empty below, with words such as 一季度 underneath."""
    row = header.first + 1
    spans = [
        (first, last)
        for first, last in grid.merged
        if (first[0] == header.first and last[0] >= row) or (first[0] == header.first and last[1] > first[1])
    ]
    if not spans or row >= len(grid.rows):
        return
    below = {at: grid.text(row, at) for at in range(len(grid.rows[row])) if grid.text(row, at)}
    tall = any(last[0] >= row for _first, last in spans)
    read = {at: meaning(word) for at, word in below.items()}
    if not below or not (tall or any(name and name.startswith("q") for name in read.values())):
        return
    if any(name is None and len(below[at]) > 12 for at, name in read.items()):
        return
    header.last = row
    upper = dict(header.words)
    for at, name in read.items():
        above = next(
            (
                upper.get(first[1])
                for first, last in spans
                if first[1] <= at <= last[1] and first[0] == header.first
            ),
            None,
        )
        header.words[at] = f"{above} {below[at]}" if above and above != below[at] else below[at]
        if name:
            for places in header.columns.values():
                if at in places:
                    places.remove(at)
            header.columns.setdefault(name, []).append(at)
    header.columns = {name: places for name, places in header.columns.items() if places}


def _settled(header: Header) -> Header:
    """One title column: where several qualify, the last is the task and those before it group it."""
    titles = header.columns.get("title", [])
    if len(titles) > 1:
        header.columns["title"] = titles[-1:]
        header.columns.setdefault("category", []).extend(titles[:-1])
    if "title" not in header.columns:
        header.columns["title"] = header.columns.pop("detail")[:1]
    return header

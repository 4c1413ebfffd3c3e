"""Reading and checking the rows of a units file. Writes nothing."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guantong.importing.forbidden import reasons_against
from guantong.importing.units.codes import (
    LEVEL_WORDS,
    OWN_CODE,
    RANK,
    clean,
    is_division,
    is_mangled,
    level_of_code,
    padded_forms,
    parent_of_code,
    short_code,
)
from guantong.kernel.refusals import Refusal

HEADERS = {
    "code": ("code", "区划代码", "代码", "统计用区划代码", "单位代码"),
    "name": ("name", "名称", "单位名称", "区划名称"),
    "level": ("level", "级别", "层级"),
    "parent_code": ("parent_code", "上级代码", "上级区划代码", "父级代码"),
    "kind": ("kind", "类型", "单位类型"),
    "subkind": ("subkind", "子类型"),
    "name_en": ("name_en", "英文名称"),
    "opened_on": ("opened_on", "设立日期"),
}
REQUIRED = ("code", "name")
MAX_NAME = 200
MAX_CODE = 40
MAX_REJECTED = 1000


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be taken: its line in the file (the header is 1), the column and why."""

    row: int
    column: str
    reason: str


@dataclass(slots=True)
class Row:
    line: int
    code: str
    name: str
    level: str
    parent: str
    kind: str = "territory"
    subkind: str = ""
    name_en: str = ""
    opened_on: dt.date | None = None


@dataclass
class UnitFile:
    rows: dict[str, Row] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    columns: frozenset[str] = frozenset()
    most_rejected: int = MAX_REJECTED

    def reject(self, row: int, column: str, reason: str) -> None:
        if len(self.rejected) < self.most_rejected:
            self.rejected.append(Rejected(row, column, reason))


def read_units(text: str, *, known: Mapping[str, str]) -> UnitFile:
    """Rows by code, and what is wrong with the others. ``known`` maps codes in the database to levels."""
    file = UnitFile()
    reader = csv.reader(
        text.splitlines(keepends=True) if "\0" not in text else _without_nul(text, file), strict=True
    )
    try:
        columns = _header(next(reader, []))
        file.columns = frozenset(columns)
        for fields in reader:
            if any(each.strip() for each in fields):
                take_row(file, reader.line_num, fields, columns)
    except csv.Error as error:
        file.reject(reader.line_num, "", _("引号或分隔符有误：%(error)s。") % {"error": error})
    if file.rows or file.rejected:
        check_tree(file, known)
    else:
        file.reject(1, "", _("文件里没有数据行。"))
    return file


def _without_nul(text: str, file: UnitFile) -> Iterable[str]:
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if "\0" in line:
            file.reject(number, "", _("这一行含有空字符（NUL），文件可能已损坏。"))
        yield line.replace("\0", "")


def _header(fields: list[str]) -> dict[str, int]:
    against = list(reasons_against(fields))
    if against:
        raise Refusal.of(against)
    found: dict[str, int] = {}
    for at, field_ in enumerate(fields):
        word = clean(field_).lower()
        for column, names in HEADERS.items():
            if word in names:
                if column in found:
                    raise Refusal(_("表头里“%(column)s”出现了两次。") % {"column": field_})
                found[column] = at
    missing = [column for column in REQUIRED if column not in found]
    if missing:
        raise Refusal(
            _("表头缺少“%(columns)s”列。第一行应是：code,name,level,parent_code。")
            % {"columns": "、".join(missing)}
        )
    return found


def take_row(file: UnitFile, line: int, fields: Sequence[str], columns: Mapping[str, int]) -> None:
    """Check a row by itself and keep it, or say what is wrong with it."""
    if len(fields) <= max(columns[column] for column in REQUIRED):
        file.reject(line, "", _("这一行只有 %(n)s 列，少于表头。") % {"n": len(fields)})
        return
    value = {column: fields[at].strip() if at < len(fields) else "" for column, at in columns.items()}
    code, parent = clean(value["code"]), clean(value.get("parent_code"))
    for column, word in (("code", code), ("parent_code", parent)):
        if is_mangled(word):
            file.reject(
                line,
                column,
                _("代码“%(code)s”被表格软件改成了科学计数，请把该列设为文本后重新导出。") % {"code": word},
            )
            return
    level = _level(value.get("level", ""))
    row = Row(
        line=line,
        code=short_code(code, level),
        name=value["name"],
        level=level,
        parent=parent,
        kind=clean(value.get("kind")) or "territory",
        subkind=clean(value.get("subkind")),
        name_en=value.get("name_en", ""),
    )
    if _is_sound(file, row, value):
        earlier = file.rows.get(row.code)
        if earlier:
            file.reject(
                line,
                "code",
                _("代码“%(code)s”与第 %(row)s 行重复。") % {"code": row.code, "row": earlier.line},
            )
        else:
            file.rows[row.code] = row


def _level(word: str) -> str:
    return LEVEL_WORDS.get(clean(word).lower(), clean(word))


def _is_sound(file: UnitFile, row: Row, value: Mapping[str, str]) -> bool:
    """Whether the row stands by itself; says what is wrong where it does not."""
    before = len(file.rejected)
    if not row.code:
        file.reject(row.line, "code", _("代码为空。"))
    elif len(row.code) > MAX_CODE or not OWN_CODE.match(row.code):
        file.reject(
            row.line,
            "code",
            _("代码“%(code)s”只能由字母、数字、点和横线组成，最多 40 位。") % {"code": row.code[:60]},
        )
    elif row.kind == "territory" and row.code.isdigit() and not is_division(row.code):
        file.reject(row.line, "code", _("区划代码“%(code)s”应为 2、4、6、9 或 12 位。") % {"code": row.code})
    if not row.name:
        file.reject(row.line, "name", _("名称为空。"))
    elif len(row.name) > MAX_NAME:
        file.reject(row.line, "name", _("名称超过 200 字。"))
    _check_level(file, row, value.get("level", ""))
    if value.get("opened_on"):
        try:
            row.opened_on = dt.date.fromisoformat(clean(value["opened_on"]))
        except ValueError:
            file.reject(
                row.line, "opened_on", _("设立日期“%(day)s”应写成 2026-01-05。") % {"day": value["opened_on"]}
            )
    return len(file.rejected) == before


def _check_level(file: UnitFile, row: Row, written: str) -> None:
    by_code = level_of_code(row.code) if row.kind == "territory" else None
    if not row.level:
        row.level = by_code or ""
        return
    if row.level not in RANK:
        file.reject(
            row.line,
            "level",
            _("不认识的级别“%(level)s”，应为 province、city、county、township、village。")
            % {"level": written},
        )
    elif by_code and by_code != row.level:
        file.reject(
            row.line,
            "level",
            _("%(n)s 位代码的级别应为 %(right)s，表里写的是 %(level)s。")
            % {"n": len(row.code), "right": by_code, "level": row.level},
        )


def check_tree(file: UnitFile, known: Mapping[str, str]) -> None:
    """Parents exist and lie above; nothing goes round in a circle."""
    for row in file.rows.values():
        row.parent = _parent_among(row, file.rows, known)
        if row.parent == row.code:
            file.reject(row.line, "parent_code", _("上级不能是自己。"))
            row.parent = ""
            continue
        if not row.parent and is_division(row.code) and row.kind == "territory":
            above = parent_of_code(row.code)
            if above in file.rows or above in known:
                row.parent = above
        if not row.parent:
            if not row.level:
                file.reject(row.line, "level", _("没有写级别，也没有上级可以依据。"))
            continue
        if row.parent not in file.rows and row.parent not in known:
            file.reject(
                row.line, "parent_code", _("上级“%(code)s”不在文件里，系统里也没有。") % {"code": row.parent}
            )
            continue
        above_level = file.rows[row.parent].level if row.parent in file.rows else known[row.parent]
        row.level = row.level or above_level
        if row.level not in RANK or above_level not in RANK:
            continue
        too_high = RANK[row.level] < RANK[above_level]
        same = RANK[row.level] == RANK[above_level]
        if too_high or (same and row.kind == "territory"):
            file.reject(
                row.line,
                "level",
                _("级别 %(level)s 不在上级“%(code)s”（%(above)s）之下。")
                % {"level": row.level, "code": row.parent, "above": above_level},
            )
    _refuse_circles(file)


def _parent_among(row: Row, rows: Mapping[str, Row], known: Mapping[str, str]) -> str:
    """The parent's code as the file or the database has it: the longest form that is another unit's."""
    forms = padded_forms(row.parent)
    for form in forms:
        if form != row.code and (form in rows or form in known):
            return form
    return forms[-1]


def _refuse_circles(file: UnitFile) -> None:
    safe: set[str] = set()
    for start in file.rows:
        trail: list[str] = []
        code = start
        while code in file.rows and code not in safe:
            if code in trail:
                circle = trail[trail.index(code) :]
                file.reject(
                    file.rows[code].line,
                    "parent_code",
                    _("上下级绕成了一圈：%(codes)s。") % {"codes": " → ".join([*circle, code])},
                )
                break
            trail.append(code)
            code = file.rows[code].parent
        safe.update(trail)

"""A sheet more that lists every remark, where there are more than a spreadsheet shows as comments at a tolerable speed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from guantong.importing.limited.remarking.notes import plain
from guantong.importing.limited.remarking.parts import MAIN, RELATIONS, Strange, attribute, local, starts_of
from guantong.importing.limited.remarking.sheets import letters_of

NAME, RELATION = "导入意见", "guantongRemarks"
HEADS = ("工作表", "单元格", "意见")
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
SHEETS_END = re.compile(rb"</((?:[\w.-]+:)?)sheets\s*>")


def with_sheet(book: bytes) -> bytes:
    """The workbook's part with the list as its last sheet."""
    end = SHEETS_END.search(book)
    if end is None:
        raise Strange
    sheets = [found for _depth, name, found in starts_of(book) if local(name) == "sheet"]
    names = {attribute(each, "name") for each in sheets}
    name = next(each for each in (NAME, *(f"{NAME}{n}" for n in range(2, 10_000))) if each not in names)
    number = max(int(attribute(each, "sheetId")) for each in sheets) + 1
    made = f'<{end[1].decode()}sheet xmlns:r="{RELATIONS}" name={quoteattr(name)} sheetId="{number}" r:id="{RELATION}"/>'
    return book[: end.start()] + made.encode() + book[end.start() :]


def listed(remarks: Mapping[str, Mapping[tuple[int, int], tuple[str, str]]]) -> Iterator[bytes]:
    """The sheet's part, piece by piece, in the order of the sheets and their rows."""
    yield (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN.decode()}">'
        '<cols><col min="1" max="2" width="16" customWidth="1"/><col min="3" max="3" width="90" customWidth="1"/></cols>'
        f"<sheetData>{_row(1, HEADS)}"
    ).encode()
    row = 1
    for sheet, found in remarks.items():
        for place in sorted(found):
            row += 1
            yield _row(row, (sheet, f"{letters_of(place[1])}{place[0]}", found[place][1])).encode()
    yield b"</sheetData></worksheet>"


def _row(row: int, cells: tuple[str, ...]) -> str:
    return f'<row r="{row}">{"".join(_cell(each, at, row) for at, each in enumerate(cells, start=1))}</row>'


def _cell(text: str, column: int, row: int) -> str:
    return f'<c r="{letters_of(column)}{row}" t="inlineStr"><is><t xml:space="preserve">{plain(text)}</t></is></c>'

"""A look into a workbook's archive before anything opens it: bombs, strange names, entities, and what is not run."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field

from guantong.importing.limited.unreadable import Unreadable

MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 300  # sheets of repeated rows reach about 40
BIG = 8 * 1024 * 1024
PIECE = 1024 * 1024
ODD_NAME = re.compile(r"(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")
EMPTY_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
HIDDEN_ROW, HIDDEN_COLUMN = (
    re.compile(rb'<row [^>]*hidden="(?:1|true)"'),
    re.compile(rb'<col [^>]*hidden="(?:1|true)"'),
)
FORMULA = re.compile(rb"<f[ >/]")


@dataclass
class Seen:
    """What a workbook carries besides values. ``notes``: codes; ``uncounted``: formula cells without a stored result."""

    notes: set[str] = field(default_factory=set)
    uncounted: list[str] = field(default_factory=list)


def look_into(content: bytes) -> Seen:
    """Refuses an archive that is not an honest workbook; returns what will be left aside."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise Unreadable("broken") from error
    with archive:
        members = archive.infolist()
        _refuse_bombs(members, len(content))
        names = {each.filename for each in members}
        if len(names) < len(members) or any(ODD_NAME.search(each) for each in names):
            raise Unreadable("odd_names")
        if any(each.flag_bits & 0x1 for each in members):
            raise Unreadable("password")
        _refuse_other_archives(names)
        seen = Seen()
        _note_names(names, seen)
        for each in members:
            _look_at(archive, each, seen)
    return seen


def _refuse_bombs(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_ENTRIES:
        raise Unreadable("many_entries", n=len(members))
    unpacked = sum(each.file_size for each in members)
    if unpacked > MAX_UNPACKED or (unpacked > BIG and unpacked > size * MAX_RATIO):
        raise Unreadable("bomb")


def _refuse_other_archives(names: set[str]) -> None:
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise Unreadable("not_a_table")
    if any(each.lower().endswith((".xlsx", ".xls", ".csv", ".zip")) for each in names):
        raise Unreadable("archive_of_files")
    raise Unreadable("not_a_workbook")


def _note_names(names: set[str], seen: Seen) -> None:
    for name in names:
        low = name.lower()
        if low.endswith("vbaproject.bin") or "/macrosheets/" in low:
            seen.notes.add("macros")
        if "/externallinks/" in low or low.endswith("connections.xml"):
            seen.notes.add("external_links")
        if "/embeddings/" in low or "/activex/" in low:
            seen.notes.add("embedded")


def _look_at(archive: zipfile.ZipFile, member: zipfile.ZipInfo, seen: Seen) -> None:
    """Read one member through, no further than it says it is long."""
    if member.is_dir() or not member.filename.lower().endswith((".xml", ".rels")):
        return
    sheet = member.filename.startswith("xl/worksheets/")
    kept, first = b"", True
    try:
        with archive.open(member) as file:
            while piece := file.read(PIECE):
                if first and re.search(rb"<!\s*(DOCTYPE|ENTITY)", piece[:8192].replace(b"\x00", b"")):
                    raise Unreadable("entities")
                first = False
                kept = kept[-600:] + piece
                if sheet:
                    _look_at_sheet(kept, member.filename, seen)
                elif b"<ddeLink" in kept:
                    seen.notes.add("dde")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable("broken") from error
    except Exception as error:
        if isinstance(error, Unreadable | MemoryError):
            raise
        raise Unreadable("broken") from error


def _look_at_sheet(piece: bytes, name: str, seen: Seen) -> None:
    if HIDDEN_ROW.search(piece):
        seen.notes.add("hidden_rows")
    if HIDDEN_COLUMN.search(piece):
        seen.notes.add("hidden_columns")
    if not FORMULA.search(piece):
        return
    seen.notes.add("formulas")
    if len(seen.uncounted) < 50:
        found = (each.decode() for each in EMPTY_FORMULA.findall(piece))
        seen.uncounted += [each for each in found if each not in seen.uncounted][:50]

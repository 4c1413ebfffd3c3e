"""Looking into an uploaded .docx before anything reads it: what has no place in a template is refused by name."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

MOST_BYTES = 3 * 1024 * 1024
MOST_UNPACKED = 30 * 1024 * 1024
MOST_PARTS = 300
MAIN = "word/document.xml"
PROGRAMS = re.compile(r"vbaproject|vbadata|activex|\.exe$|\.dll$|\.js$|\.vbs$|\.bat$", re.I)
EMBEDDED = re.compile(r"^word/embeddings/|oleobject|^word/afchunk|\.(html?|mht|rtf)$", re.I)
FETCHING = re.compile(
    rb"INCLUDETEXT|INCLUDEPICTURE|\bDDE(AUTO)?\b|\bLINK\s|\bIMPORT\s|\bDATABASE\b|w:mailMerge|w:altChunk|w:attachedTemplate|w:subDoc"
)
FIELD_CODE = re.compile(rb"<w:instrText[^>]*>|w:instr=")


def what_is_wrong(content: bytes) -> str:
    """A code for the first thing that has no place in a template; empty where there is none."""
    if len(content) > MOST_BYTES:
        return "too_large"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "old_format"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _inside(archive)
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return "not_a_document"


def _inside(archive: zipfile.ZipFile) -> str:
    members = archive.infolist()
    names = [each.filename for each in members]
    if len(members) > MOST_PARTS or sum(each.file_size for each in members) > MOST_UNPACKED:
        return "too_large"
    if len(set(names)) != len(names) or any(
        each.startswith("/") or ".." in each.split("/") for each in names
    ):
        return "not_a_document"
    if MAIN not in names or "[Content_Types].xml" not in names:
        return "not_a_document"
    if any(PROGRAMS.search(each) for each in names):
        return "macros"
    if any(EMBEDDED.search(each) for each in names):
        return "embedded"
    return next((found for each in members if (found := _part(archive, each))), "")


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    """What is wrong with one part. Reading stops at the size that the archive declares for it."""
    name = member.filename.lower()
    if not name.endswith((".xml", ".rels")):
        return ""
    with archive.open(member) as opened:
        text = opened.read(MOST_UNPACKED)
    flat = text.replace(b"\x00", b"")  # a UTF-16 part reads the same way
    if b"<!DOCTYPE" in flat or b"<!ENTITY" in flat:
        return "entities"
    if b"macroEnabled" in flat or b"ms-word.vba" in flat:
        return "macros"
    if name.endswith(".rels") and re.search(rb"TargetMode\s*=\s*[\"']External", flat, re.I):
        return "external"
    if FIELD_CODE.search(flat) or name.endswith("settings.xml") or b"w:altChunk" in flat:
        plain = re.sub(rb"</w:instrText>.*?<w:instrText[^>]*>", b"", flat, flags=re.S)
        if FETCHING.search(plain):
            return "external"
    return ""

"""Where things are in a workbook's archive: sheets by name, the relations of a part, a free name, content types."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PLAIN_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
BOOK_TYPES = re.compile(
    rb"application/vnd\.(?:ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml"
    rb"|openxmlformats-officedocument\.spreadsheetml\.template\.main\+xml)"
)
MACROS = re.compile(r"(^|/)vba(Project|Data|ProjectSignature\w*)\.(bin|xml)(\.rels)?$", re.IGNORECASE)
SMALL = 8 * 1024 * 1024


class Strange(Exception):  # noqa: N818 - not an error: the workbook is then copied cell by cell instead
    """The workbook is built in a way that is not changed in place."""


def sound_parser(encoding: str | None = None) -> expat.XMLParserType:
    """One that takes no document type, so that a part can declare no entity."""
    parser = expat.ParserCreate(encoding)

    def refused(*_said: object) -> None:
        raise Strange

    parser.StartDoctypeDeclHandler = refused
    return parser


def starts_of(content: bytes) -> list[tuple[int, str, dict[str, str]]]:
    """(depth, name, attributes) of every element of a small part. Raises Strange."""
    found: list[tuple[int, str, dict[str, str]]] = []
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        found.append((depth, name, attributes))
        depth += 1

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = sound_parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        raise Strange from error
    return found


def local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def attribute(attributes: dict[str, str], name: str) -> str:
    """By its local name."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


class Parts:
    """The archive of a workbook, to be read; what is asked of it more than once is kept."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        self.types = self.small("[Content_Types].xml")

    def small(self, name: str) -> bytes:
        """A part that is held in memory whole, empty where there is none."""
        if name not in self.names:
            return b""
        if self.archive.getinfo(name).file_size > SMALL:
            raise Strange
        content = self.archive.read(name)
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or not _is_utf8(content):
            raise Strange
        return content

    def sheets(self) -> dict[str, str]:
        """{name of a sheet: its part}"""
        book = self.small("xl/workbook.xml")
        if MAIN not in book:
            raise Strange
        targets = {key: target for key, (_type, target) in self.relations("xl/workbook.xml").items()}
        found = {}
        for _depth, name, attributes in starts_of(book):
            if local(name) == "sheet" and attribute(attributes, "id") in targets:
                found[attribute(attributes, "name")] = targets[attribute(attributes, "id")]
        return found

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """{id: (last word of its type, part it points at)} of the relations inside the archive."""
        content = self.small(relations_of(part))
        found = {}
        for _depth, name, attributes in starts_of(content) if content else ():
            if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(
                    posixpath.join("/", posixpath.dirname(part), attributes.get("Target", ""))
                )
                kind = attributes.get("Type", "").rsplit("/", 1)[-1]
                found[attributes.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def free(self, start: str, ending: str) -> str:
        """A name for a new part, with a number between; taken from then on."""
        name = next(each for n in range(1, 100_000) if (each := f"{start}{n}{ending}") not in self.names)
        self.names.add(name)
        return name


def relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def with_relations(content: bytes, more: list[tuple[str, str, str]]) -> bytes:
    """A relations part with (id, type, target) more of them."""
    if not content:
        content = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKAGE}"></Relationships>'
        ).encode()
    made = "".join(
        f'<Relationship xmlns="{PACKAGE}" Id={quoteattr(key)} Type="{RELATIONS}/{kind}" Target={quoteattr("/" + target)}/>'
        for key, kind, target in more
    )
    return before_the_end(content, "Relationships", made)


def with_types(content: bytes, more: Mapping[str, str]) -> bytes:
    """The content types with {new part: its type}; a workbook with macros becomes one without."""
    content = BOOK_TYPES.sub(PLAIN_BOOK.encode(), content)
    content = re.sub(rb"<(?:\w+:)?Override\b[^>]*?/vba[^>]*?/>", b"", content, flags=re.IGNORECASE)
    space = ' xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
    made = "".join(
        f'<Override{space} PartName={quoteattr("/" + part)} ContentType="{type_}"/>'
        for part, type_ in more.items()
    )
    if not re.search(rb'Extension\s*=\s*["\']vml["\']', content, re.IGNORECASE):
        made = f'<Default{space} Extension="vml" ContentType="{SHAPES_TYPE}"/>' + made
    return before_the_end(content, "Types", made)


def without_macros(content: bytes) -> bytes:
    """The relations of the workbook without that to its macros, which are not handed on."""
    return re.sub(rb"<(?:\w+:)?Relationship\b[^>]*?/vba\w*[\"'][^>]*?/>", b"", content)


def before_the_end(content: bytes, name: str, made: str) -> bytes:
    """The part with more elements before the end of its root."""
    at = re.search(rb"</(?:[\w.-]+:)?%s\s*>\s*$" % name.encode(), content)
    if at:
        return content[: at.start()] + made.encode() + content[at.start() :]
    empty = re.search(rb"<((?:[\w.-]+:)?%s)\b([^>]*?)/>\s*$" % name.encode(), content)
    if not empty:
        raise Strange
    return content[: empty.start()] + b"<%s%s>%s</%s>" % (empty[1], empty[2], made.encode(), empty[1])


def _is_utf8(content: bytes) -> bool:
    said = re.match(rb'\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["\']([\w.-]+)', content[:300])
    return said is None or said[1].lower() in (b"utf-8", b"utf8", b"us-ascii")

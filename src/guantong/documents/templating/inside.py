"""A second look into an uploaded .docx, in the limited process: its parts are parsed, so that nothing hides in spelling.

`opening` looks at the bytes and is quick; here entities, prefixes and encodings are resolved as Word resolves them.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

FETCHING = re.compile(
    r"INCLUDE(TEXT|PICTURE)?\b|\bDDE(AUTO)?\b|\bLINK\b|\bIMPORT\b|\bDATABASE\b|\bRD\b|\bMACROBUTTON\b|\bHYPERLINK\b(?!\s+\\l)",
    re.I,
)
ADDRESS = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|\\\\|//)", re.I)
REACHING_OUT = {"altChunk", "attachedTemplate", "subDoc", "mailMerge", "saveThroughXslt"}
EMBEDDED = {"object", "OLEObject", "control"}
CHANGES = {"ins", "del", "moveFrom", "moveTo", "commentReference", "comment"}
OFF = {"0", "false", "off"}


def what_has_no_place(content: bytes) -> str:
    """A code for the first thing found; empty where there is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.lower().endswith((".xml", ".rels")) and (code := _part(name.lower(), archive.read(name))):
                return code
    return ""


def _part(name: str, text: bytes) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "unreadable"
    if root.getroottree().docinfo.doctype:
        return "entities"
    if name.endswith(".rels"):
        return _relations(root)
    return _elements(root) if name.startswith("word/") else ""


def _relations(root: Any) -> str:
    for each in root.iter("{*}Relationship"):
        if each.get("TargetMode", "").strip().lower() == "external" or ADDRESS.match(each.get("Target", "")):
            return "external"
    return ""


def _elements(root: Any) -> str:
    code = ""
    for each in root.iter("{*}*"):
        name = etree.QName(each).localname
        if name in REACHING_OUT or _has_address(each):
            return "external"
        if name in EMBEDDED:
            return "embedded"
        if name in CHANGES:
            return "changes"
        if (
            name == "vanish"
            and _is_on(each)
            and "style" not in {etree.QName(up).localname for up in each.iterancestors()}
        ):
            return "hidden"
        if name == "instrText":
            code += each.text or ""
        if name == "fldSimple":
            code += " " + next((value for key, value in each.attrib.items() if key.endswith("instr")), "")
    return "external" if FETCHING.search(code) else ""


def _has_address(element: Any) -> bool:
    """A picture or shape that says where it is fetched from without a relation."""
    return any(
        etree.QName(key).localname in {"src", "href"} and ADDRESS.match(value)
        for key, value in element.attrib.items()
    )


def _is_on(element: Any) -> bool:
    value = next((value for key, value in element.attrib.items() if etree.QName(key).localname == "val"), "1")
    return value.lower() not in OFF

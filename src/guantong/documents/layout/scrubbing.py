"""What no paper carries out of the house: who wrote the template, remarks, deleted and hidden words, previews."""

from __future__ import annotations

from html import escape
from typing import Any

from docx.document import Document
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import qn

# kinds of relations whose target is left out, by the last word of their name
LEFT_OUT = frozenset({
    "thumbnail", "custom-properties", "customXml", "comments", "commentsExtended", "commentsIds", "commentsExtensible",
    "people", "stylesWithEffects", "attachedTemplate", "printerSettings",
})  # fmt: skip
MARKS = ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:del", "w:moveFrom", "w:rsids")
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:language>zh-CN</dc:language>'
    "</cp:coreProperties>"
)
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties'
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
OFF = ("0", "false", "off")


def scrub(document: Document, title: str = "") -> None:
    """Leave the words on the sheet and nothing beside them."""
    package: Any = document.part.package
    for relations in (package.rels, document.part.rels):
        for key in [key for key, each in relations.items() if each.reltype.rsplit("/", 1)[-1] in LEFT_OUT]:
            del relations[key]
    for part in package.iter_parts():
        if part.content_type.endswith("core-properties+xml"):
            part._element = parse_xml(CORE.format(escape(title, quote=False)))
        elif part.content_type.endswith("extended-properties+xml"):
            part._blob = APPLICATION.encode()
        elif isinstance(part, XmlPart):
            _clean(part._element)


def _clean(root: Any) -> None:
    for each in list(root.iter(*map(qn, MARKS))):
        _remove(each)
    for each in list(root.iter(qn("w:vanish"))):
        run = each.getparent().getparent()
        if run.tag == qn("w:r") and each.get(qn("w:val"), "1") not in OFF:
            _remove(run)
    for each in list(root.iter(qn("w:ins"), qn("w:moveTo"))):
        if len(each) and each.getparent().tag != qn("w:rPr"):
            for child in list(each):
                each.addprevious(child)
        _remove(each)


def _remove(element: Any) -> None:
    if element.getparent() is not None:
        element.getparent().remove(element)

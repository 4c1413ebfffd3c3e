"""The process in which a template of an office's own is read and filled in: little memory, little time, no network need.

Reads one JSON object on standard input, writes one on standard output. It imports nothing of the program but its
neighbours, so that there is no database, no setting and no key in the process at all.
"""

from __future__ import annotations

import base64
import io
import json
import re
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import Any

CPU_SECONDS = 10
MEMORY = 768 * 1024 * 1024
OUTPUT = 16 * 1024 * 1024


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `checking` and `filling` ask: look a template over, or fill it in."""
    import docxtpl
    from jinja2 import TemplateError, TemplateSyntaxError

    from guantong.documents.templating import inside
    from guantong.documents.templating.sandbox import LONGEST, Seen, environment, look_over, words_at

    content = base64.b64decode(asked["template"])
    if asked["action"] == "check" and (code := inside.what_has_no_place(content)):
        return {"error": code}
    shape = {name: frozenset(rows) if rows is not None else None for name, rows in asked["shape"].items()}
    seen, made = Seen(), environment()
    template = docxtpl.DocxTemplate(io.BytesIO(content))
    try:
        template.init_docx()
        for part, xml in _parts(template):
            if len(xml) > LONGEST:
                return {"error": "too_large"}
            seen.part, seen.lines = part, xml.split("\n")
            look_over(made.parse(xml), shape, seen)
        if seen.wrong:
            return {"wrong": seen.wrong, "used": sorted(seen.used)}
        if asked["action"] == "check":
            return {"wrong": [], "used": sorted(seen.used)}
        seen.part = "body"
        if asked.get("strict") and not _is_whole(template, asked["context"], made):
            return {"error": "crossed"}
        template = docxtpl.DocxTemplate(io.BytesIO(content))
        template.render(asked["context"], made, autoescape=True)
    except TemplateSyntaxError as error:
        words = words_at(seen.lines, error.lineno or 0)
        return {
            "error": "syntax",
            "said": error.message or "",
            "near": _tag(words),
            "part": seen.part,
            "words": words,
        }
    except TemplateError as error:
        return {"error": "failed", "said": str(error)[:300], "part": seen.part}
    return {"document": base64.b64encode(_saved(template)).decode()}


def _is_whole(template: Any, context: Mapping[str, Any], made: Any) -> bool:
    """Whether the text is still well formed: a loop that begins in a paragraph and ends in a table tears it apart."""
    from lxml import etree  # type: ignore[import-untyped]

    try:
        etree.fromstring(template.build_xml(context, made).encode())
    except etree.XMLSyntaxError:
        return False
    return True


def _saved(template: Any) -> bytes:
    from guantong.documents.layout.settling import settled

    out = io.BytesIO()
    template.save(out)
    return settled(out.getvalue())


def _parts(template: Any) -> Iterator[tuple[str, str]]:
    """Every part that is filled in, as Jinja2 will see it, a line for each paragraph."""
    yield "body", _in_lines(template.patch_xml(template.get_xml()))
    for name, uri in (("header", template.HEADER_URI), ("footer", template.FOOTER_URI)):
        for _key, part in template.get_headers_footers(uri):
            yield name, _in_lines(template.patch_xml(template.get_part_xml(part)))
    for part in template.docx.part.package.iter_parts():
        if part.content_type.endswith("footnotes+xml"):
            yield "footnotes", _in_lines(template.patch_xml(part.blob.decode("utf-8", "replace")))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield "properties", str(getattr(properties, name))


def _in_lines(xml: str) -> str:
    """As docxtpl does before it renders, with no line but those."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml.replace("\n", " "))


def _tag(words: str) -> str:
    """The tag at which the words fail, as far as it can be told: the last one that is open, else the first one."""
    tags = re.findall(r"\{[%{](?:(?![%}]\}).)*(?:[%}]\})?", words)
    broken = [each for each in tags if not each.endswith(("%}", "}}"))]
    return str((broken or tags or [words])[0]).strip()[:80]


def main() -> None:
    _limit()
    try:
        said = answer(json.load(sys.stdin))
    except MemoryError:
        said = {"error": "too_large"}
    except Exception as error:
        said = {"error": "unreadable", "said": type(error).__name__}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()

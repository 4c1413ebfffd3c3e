"""The process in which a template of an office's own is read and filled in: little memory, little time, no network need.

Reads one JSON object on standard input, writes one on standard output. It imports nothing of the program but its
neighbours, so that there is no database, no setting and no key in the process at all.
"""

from __future__ import annotations

import base64
import io
import json
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
    """What `checking` and `rendering` ask: look a template over, or fill it in."""
    import docxtpl
    from jinja2 import TemplateError, TemplateSyntaxError

    from guantong.documents.templating.sandbox import LONGEST, Seen, environment, look_over

    content = base64.b64decode(asked["template"])
    shape = {name: frozenset(rows) if rows is not None else None for name, rows in asked["shape"].items()}
    seen, made = Seen(), environment()
    template = docxtpl.DocxTemplate(io.BytesIO(content))
    try:
        template.init_docx()
        for xml in _parts(template):
            if len(xml) > LONGEST:
                return {"error": "too_large"}
            look_over(made.parse(xml), shape, seen)
        if seen.wrong:
            return {"wrong": seen.wrong, "used": sorted(seen.used)}
        if asked["action"] == "check":
            return {"wrong": [], "used": sorted(seen.used)}
        template = docxtpl.DocxTemplate(io.BytesIO(content))
        template.render(asked["context"], made, autoescape=True)
    except TemplateSyntaxError as error:
        return {"error": "syntax", "said": error.message or "", "near": _near(error)}
    except TemplateError as error:
        return {"error": "failed", "said": str(error)[:300]}
    return {"document": base64.b64encode(_saved(template)).decode()}


def _saved(template: Any) -> bytes:
    from guantong.documents.layout.settling import settled

    out = io.BytesIO()
    template.save(out)
    return settled(out.getvalue())


def _parts(template: Any) -> Iterator[str]:
    """Every part that is filled in, as Jinja2 will see it."""
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _key, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    for part in template.docx.part.package.iter_parts():
        if part.content_type.endswith("footnotes+xml"):
            yield template.patch_xml(part.blob.decode("utf-8", "replace"))
    properties = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        yield str(getattr(properties, name))


def _near(error: Any) -> str:
    """The words around the place, without the markup."""
    import re

    lines = re.sub(r"<w:p[ >]", "\n<w:p ", str(error.source or "")).splitlines()
    at = max((error.lineno or 1) - 1, 0)
    words = re.sub(r"<[^>]+>", "", " ".join(lines[at : at + 2]))
    tag = re.search(r"\{[%{][^{]*", words)
    return (tag.group() if tag else words).strip()[:80]


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

"""Checking a template and filling it in: built-in ones here, those of an office in a process of their own with limits."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.documents.content import Field, Value
from guantong.documents.templating import worker
from guantong.documents.templating.sentences import sentence_for
from guantong.kernel.refusals import Refusal

SECONDS = 20


def shape_of(fields: Sequence[Field]) -> dict[str, list[str] | None]:
    """The fields by both of their names, as the sandbox wants them."""
    found: dict[str, list[str] | None] = {}
    for each in fields:
        rows = [name for row in each.rows for name in (row.name, row.label)] if each.rows else None
        found[each.name] = found[each.label] = rows
    return found


def context_of(fields: Sequence[Field], values: Mapping[str, Value]) -> dict[str, Any]:
    """The values by both names of their fields, fit for a document; a field without a value is empty."""
    found: dict[str, Any] = {}
    for each in fields:
        value = values.get(each.name, () if each.rows else "")
        said: Any
        if isinstance(value, str):
            said = printable(value)
        else:
            said = [
                {
                    name: printable(row.get(field.name, ""))
                    for field in each.rows
                    for name in (field.name, field.label)
                }
                for row in value
            ]
        found[each.name] = found[each.label] = said
    return found


def printable(text: str) -> str:
    """Without what no document may hold: control characters, halves of characters, non-characters."""
    return "".join(
        each
        for each in text
        if each == "\n" or ((each >= " " and not "\x7f" <= each <= "\x9f" and not "\ud800" <= each <= "\udfff")
        and each not in "\ufffe\uffff")
    )  # fmt: skip


def filled(template: bytes, fields: Sequence[Field], values: Mapping[str, Value], *, trusted: bool) -> bytes:
    """The template filled in. ``trusted``: a built-in one, which needs no process of its own."""
    asked = {
        "action": "render",
        "template": base64.b64encode(template).decode(),
        "shape": shape_of(fields),
        "context": context_of(fields, values),
        "strict": not trusted,
    }
    said = worker.answer(asked) if trusted else ask(asked)
    if "document" not in said:
        raise Refusal(_("套用模板没有成功：%(why)s") % {"why": sentence_for(said)})
    return base64.b64decode(said["document"])


def ask(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Have the limited process answer; a code in place of an answer where it ran out of time or memory."""
    command = [sys.executable, "-I", "-m", "guantong.documents.templating.worker"]
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, on a module of ours
            command,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        return {"error": "endless"}
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"error": "endless" if done.returncode < 0 else "too_large"}
    return found

"""Documents and templates for the permission table."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from conftest import CONSOLE, at
from guantong.documents.kinds import PAPERS
from guantong.documents.operations import issue_document, upload_template
from guantong.duties.models import DutyList

if TYPE_CHECKING:
    from web.permissions import World


def papers_at(world: World, duty_list: DutyList) -> None:
    """The duty book of a unit, issued once."""
    code = duty_list.unit.code
    made = issue_document(
        paper=PAPERS["duty_book"], item=duty_list, copy="internal", actor=CONSOLE, now=at(3, 2)
    )
    world.put("paper", code, "duty_book", duty_list.pk)
    world.put("document", code, made.pk)


def template_of(world: World, code: str) -> None:
    """A template of a city's own; the kinds are the same for everybody."""
    made = upload_template(
        kind="minutes", unit=world.units[code], name="纪要.docx", source=io.BytesIO(PAPERS["minutes"].builtin),
        actor=CONSOLE, now=at(3, 2),
    )  # fmt: skip
    side = "own" if code == "1506" else "other"
    world.put("template", side, made.pk)
    world.put("document_kind", side, "minutes" if side == "own" else "circular")

"""A document issued: filled in, kept under its digest, its numbers with their sources, one row in the log."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.documents import redaction
from guantong.documents.choices import Copy
from guantong.documents.content import Content
from guantong.documents.kinds.paper import Paper
from guantong.documents.models import Document, DocumentNumber, Template
from guantong.documents.queries import template_for
from guantong.documents.templating.filling import filled
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.records.files import content_of, keep_file

MOST_NUMBERS = 2000


def content_for(paper: Paper, item: Any, copy: str) -> Content:
    """What the copy says: official papers are in Chinese, whatever the reader's language."""
    with translation.override("zh-hans"):
        content = paper.content(item)
        names_nobody = copy == Copy.PUBLIC or redaction.never_names(str(paper.kind), content.cycle)
        if names_nobody:
            content = redaction.redacted(content, redaction.names_in(content.cycle))
    return content


def why_not(paper: Paper, item: Any, copy: str) -> str:
    """Why there is no such copy of the object now; empty where there is one."""
    if against := paper.against(item):
        return against
    if copy != Copy.PUBLIC:
        return ""
    if paper.against_public is None:
        return _("这类公文不出公开用的一份。")
    return paper.against_public(item)


def issue_document(*, paper: Paper, item: Any, copy: str, actor: Actor, now: dt.datetime) -> Document:
    """Make the document of an object. The same words in the same template are the document that is there already."""
    if copy not in Copy.values:
        raise Refusal(_("没有这样的一份。"))
    if against := why_not(paper, item, copy):
        raise Refusal(against)
    content = content_for(paper, item, copy)
    template = template_for(str(paper.kind), content.unit)
    source = content_of(template.file) if template else paper.builtin
    digest = hashlib.sha256((content.digest + hashlib.sha256(source).hexdigest()).encode()).hexdigest()
    wanted = Document(kind=str(paper.kind), object_ref=item.pk, copy=copy, content_digest=digest)
    if there := _there(wanted):
        return there
    # filling in takes its time, and a transaction holds up everybody else
    made = filled(source, paper.fields, content.values, trusted=template is None)
    return _kept(wanted, made, content, template, actor=actor, now=now)


def _there(wanted: Document) -> Document | None:
    """The document with the same words, where somebody made it before."""
    same = ("kind", "object_ref", "copy", "content_digest")
    return Document.objects.filter(**{each: getattr(wanted, each) for each in same}).first()


@transaction.atomic
def _kept(
    document: Document,
    made: bytes,
    content: Content,
    template: Template | None,
    *,
    actor: Actor,
    now: dt.datetime,
) -> Document:
    Unit.objects.select_for_update().get(pk=content.unit.pk)  # one at a time
    if there := _there(document):
        return there
    document.file = keep_file(io.BytesIO(made), name="document.docx")
    document.unit, document.cycle = content.unit, content.cycle
    document.title, document.reference = content.title[:300], content.reference[:60]
    document.template, document.issued_at = template, now
    if isinstance(actor, Acting):
        document.issued_by, document.issuer = actor.office, actor.person
    document.save()
    numbers = [
        DocumentNumber(
            document=document, position=place, key=each.key[:80], label=each.label[:200], value=each.value[:400],
            page=each.page, args=list(each.args),
        )
        for place, each in enumerate(content.numbers[:MOST_NUMBERS])
    ]  # fmt: skip
    numbers = DocumentNumber.objects.bulk_create(numbers)
    audit.record(
        "documents.issued",
        target=document,
        actor=actor,
        at=now,
        payload={
            "kind": document.kind,
            "object": document.object_ref,
            "copy": document.copy,
            "digest": document.file.digest,
            "numbers": len(numbers),
        },
        together=sorted(numbers, key=lambda each: each.pk),
    )
    return document

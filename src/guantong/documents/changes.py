"""What has changed since a document was made: a paper stays as it is, and its page says what it would say now."""

from __future__ import annotations

from typing import Any

from guantong.documents.kinds.paper import Paper
from guantong.documents.models import Document
from guantong.documents.operations.issuing import content_for, why_not


def changed_numbers(document: Document, paper: Paper, item: Any) -> dict[int, str]:
    """Number of the document → its value now where that is another one; empty where it is no longer said."""
    if why_not(paper, item, document.copy):
        return {}
    now = {each.key[:80]: each.value[:400] for each in content_for(paper, item, document.copy).numbers}
    return {
        each.pk: now.get(each.key, "")
        for each in document.numbers.all()
        if now.get(each.key, "") != each.value
    }

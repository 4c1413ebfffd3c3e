"""Which documents are offered on which pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.documents.kinds import PAPERS
from guantong.documents.kinds.paper import Paper
from guantong.ui.papers import PaperLink, register


def offer() -> None:
    """Each kind on the page of its object, once there can be such a document of it."""
    for paper in PAPERS.values():
        register(paper.page, _links(paper))


def _links(paper: Paper) -> Callable[[Any], Sequence[PaperLink]]:
    def found(item: Any) -> Sequence[PaperLink]:
        if paper.against(item):
            return ()
        return (
            PaperLink(
                _("%(kind)s（Word）") % {"kind": paper.kind.label},
                reverse("paper", args=[str(paper.kind), item.pk]),
            ),
        )

    return found

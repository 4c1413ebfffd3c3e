"""Documents and templates that an office may read, and the template in use."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document, Template, TemplateChoice
from guantong.organisation.models import Unit


def documents_visible_to(acting: Acting, *, kind: str = "") -> QuerySet[Document]:
    """The documents of every object in sight, and of no other: whoever no longer sees the object, sees no paper of it."""
    seen = Q(pk__in=[])
    for name, paper in PAPERS.items():
        if kind in ("", name):
            seen |= Q(kind=name, object_ref__in=paper.visible(acting).order_by().values("pk"))
    return Document.objects.filter(seen).select_related(
        "unit", "cycle", "template", "file", "pdf", "issued_by__unit"
    )


def kind_of_document(pk: int) -> str:
    """Of which kind a document is, so that only that kind's scope need be asked; empty where there is none."""
    return Document.objects.filter(pk=pk).values_list("kind", flat=True).first() or ""


def scope_of_templates(acting: Acting) -> Unit | None:
    """The unit for whose subtree the office keeps templates."""
    if acting.office is None or not acting.may("documents.templates"):
        return None
    return acting.office.scope


def templates_kept_by(acting: Acting) -> QuerySet[Template]:
    """The versions of the unit for which the office keeps templates."""
    unit = scope_of_templates(acting)
    rows = Template.objects.select_related("file", "uploaded_by__unit", "unit")
    return rows.filter(unit=unit).order_by("kind", "-version") if unit else rows.none()


def choice_for(kind: str, unit: Unit) -> TemplateChoice | None:
    """What was chosen for a unit: its own choice, else that of the nearest unit above it."""
    paths = [*unit.ancestor_paths(), unit.path]
    chosen = TemplateChoice.objects.filter(kind=kind, unit__path__in=paths).order_by("-unit__path", "-pk")
    return chosen.select_related("template__file", "unit").first()


def template_for(kind: str, unit: Unit) -> Template | None:
    """The template in use; None for the built-in one."""
    choice = choice_for(kind, unit)
    return choice.template if choice else None

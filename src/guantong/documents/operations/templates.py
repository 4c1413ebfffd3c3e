"""Templates of an office: looked over, kept as a version, put to use; and back to an earlier or the built-in one."""

from __future__ import annotations

import datetime as dt
import io

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.documents.choices import Kind
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Template, TemplateChoice
from guantong.documents.queries import choice_for, template_for
from guantong.documents.templating import opening
from guantong.documents.templating.checking import findings_in
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.records.files import keep_file
from guantong.records.media import tidy_name

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _refuse_unless_keeper(actor: Actor, unit: Unit) -> None:
    if not actor.may("documents.templates"):
        raise Refusal(_("公文模板由统筹协调单位和系统管理员维护。"))
    if isinstance(actor, Acting) and (actor.office is None or actor.office.scope_id != unit.pk):
        raise Refusal(_("只能维护本岗位所管范围的公文模板。"))


def upload_template(
    *, kind: str, unit: Unit, name: str, source: io.BufferedIOBase, actor: Actor, now: dt.datetime
) -> Template:
    """Look a .docx over; if nothing is wrong, keep it as a new version and use it. The same file again is that version."""
    _refuse_unless_keeper(actor, unit)
    content = source.read(opening.MOST_BYTES + 1)
    findings = findings_in(content, PAPERS[kind].fields)
    if findings.wrong:
        raise Refusal.of(findings.wrong)
    return _kept(kind, unit, name, content, actor=actor, now=now)


@transaction.atomic
def _kept(kind: str, unit: Unit, name: str, content: bytes, *, actor: Actor, now: dt.datetime) -> Template:
    Unit.objects.select_for_update().get(pk=unit.pk)  # one version at a time
    stored = keep_file(io.BytesIO(content), name=name)
    there = Template.objects.filter(unit=unit, kind=kind, file=stored).first()
    if there is not None:
        choose_template(kind=kind, unit=unit, template=there, actor=actor, now=now)
        return there
    last = Template.objects.filter(unit=unit, kind=kind).aggregate(last=Max("version"))["last"] or 0
    made = Template.objects.create(
        unit=unit,
        kind=kind,
        version=last + 1,
        file=stored,
        file_name=tidy_name(name, DOCX),
        uploaded_by=actor.office if isinstance(actor, Acting) else None,
        uploader=actor.person if isinstance(actor, Acting) else None,
        uploaded_at=now,
    )
    audit.record(
        "documents.template_uploaded",
        target=made,
        actor=actor,
        at=now,
        payload={"kind": kind, "version": made.version, "digest": stored.digest},
    )
    choose_template(kind=kind, unit=unit, template=made, actor=actor, now=now)
    return made


@transaction.atomic
def choose_template(
    *, kind: str, unit: Unit, template: Template | None, actor: Actor, now: dt.datetime
) -> TemplateChoice | None:
    """Use a version from now on, or the built-in template where none is given. What is in use already stays so."""
    _refuse_unless_keeper(actor, unit)
    if template is not None and (template.unit_id, template.kind) != (unit.pk, kind):
        raise Refusal(_("这个模板不是本范围的“%(kind)s”模板。") % {"kind": Kind(kind).label})
    current = choice_for(kind, unit)
    if template_for(kind, unit) == template and (current is None or current.unit_id == unit.pk):
        return current
    made = TemplateChoice.objects.create(
        unit=unit,
        kind=kind,
        template=template,
        chosen_by=actor.office if isinstance(actor, Acting) else None,
        chooser=actor.person if isinstance(actor, Acting) else None,
        chosen_at=now,
    )
    audit.record(
        "documents.template_chosen",
        target=made,
        actor=actor,
        at=now,
        payload={"kind": kind, "template": template.pk if template else None},
    )
    return made

"""What somebody asked for at a symposium or on a field visit becomes a case, answered to whoever asked (T6, T11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.cases.choices import Channel
from guantong.cases.models import Case
from guantong.cases.operations import register_case, registering_unit
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import LineKind
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations.minutes import held
from guantong.partners.models import Partner


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, and what: an organisation that is a partner, or a person in their own words.

    A person's name and contact are kept only where they agreed themselves (``consents``).
    """

    kind: str
    wording: str
    partner: Partner | None = None
    name: str = ""
    contact: str = ""
    consents: bool = False


@transaction.atomic
def make_case(*, line: MinuteLine, asked: Asked, actor: Actor, now: dt.datetime) -> tuple[Case, str]:
    """Register the demand. Returns the case with the code its applicant follows it by, which is shown this once."""
    meeting = held(line.meeting, actor)
    line = MinuteLine.objects.select_for_update().get(pk=line.pk)
    if line.kind != LineKind.DEMAND:
        raise Refusal(_("只有听取的诉求可以转为诉求办理。"))
    if line.case_id or line.dropped_at:
        raise Refusal(_("这一条已经转为诉求，查询码只显示一次。"))
    if asked.partner is not None and (asked.name.strip() or asked.contact.strip()):
        raise Refusal(_("由组织或企业提出的，不要再填个人的称呼和联系方式。"))
    if (asked.name.strip() or asked.contact.strip()) and not asked.consents:
        raise Refusal(_("要留下个人的称呼或联系方式，须本人同意。"))
    case, code = register_case(
        cycle=meeting.cycle,
        unit=registering_unit(meeting.cycle),
        kind=asked.kind,
        channel=Channel.VISIT,
        wording=asked.wording,
        actor=actor,
        now=now,
        name=asked.name,
        contact=asked.contact,
        anonymous=asked.partner is None and not (asked.name.strip() or asked.contact.strip()),
        partner=asked.partner,
        host=_host(meeting),
        title=line.wording[:200],
        received_on=meeting.day,
    )
    line.case = case
    line.save(update_fields=["case"])
    audit.record(
        "leadership.case_made",
        target=line,
        actor=actor,
        at=now,
        payload={"case": case.pk, "meeting": meeting.pk},
    )
    return case, code


def _host(meeting: Meeting) -> Office | None:
    """The chair, where it is a leader's office: whoever hears a demand carries it to its end."""
    chair = meeting.chair
    return chair if chair is not None and "cases.host" in FUNCTIONS[chair.role] else None

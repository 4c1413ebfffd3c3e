"""Registering a demand: numbered, sealed with a key of its own, followed by a code, its first clock started."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.choices import CaseKind, Channel, ClockKind
from guantong.cases.codes import contact_mark, digest_of_code, new_code
from guantong.cases.conflicts import refuse_party_office
from guantong.cases.models import Case
from guantong.cases.operations.acts import MOST_WORDS, Act, given
from guantong.cases.operations.periods import start_clock
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.partners.models import Partner
from guantong.privacy.operations import open_subject

# Whoever asks or proposes need not say who they are; whoever wants something solved must be reachable.
MAY_BE_ANONYMOUS = frozenset({CaseKind.QUESTION, CaseKind.SUGGESTION})
LONGEST_NAME, LONGEST_CONTACT = 100, 200


@transaction.atomic
def register_case(
    *,
    cycle: Cycle,
    unit: Unit,
    kind: str,
    channel: str,
    wording: str,
    actor: Doer,
    now: dt.datetime,
    name: str = "",
    contact: str = "",
    anonymous: bool = False,
    partner: Partner | None = None,
    host: Office | None = None,
    against: Unit | None = None,
    title: str = "",
    received_on: dt.date | None = None,
    submission_key: str = "",
) -> tuple[Case, str]:
    """Take a demand in. Returns it with the code its applicant follows it by, which is shown this once.

    The same ``submission_key`` twice gives the first case back, with its code.

    ``unit`` registers it and answers for it; ``host`` is the leader who received it and carries it to its end.
    Nobody proves who they are; whoever wants to stay unknown leaves neither name nor contact.
    """
    today = clock.today(now)
    wording = given(wording, _("请写明要反映的内容。"), most=MOST_WORDS)
    name, contact = ("", "") if anonymous else (name.strip(), contact.strip())
    _refuse_unfit(kind, channel, name, contact, anonymous, title)
    _refuse_stranger(actor)
    if received_on is not None and received_on > today:
        raise Refusal(_("收到日期 %(day)s 还没有到。") % {"day": received_on})
    code, number = new_code(submission_key), _next_number(cycle)
    if earlier := _registered_by(code) if submission_key else None:
        return earlier, code
    subject = open_subject(now=now)
    case = Case(
        cycle=cycle,
        number=number,
        kind=kind,
        channel=channel,
        unit=unit,
        subject=subject,
        name=name,
        contact=contact,
        wording=wording,
        anonymous=not (name or contact or partner),
        contact_index=contact_mark(contact),
        code_digest=digest_of_code(code),
        partner=partner,
        title=title.strip(),
        registered_by=actor.office if isinstance(actor, Acting) else None,
        registered_at=now,
        received_on=received_on or today,
        stage="",
        host=host,
        against=against,
    )
    _refuse_party(case, today)
    case.save()
    act = Act(case, Applicant(case.pk) if isinstance(actor, Applicant) else actor, now)
    act.move("register")
    act.changed(start_clock(act, ClockKind.NOTIFY, act.terms.notify, on=case.received_on))
    act.record("cases.registered", kind=kind, channel=channel, number=case.number)
    return case, code


def _registered_by(code: str) -> Case | None:
    """The case that the same form made before; asked while the numbering is held, so twice at once is once."""
    return Case.objects.filter(code_digest=digest_of_code(code)).first()


def _refuse_unfit(kind: str, channel: str, name: str, contact: str, anonymous: bool, title: str) -> None:
    if kind not in CaseKind.values:
        raise Refusal(_("请选择诉求的类别。"))
    if channel not in Channel.values:
        raise Refusal(_("请选择来源渠道。"))
    if anonymous and kind not in MAY_BE_ANONYMOUS:
        raise Refusal(_("咨询和意见建议可以不留姓名；困难求助和投诉请留下称呼或联系方式，以便答复。"))
    if len(name) > LONGEST_NAME or len(contact) > LONGEST_CONTACT:
        raise Refusal(_("称呼最多 100 字，联系方式最多 200 字。"))
    if len(title.strip()) > 200:
        raise Refusal(_("标题最多 200 字。"))


def _refuse_stranger(actor: Doer) -> None:
    """An applicant for themselves, or an office that may write down what happened."""
    if not isinstance(actor, Applicant) and not actor.may("records.write"):
        raise Refusal(_("您的岗位不能登记诉求。"))


def _refuse_party(case: Case, today: dt.date) -> None:
    """The body that registers and the leader who hosts are never the party complained of, nor below it."""
    if case.against is None:
        return
    if case.unit.path.startswith(case.against.path):
        raise Refusal(
            _("“%(unit)s”就是被投诉单位或其下属单位，不能受理对自己的投诉，请向上一级机关反映。")
            % {"unit": case.unit}
        )
    if case.host is not None:
        refuse_party_office(case, case.host, on=today)


def _next_number(cycle: Cycle) -> int:
    """The next of the cycle; two registrations at once wait for each other here."""
    Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
    return (Case.objects.filter(cycle=cycle).aggregate(last=Max("number"))["last"] or 0) + 1


def registering_unit(cycle: Cycle, *, against: Unit | None = None) -> Unit:
    """The body that registers what the public files: the coordinating office of the cycle.

    Where that office is complained of, the body whose leaders run it; where there is none, a refusal that says whom
    to turn to.
    """
    offices = (
        Office.objects.filter(role=Role.COORDINATOR, closed_on__isnull=True, scope=cycle.unit)
        .select_related("unit")
        .order_by("pk")
    )
    for unit in [*(each.unit for each in offices), cycle.unit]:
        if against is None or not unit.path.startswith(against.path):
            return unit
    raise Refusal(_("本平台由被投诉单位运行，不能受理对它的投诉，请向上一级机关或纪检监察机关反映。"))

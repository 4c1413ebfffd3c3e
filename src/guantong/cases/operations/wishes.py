"""What the applicant may do with their own case: add words, correct, withdraw, erase."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.audit.models import AuditEntry
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.chain import may_follow
from guantong.cases.codes import contact_mark
from guantong.cases.models import Addition, Case
from guantong.cases.operations.accepting import end_work
from guantong.cases.operations.acts import MOST_WORDS, Act, given, held
from guantong.cases.rules import may_run
from guantong.kernel.refusals import Refusal
from guantong.privacy.operations import erase

MOST_ADDITIONS = 20
LONGEST_NAME, LONGEST_CONTACT = 100, 200


def _refuse_others(act: Act) -> None:
    """The applicant, or whoever runs the case and writes down what they asked for."""
    mine = isinstance(act.actor, Applicant) and act.actor.case_ref == act.case.pk
    if not mine and not may_run(act.actor, act.case):
        raise Refusal(_("只有当事人可以这样做，或者由登记单位按当事人的要求代办。"))


@transaction.atomic
def add_words(*, case: Case, wording: str, actor: Doer, now: dt.datetime) -> Addition:
    """Say more about it; sealed like the first words."""
    act = Act(held(case), actor, now)
    _refuse_others(act)
    if act.case.subject.erased_at:
        raise Refusal(_("这件诉求的个人资料已经删除，不能再补充。"))
    if act.case.additions.count() >= MOST_ADDITIONS:
        raise Refusal(_("最多补充 %(n)s 次，请联系办理单位。") % {"n": MOST_ADDITIONS})
    addition = Addition.objects.create(
        case=act.case,
        subject=act.case.subject,
        wording=given(wording, _("请写明要补充的内容。"), most=MOST_WORDS),
        added_at=now,
    )
    act.changed(addition)
    act.move("add")
    act.record("cases.added_to")
    return addition


@transaction.atomic
def correct_applicant(*, case: Case, name: str, contact: str, actor: Doer, now: dt.datetime) -> Case:
    """Another name to be called by, or another way to be reached; either may be left empty."""
    act = Act(held(case), actor, now)
    _refuse_others(act)
    if act.case.subject.erased_at:
        raise Refusal(_("这件诉求的个人资料已经删除，不能再更正。"))
    name, contact = name.strip(), contact.strip()
    if len(name) > LONGEST_NAME or len(contact) > LONGEST_CONTACT:
        raise Refusal(_("称呼最多 100 字，联系方式最多 200 字。"))
    act.case.name, act.case.contact, act.case.contact_index = name, contact, contact_mark(contact)
    act.case.anonymous = not (name or contact or act.case.partner_id)
    act.move("correct", fields=("name", "contact", "contact_index", "anonymous"))
    act.record("cases.corrected")
    return act.case


@transaction.atomic
def withdraw_case(*, case: Case, actor: Doer, now: dt.datetime, reason: str = "") -> Case:
    """The applicant does not want it followed any more. Nobody asks why."""
    act = Act(held(case), actor, now)
    _refuse_others(act)
    _end(act, reason)
    act.record("cases.withdrawn")
    return act.case


def _end(act: Act, reason: str = "") -> None:
    act.case.closed_on = act.today
    act.move("withdraw", reason=reason, fields=("closed_on",))
    end_work(act)


@transaction.atomic
def erase_applicant(*, case: Case, actor: Doer, now: dt.datetime) -> AuditEntry:
    """Erase everything that identifies the applicant, and their words; the log row is what a receipt proves.

    A case that still waits to be answered is withdrawn with that: nobody is left to answer.
    """
    act = Act(held(case), actor, now)
    entry = erase(subject=act.case.subject, actor=act.actor, now=now)
    act.case.name = act.case.contact = act.case.wording = ""
    act.case.contact_index = ""
    act.move("erase", fields=("contact_index",))
    if may_follow(act.case, "withdraw"):
        _end(act)
    act.record("cases.erased")
    return entry

"""Answering a request: one record, one claim, and every value kept for whoever asks next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.burden.choices import Stage
from guantong.burden.models import Addressee, Answer, RequestField, Response
from guantong.burden.queries.known import Known, known_values
from guantong.burden.queries.requests import addressee_of, fields_of
from guantong.burden.rules.asking import may_enter_paper
from guantong.burden.rules.values import WrongValueError, read_value
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_for, locked
from guantong.obligations.rules import may_claim
from guantong.records.choices import RecordKind
from guantong.records.operations import enter_record

NO_DATA = None
Given = Mapping[int, str | None]
"""Field key → what was typed, or `NO_DATA`."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who answers which obligation, when, in whose name, and how it came here."""

    obligation: Obligation
    addressee: Addressee
    entered_by: Office
    actor: Actor
    now: dt.datetime
    answered_on: dt.date
    on_paper: bool
    submission_key: str | None


@transaction.atomic
def answer_request(
    *,
    obligation: Obligation,
    given: Given,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    on_paper: bool = False,
    answered_on: dt.date | None = None,
    submission_key: str | None = None,
) -> Response:
    """Keep the values, make one record of it, and claim what was owed. The same submission twice is the first one.

    ``on_paper`` is for whoever types what somebody else wrote; ``answered_on`` is then the day on the paper.
    """
    if earlier := _earlier(submission_key, entered_by):
        return earlier
    act = _begun(obligation, entered_by, actor, now, on_paper, answered_on, submission_key)
    fields = fields_of(act.addressee.request)
    values = _read(fields, given)
    return _kept(act, values, _known(fields, act), unchanged=False)


@transaction.atomic
def confirm_unchanged(
    *,
    obligation: Obligation,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    submission_key: str | None = None,
) -> Response:
    """The one tap: every value is still what it was."""
    if earlier := _earlier(submission_key, entered_by):
        return earlier
    act = _begun(obligation, entered_by, actor, now, False, None, submission_key)
    fields = fields_of(act.addressee.request)
    known = _known(fields, act)
    missing = [str(each.field) for each in fields if each.field_id not in known]
    if missing:
        raise Refusal(_("还没有填过“%(fields)s”，请填写后提交。") % {"fields": _("、").join(missing)})
    return _kept(act, {key: each.value for key, each in known.items()}, known, unchanged=True)


def _earlier(key: str | None, office: Office) -> Response | None:
    if not key:
        return None
    return Response.objects.filter(
        claim__record__submission_key=key, claim__record__entered_by=office
    ).first()


def _begun(
    obligation: Obligation,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    on_paper: bool,
    answered_on: dt.date | None,
    submission_key: str | None,
) -> Act:
    """The obligation held, and every reason why it cannot be answered like this."""
    obligation = locked(obligation)
    if obligation.source != Source.REQUEST:
        raise Refusal(_("这不是填报要求。"))
    addressee = addressee_of(obligation)
    today = clock.today(now)
    if obligation.state == State.CLAIMED:
        raise Refusal(_("这一期已经填报，正在等待审核。"))
    if addressee.request.stage != Stage.ISSUED or not obligation.is_claimable:
        raise Refusal(_("这份填报已经停止，不需要再填。"))
    if obligation.starts_on > today:
        raise Refusal(_("这一期 %(day)s 起才能填报。") % {"day": obligation.starts_on})
    if on_paper:
        if not may_enter_paper(actor, addressee):
            raise Refusal(_("代录纸质填报，由本单位、上级单位或下发单位办理。"))
    elif not may_claim(actor, obligation):
        raise Refusal(_("由被要求填报的单位自己填报；交纸质的，请用“纸质代录”。"))
    day = answered_on or today
    if not obligation.starts_on <= day <= today:
        raise Refusal(_("填写日期须在 %(start)s 至今天之间。") % {"start": obligation.starts_on})
    return Act(obligation, addressee, entered_by, actor, now, day, on_paper, submission_key)


def _read(fields: list[RequestField], given: Given) -> dict[int, str | None]:
    """Every field has a value or says that there is none."""
    values: dict[int, str | None] = {}
    wrong = []
    for each in fields:
        typed = given.get(each.field_id, "")
        try:
            values[each.field_id] = NO_DATA if typed is NO_DATA else read_value(each.field, typed)
        except WrongValueError as error:
            wrong.append(_("%(field)s：%(why)s") % {"field": each.field, "why": error})
    if wrong:
        raise Refusal.of(wrong)
    return values


def _known(fields: list[RequestField], act: Act) -> dict[int, Known]:
    return known_values(fields=[each.field_id for each in fields], unit=act.addressee.unit_id)


def _kept(
    act: Act, values: Mapping[int, str | None], known: Mapping[int, Known], *, unchanged: bool
) -> Response:
    addressee, person = act.addressee, act.actor.person if isinstance(act.actor, Acting) else None
    record = enter_record(
        kind=RecordKind.PROGRESS,
        happened_on=act.answered_on,
        summary=" · ".join(filter(None, [act.obligation.title, act.obligation.period_zh])),
        entered_by=act.entered_by,
        participants=[addressee.office],
        actor=act.actor,
        now=act.now,
        today=clock.today(act.now),
        submission_key=act.submission_key,
    )
    claim = claim_for(
        act.obligation,
        record=record,
        claimed_by=addressee.office if act.on_paper else act.entered_by,
        actor=act.actor,
        now=act.now,
    )
    response = Response.objects.create(
        addressee=addressee,
        claim=claim,
        answered_on=act.answered_on,
        entered_by=act.entered_by,
        enterer=person,
        entered_at=act.now,
        on_paper=act.on_paper,
        unchanged=unchanged,
    )
    answers = Answer.objects.bulk_create(
        Answer(
            response=response,
            field_id=key,
            unit_id=addressee.unit_id,
            value=value or "",
            no_data=value is NO_DATA,
            kept=value is not None and key in known and known[key].value == value,
        )
        for key, value in values.items()
    )
    audit.record(
        "burden.request_answered",
        target=response,
        actor=act.actor,
        at=act.now,
        payload={"request": addressee.request_id, "unit": addressee.unit_id, "on_paper": act.on_paper},
        states=answers,
    )
    return response

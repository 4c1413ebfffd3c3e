"""Issuing a request, and stopping it: at its end, earlier, or by taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.burden import chain
from guantong.burden.choices import Stage
from guantong.burden.models import FieldRequest
from guantong.burden.operations.drafts import held, refuse_unless_run
from guantong.burden.operations.signing import terms_digest
from guantong.burden.queries.requests import cost_of, objections_to, still_open
from guantong.burden.rules.requests import Window, windows
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Source, State
from guantong.obligations.lighting import all_relit
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations
from guantong.organisation.models import Unit

EVIDENCE = ["answers"]  # fulfilled by answering, never by another record


@transaction.atomic
def issue_request(*, request: FieldRequest, actor: Actor, now: dt.datetime) -> FieldRequest:
    """Ask the units from today: each owes an answer for each period.

    Refused, with every reason, while something stands against it that no leader signed.
    """
    request = held(request)
    refuse_unless_run(actor, request)
    if not chain.may_follow(request, "issue"):
        chain.move(request, "issue", actor=actor, now=now)  # refuses with the present stage
    today = clock.today(now)
    if not request.asked_fields.exists():
        raise Refusal(_("还没有填报项，请先加入要填的内容。"))
    if request.starts_on < today:
        raise Refusal(_("开始日期 %(day)s 已过，请先修改日期。") % {"day": request.starts_on})
    Unit.objects.select_for_update().get(pk=request.issuer_id)  # one at a time, so that the budget holds
    _refuse_unsigned(request)
    cost = cost_of(request)
    request.minutes, request.issued_on = max(cost.minutes, 1), today
    opened = open_obligations(_owed(request), today=today, cycle=request.cycle)
    step = chain.move(request, "issue", actor=actor, now=now, fields=("minutes", "issued_on"))
    audit.record(
        "burden.request_issued",
        target=request,
        actor=actor,
        at=now,
        payload={
            "units": list(request.addressees.order_by("pk").values_list("unit", flat=True)),
            "fields": list(request.asked_fields.values_list("field", flat=True)),
            "minutes": cost.total,
        },
        states=[step, *opened],
    )
    return request


def _refuse_unsigned(request: FieldRequest) -> None:
    found = objections_to(request, issuer=request.issuer)
    approval = request.approval if request.stage == Stage.SIGNED else None
    same = approval is not None and approval.wanted.get("terms") == terms_digest(request)
    signed = set(approval.wanted["against"]) if approval and same else set()
    unsigned = [each.sentence for each in found if each.kind not in signed]
    if unsigned:
        raise Refusal.of([*unsigned, _("确需下发的，请写明理由，报领导签批。")])


def _owed(request: FieldRequest) -> Iterator[Obligation]:
    times = windows(request.per, request.starts_on, request.ends_on, request.due_days)
    for addressee in request.addressees.select_related("unit", "office"):
        for window in times:
            yield Obligation(
                cycle=request.cycle,
                unit=addressee.unit,
                unit_path=addressee.unit.path,
                office=addressee.office,
                source=Source.REQUEST,
                source_ref=addressee.pk,
                **_said(request, window),
            )


def _said(request: FieldRequest, window: Window) -> dict[str, object]:
    return {
        "pillar": request.pillar,
        "rule": f"request:{request.pk}",
        "title": f"填报：{request.title}",
        "title_en": f"To fill in: {request.title}",
        "period_zh": window.label.zh,
        "period_en": window.label.en,
        "evidence": EVIDENCE,
        "minutes": request.minutes,
        "starts_on": window.starts_on,
        "due_on": window.due_on,
    }


@transaction.atomic
def end_request(*, request: FieldRequest, reason: str, actor: Actor, now: dt.datetime) -> FieldRequest:
    """Stop asking before the end, for a reason; what was answered stays."""
    request = held(request)
    refuse_unless_run(actor, request)
    if request.stage == Stage.ENDED:
        return request
    if not reason.strip():
        raise Refusal(_("请写明提前结束的理由。"))
    return _stopped(request, "end", reason=reason, actor=actor, now=now)


@transaction.atomic
def withdraw_request(*, request: FieldRequest, reason: str, actor: Actor, now: dt.datetime) -> FieldRequest:
    """Take it back: a draft that is not needed, or a request that should not have gone out."""
    request = held(request)
    refuse_unless_run(actor, request)
    if request.stage == Stage.WITHDRAWN:
        return request
    if request.stage == Stage.ISSUED and not reason.strip():
        raise Refusal(_("请写明撤回的理由，填报单位会看到。"))
    return _stopped(request, "withdraw", reason=reason, actor=actor, now=now)


def end_requests(*, on: dt.date, now: dt.datetime, actor: Actor, cycle: Cycle | None = None) -> int:
    """Stop asking wherever the last day has passed. Run daily; harmless to repeat. Returns how many ended."""
    over = FieldRequest.objects.filter(stage=Stage.ISSUED, ends_on__lt=on)
    if cycle is not None:
        over = over.filter(cycle=cycle)
    return sum(_end_over(pk, on=on, now=now, actor=actor) for pk in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _end_over(pk: int, *, on: dt.date, now: dt.datetime, actor: Actor) -> bool:
    request = held(FieldRequest.objects.get(pk=pk))
    if request.stage != Stage.ISSUED or request.ends_on >= on:
        return False
    _stopped(request, "end", reason="", actor=actor, now=now)
    return True


def _stopped(
    request: FieldRequest, verb: str, *, reason: str, actor: Actor, now: dt.datetime
) -> FieldRequest:
    """Move it, and cancel what nobody has answered: from now on nobody is asked."""
    today = clock.today(now)
    request.ended_on = today
    step = chain.move(request, verb, actor=actor, now=now, reason=reason, fields=("ended_on",))
    ended = list(still_open(request).select_for_update().select_related("cycle"))
    for each in ended:
        each.state, each.settled_on, each.next_review = State.CANCELLED, today, ""
    all_relit(ended, on=today, cycle=request.cycle)
    Obligation.objects.bulk_update(
        ended, ["state", "settled_on", "next_review", "light", "relight_on"], batch_size=500
    )
    audit.record(
        "burden.request_ended" if verb == "end" else "burden.request_withdrawn",
        target=request,
        actor=actor,
        at=now,
        payload={"reason": reason.strip(), "unanswered": len(ended)},
        states=[step, *ended],
    )
    return request

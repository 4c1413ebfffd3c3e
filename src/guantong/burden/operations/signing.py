"""A leader's signature under a request that is over budget, overlaps, or asks for too much."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.approvals import ask_approval
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Approval
from guantong.audit import operations as audit
from guantong.burden import chain
from guantong.burden.choices import Stage
from guantong.burden.models import FieldRequest
from guantong.burden.operations.drafts import held, refuse_unless_run
from guantong.burden.queries.requests import OVER, cost_of, fields_of, objections_to
from guantong.kernel.refusals import Refusal
from guantong.notices.said import words

__all__ = ["OVER", "address_of", "ask_signature", "sign_request", "terms_digest", "words_of"]


def terms_digest(request: FieldRequest) -> str:
    """Over everything that is asked: what a leader signs is what is issued."""
    said = [
        request.title, request.purpose, request.basis, request.per, request.starts_on.isoformat(), request.due_days,
        request.ends_on.isoformat(), [each.field_id for each in fields_of(request)],
        sorted(request.addressees.values_list("unit", flat=True)),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@transaction.atomic
def ask_signature(*, request: FieldRequest, reason: str, actor: Actor, now: dt.datetime) -> Approval:
    """Put the request to a leader, with the reason and with everything that stands against it."""
    request = held(request)
    refuse_unless_run(actor, request)
    if not request.asked_fields.exists():
        raise Refusal(_("还没有填报项，请先加入要填的内容。"))
    found = objections_to(request, issuer=request.issuer)
    if not found:
        raise Refusal(_("没有超额、重复或过多的问题，直接下发即可。"))
    step = chain.move(request, "put_up", actor=actor, now=now, reason=reason)
    approval = ask_approval(
        kind=OVER,
        object_ref=request.pk,
        scope=request.issuer,
        reason=reason,
        actor=actor,
        now=now,
        wanted={
            "terms": terms_digest(request),
            "against": sorted({each.kind for each in found}),
            "sentences": [each.said for each in found],
            "minutes": cost_of(request).total,
        },
    )
    audit.record(
        "burden.request_put_up",
        target=request,
        actor=actor,
        at=now,
        payload={"approval": approval.pk},
        states=[step],
    )
    return approval


def sign_request(approval: Approval, now: dt.datetime) -> None:
    """What the signature does: this very request may be issued."""
    if approval.decided_by is None or "burden.sign" not in FUNCTIONS[approval.decided_by.role]:
        raise Refusal(_("这类填报要求须由领导签批。"))
    request = held(FieldRequest.objects.get(pk=approval.object_ref))
    if request.stage != Stage.DRAFT or terms_digest(request) != approval.wanted["terms"]:
        raise Refusal(_("填报要求已撤回或改动，请退回，由下发单位重新报签。"))
    signer = Acting(approval.decider, approval.decided_by)
    request.approval = approval
    step = chain.move(
        request,
        "sign",
        actor=signer,
        now=now,
        reason=approval.decision or approval.reason,
        fields=("approval",),
    )
    audit.record(
        "burden.request_signed",
        target=request,
        actor=signer,
        at=now,
        payload={"approval": approval.pk, "against": approval.wanted["against"]},
        states=[step],
    )


def words_of(approval: Approval) -> str:
    """What a leader signs for, in words."""
    request = FieldRequest.objects.select_related("issuer").get(pk=approval.object_ref)
    sentences = " ".join(words(each) for each in approval.wanted.get("sentences") or ())
    return f"{request.issuer} · {request} · {sentences}"


def address_of(approval: Approval) -> str:
    return reverse("field-request", args=[approval.object_ref])

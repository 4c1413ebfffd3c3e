"""Drafting a request: its terms, its fields, its units. Nobody is asked before it is issued."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.accounts.queries import first_office
from guantong.audit import operations as audit
from guantong.audit.codes import code_from
from guantong.burden import chain
from guantong.burden.models import Addressee, Field, FieldRequest, RequestField
from guantong.burden.queries.requests import waiting_signature
from guantong.burden.rules import asking, requests
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.tasks.owing import ANSWERING_SEATS

SEATS = (*ANSWERING_SEATS, "commissioner")
MOST_UNITS, MOST_FIELDS = 2000, 60


@transaction.atomic
def draft_request(
    *,
    cycle: Cycle,
    terms: requests.Terms,
    fields: Sequence[Field],
    units: Iterable[Unit],
    drafted_by: Office,
    actor: Actor,
    now: dt.datetime,
) -> FieldRequest:
    """Write down what would be asked of whom. Fields may be added afterwards."""
    if not asking.may_draft(actor, cycle):
        raise Refusal(_("填报要求由统筹协调单位和各单位的负责人、经办人拟写。"))
    requests.refuse_unfit(terms, cycle, today=clock.today(now))
    request = FieldRequest(cycle=cycle, issuer=drafted_by.unit, drafted_by=drafted_by, drafted_at=now)
    _take_over(request, terms)
    request.save()
    step = chain.move(request, "draft", actor=actor, now=now)
    _address(request, units, by=drafted_by)
    _ask_for(request, fields)
    audit.record(
        "burden.request_drafted",
        target=request,
        actor=actor,
        at=now,
        payload={"title": request.title, "units": request.addressees.count()},
        states=[step],
    )
    return request


@transaction.atomic
def amend_request(
    *,
    request: FieldRequest,
    actor: Actor,
    now: dt.datetime,
    terms: requests.Terms | None = None,
    fields: Sequence[Field] | None = None,
    units: Iterable[Unit] | None = None,
) -> FieldRequest:
    """Change the draft. A signature given to other words falls away."""
    request = held(request)
    refuse_unless_run(actor, request)
    if waiting_signature(request):
        raise Refusal(_("已报领导签批，答复之前不能修改。"))
    if terms is not None:
        requests.refuse_unfit(terms, request.cycle, today=clock.today(now))
        _take_over(request, terms)
    request.approval = None
    step = chain.move(request, "amend", actor=actor, now=now, fields=(*_TERMS, "approval"))
    if units is not None:
        request.addressees.all().delete()
        _address(request, units, by=request.drafted_by)
    if fields is not None:
        request.asked_fields.all().delete()
        _ask_for(request, fields)
    audit.record("burden.request_amended", target=request, actor=actor, at=now, states=[step])
    return request


_TERMS = ("title", "purpose", "basis", "pillar", "per", "starts_on", "due_days", "ends_on")


def held(request: FieldRequest) -> FieldRequest:
    """The request as it is now, held until the transaction ends."""
    return (
        FieldRequest.objects.select_for_update(of=("self",))
        .select_related("cycle__stored", "cycle__unit", "issuer", "drafted_by__unit", "drafted_by__scope")
        .get(pk=request.pk)
    )


def refuse_unless_run(actor: Actor, request: FieldRequest) -> None:
    if not asking.may_run(actor, request):
        raise Refusal(_("这一步由下发单位“%(unit)s”办理。") % {"unit": request.issuer})


def _take_over(request: FieldRequest, terms: requests.Terms) -> None:
    for name in _TERMS:
        setattr(request, name, getattr(terms, name))


def _address(request: FieldRequest, units: Iterable[Unit], *, by: Office) -> None:
    wanted = list({each.pk: each for each in units}.values())
    if not wanted:
        raise Refusal(_("请选择由哪些单位填报。"))
    if len(wanted) > MOST_UNITS:
        raise Refusal(_("一次最多 %(n)s 个单位，请分批下发。") % {"n": MOST_UNITS})
    strangers = [str(each) for each in wanted if not asking.may_be_asked(each, by=by)]
    if strangers:
        raise Refusal(
            _("只能向下级单位要求填报，不能向%(units)s要求。") % {"units": _("、").join(strangers[:5])}
        )
    rows = []
    for unit in wanted:
        office = first_office(unit, *SEATS)
        if office is None:
            raise Refusal(_("%(unit)s还没有可以填报的岗位，请先设立岗位。") % {"unit": unit})
        code = code_from(lambda time: secrets.token_bytes(8))
        rows.append(Addressee(request=request, unit=unit, office=office, code=code))
    Addressee.objects.bulk_create(rows, batch_size=500)


def _ask_for(request: FieldRequest, fields: Sequence[Field]) -> None:
    wanted = list({each.pk: each for each in fields}.values())
    if len(wanted) > MOST_FIELDS:
        raise Refusal(_("一份填报最多 %(n)s 项。") % {"n": MOST_FIELDS})
    for field in wanted:
        if not field.is_live or field.domain_id != request.cycle.unit_id:
            raise Refusal(_("“%(field)s”已停用或不在本年度的目录里。") % {"field": field})
    RequestField.objects.bulk_create(
        RequestField(request=request, field=field, position=number)
        for number, field in enumerate(wanted, start=1)
    )
    request.minutes = min(sum(each.minutes for each in wanted), 32_000)
    request.save(update_fields=["minutes"])

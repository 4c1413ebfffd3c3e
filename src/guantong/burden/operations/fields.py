"""Registering a field once, with one owner and one meaning, and retiring it."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.burden.choices import MINUTES, NUMBERS, FieldKind
from guantong.burden.models import Field
from guantong.burden.queries.fields import live_fields, near_fields, never_of
from guantong.burden.rules import fields as rules
from guantong.burden.rules.asking import may_draft
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle


@transaction.atomic
def register_field(
    *, cycle: Cycle, terms: rules.Terms, registered_by: Office, actor: Actor, now: dt.datetime
) -> Field:
    """Put a field in the dictionary; the registering unit owns it.

    Refused where one of that name is there; where one is near, unless the terms say how it differs.
    """
    if not may_draft(actor, cycle):
        raise Refusal(_("登记填报项由统筹协调单位和各单位的负责人、经办人办理。"))
    terms = _tidied(terms)
    rules.refuse_unfit(terms, never=never_of(cycle.package))
    same = live_fields(cycle).filter(name=terms.name).first()
    if same and (same.owner_id, same.meaning, same.kind) == (
        registered_by.unit_id,
        terms.meaning,
        terms.kind,
    ):
        return same  # the same form sent twice
    if same:
        raise Refusal(
            _("已有名为“%(name)s”的填报项，归%(owner)s管，请直接取用。") % {"name": same, "owner": same.owner}
        )
    close = near_fields(terms, cycle)
    if close and not terms.differs:
        raise Refusal(
            _("与已有的“%(name)s”相近，请直接取用；确实不同的，请写明不同在哪里。")
            % {"name": _("”“").join(str(each.field) for each in close)}
        )
    field = _registered(cycle, terms, registered_by, now)
    audit.record(
        "burden.field_registered",
        target=field,
        actor=actor,
        at=now,
        payload={"name": field.name, "near": [each.field.pk for each in close]},
    )
    return field


def _tidied(terms: rules.Terms) -> rules.Terms:
    """Without blanks around anything; a measure only for numbers, options only for a choice."""
    return rules.Terms(
        name=" ".join(terms.name.split()),
        name_en=" ".join(terms.name_en.split()),
        meaning=" ".join(terms.meaning.split()),
        kind=terms.kind,
        measure=terms.measure.strip() if terms.kind in NUMBERS else "",
        options=tuple(dict.fromkeys(each.strip() for each in terms.options if each.strip()))
        if terms.kind == FieldKind.CHOICE
        else (),
        minutes=terms.minutes,
        differs=terms.differs.strip(),
    )


def _registered(cycle: Cycle, terms: rules.Terms, office: Office, now: dt.datetime) -> Field:
    try:
        with transaction.atomic():
            return Field.objects.create(
                domain=cycle.unit,
                name=terms.name,
                name_en=terms.name_en,
                meaning=terms.meaning,
                kind=terms.kind,
                measure=terms.measure,
                options=list(terms.options),
                minutes=terms.minutes or MINUTES[terms.kind],
                owner=office.unit,
                differs=terms.differs,
                registered_by=office,
                registered_at=now,
            )
    except IntegrityError:  # somebody else was a moment earlier
        raise Refusal(_("已有名为“%(name)s”的填报项，请直接取用。") % {"name": terms.name}) from None


@transaction.atomic
def retire_field(*, field: Field, actor: Actor, now: dt.datetime) -> Field:
    """Ask it no more in new requests. Its answers stay, and so do the requests that ask it."""
    field = Field.objects.select_for_update(of=("self",)).select_related("owner").get(pk=field.pk)
    if not field.is_live:
        return field
    if not rules.may_retire(actor, field):
        raise Refusal(_("填报项由归口单位“%(unit)s”停用。") % {"unit": field.owner})
    field.retired_at = now
    field.retired_by = actor.office if isinstance(actor, Acting) else None
    field.save(update_fields=["retired_at", "retired_by"])
    audit.record("burden.field_retired", target=field, actor=actor, at=now)
    return field

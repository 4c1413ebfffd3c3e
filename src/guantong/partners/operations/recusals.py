"""Standing aside from a partner: an office says so for itself, and gives no reason."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.partners import rules
from guantong.partners.models import Partner, Recusal


@transaction.atomic
def declare_recusal(*, partner: Partner, actor: Acting, now: dt.datetime) -> Recusal:
    """The office acted for is not to be paired with the partner. Saying it twice changes nothing."""
    if not rules.may_recuse(actor, partner) or actor.office is None:
        raise Refusal(_("回避由本岗位自己声明。"))
    partner = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    earlier = Recusal.objects.filter(partner=partner, office=actor.office, lifted_at__isnull=True).first()
    if earlier:
        return earlier
    recusal = Recusal.objects.create(partner=partner, office=actor.office, declared_at=now)
    audit.record("partners.recused", target=recusal, actor=actor, at=now)
    return recusal


@transaction.atomic
def lift_recusal(*, partner: Partner, actor: Acting, now: dt.datetime) -> None:
    """The office acted for may be paired with the partner again."""
    if not rules.may_recuse(actor, partner) or actor.office is None:
        raise Refusal(_("回避由本岗位自己声明。"))
    recusal = (
        Recusal.objects.select_for_update()
        .filter(partner=partner, office=actor.office, lifted_at__isnull=True)
        .first()
    )
    if recusal is None:
        return
    recusal.lifted_at = now
    recusal.save(update_fields=["lifted_at"])
    audit.record("partners.recusal_lifted", target=recusal, actor=actor, at=now)

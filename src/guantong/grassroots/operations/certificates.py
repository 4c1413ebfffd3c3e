"""Study hours and certificates of whoever holds an office: entered once, accepted by another office."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Holding
from guantong.audit import operations as audit
from guantong.grassroots.models import Certificate
from guantong.grassroots.rules import certificates as rules
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

MOST_HOURS = Decimal(999)


@transaction.atomic
def enter_certificate(
    *,
    holding: Holding,
    title: str,
    issued_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    hours: Decimal | None = None,
    expires_on: dt.date | None = None,
) -> Certificate:
    """Put study hours or a certificate to a holding. The same title and day twice is refused."""
    if not rules.may_enter(actor, holding):
        raise Refusal(_("学时和证书由本岗位或上级登记。"))
    title = title.strip()
    _refuse_bad(title=title, issued_on=issued_on, hours=hours, expires_on=expires_on, today=clock.today(now))
    if Certificate.objects.filter(holding=holding, title=title, issued_on=issued_on).exists():
        raise Refusal(_("“%(title)s”（%(day)s）已经登记过。") % {"title": title, "day": issued_on})
    made = Certificate.objects.create(
        holding=holding,
        title=title,
        hours=hours,
        issued_on=issued_on,
        expires_on=expires_on,
        entered_by=actor.office if isinstance(actor, Acting) else None,
    )
    audit.record(
        "grassroots.certificate_entered",
        target=made,
        actor=actor,
        at=now,
        payload={"holding": holding.pk, "hours": str(hours or ""), "expires_on": expires_on},
    )
    return made


def _refuse_bad(
    *, title: str, issued_on: dt.date, hours: Decimal | None, expires_on: dt.date | None, today: dt.date
) -> None:
    if not title:
        raise Refusal(_("请写明培训或证书的名称。"))
    if len(title) > 200:
        raise Refusal(_("名称最多 200 字。"))
    if issued_on > today:
        raise Refusal(_("日期 %(day)s 还没有到。") % {"day": issued_on})
    if hours is not None and not 0 < hours <= MOST_HOURS:
        raise Refusal(_("学时须大于 0，不超过 %(n)s。") % {"n": MOST_HOURS})
    if expires_on is not None and expires_on < issued_on:
        raise Refusal(_("有效期不能早于发证日期。"))


@transaction.atomic
def accept_certificate(*, certificate: Certificate, actor: Actor, now: dt.datetime) -> Certificate:
    """Say, for another office, that it is so. From then on it counts."""
    found = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("holding__office__unit")
        .get(pk=certificate.pk)
    )
    if found.accepted_on is not None:
        raise Refusal(_("这条登记已经确认过了。"))
    if not rules.may_accept(actor, found):
        raise Refusal(_("学时和证书由上级的另一个岗位确认，登记的岗位和本人不能确认。"))
    found.accepted_by = actor.office if isinstance(actor, Acting) else None
    found.accepted_on = clock.today(now)
    found.save(update_fields=["accepted_by", "accepted_on"])
    audit.record("grassroots.certificate_accepted", target=found, actor=actor, at=now)
    return found

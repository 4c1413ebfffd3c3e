"""The one way a person comes into the register: a link, a plain notice, their own words, for a limited time.

Personal Information Protection Law: informed and voluntary consent (14), as easy to withdraw as to give (15), plain
notice (17), shortest retention (19), see, correct and erase (44-47).
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.audit.models import AuditEntry
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners import rules
from guantong.partners.choices import PartnerKind
from guantong.partners.models import ConsentRequest, Partner
from guantong.partners.representative import Representative
from guantong.privacy.operations import erase, link_digest, open_subject

OPEN_DAYS = 30  # how long a link waits for an answer
RENEW_WITHIN = dt.timedelta(days=60)
LONGEST = {"name": 60, "contact": 120}


@transaction.atomic
def ask_consent(
    *, area: Unit, retention_days: int, actor: Acting, now: dt.datetime
) -> tuple[ConsentRequest, str]:
    """A link to hand to somebody. Nothing about them is entered; the code is shown once and not kept."""
    if not rules.may_register(actor, area) or actor.office is None:
        raise Refusal(_("同意链接由统筹协调单位在本辖区内生成。"))
    code = secrets.token_urlsafe(24)
    consent = ConsentRequest.objects.create(
        area=area,
        code_digest=link_digest(code),
        asked_by=actor.office,
        asked_at=now,
        open_until=clock.today(now) + dt.timedelta(days=OPEN_DAYS),
        retention_days=retention_days,
    )
    audit.record("partners.consent_asked", target=consent, actor=actor, at=now)
    return consent, code


def _locked(consent: ConsentRequest) -> ConsentRequest:
    return ConsentRequest.objects.select_for_update(of=("self",)).select_related(
        "area", "partner__subject"
    ).get(pk=consent.pk)  # fmt: skip


def _own_words(name: str, contact: str) -> tuple[str, str]:
    name, contact = " ".join(name.split()), " ".join(contact.split())
    if not name or not contact:
        raise Refusal(_("请填写您的姓名，以及电话或电子邮箱。"))
    if len(name) > LONGEST["name"] or len(contact) > LONGEST["contact"]:
        raise Refusal(_("姓名最多 60 字，联系方式最多 120 字。"))
    return name, contact


@transaction.atomic
def agree(*, consent: ConsentRequest, name: str, contact: str, now: dt.datetime) -> Partner:
    """The person under the link agrees, in their own words. From now on they are a representative, for a while."""
    consent, today = _locked(consent), clock.today(now)
    _refuse_answered(consent, today)
    name, contact = _own_words(name, contact)
    subject = open_subject(now=now)
    partner = Partner.objects.create(
        kind=PartnerKind.REPRESENTATIVE,
        area=consent.area,
        subject=subject,
        display_name=name,
        contact=contact,
        registered_at=now,
    )
    consent.partner, consent.answered_at = partner, now
    consent.agreed_until = today + dt.timedelta(days=consent.retention_days)
    consent.save(update_fields=["partner", "answered_at", "agreed_until"])
    audit.record(
        "partners.consent_given",
        target=consent,
        actor=Representative(consent.pk),
        at=now,
        payload={"until": consent.agreed_until},
        states=[partner],
    )
    return partner


def _refuse_answered(consent: ConsentRequest, today: dt.date) -> None:
    if consent.answered_at is not None:
        raise Refusal(_("这个链接已经答复过了。"))
    if today > consent.open_until:
        raise Refusal(_("这个链接已过期。如愿意继续，请向给您链接的单位再要一个。"))


@transaction.atomic
def decline(*, consent: ConsentRequest, now: dt.datetime) -> ConsentRequest:
    """The person says no. Nothing about them is kept, not even that it was they."""
    consent = _locked(consent)
    _refuse_answered(consent, clock.today(now))
    consent.answered_at = now
    consent.save(update_fields=["answered_at"])
    audit.record("partners.consent_declined", target=consent, actor=Representative(consent.pk), at=now)
    return consent


def _given(consent: ConsentRequest) -> tuple[ConsentRequest, Partner]:
    consent = _locked(consent)
    partner = consent.partner
    if partner is None or consent.withdrawn_at is not None:
        raise Refusal(_("同意已经撤回，资料已经删除。"))
    return consent, partner


@transaction.atomic
def correct_own_data(*, consent: ConsentRequest, name: str, contact: str, now: dt.datetime) -> Partner:
    """The person corrects what is held about them."""
    consent, partner = _given(consent)
    partner.display_name, partner.contact = _own_words(name, contact)
    partner.save(update_fields=["display_name", "contact"])
    audit.record("partners.own_data_corrected", target=partner, actor=Representative(consent.pk), at=now)
    return partner


@transaction.atomic
def renew_consent(*, consent: ConsentRequest, now: dt.datetime) -> ConsentRequest:
    """The person agrees for another period, within two months of the end of the first."""
    consent, _partner = _given(consent)
    today = clock.today(now)
    assert consent.agreed_until is not None
    if consent.agreed_until - today > RENEW_WITHIN:
        raise Refusal(_("同意还有两个月以上才到期，现在不需要续期。"))
    consent.agreed_until = today + dt.timedelta(days=consent.retention_days)
    consent.save(update_fields=["agreed_until"])
    audit.record(
        "partners.consent_renewed",
        target=consent,
        actor=Representative(consent.pk),
        at=now,
        payload={"until": consent.agreed_until},
    )
    return consent


@transaction.atomic
def withdraw_consent(
    *, consent: ConsentRequest, now: dt.datetime, actor: Actor | Representative | None = None
) -> AuditEntry:
    """Consent ends, and with it whatever is held: withdrawn data is erased at once. Returns the row to prove it by."""
    consent, partner = _given(consent)
    actor = actor or Representative(consent.pk)
    consent.withdrawn_at, partner.closed_on = now, clock.today(now)
    consent.save(update_fields=["withdrawn_at"])
    partner.save(update_fields=["closed_on"])
    by_person = isinstance(actor, Representative)
    audit.record(
        "partners.consent_withdrawn" if by_person else "partners.consent_lapsed",
        target=consent,
        actor=actor,
        at=now,
        states=[partner],
    )
    assert partner.subject is not None
    if partner.subject.erased_at:
        return AuditEntry.objects.filter(
            object_type="privacy.subject", object_ref=str(partner.subject.pk), verb="privacy.erased"
        ).latest("pk")
    return erase(subject=partner.subject, actor=actor, now=now)


def let_consents_lapse(*, on: dt.date, now: dt.datetime, actor: Actor) -> int:
    """Erase whoever's consent has run out, or whose data was erased some other way; returns how many. By the worker."""
    held = ConsentRequest.objects.filter(partner__isnull=False, withdrawn_at__isnull=True)
    over = held.filter(agreed_until__lt=on) | held.filter(partner__subject__erased_at__isnull=False)
    rows = list(over.order_by("pk"))
    for consent in rows:
        withdraw_consent(consent=consent, now=now, actor=actor)
    return len(rows)

"""Reading the register, within the scope of the office acted for; and finding a consent by its link."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.organisation.models import PAST
from guantong.partners.models import ConsentRequest, Partner, Recusal
from guantong.privacy.operations import link_digest


def partners_visible_to(acting: Actor) -> QuerySet[Partner]:
    """The partners whose place lies in the visible subtree, for offices that keep contact with partners."""
    partners = Partner.objects.select_related("area", "consent", "subject")
    if not isinstance(acting, Acting):
        return partners
    if not acting.scope_path or not acting.may("partners.read"):
        return partners.none()
    return partners.filter(area__path__gte=acting.scope_path, area__path__lt=acting.scope_path + PAST)


def consent_by_code(code: str, *, on: dt.date) -> ConsentRequest | None:
    """The consent whose link carries the code, while it can be used.

    None alike for a code that never was, one too late to answer, one declined, withdrawn or run out: the answer
    does not tell which.
    """
    consent = (
        ConsentRequest.objects.select_related("area", "asked_by__unit", "partner__subject", "partner__area")
        .filter(code_digest=link_digest(code), withdrawn_at__isnull=True)
        .first()
    )
    if consent is None:
        return None
    if consent.answered_at is None:
        return consent if on <= consent.open_until else None
    if consent.partner is None or consent.partner.subject is None or consent.partner.subject.erased_at:
        return None
    return consent if consent.agreed_until is None or on <= consent.agreed_until else None


def recusals_in_force(partner: Partner) -> QuerySet[Recusal]:
    return partner.recusals.filter(lifted_at__isnull=True).select_related("office__unit").order_by("office")


def unanswered(acting: Actor, *, on: dt.date) -> QuerySet[ConsentRequest]:
    """Links that were given out in sight and wait for an answer."""
    found = ConsentRequest.objects.filter(answered_at__isnull=True, open_until__gte=on)
    if isinstance(acting, Acting):
        if not acting.scope_path:
            return found.none()
        found = found.filter(area__path__gte=acting.scope_path, area__path__lt=acting.scope_path + PAST)
    return found.select_related("area", "asked_by").order_by("open_until", "pk")

"""What the page of one partner shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.accounts.middleware import Request
from guantong.cases.queries.visible import cases_visible_to
from guantong.leadership.models import PartnerContact
from guantong.leadership.queries import contacts as contact_queries
from guantong.leadership.queries import pairings as queries
from guantong.leadership.rules import contacts as contact_rules
from guantong.leadership.views.pairings_frame import bars
from guantong.mechanisms.asked import cycle_asked
from guantong.partners import rules as partner_rules
from guantong.partners.models import Partner
from guantong.partners.queries import recusals_in_force


@dataclass(frozen=True, slots=True)
class Row:
    """A contact with its state, and what the office acted for can do about it."""

    contact: PartnerContact
    state: str
    tone: str
    may_note: bool
    may_cancel: bool


def page_of(request: Request, partner: Partner) -> dict[str, Any]:
    cycle = cycle_asked(request)
    found = contact_queries.contacts_visible_to(request.acting).filter(partner=partner)
    coming = found.filter(record__isnull=True, cancelled_at__isnull=True).order_by("day", "pk")
    past = found.exclude(record__isnull=True, cancelled_at__isnull=True).order_by("-day", "-pk")[:30]
    recused = [each.office for each in recusals_in_force(partner)]
    own = request.acting.office
    return {
        **bars("partners", request.acting),
        "partner": partner,
        "shown": queries.shown_to(request.acting, [partner])[partner.pk],
        "cap": contact_queries.cap_of(partner, cycle.package, day=request.today) if cycle else None,
        "coming": [_row(each, partner, request) for each in coming],
        "past": [_row(each, partner, request) for each in past],
        "pairings": queries.with_standing(
            queries.pairings_visible_to(request.acting).filter(partner=partner)
        ).order_by("ends_on", "-starts_on"),
        "cases": cases_visible_to(request.acting)
        .filter(partner=partner)
        .order_by("-received_on", "-pk")[:30],
        "recused": recused if request.acting.may("leadership.run") else [],
        "is_recused": own in recused,
        "may_contact": cycle is not None and partner.closed_on is None,
        "may_register": not partner.is_person and partner_rules.may_register(request.acting, partner.area),
        "today": request.today,
    }


def _row(contact: PartnerContact, partner: Partner, request: Request) -> Row:
    state, tone = _state(contact, request)
    mine = contact_rules.may_act_for(request.acting, contact.office, partner)
    waiting = contact.record_id is None and contact.cancelled_at is None
    return Row(contact, state, tone, mine and waiting and contact.day <= request.today, mine and waiting)


def _state(contact: PartnerContact, request: Request) -> tuple[str, str]:
    if contact.cancelled_at:
        return _("已取消"), ""
    if contact.record_id:
        return _("已联系"), "good"
    if contact.day < request.today:
        return _("待登记"), "warn"
    return _("已安排"), "accent"

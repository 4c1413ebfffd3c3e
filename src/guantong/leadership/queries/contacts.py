"""Reading contacts: a partner's calendar, its one counter of visits, what another office's visit one could join."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.kernel.periods import Period
from guantong.leadership.choices import ContactMode
from guantong.leadership.models import PartnerContact
from guantong.leadership.rules.pairings import Cap, cap_terms, period_around
from guantong.mechanisms.package import Package
from guantong.organisation.models import PAST
from guantong.partners.models import Partner


def contacts_visible_to(acting: Actor) -> QuerySet[PartnerContact]:
    """Contacts with partners in sight, whichever office has them."""
    contacts = PartnerContact.objects.select_related(
        "partner__area", "partner__subject", "office__unit", "joined__office", "record", "pairing"
    )
    if not isinstance(acting, Acting):
        return contacts
    if not acting.scope_path or not acting.may("partners.read"):
        return contacts.none()
    path = acting.scope_path
    return contacts.filter(partner__area__path__gte=path, partner__area__path__lt=path + PAST)


def counted(partner: Partner, period: Period) -> QuerySet[PartnerContact]:
    """What the partner bears in the period: visits planned or made, by anybody; those that go together are one."""
    return PartnerContact.objects.filter(
        partner=partner, mode=ContactMode.VISIT, cancelled_at__isnull=True, joined__isnull=True
    ).filter(day__gte=period.starts, day__lte=period.ends)


def cap_of(partner: Partner, package: Package, *, day: dt.date) -> Cap:
    """The counter of the partner for the period that holds the day."""
    most, per = cap_terms(package, partner.kind)
    period = period_around(per, day)
    return Cap(most, counted(partner, period).count(), period)


def visits_to_join(partner: Partner, *, by: Office, today: dt.date) -> QuerySet[PartnerContact]:
    """Visits of other offices that are still to come. The nearest day first."""
    return (
        PartnerContact.objects.filter(
            partner=partner, mode=ContactMode.VISIT, cancelled_at__isnull=True, joined__isnull=True
        )
        .filter(record__isnull=True, day__gte=today)
        .exclude(office=by)
        .select_related("office__unit")
        .order_by("day", "pk")
    )


def planned_by(office: Office) -> QuerySet[PartnerContact]:
    """Contacts the office has planned and not yet written down."""
    return (
        PartnerContact.objects.filter(office=office, record__isnull=True, cancelled_at__isnull=True)
        .select_related("partner__area", "partner__subject")
        .order_by("day", "pk")
    )

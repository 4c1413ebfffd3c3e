"""Reading pairings, within the scope of the office acted for; what is due, what is overdue, what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.leadership.models import Pairing
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import CLAIMABLE, Source, State
from guantong.obligations.models import Obligation
from guantong.organisation.models import PAST
from guantong.partners import rules as partner_rules
from guantong.partners.models import Partner
from guantong.privacy import keys


def pairings_visible_to(acting: Actor) -> QuerySet[Pairing]:
    """Pairings with partners in sight, for offices that keep contact with partners; an office always sees its own."""
    pairings = Pairing.objects.select_related(
        "cycle__unit",
        "cycle__stored",
        "office__unit",
        "partner__area",
        "partner__subject",
        "partner__consent",
    )
    if not isinstance(acting, Acting):
        return pairings
    if not acting.scope_path or not acting.may("partners.read"):
        return pairings.none()
    path = acting.scope_path
    return pairings.filter(partner__area__path__gte=path, partner__area__path__lt=path + PAST)


def open_pairings(pairings: QuerySet[Pairing] | None = None) -> QuerySet[Pairing]:
    return (Pairing.objects.all() if pairings is None else pairings).filter(ends_on__isnull=True)


def open_pairings_of(office: Office) -> QuerySet[Pairing]:
    """What a successor takes over: the partners the office keeps contact with."""
    return (
        open_pairings()
        .filter(office=office)
        .select_related("partner__area", "cycle")
        .order_by("starts_on", "pk")
    )


def obligations_of(pairing: Pairing) -> QuerySet[Obligation]:
    return Obligation.objects.filter(source=Source.PAIRING, source_ref=pairing.pk).order_by("due_on", "pk")


def with_standing(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """With the day the next contact is due, its light, and the day of the last contact. Overdue ones come first."""
    owed = Obligation.objects.filter(
        source=Source.PAIRING, source_ref=OuterRef("pk"), state__in=CLAIMABLE
    ).order_by("due_on", "pk")
    return pairings.annotate(
        next_due=Subquery(owed.values("due_on")[:1]),
        next_light=Subquery(owed.values("light")[:1]),
        last_contact=Max(
            "partner__contacts__record__happened_on", filter=Q(partner__contacts__office=F("office"))
        ),
    )


def overdue_on(pairings: QuerySet[Pairing], day: dt.date) -> QuerySet[Pairing]:
    """Those with a contact that should have been before the day."""
    late = Obligation.objects.filter(
        source=Source.PAIRING, source_ref=OuterRef("pk"), state__in=CLAIMABLE, due_on__lt=day
    )
    return pairings.filter(Exists(late))


def contacts_done_and_due(cycle: Cycle, *, on: dt.date) -> dict[int, tuple[int, int]]:
    """Office to (contacts done, contacts due by the day): what the measure ``contacts: done / due`` counts.

    As in a score: fulfilled ones count as due whenever they were, excused and suspended ones not at all.
    """
    owed = Obligation.objects.filter(cycle=cycle, source=Source.PAIRING).exclude(
        state__in=[State.CANCELLED, State.EXCUSED, State.SUSPENDED]
    )
    done = Q(state=State.FULFILLED, settled_on__lte=on)
    rows = owed.order_by().values_list("office").annotate(
        done=Count("pk", filter=done), due=Count("pk", filter=done | Q(due_on__lte=on))
    )  # fmt: skip
    return {office: (n_done, n_due) for office, n_done, n_due in rows}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a partner is shown to the office acted for: a representative's name and contact only to who may know."""

    name: str
    contact: str = ""
    knows: bool = True


def shown_to(acting: Actor, partners: Iterable[Partner]) -> dict[int, Shown]:
    """By partner; one query for whom the office keeps contact with, one for the keys."""
    partners = list(partners)
    people = [each for each in partners if each.is_person]
    mine: set[int] = set()
    if people and isinstance(acting, Acting) and acting.office is not None:
        mine = set(
            open_pairings().filter(office=acting.office, partner__in=people).values_list("partner", flat=True)
        )
    known = {
        each.pk for each in people if partner_rules.may_know(acting, each, keeps_contact=each.pk in mine)
    }
    keys.load(each.subject_id for each in people if each.pk in known and each.subject_id)
    return {each.pk: _shown(each, each.pk in known) for each in partners}


def _shown(partner: Partner, known: bool) -> Shown:
    if not partner.is_person:
        return Shown(str(partner))
    return (
        Shown(str(partner), str(partner.contact or "")) if known else Shown(partner.neutral_name, knows=False)
    )

"""Requests in sight: those of issuing units below, and those that ask units below."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Approval
from guantong.burden import terms
from guantong.burden.choices import ASKED, Concern
from guantong.burden.models import Addressee, FieldRequest, RequestField
from guantong.burden.queries.budgets import standing_of
from guantong.burden.rules.asking import may_enter_paper
from guantong.burden.rules.requests import Cost, Objection, windows
from guantong.burden.wording import too_many_fields, too_much, twice
from guantong.obligations.choices import SETTLED, Source, State
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit

OVER = "burden.request_over"


def requests_visible_to(actor: Actor) -> QuerySet[FieldRequest]:
    """Those issued in the visible subtree at any stage; those that ask somebody in it once they are issued."""
    found = FieldRequest.objects.select_related("issuer", "cycle__stored", "cycle__unit", "drafted_by")
    if not isinstance(actor, Acting):
        return found
    if not actor.scope_path:
        return found.none()
    path = actor.scope_path
    asks = Addressee.objects.filter(unit__path__gte=path, unit__path__lt=path + "~").values("request")
    own = Q(issuer__path__gte=path, issuer__path__lt=path + "~")
    return found.filter(own | (Q(pk__in=asks) & Q(issued_on__isnull=False)))


def addressees_visible_to(actor: Actor, request: FieldRequest) -> QuerySet[Addressee]:
    """All of them for the issuing side, those in sight for whoever is asked."""
    found = Addressee.objects.filter(request=request).select_related("unit", "office")
    if not isinstance(actor, Acting) or actor.sees(request.issuer.path):
        return found
    path = actor.scope_path
    return found.filter(unit__path__gte=path, unit__path__lt=path + "~") if path else found.none()


def with_progress(requests: QuerySet[FieldRequest]) -> QuerySet[FieldRequest]:
    """Each with ``n_units``, ``n_fields``, ``n_owed`` and ``n_answered``."""
    owed = Obligation.objects.filter(source=Source.REQUEST, source_ref__in=_addressees_of())
    return requests.annotate(
        n_units=_count(Addressee.objects.filter(request=OuterRef("pk")), "request"),
        n_fields=_count(RequestField.objects.filter(request=OuterRef("pk")), "request"),
        n_owed=_count(owed, "source"),
        n_answered=_count(owed.filter(state__in=[State.CLAIMED, State.FULFILLED]), "source"),
    )


def _addressees_of() -> QuerySet[Addressee]:
    return Addressee.objects.filter(request=OuterRef(OuterRef("pk"))).values("pk")  # type: ignore[return-value]


def _count(rows: QuerySet, per: str) -> Coalesce:  # type: ignore[type-arg]
    counted = rows.order_by().values(per).annotate(n=Count("pk")).values("n")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def fields_of(request: FieldRequest) -> list[RequestField]:
    return list(request.asked_fields.select_related("field__owner"))


def owed_for(request: FieldRequest) -> QuerySet[Obligation]:
    """What its units owe, all periods."""
    return Obligation.objects.filter(
        source=Source.REQUEST, source_ref__in=Addressee.objects.filter(request=request).values("pk")
    )


def still_open(request: FieldRequest) -> QuerySet[Obligation]:
    return owed_for(request).exclude(state__in=[*SETTLED, State.CLAIMED])


def addressee_of(obligation: Obligation) -> Addressee:
    """Who is asked by an obligation of this room."""
    return Addressee.objects.select_related(
        "request__issuer", "request__cycle__stored", "unit", "office__unit"
    ).get(pk=obligation.source_ref)


def addressee_by_code(actor: Actor, code: str) -> Addressee | None:
    """The slip with that code, if the office acted for may enter what stands on it."""
    found = (
        Addressee.objects.select_related("request__issuer", "request__cycle__stored", "unit", "office__unit")
        .filter(code=code)
        .first()
    )
    return found if found and may_enter_paper(actor, found) else None


def cost_of(request: FieldRequest, *, units: int | None = None) -> Cost:
    """What issuing it asks in all."""
    minutes = sum(each.field.minutes for each in fields_of(request))
    times = len(windows(request.per, request.starts_on, request.ends_on, request.due_days))
    return Cost(minutes, request.addressees.count() if units is None else units, times)


def waiting_signature(request: FieldRequest) -> Approval | None:
    """The open request for a leader's signature."""
    return Approval.objects.filter(kind=OVER, object_ref=request.pk, granted__isnull=True).first()


def overlaps_of(
    request: FieldRequest, fields: Sequence[RequestField]
) -> list[tuple[FieldRequest, list[str], int]]:
    """(other request of the year, names of the fields both ask, how many units both ask). Three queries."""
    wanted = {each.field_id: str(each.field) for each in fields}
    shared: dict[int, list[str]] = {}
    rows = RequestField.objects.filter(
        field__in=wanted, request__cycle=request.cycle_id, request__stage__in=ASKED
    ).exclude(request=request)
    for other, field in rows.order_by("position", "pk").values_list("request", "field"):
        shared.setdefault(other, []).append(wanted[field])
    units = request.addressees.values("unit")
    both = dict(
        Addressee.objects.filter(request__in=shared, unit__in=units)
        .order_by()
        .values_list("request")
        .annotate(n=Count("pk"))
    )
    others = FieldRequest.objects.select_related("issuer").in_bulk(list(both))
    return [(others[key], shared[key], both[key]) for key in sorted(both)]


def objections_to(request: FieldRequest, *, issuer: Unit) -> list[Objection]:
    """What stands against issuing it without a signature; empty when nothing does."""
    fields = fields_of(request)
    found = []
    most = terms.max_fields(request.cycle.package)
    if len(fields) > most:
        found.append(Objection(Concern.FIELDS, too_many_fields(len(fields), most)))
    found += [Objection(Concern.OVERLAP, twice(*each)) for each in overlaps_of(request, fields)]
    standing, cost = standing_of(issuer, request.cycle), cost_of(request)
    if standing.most is not None and standing.is_over_with(cost.total):
        found.append(Objection(Concern.BUDGET, too_much(standing, cost)))
    return found

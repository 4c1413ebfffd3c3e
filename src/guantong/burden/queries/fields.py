"""The field dictionary, within the years that bind the office acted for."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from guantong.accounts.acting import Acting, Actor
from guantong.burden import alike, terms
from guantong.burden.choices import ASKED
from guantong.burden.models import Field
from guantong.burden.rules.fields import Terms
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package import Package


def fields_visible_to(actor: Actor) -> QuerySet[Field]:
    """Fields that hold where the office acts, above it, or below it."""
    fields = Field.objects.select_related("owner", "domain")
    if not isinstance(actor, Acting):
        return fields
    if not actor.scope_path or actor.office is None:
        return fields.none()
    above = actor.office.scope.ancestor_paths()
    below = Q(domain__path__gte=actor.scope_path, domain__path__lt=actor.scope_path + "~")
    return fields.filter(below | Q(domain__path__in=above))


def with_use(fields: QuerySet[Field]) -> QuerySet[Field]:
    """Each with ``n_requests``: how many requests asked it."""
    asked = Count("asked_in", filter=Q(asked_in__request__stage__in=ASKED), distinct=True)
    return fields.annotate(n_requests=asked)


def live_fields(cycle: Cycle) -> QuerySet[Field]:
    """What requests of the year may ask."""
    return Field.objects.filter(domain=cycle.unit_id, retired_at__isnull=True).select_related("owner")


def near_fields(proposed: Terms, cycle: Cycle) -> list[alike.Near]:
    """Fields that may be the same as what is proposed, likeliest first."""
    return alike.near(name=proposed.name, meaning=proposed.meaning, among=live_fields(cycle))


def never_of(package: Package) -> dict[str, str]:
    return terms.never([package])


def named_like(words: str, cycle: Cycle, *, limit: int = 12) -> list[Field]:
    """Fields whose name or meaning holds the words, else those that are near them."""
    words = words.strip()
    if not words:
        return []
    fields = live_fields(cycle)
    said = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(meaning__icontains=words)
    found = list(fields.filter(said)[:limit])
    if len(found) < limit:
        known = {each.pk for each in found}
        close = alike.near(name=words, meaning=words, among=fields, limit=limit)
        found += [each.field for each in close if each.field.pk not in known]
    return found[:limit]

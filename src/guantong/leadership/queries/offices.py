"""Finding units and offices by what a person types."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.choices import ADMINISTRATORS
from guantong.accounts.models import Office
from guantong.accounts.queries import first_office, offices_visible_to, units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.tasks.operations import ANSWERING_SEATS

BETWEEN = re.compile(r"[、，,；;\n]+")


def offices_named(actor: Actor, words: str, *, limit: int = 60) -> QuerySet[Office]:
    """Open offices in sight whose title, unit or unit's code holds the words; never an administrator's."""
    words = words.strip()
    if not words:
        return Office.objects.none()
    named = Q(title__icontains=words) | Q(unit__name__icontains=words) | Q(unit__code=words)
    found = business_offices(offices_visible_to(actor)).filter(named)
    return found.order_by("unit__depth", "unit__path", "number", "pk")[:limit]


def business_offices(offices: QuerySet[Office]) -> QuerySet[Office]:
    return offices.filter(closed_on=None).exclude(role__in=ADMINISTRATORS).select_related("unit")


def units_listed(actor: Actor, text: str) -> list[Unit]:
    """The units in sight of these names or codes, one after the other; what is not one of them is a refusal."""
    found = [unit_named(actor, each) for each in BETWEEN.split(text) if each.strip()]
    return list({each.pk: each for each in found}.values())


def unit_named(actor: Actor, text: str) -> Unit:
    """The visible open unit of that code or exact name; several of the name are a refusal, not a guess."""
    text = text.strip()
    units = units_visible_to(actor).filter(closed_on=None)
    found = list(units.filter(code=text)[:2]) or list(units.filter(name=text)[:2])
    if not found:
        raise Refusal(_("没有名称或代码为“%(text)s”的单位。") % {"text": text})
    if len(found) > 1:
        raise Refusal(_("名为“%(text)s”的单位不止一个，请填写单位代码。") % {"text": text})
    return found[0]


def answering_office(unit: Unit) -> Office:
    """The office that answers for the unit. Refuses where it has none."""
    office = first_office(unit, *ANSWERING_SEATS)
    if office is None:
        raise Refusal(_("“%(unit)s”没有设负责岗位，不能承担任务。") % {"unit": unit.name})
    return office

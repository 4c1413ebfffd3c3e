"""Rows as shapes: what every resource points at."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.api.contract.acts import Call
from guantong.api.contract.problems import not_found
from guantong.api.shapes.common import OfficeRef, UnitRef
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle, cycles_visible_to
from guantong.organisation.models import Unit

BUSINESS = "business.read"


def unit_ref(unit: Unit) -> UnitRef:
    return UnitRef(id=unit.pk, code=unit.code, name=unit.name, name_en=unit.name_en)


def office_ref(office: Office) -> OfficeRef:
    return OfficeRef(id=office.pk, title=office.title, title_en=office.title_en, unit=office.unit_id)


def office_or_none(office: Office | None) -> OfficeRef | None:
    return office_ref(office) if office else None


def cycle_of(call: Call) -> Cycle:
    """The visible cycle asked for, else this year's. Raises a problem where there is none."""
    wanted = call.query.cycle
    if wanted is None:
        found = current_cycle(call.acting, on=call.today)
    else:
        found = cycles_visible_to(call.acting).filter(pk=wanted).first()
    if found is None:
        raise not_found()
    return found


def of_the_row(found: QuerySet[Any], wanted: int, what: object) -> Any:
    """One of the rows that belong to what the address names. Refuses another number."""
    one = found.filter(pk=wanted).first()
    if one is None:
        raise Refusal(_("这里没有编号为 %(id)s 的%(what)s。") % {"id": wanted, "what": what})
    return one

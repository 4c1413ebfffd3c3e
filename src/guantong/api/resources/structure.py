"""The token itself, units, offices, cycles and notices."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.accounts import models as accounts
from guantong.accounts.queries import offices_visible_to, units_visible_to
from guantong.api.contract.acts import Call, Many, One, Read, plainly
from guantong.api.contract.problems import not_found
from guantong.api.models import Token
from guantong.api.resources.common import BUSINESS, office_ref, unit_ref
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.structure import Cycle, Me, Notice, Office, Unit
from guantong.mechanisms import models as mechanisms
from guantong.mechanisms.queries import cycles_visible_to
from guantong.notices import models as notices
from guantong.notices.queries import open_notices_of
from guantong.organisation import models as organisation


def _me(call: Call) -> Me:
    acting = call.acting
    return Me(
        office=office_ref(call.office),
        unit=unit_ref(call.office.unit),
        functions=sorted(acting.functions),
        read_only=acting.read_only,
        standing_in=acting.standing_in_for is not None,
        expires_on=Token.objects.get(pk=acting.token_ref).expires_on,
    )


def _units(call: Call) -> QuerySet[organisation.Unit]:
    found, wanted = units_visible_to(call.acting), call.query
    if wanted.below is not None:
        top = found.filter(pk=wanted.below).first()
        if top is None:
            raise not_found()
        found = found.filter(path__gte=top.path, path__lt=top.path + organisation.PAST)
    for name in ("level", "kind", "code"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def unit(row: organisation.Unit) -> Unit:
    return Unit(
        id=row.pk, code=row.code, name=row.name, name_en=row.name_en, kind=row.kind, subkind=row.subkind,
        level=row.level, parent=row.parent_id, opened_on=row.opened_on, closed_on=row.closed_on,
    )  # fmt: skip


def _offices(call: Call) -> QuerySet[accounts.Office]:
    found = offices_visible_to(call.acting).select_related("unit")
    wanted = getattr(call.query, "unit", None)
    return found if wanted is None else found.filter(unit=wanted)


def office(row: accounts.Office) -> Office:
    return Office(
        id=row.pk, unit=unit_ref(row.unit), seat=row.seat, number=row.number, title=row.title,
        title_en=row.title_en, role=row.role, opened_on=row.opened_on, closed_on=row.closed_on,
    )  # fmt: skip


def cycle(row: mechanisms.Cycle) -> Cycle:
    return Cycle(
        id=row.pk,
        unit=unit_ref(row.unit),
        year=row.year,
        package=row.stored.identifier,
        version=row.stored.version,
    )


def notice(row: notices.Notice) -> Notice:
    return Notice(
        id=row.pk, kind=row.kind, title=row.title, missing=row.missing, minutes=row.minutes, page=row.url,
        due_on=row.due_on, since=row.since,
    )  # fmt: skip


ME = Read(name="me", summary=_("这个令牌是谁、能做什么"), function="signed_in", answers=Me, told=_me)
UNITS = Many(
    name="listUnits", summary=_("单位"), function=BUSINESS, answers=Page[Unit], query=asked.Units,
    found=_units, show=unit,
)  # fmt: skip
UNIT = One(
    name="getUnit", summary=_("一个单位"), function=BUSINESS, answers=Unit,
    found=lambda call: units_visible_to(call.acting), show=plainly(unit),
)  # fmt: skip
OFFICES = Many(
    name="listOffices", summary=_("岗位，不含任职的人"), function=BUSINESS, answers=Page[Office],
    query=asked.OfUnit, found=_offices, show=office,
)  # fmt: skip
OFFICE = One(
    name="getOffice",
    summary=_("一个岗位"),
    function=BUSINESS,
    answers=Office,
    found=_offices,
    show=plainly(office),
)
CYCLES = Many(
    name="listCycles", summary=_("年度"), function=BUSINESS, answers=Page[Cycle],
    found=lambda call: cycles_visible_to(call.acting), show=cycle,
)  # fmt: skip
CYCLE = One(
    name="getCycle", summary=_("一个年度"), function=BUSINESS, answers=Cycle,
    found=lambda call: cycles_visible_to(call.acting), show=plainly(cycle),
)  # fmt: skip
NOTICES = Many(
    name="listNotices", summary=_("等本岗位办的事"), function=BUSINESS, answers=Page[Notice],
    found=lambda call: open_notices_of(call.acting), show=notice,
)  # fmt: skip

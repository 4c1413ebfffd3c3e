"""Services given and demands raised by liaison officers."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, Write, plainly, visible
from guantong.api.contract.problems import not_found
from guantong.api.resources.common import BUSINESS, cycle_of, office_ref, unit_ref
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.grassroots import Demand, NewDemand, NewService, Service, ServiceItem
from guantong.grassroots import models
from guantong.grassroots.operations.demands import raise_demand
from guantong.grassroots.operations.services import give_service
from guantong.grassroots.queries.demands import demands_visible_to
from guantong.grassroots.queries.services import items_offered, services_visible_to, villages_served_by
from guantong.grassroots.rules.demands import places_of
from guantong.grassroots.views.services import homes_below
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import current_cycle


def _items(call: Call) -> QuerySet[models.ServiceItem]:
    return items_offered(cycle_of(call), call.today)


def item(row: models.ServiceItem) -> ServiceItem:
    return ServiceItem(id=row.pk, cycle=row.cycle_id, name=row.name, name_en=row.name_en, minutes=row.minutes)


def _services(call: Call) -> QuerySet[models.Service]:
    found = services_visible_to(call.acting).prefetch_related("villages")
    wanted = getattr(call.query, "cycle", None)
    return found if wanted is None else found.filter(item__cycle=wanted)


def service(row: models.Service) -> Service:
    """Without its stars: one mark could be told to be somebody's."""
    return Service(
        id=row.pk, cycle=row.item.cycle_id, item=row.item_id, record=row.record_id,
        happened_on=row.record.happened_on, people=row.people,
        villages=[unit_ref(each) for each in sorted(row.villages.all(), key=lambda unit: unit.pk)],
        home=row.home_id, entered_by=office_ref(row.record.entered_by),
    )  # fmt: skip


def _this_year(call: Call) -> Cycle:
    found = current_cycle(call.acting, on=call.today)
    if found is None:
        raise not_found()
    return found


def _home(call: Call, wanted: int | None) -> models.Home | None:
    if wanted is None:
        return None
    found = homes_below(call.office).filter(pk=wanted).first()
    if found is None:
        raise Refusal(gettext("没有编号为 %(id)s 的之家。") % {"id": wanted})
    return found


def _given(call: Call) -> models.Service:
    sent = cast(NewService, call.body)
    line = items_offered(_this_year(call), call.today).filter(pk=sent.item).first()
    if line is None:
        raise Refusal(gettext("服务目录里没有编号为 %(id)s 的服务。") % {"id": sent.item})
    there, strange = visible(sent.villages, villages_served_by(call.office, call.today))
    if strange:
        raise Refusal(gettext("编号为 %(id)s 的单位不是本岗位联系的地方。") % {"id": strange[0]})
    return give_service(
        item=line, villages=list(there.values()), people=sent.people, happened_on=sent.happened_on,
        summary=sent.summary, stars=sent.stars, home=_home(call, sent.home), entered_by=call.office,
        actor=call.acting, now=call.now, today=call.today,
    )  # fmt: skip


def _demands(call: Call) -> QuerySet[models.Demand]:
    found, wanted = demands_visible_to(call.acting), call.query
    for name in ("cycle", "stage"):
        if getattr(wanted, name, None) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def demand(row: models.Demand) -> Demand:
    return Demand(
        id=row.pk, cycle=row.cycle_id, unit=unit_ref(row.unit), home=row.home_id,
        wording=row.wording, raised_by=office_ref(row.raised_by), raised_at=row.raised_at,
        at_office=office_ref(row.at_office), stage=cast(Any, row.stage), answer=row.answer,
        answered_at=row.answered_at, told_on=row.told_on,
    )  # fmt: skip


def _raised(call: Call) -> models.Demand:
    sent = cast(NewDemand, call.body)
    there = places_of(call.office, call.today).filter(pk=sent.unit).first()
    if there is None:
        raise Refusal(gettext("编号为 %(id)s 的单位不是本岗位联系的地方。") % {"id": sent.unit})
    return raise_demand(
        unit=there, wording=sent.wording, home=_home(call, sent.home), raised_by=call.office,
        cycle=_this_year(call), actor=call.acting, now=call.now,
    )  # fmt: skip


ITEMS = Many(
    name="listServiceItems", summary=_("服务目录"), function=BUSINESS, answers=Page[ServiceItem],
    query=asked.OfCycle, found=_items, show=item,
)  # fmt: skip
SERVICES = Many(
    name="listServices", summary=_("联络服务，只有人次"), function=BUSINESS, answers=Page[Service],
    query=asked.OfCycle, found=_services, show=service,
)  # fmt: skip
SERVICE = One(
    name="getService", summary=_("一次联络服务"), function=BUSINESS, answers=Service, found=_services,
    show=plainly(service),
)  # fmt: skip
NEW_SERVICE = Write(
    name="giveService", summary=_("登记联络服务"), function="records.write", answers=Service, body=NewService,
    do=_given, one=SERVICE, leads_to="api-service",
)  # fmt: skip
DEMANDS = Many(
    name="listDemands", summary=_("群众诉求，不写是谁提的"), function=BUSINESS, answers=Page[Demand],
    query=asked.Demands, found=_demands, show=demand,
)  # fmt: skip
DEMAND = One(
    name="getDemand", summary=_("一条群众诉求"), function=BUSINESS, answers=Demand, found=_demands,
    show=plainly(demand),
)  # fmt: skip
NEW_DEMAND = Write(
    name="raiseDemand", summary=_("记下群众要什么"), function="records.write", answers=Demand, body=NewDemand,
    do=_raised, one=DEMAND, leads_to="api-demand",
)  # fmt: skip

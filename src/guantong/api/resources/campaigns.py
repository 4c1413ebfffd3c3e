"""Improvement campaigns and their picture: before and after, treated and beside."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, Read
from guantong.api.contract.problems import not_found
from guantong.api.resources.common import BUSINESS, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.campaigns import (
    Campaign,
    CampaignGroup,
    CampaignLine,
    CampaignMeasure,
    FullCampaign,
    FullCampaignMeasure,
    Spread,
)
from guantong.api.shapes.common import Page
from guantong.grassroots import models, spread
from guantong.grassroots.queries import campaigns as queries
from guantong.kernel import clock


def _listed(call: Call) -> QuerySet[models.Campaign]:
    found = queries.campaigns_visible_to(call.acting)
    return found if call.query.cycle is None else found.filter(cycle=call.query.cycle)


def campaign(row: Any) -> Campaign:
    terms = queries.terms_of(row)
    return Campaign(
        id=row.pk, cycle=row.cycle_id, campaign=row.identifier, name=terms.name.zh if terms else row.identifier,
        name_en=terms.name.en if terms else "", starts_on=row.starts_on, ends_on=row.ends_on,
        ended_on=clock.today(row.ended_at) if row.ended_at else None, units=row.n_units,
    )  # fmt: skip


def _picture(row: models.Campaign, criterion: str, call: Call) -> queries.Picture:
    """In the units in sight, as on the page."""
    path = max(call.acting.scope_path, row.cycle.unit.path, key=len)
    return queries.picture(row, criterion, path=path, today=call.today)


def _measure(shown: queries.Picture) -> CampaignMeasure:
    return CampaignMeasure(
        criterion=shown.id, measured=shown.criterion is not None, first=shown.first, last=shown.last,
        groups=[_group(each) for each in shown.groups],
    )  # fmt: skip


def _group(group: queries.Group) -> CampaignGroup:
    return CampaignGroup(
        treated=group.is_treated, units=group.n, before=_spread(group.before), after=_spread(group.after)
    )


def _spread(told: spread.Spread | None) -> Spread | None:
    if told is None:
        return None
    return Spread(
        n=told.n, missing=told.missing, least=told.least, low=told.low, middle=told.middle, high=told.high,
        most=told.most, mean=told.mean,
    )  # fmt: skip


def _full(row: models.Campaign, call: Call) -> FullCampaign:
    terms = queries.terms_of(row)
    shown = [_picture(row, each, call) for each in (terms.criteria if terms else ())]
    return widened(FullCampaign, campaign(row), measures=[_measure(each) for each in shown])


def _full_measure(call: Call) -> FullCampaignMeasure:
    row: models.Campaign = CAMPAIGN.row(call)
    terms = queries.terms_of(row)
    criteria = terms.criteria if terms else ()
    wanted = call.query.criterion or next(iter(criteria), "")
    if wanted not in criteria:
        raise not_found()
    shown = _picture(row, wanted, call)
    lines = [
        CampaignLine(unit=unit_ref(each.unit), treated=each.is_treated, before=each.before, after=each.after)
        for each in shown.lines
    ]
    return widened(FullCampaignMeasure, _measure(shown), lines=lines)


CAMPAIGNS = Many(
    name="listCampaigns", summary=_("提升行动"), function=BUSINESS, answers=Page[Campaign],
    query=asked.OfCycle, found=_listed, show=campaign,
)  # fmt: skip
CAMPAIGN = One(
    name="getCampaign", summary=_("一个提升行动，开展前后的对比"), function=BUSINESS, answers=FullCampaign,
    found=lambda call: queries.campaigns_visible_to(call.acting), show=_full,
)  # fmt: skip
CAMPAIGN_MEASURE = Read(
    name="getCampaignMeasure", summary=_("提升行动的一项指标，逐个单位"), function=BUSINESS,
    answers=FullCampaignMeasure, query=asked.Measure, told=_full_measure,
)  # fmt: skip

"""Duty lists with their items."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One
from guantong.api.resources.common import BUSINESS, office_or_none, office_ref, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.duties import DutyItem, DutyList, FullDutyList, Objection
from guantong.duties import models
from guantong.duties.queries import duty_lists_visible_to


def _lists(call: Call) -> QuerySet[models.DutyList]:
    found, wanted = duty_lists_visible_to(call.acting), call.query
    for name in ("cycle", "unit", "state"):
        if getattr(wanted, name, None) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found


def duty_list(row: models.DutyList) -> DutyList:
    return DutyList(
        id=row.pk,
        cycle=row.cycle_id,
        unit=unit_ref(row.unit),
        state=cast(Any, row.state),
        sign_by=row.sign_by,
        issued_at=row.issued_at,
    )


def _item(row: models.DutyItem) -> DutyItem:
    return DutyItem(
        id=row.pk, office=office_ref(row.office), about=row.about_id, duty=row.duty,
        pillar=row.pillar, text=row.text_zh, text_en=row.text_en, evidence=list(row.evidence), times=row.times,
        minutes=row.minutes, withdrawn=row.withdrawn,
    )  # fmt: skip


def _objection(row: models.Objection) -> Objection:
    return Objection(
        id=row.pk, item=row.item_id, reason=row.reason, raised_by=office_or_none(row.raised_by),
        raised_at=row.raised_at, upheld=row.upheld, answer=row.answer,
        answered_by=office_or_none(row.answered_by), answered_at=row.answered_at,
    )  # fmt: skip


def _full(row: models.DutyList, call: Call) -> FullDutyList:
    said = models.Objection.objects.filter(item__duty_list=row).select_related("raised_by", "answered_by")
    signature = models.Signature.objects.filter(duty_list=row).select_related("office").first()
    return widened(
        FullDutyList,
        duty_list(row),
        items=[_item(each) for each in row.items.select_related("office").order_by("pk")],
        objections=[_objection(each) for each in said.order_by("pk")],
        signed_on=signature.signed_on if signature else None,
        signed_by=office_or_none(signature.office) if signature else None,
    )


DUTY_LISTS = Many(
    name="listDutyLists", summary=_("责任清单"), function=BUSINESS, answers=Page[DutyList],
    query=asked.DutyLists, found=_lists, show=duty_list,
)  # fmt: skip
DUTY_LIST = One(
    name="getDutyList", summary=_("一份责任清单和它的条目"), function=BUSINESS, answers=FullDutyList,
    found=lambda call: duty_lists_visible_to(call.acting), show=_full,
)  # fmt: skip

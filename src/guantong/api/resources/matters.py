"""Matters under supervision with the parts in sight."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, plainly
from guantong.api.resources.common import BUSINESS, office_ref, unit_ref
from guantong.api.resources.widening import widened
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.following import FullMatter, Matter, MatterPart
from guantong.supervision import models
from guantong.supervision.operations.following import stage_now
from guantong.supervision.queries.matters import matters_visible_to, of_light, parts_visible_to


def _listed(call: Call) -> QuerySet[models.Matter]:
    found, wanted = matters_visible_to(call.acting), call.query
    for name in ("cycle", "stage"):
        if getattr(wanted, name) is not None:
            found = found.filter(**{name: getattr(wanted, name)})
    return found if wanted.light is None else of_light(found, wanted.light)


def matter(row: models.Matter) -> Matter:
    return Matter(
        id=row.pk, cycle=row.cycle_id, number=row.number, kind=row.kind, title=row.title,
        detail=row.detail, origin=cast(Any, row.origin), basis=row.basis, pillar=row.pillar,
        issued_by=office_ref(row.issued_by), due_on=row.due_on, first_due_on=row.first_due_on,
        stage=cast(Any, row.stage), closed_on=row.closed_on, merged_into=row.merged_into_id,
    )  # fmt: skip


def part(row: models.MatterPart) -> MatterPart:
    return MatterPart(
        id=row.pk, matter=row.matter_id, unit=unit_ref(row.unit), office=office_ref(row.office), part=cast(Any, row.part),
        parent=row.parent_id, wording=row.wording, due_on=row.due_on, target=row.target,
        target_unit=row.target_unit, sign_by=row.sign_by, signed_on=row.signed_on, stage=cast(Any, str(stage_now(row))),
        light=cast(Any, row.obligation.light if row.obligation else "none"),
        obligation=row.obligation_id,
    )  # fmt: skip


def _full(row: models.Matter, call: Call) -> FullMatter:
    parts = parts_visible_to(call.acting).filter(matter=row).order_by("pk")
    return widened(FullMatter, matter(row), parts=[part(each) for each in parts])


MATTERS = Many(
    name="listMatters", summary=_("督办事项"), function=BUSINESS, answers=Page[Matter], query=asked.Matters,
    found=_listed, show=matter,
)  # fmt: skip
MATTER = One(
    name="getMatter", summary=_("一件督办事项和看得到的承办部分"), function=BUSINESS, answers=FullMatter,
    found=lambda call: matters_visible_to(call.acting), show=_full,
)  # fmt: skip
MATTER_PART = One(
    name="getMatterPart", summary=_("一个单位在督办事项里承担的部分"), function=BUSINESS, answers=MatterPart,
    found=lambda call: parts_visible_to(call.acting), show=plainly(part),
)  # fmt: skip

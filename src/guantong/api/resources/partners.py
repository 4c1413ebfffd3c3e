"""Partner organisations. Representatives are persons: they are not read here, and not even counted."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call, Many, One, plainly
from guantong.api.resources.common import unit_ref
from guantong.api.shapes import queries as asked
from guantong.api.shapes.common import Page
from guantong.api.shapes.partners import Partner
from guantong.partners import models
from guantong.partners.choices import PartnerKind
from guantong.partners.queries import partners_visible_to


def _organisations(call: Call) -> QuerySet[models.Partner]:
    """Without the sealed columns: they are not even read."""
    return (
        partners_visible_to(call.acting)
        .exclude(kind=PartnerKind.REPRESENTATIVE)
        .filter(subject__isnull=True)
        .select_related(None)
        .select_related("area")
        .defer("display_name", "contact")
    )


def _listed(call: Call) -> QuerySet[models.Partner]:
    found = _organisations(call)
    return found if call.query.kind is None else found.filter(kind=call.query.kind)


def partner(row: models.Partner) -> Partner:
    return Partner(
        id=row.pk, kind=cast(Any, row.kind), name=row.name, name_en=row.name_en, area=unit_ref(row.area),
        closed_on=row.closed_on,
    )  # fmt: skip


PARTNERS = Many(
    name="listPartners", summary=_("联系的组织、企业和商会，不含任何个人"), function="partners.read",
    answers=Page[Partner], query=asked.Partners, found=_listed, show=partner,
)  # fmt: skip
PARTNER = One(
    name="getPartner", summary=_("一个联系对象组织"), function="partners.read", answers=Partner,
    found=_organisations, show=plainly(partner),
)  # fmt: skip

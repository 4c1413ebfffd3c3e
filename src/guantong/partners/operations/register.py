"""The register of organisations, enterprises and chambers: by name and place, without a word about a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners import rules
from guantong.partners.models import Partner


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of a register as it was read."""

    kind: str
    name: str
    area: Unit
    name_en: str = ""


@transaction.atomic
def register_organisation(
    *, kind: str, name: str, area: Unit, actor: Actor, now: dt.datetime, name_en: str = ""
) -> Partner:
    """Put an organisation in the register. The same one twice is the first one."""
    rules.refuse_unknown_kind(kind)
    if not rules.may_register(actor, area):
        raise Refusal(_("联系对象由统筹协调单位在本辖区内登记。"))
    name = _tidy(name)
    earlier = Partner.objects.filter(area=area, name=name).first()
    if earlier:
        return earlier
    partner = Partner.objects.create(
        kind=kind,
        name=name,
        name_en=name_en.strip(),
        area=area,
        registered_by=actor.office if isinstance(actor, Acting) else None,
        registered_at=now,
    )
    audit.record("partners.registered", target=partner, actor=actor, at=now, payload={"kind": kind})
    return partner


def _tidy(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(_("请写单位的登记名称。"))
    if len(name) > rules.LONGEST_NAME:
        raise Refusal(_("名称最多 200 字。"))
    return name


@transaction.atomic
def import_organisations(*, rows: Sequence[OrganisationRow], actor: Actor, now: dt.datetime) -> list[Partner]:
    """Register many at once, all or none; those already there are left as they are. Returns the new ones."""
    for row in rows:
        rules.refuse_unknown_kind(row.kind)
    known = set(Partner.objects.exclude(name="").values_list("area_id", "name"))
    made = []
    for row in rows:
        if (row.area.pk, _tidy(row.name)) not in known:
            made.append(
                register_organisation(
                    kind=row.kind, name=row.name, name_en=row.name_en, area=row.area, actor=actor, now=now
                )
            )
            known.add((row.area.pk, made[-1].name))
    return made


@transaction.atomic
def correct_organisation(
    *, partner: Partner, name: str, area: Unit, actor: Actor, now: dt.datetime, name_en: str = ""
) -> Partner:
    """Another name or place. A representative is corrected by themselves alone."""
    partner = _locked(partner)
    rules.refuse_a_person(partner.kind)
    if not rules.may_register(actor, partner.area) or not rules.may_register(actor, area):
        raise Refusal(_("联系对象由统筹协调单位在本辖区内登记。"))
    name = _tidy(name)
    if Partner.objects.filter(area=area, name=name).exclude(pk=partner.pk).exists():
        raise Refusal(_("“%(area)s”已登记有“%(name)s”。") % {"area": area, "name": name})
    partner.name, partner.name_en, partner.area = name, name_en.strip(), area
    partner.save(update_fields=["name", "name_en", "area"])
    audit.record("partners.corrected", target=partner, actor=actor, at=now)
    return partner


@transaction.atomic
def close_organisation(*, partner: Partner, actor: Actor, now: dt.datetime) -> Partner:
    """Take an organisation off the register from today; what was done with it stays."""
    partner = _locked(partner)
    rules.refuse_a_person(partner.kind)
    if not rules.may_register(actor, partner.area):
        raise Refusal(_("联系对象由统筹协调单位在本辖区内登记。"))
    if partner.closed_on is None:
        partner.closed_on = clock.today(now)
        partner.save(update_fields=["closed_on"])
        audit.record("partners.closed", target=partner, actor=actor, at=now)
    return partner


def _locked(partner: Partner) -> Partner:
    return Partner.objects.select_for_update(of=("self",)).select_related("area").get(pk=partner.pk)

"""Opening a year's duty lists, objecting to them, issuing and signing them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.accounts.operations import open_offices
from guantong.audit import operations as audit
from guantong.calendars.queries import calendar_for
from guantong.duties import planning, rules
from guantong.duties.models import DutyItem, DutyList, ListState, Objection, Signature
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.operations import start_cycle
from guantong.mechanisms.package import Package
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import open_obligations
from guantong.organisation.models import Unit


@dataclass
class Opening:
    """What opening a year made, and what it found missing."""

    cycle: Cycle
    offices: int = 0
    lists: int = 0
    items: int = 0
    missing: list[str] = field(default_factory=list)


@transaction.atomic
def open_cycle(*, package: Package, unit: Unit, year: int, actor: Actor, now: dt.datetime) -> Opening:
    """Freeze the package, set up the seats it asks for, and lay out every unit's duty list for comment."""
    cycle = start_cycle(package=package, unit=unit, year=year, actor=actor, now=now)
    opening = Opening(cycle=cycle)
    units = list(Unit.objects.below(unit).open_on(cycle.starts_on))
    opening.offices = _set_up_seats(cycle, units, actor=actor, now=now)
    offices = list(
        Office.objects.filter(unit__path__gte=unit.path, unit__path__lt=unit.path + "~", closed_on=None)
        .select_related("unit")
        .order_by("pk")
    )
    planned = planning.items_for(cycle, offices, villages=_villages_by_ancestor(units))
    lists = _lay_out_lists(cycle, planned)
    opening.lists, opening.items = len(lists), sum(len(each) for each in planned.values())
    present = {each.kind for each in units}
    opening.missing = [str(kind.name) for kind in cycle.package.unit_kinds if kind.id not in present]
    audit.record(
        "duties.lists_laid_out",
        target=cycle,
        actor=actor,
        at=now,
        payload={"lists": opening.lists, "items": opening.items, "offices": opening.offices},
        states=lists,
    )
    return opening


def _set_up_seats(cycle: Cycle, units: list[Unit], *, actor: Actor, now: dt.datetime) -> int:
    by_path = {each.path: each for each in units}
    held = set(
        Office.objects.filter(
            unit__path__gte=cycle.unit.path, unit__path__lt=cycle.unit.path + "~"
        ).values_list("unit_id", "seat", "number")
    )
    wanted: dict[tuple[int, str, int], Office] = {}
    for unit, seat, number in planning.seats_wanted(cycle.package, units):
        key = (unit.pk, seat.id, number)
        if key in held or key in wanted:
            continue
        scope = unit
        if unit.kind == "leading_group":  # its members answer for the territory the group leads
            scope = next((by_path[path] for path in unit.ancestor_paths() if path in by_path), unit)
        wanted[key] = planning.office_for(unit, seat, number, scope=scope, opened_on=cycle.starts_on)
    return open_offices(wanted.values(), for_what=cycle.unit, actor=actor, now=now)


def _villages_by_ancestor(units: list[Unit]) -> dict[int, list[Unit]]:
    """The villages below each unit, by the unit's id."""
    ids = {each.path: each.pk for each in units}
    below: dict[int, list[Unit]] = defaultdict(list)
    for village in units:
        if village.level == "village" and village.kind == "territory":
            for path in village.ancestor_paths():
                if path in ids:
                    below[ids[path]].append(village)
    return below


def _lay_out_lists(cycle: Cycle, planned: dict[int, list[DutyItem]]) -> list[DutyList]:
    sign_by = rules.sign_by(cycle)
    lists = DutyList.objects.bulk_create(
        (DutyList(cycle=cycle, unit_id=unit_id, sign_by=sign_by) for unit_id in planned), batch_size=1000
    )
    by_unit = {each.unit_id: each for each in lists}
    items = []
    for unit_id, unit_items in planned.items():
        for item in unit_items:
            item.duty_list = by_unit[unit_id]
            items.append(item)
    DutyItem.objects.bulk_create(items, batch_size=1000)
    return lists


def _locked(duty_list: DutyList) -> DutyList:
    return DutyList.objects.select_for_update().select_related("cycle__stored", "unit").get(pk=duty_list.pk)


@transaction.atomic
def object_to_item(*, item: DutyItem, reason: str, actor: Actor, now: dt.datetime) -> Objection:
    """Dispute one duty with a reason, before the list is signed."""
    duty_list = _locked(item.duty_list)
    if duty_list.is_signed:
        raise Refusal(_("清单已经签收，不能再提异议。"))
    if not rules.may_object(actor, duty_list):
        raise Refusal(_("只有承担职责的单位可以提出异议。"))
    if not reason.strip():
        raise Refusal(_("请写明异议理由。"))
    if item.withdrawn:
        raise Refusal(_("这一项已经撤回，不需要再提异议。"))
    if item.objections.filter(upheld__isnull=True).exists():
        raise Refusal(_("这一项已有异议在等待答复。"))
    objection = Objection.objects.create(
        item=item,
        reason=reason.strip(),
        raised_by=actor.office if isinstance(actor, Acting) else None,
        raised_at=now,
    )
    audit.record(
        "duties.objected",
        target=duty_list,
        actor=actor,
        at=now,
        payload={"item": item.pk, "reason": reason},
        states=[objection],
    )
    return objection


@transaction.atomic
def answer_objection(
    *, objection: Objection, upheld: bool, answer: str, actor: Actor, now: dt.datetime
) -> Objection:
    """Take the item back, or keep it with a reason."""
    duty_list = _locked(objection.item.duty_list)
    objection = Objection.objects.select_for_update().select_related("item").get(pk=objection.pk)
    if objection.upheld is not None:
        raise Refusal(_("这项异议已经答复过了。"))
    if not rules.may_issue(actor, duty_list):
        raise Refusal(_("异议由下达清单的统筹协调单位答复。"))
    if not answer.strip():
        raise Refusal(_("请写明答复理由。"))
    objection.upheld, objection.answer, objection.answered_at = upheld, answer.strip(), now
    objection.answered_by = actor.office if isinstance(actor, Acting) else None
    objection.save()
    if upheld:
        objection.item.withdrawn = True
        objection.item.save(update_fields=["withdrawn"])
    audit.record(
        "duties.objection_answered",
        target=duty_list,
        actor=actor,
        at=now,
        payload={"item": objection.item_id, "upheld": upheld, "answer": answer.strip()},
        states=[objection],
    )
    return objection


@transaction.atomic
def issue_duty_lists(*, cycle: Cycle, actor: Actor, now: dt.datetime, unit: Unit | None = None) -> int:
    """Issue the lists that were out for comment: all of the cycle, or one unit's subtree."""
    if not rules.may_run(actor, cycle):
        raise Refusal(_("清单由统筹协调单位下达。"))
    lists = DutyList.objects.select_for_update().filter(cycle=cycle, state=ListState.CONSULTED)
    if unit:
        lists = lists.filter(unit__path__gte=unit.path, unit__path__lt=unit.path + "~")
    open_ones = Objection.objects.filter(item__duty_list__in=lists, upheld__isnull=True)
    waiting = list(open_ones.values_list("item__duty_list__unit__name", flat=True).distinct()[:10])
    if waiting:
        raise Refusal(
            _("还有异议没有答复，涉及：%(units)s。请先答复再下达。") % {"units": "、".join(waiting)}
        )
    issued = list(lists)
    if not issued:
        raise Refusal(_("没有待下达的清单。"))
    for each in issued:
        each.state, each.issued_at = ListState.ISSUED, now
    DutyList.objects.bulk_update(issued, ["state", "issued_at"], batch_size=500)
    audit.record(
        "duties.issued", target=cycle, actor=actor, at=now, payload={"lists": len(issued)}, states=issued
    )
    return len(issued)


@transaction.atomic
def sign_duty_list(*, duty_list: DutyList, actor: Actor, now: dt.datetime) -> Signature:
    """Close the list and record who signed it for which office; its obligations open."""
    duty_list = _locked(duty_list)
    if duty_list.is_signed:
        raise Refusal(_("清单已经签收，不需要重复签收。"))
    if duty_list.state != ListState.ISSUED:
        raise Refusal(_("清单还在征求意见，下达后才能签收。"))
    if not rules.may_sign(actor, duty_list):
        raise Refusal(_("清单由承担职责的单位主要负责人签收。"))
    items = list(duty_list.items.filter(withdrawn=False).select_related("office__unit"))
    if not items:
        raise Refusal(_("清单里没有职责，不能签收。"))
    if Objection.objects.filter(item__duty_list=duty_list, upheld__isnull=True).exists():
        raise Refusal(_("还有异议没有答复，答复后才能签收。"))
    signature = Signature.objects.create(
        duty_list=duty_list,
        office=actor.office if isinstance(actor, Acting) else None,
        person=actor.person if isinstance(actor, Acting) else None,
        signed_at=now,
        signed_on=clock.today(now),
    )
    duty_list.state = ListState.SIGNED
    duty_list.save(update_fields=["state"])
    opened = _open_obligations(duty_list, items, today=clock.today(now))
    audit.record(
        "duties.signed",
        target=duty_list,
        actor=actor,
        at=now,
        payload={"obligations": len(opened)},
        states=[signature, *opened],
    )
    return signature


def _open_obligations(duty_list: DutyList, items: list[DutyItem], *, today: dt.date) -> list[Obligation]:
    """One obligation for each period of each duty; the duty to sign is fulfilled by having signed."""
    cycle = duty_list.cycle
    templates = {each.id: each for each in cycle.package.duties}
    calendar = calendar_for(cycle.year, cycle.unit_id)
    owed: list[Obligation] = []
    for item in items:
        for obligation in planning.obligations_of(item, templates[item.duty], cycle, calendar=calendar):
            if "sign_off" in item.evidence:
                obligation.state = State.FULFILLED
                obligation.claimed_on = obligation.settled_on = today
            owed.append(obligation)
    return open_obligations(owed, today=today, cycle=cycle)

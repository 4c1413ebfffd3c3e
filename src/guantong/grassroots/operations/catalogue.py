"""The catalogue of services of a cycle: the coordinating office writes it, or takes the one that is built in."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.grassroots.catalogue import BUILT_IN
from guantong.grassroots.models import ServiceItem
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle

MOST_MINUTES = 480


@transaction.atomic
def take_built_in_catalogue(*, cycle: Cycle, actor: Actor, now: dt.datetime) -> int:
    """Give a cycle that has none the built-in catalogue. Returns how many lines that made; a second time none."""
    _refuse_stranger(actor, cycle)
    Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
    if ServiceItem.objects.filter(cycle=cycle).exists():
        return 0
    made = [
        ServiceItem.objects.create(cycle=cycle, name=name, name_en=english, minutes=minutes)
        for name, english, minutes in BUILT_IN
    ]
    audit.record(
        "grassroots.catalogue_taken",
        target=cycle,
        actor=actor,
        at=now,
        payload={"items": len(made)},
        states=made,
    )
    return len(made)


@transaction.atomic
def add_item(
    *, cycle: Cycle, name: str, minutes: int, actor: Actor, now: dt.datetime, name_en: str = ""
) -> ServiceItem:
    """A new line; one that was stopped under the same name comes back."""
    _refuse_stranger(actor, cycle)
    name, name_en = name.strip(), name_en.strip()
    if not name or len(name) > 100 or len(name_en) > 200:
        raise Refusal(_("请写明服务的名称，最多 100 字。"))
    if not 1 <= minutes <= MOST_MINUTES:
        raise Refusal(_("用时应在 1 到 %(n)s 分钟之间。") % {"n": MOST_MINUTES})
    item = ServiceItem.objects.select_for_update().filter(cycle=cycle, name=name).first()
    if item is not None and item.closed_on is None:
        raise Refusal(_("目录里已经有“%(name)s”。") % {"name": name})
    item = item or ServiceItem(cycle=cycle, name=name)
    item.name_en, item.minutes, item.closed_on = name_en or item.name_en, minutes, None
    item.save()
    audit.record(
        "grassroots.item_added", target=item, actor=actor, at=now, payload={"name": name, "minutes": minutes}
    )
    return item


@transaction.atomic
def stop_item(*, item: ServiceItem, actor: Actor, now: dt.datetime) -> ServiceItem:
    """From today on it is not offered; services given under it stay."""
    item = ServiceItem.objects.select_for_update(of=("self",)).select_related("cycle__unit").get(pk=item.pk)
    _refuse_stranger(actor, item.cycle)
    if item.closed_on is not None:
        raise Refusal(_("“%(item)s”已经停用。") % {"item": item})
    item.closed_on = clock.today(now)
    item.save(update_fields=["closed_on"])
    audit.record("grassroots.item_stopped", target=item, actor=actor, at=now)
    return item


def _refuse_stranger(actor: Actor, cycle: Cycle) -> None:
    if not actor.may("grassroots.run") or not actor.sees(cycle.unit.path):
        raise Refusal(_("服务目录由统筹协调机构编定。"))

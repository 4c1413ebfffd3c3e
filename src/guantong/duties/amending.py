"""Changing a list while it is out for comment: the wording, the minutes, an item more or one less."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.duties import rules
from guantong.duties.models import DutyItem, DutyList, ListState
from guantong.duties.planning import times_in_year
from guantong.kernel.refusals import Refusal

MOST_MINUTES = 600


def _held(duty_list: DutyList, actor: Actor) -> DutyList:
    found = DutyList.objects.select_for_update().select_related("cycle__stored", "unit").get(pk=duty_list.pk)
    if not rules.may_issue(actor, found):
        raise Refusal(_("清单由统筹协调单位下达。"))
    if found.state != ListState.CONSULTED:
        raise Refusal(_("“%(unit)s”的清单已经下达，不能再改。") % {"unit": found.unit.name})
    return found


def _refuse_odd(text_zh: str, minutes: int) -> None:
    if not text_zh.strip() or len(text_zh) > 500:
        raise Refusal(_("职责内容须填写，最多 500 字。"))
    if not 0 <= minutes <= MOST_MINUTES:
        raise Refusal(_("每次用时须在 0 到 %(n)s 分钟之间。") % {"n": MOST_MINUTES})


@transaction.atomic
def amend_item(
    *,
    item: DutyItem,
    text_zh: str,
    text_en: str,
    minutes: int,
    withdrawn: bool,
    actor: Actor,
    now: dt.datetime,
) -> DutyItem:
    """Another wording, other minutes, or left out of the year; the same again changes nothing."""
    duty_list = _held(item.duty_list, actor)
    _refuse_odd(text_zh, minutes)
    wanted = {
        "text_zh": text_zh.strip(), "text_en": text_en.strip(), "minutes": minutes, "withdrawn": withdrawn,
    }  # fmt: skip
    changed = sorted(name for name, value in wanted.items() if getattr(item, name) != value)
    if changed:
        for name, value in wanted.items():
            setattr(item, name, value)
        item.save(update_fields=changed)
        audit.record(
            "duties.item_amended",
            target=duty_list,
            actor=actor,
            at=now,
            payload={"item": item.pk, "fields": changed},
        )
    return item


@transaction.atomic
def add_item(
    *, duty_list: DutyList, office: Office, duty: str, text_zh: str, text_en: str, minutes: int, actor: Actor,
    now: dt.datetime,
) -> DutyItem:  # fmt: skip
    """A duty of the package for an office of the unit that does not carry it yet."""
    duty_list = _held(duty_list, actor)
    _refuse_odd(text_zh, minutes)
    template = next((each for each in duty_list.cycle.package.duties if each.id == duty), None)
    if template is None:
        raise Refusal(_("机制里没有编号为“%(duty)s”的职责。") % {"duty": duty[:40]})
    if office.unit_id != duty_list.unit_id:
        raise Refusal(_("“%(office)s”不是这个单位的岗位。") % {"office": office.title})
    if duty_list.items.filter(office=office, duty=duty, about=None).exists():
        raise Refusal(_("“%(office)s”已经有这项职责。") % {"office": office.title})
    item = DutyItem.objects.create(
        duty_list=duty_list,
        office=office,
        duty=duty,
        pillar=template.pillar,
        text_zh=text_zh.strip(),
        text_en=text_en.strip(),
        evidence=list(template.evidence),
        times=times_in_year(template, duty_list.cycle),
        minutes=minutes,
    )
    audit.record(
        "duties.item_added",
        target=duty_list,
        actor=actor,
        at=now,
        payload={"item": item.pk, "duty": duty, "office": office.pk},
    )
    return item

"""Who may plan and write down contacts, for which office; and what cannot be planned. No writes here."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import ContactMode
from guantong.leadership.models import PartnerContact
from guantong.partners.models import Partner
from guantong.partners.queries import recusals_in_force


def may_act_for(actor: Actor, office: Office, partner: Partner) -> bool:
    """The office itself, for partners in its sight; the coordinating office for every office and department."""
    if not actor.may("partners.read") or not actor.sees(partner.area.path):
        return False
    if not isinstance(actor, Acting) or actor.may("leadership.run"):
        return True
    return actor.office_ref == office.pk


def refuse_unfit(partner: Partner, office: Office, purpose: str, *, actor: Actor) -> None:
    """Say no, with the reason, to a contact that nobody could plan or write down like this."""
    if not may_act_for(actor, office, partner):
        raise Refusal(_("联系由本岗位安排，或由统筹协调单位代为安排。"))
    if partner.closed_on is not None:
        raise Refusal(_("这个联系对象已退出登记，不再联系。"))
    if recusals_in_force(partner).filter(office=office).exists():
        raise Refusal(_("“%(office)s”已声明回避这个联系对象。") % {"office": office})
    if not purpose.strip():
        raise Refusal(_("请写明为什么事联系。"))
    if len(purpose.strip()) > 200:
        raise Refusal(_("联系事由最多 200 字。"))


def refuse_unjoinable(host: PartnerContact, office: Office, *, today: dt.date) -> None:
    if host.cancelled_at or host.joined_id or host.mode != ContactMode.VISIT:
        raise Refusal(_("这次走访已取消或已并入别的走访，不能再并入。"))
    if host.record_id or host.day < today:
        raise Refusal(_("这次走访已经过去，不能再并入。"))
    if host.office_id == office.pk:
        raise Refusal(_("这是本岗位自己安排的走访，不需要合并。"))

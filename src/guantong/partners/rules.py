"""Who may do what with the register of partners, and what nobody may put in it. No writes here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.kernel.privacy import never_asked
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners.choices import PartnerKind
from guantong.partners.models import Partner

ORGANISATIONS = tuple(each for each in PartnerKind if each != PartnerKind.REPRESENTATIVE)
LONGEST_NAME = 200


def may_register(actor: Actor, area: Unit) -> bool:
    """The coordinating office, for the territory in its sight."""
    return actor.may("leadership.run") and actor.sees(area.path)


def may_recuse(actor: Actor, partner: Partner) -> bool:
    """An office with a leader's or the coordinating function, for itself."""
    return isinstance(actor, Acting) and actor.may("partners.read") and actor.sees(partner.area.path)


def may_know(actor: Actor, partner: Partner, *, keeps_contact: bool) -> bool:
    """Whether a representative's name and contact are shown: to who keeps contact, and to the coordinating office."""
    return keeps_contact or may_register(actor, partner.area)


def refuse_a_person(kind: str) -> None:
    """Nobody enters a person: a representative appears by their own consent alone."""
    if kind == PartnerKind.REPRESENTATIVE:
        raise Refusal(_("代表人士不能由别人登记。请生成同意链接，由本人看过说明后自己填写。"))


def refuse_unknown_kind(kind: str) -> None:
    refuse_a_person(kind)
    if kind not in {each.value for each in ORGANISATIONS}:
        raise Refusal(_("联系对象只能是组织团体、企业或商会。"))


def refuse_more_than(names: Iterable[str], allowed: Iterable[str]) -> None:
    """Say no to a form or table that brings more than it was asked for, naming what must never be asked."""
    extra = [each for each in names if each not in set(allowed)]
    for name in extra:
        if word := never_asked(name):
            raise Refusal(
                _("“%(name)s”涉及个人的“%(word)s”，这类信息不得收集，没有保存任何内容。")
                % {"name": name[:40], "word": word}
            )
    if extra:
        raise Refusal(
            _("没有“%(name)s”这一项。联系对象只登记单位名称、类别和所在地，不登记人的信息。")
            % {"name": extra[0][:40]}
        )

"""What a person lets out of the system, chosen by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.audit import operations as audit
from guantong.channels.models import Channel, OutsideChoice
from guantong.channels.queries.channels import channels_open_to
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.notices.choices import NoticeKind
from guantong.notices.digests import choose_hour
from guantong.notices.queries import hour_of


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was ticked. ``kinds`` are those that may leave; an empty address forgets the one kept."""

    channels: frozenset[int]
    kinds: frozenset[str]
    hour: int
    language: str
    quiet_from: int | None = None
    quiet_to: int | None = None
    address: str = ""


@transaction.atomic
def choose_outside(*, person: Person, wishes: Wishes, actor: Acting, now: dt.datetime) -> OutsideChoice:
    """Keep the person's own choice. The same again changes nothing and writes no log row."""
    if actor.person_ref != person.pk:
        raise Refusal(_("只有本人可以设置自己的提醒。"))
    open_now = channels_open_to(person, on=clock.today(now))
    chosen = [each for each in open_now if each.pk in wishes.channels]
    _refuse_bad(wishes, chosen)
    Person.objects.select_for_update().get(pk=person.pk)
    choice = OutsideChoice.objects.filter(person=person).first() or OutsideChoice(
        person=person, subject_id=person.subject_id
    )
    before = _picture(choice, person)
    choose_hour(person=person, hour=wishes.hour)
    choice.address = wishes.address.strip()
    choice.silenced = sorted(set(NoticeKind.values) - wishes.kinds)
    choice.quiet_from, choice.quiet_to, choice.language = wishes.quiet_from, wishes.quiet_to, wishes.language
    choice.changed_at = now
    choice.save()
    # what cannot be ticked now, such as a channel that is off for a while, stays chosen
    choice.channels.set([*chosen, *choice.channels.exclude(pk__in=[each.pk for each in open_now])])
    if before != _picture(choice, person):
        audit.record(
            "channels.chosen", target=choice, actor=actor, at=now,
            payload={"channels": sorted(each.pk for each in chosen), "silenced": len(choice.silenced)},
        )  # fmt: skip
    return choice


def _picture(choice: OutsideChoice, person: Person) -> tuple[object, ...]:
    if choice.pk is None:
        return ()
    channels = sorted(choice.channels.values_list("pk", flat=True))
    quiet = (choice.quiet_from, choice.quiet_to, choice.language, hour_of(person))
    return (*quiet, str(choice.address or ""), tuple(choice.silenced), *channels)


def _refuse_bad(wishes: Wishes, chosen: Iterable[Channel]) -> None:
    if (wishes.quiet_from is None) != (wishes.quiet_to is None):
        raise Refusal(_("免打扰时段要有开始和结束；不需要的，两项都留空。"))
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_to:
        raise Refusal(_("免打扰时段的开始和结束不能相同。"))
    if any(hour is not None and not 0 <= hour <= 23 for hour in (wishes.quiet_from, wishes.quiet_to)):
        raise Refusal(_("请选择 0 到 23 点之间的整点。"))
    if wishes.language not in dict(settings.LANGUAGES):
        raise Refusal(_("请选择提醒用的语言。"))
    address = wishes.address.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError:
            raise Refusal(_("邮箱写得不对，例如 name@example.gov.cn。")) from None
    elif any(each.is_mail for each in chosen):
        raise Refusal(_("选了电子邮件，请填写接收提醒的邮箱。"))

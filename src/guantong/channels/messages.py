"""What is said outside: title, due day, link. No person's name, no contact, no code, no secret."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guantong.accounts.queries import seats_of
from guantong.channels.limits import MOST_LINES, MOST_SENT
from guantong.channels.models import Channel, Delivery, OutsideChoice
from guantong.channels.senders.sending import Message
from guantong.notices.models import Notice
from guantong.notices.queries import by_urgency
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation

# Rooms whose titles speak of work alone. What comes from elsewhere may name whoever turned to the office.
SPEAK_OF_WORK = {
    "obligations", "duties", "tasks", "supervision", "assessment", "leadership", "mechanisms", "burden", "accounts",
}  # fmt: skip
NAMED_FOR_SOMEBODY = (Source.CASE, Source.PAIRING)
LONGEST_TITLE = 60


def key_of(delivery: Delivery) -> str:
    """The same for every try at the same digest, channel and person; says nothing about any of them."""
    return hashlib.sha256(f"delivery {delivery.pk} {delivery.planned_at.isoformat()}".encode()).hexdigest()[
        :40
    ]


def notices_to_tell(delivery: Delivery, choice: OutsideChoice, *, on: dt.date) -> list[Notice]:
    """What of the digest is still open, may leave, and belongs to an office that the channel is for."""
    assert delivery.digest is not None
    unit = delivery.channel.unit
    offices = [
        seat.office.pk
        for seat in seats_of(choice.person, on=on)
        if unit is None or seat.office.unit.path.startswith(unit.path)
    ]
    waiting = delivery.digest.notices.filter(closed_on__isnull=True, office__in=offices)
    return list(by_urgency(waiting.exclude(kind__in=choice.silenced).select_related("office__unit")))


def digest_message(delivery: Delivery, choice: OutsideChoice, notices: list[Notice]) -> Message:
    """The digest in the language its person chose."""
    with override(choice.language):
        n = len(notices)
        title = ngettext("贯通：%(n)s 件待办", "贯通：%(n)s 件待办", n) % {"n": n}
        days = [each.due_on for each in notices if each.due_on]
        if days:
            title += _("，最近期限 %(day)s") % {"day": _day(min(days))}
        return Message(title=title, body=_body(delivery.channel, notices), key=key_of(delivery))


def test_message(delivery: Delivery) -> Message:
    title, body = _("贯通：测试消息"), _("收到这条消息，说明渠道已经接通。")
    return Message(title=title, body=f"{body}\n{delivery.channel.link_base}", key=key_of(delivery))


def _body(channel: Channel, notices: list[Notice]) -> str:
    base = channel.link_base.rstrip("/")
    plain = _with_plain_titles(notices)
    lines: list[str] = []
    for notice in notices[:MOST_LINES]:
        line = (
            f"· {notice.get_kind_display()}：{plain[notice.pk]}"
            if plain[notice.pk]
            else f"· {notice.get_kind_display()}"
        )
        if notice.due_on:
            line += _("（期限 %(day)s）") % {"day": _day(notice.due_on)}
        line += f"\n  {base}{notice.url}" if notice.url.startswith("/") else ""
        if len("\n".join([*lines, line]).encode()) > MOST_SENT - 200:
            break
        lines.append(line)
    left = len(notices) - len(lines)
    if left:
        lines.append(ngettext("还有 %(n)s 件，见：", "还有 %(n)s 件，见：", left) % {"n": left})
    lines.append(f"{base}/digest/")
    return "\n".join(lines)


def _with_plain_titles(notices: Iterable[Notice]) -> dict[int, str]:
    """Titles that may be read by others; empty where the kind alone is said."""
    notices = list(notices)
    refs = [each.about_ref for each in notices if each.about == "obligations.obligation"]
    named = set(
        Obligation.objects.filter(pk__in=refs, source__in=NAMED_FOR_SOMEBODY).values_list("pk", flat=True)
    )
    told = {}
    for each in notices:
        about_one = each.about == "obligations.obligation" and each.about_ref in named
        plain = each.about.partition(".")[0] in SPEAK_OF_WORK and not about_one
        title = " ".join(each.title.split()) if plain else ""
        told[each.pk] = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    return told


def _day(day: dt.date) -> str:
    return date_format(day, "Y-m-d")

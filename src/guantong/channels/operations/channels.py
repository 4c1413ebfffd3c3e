"""Setting up a channel, switching it, and asking for a test message. Secrets go in and never come out again."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.channels.choices import ChannelKind, Outcome
from guantong.channels.models import Channel, Delivery
from guantong.channels.rules import Terms, refuse_bad_terms
from guantong.channels.senders.sending import secrets_of
from guantong.kernel.refusals import Refusal
from guantong.privacy.secrets import seal_secret

PLAIN = ("name", "server", "link_base", "port", "security", "account", "sender", "unit")


def _refuse_others(actor: Actor) -> None:
    if not actor.may("system.run"):
        raise Refusal(_("提醒渠道由系统管理员设置。"))


def _refuse_same_name(name: str, *, besides: Channel | None = None) -> None:
    others = Channel.objects.exclude(pk=besides.pk) if besides else Channel.objects.all()
    if others.filter(name=name.strip()).exists():
        raise Refusal(_("已有叫“%(name)s”的渠道。") % {"name": name.strip()})


@transaction.atomic
def set_up_channel(*, kind: str, terms: Terms, actor: Actor, now: dt.datetime) -> Channel:
    """A new channel, off until somebody switches it on."""
    _refuse_others(actor)
    if kind not in ChannelKind.values:
        raise Refusal(_("没有这种渠道。"))
    refuse_bad_terms(kind, terms, has_secret=False)
    _refuse_same_name(terms.name)
    channel = Channel(kind=kind, set_up_at=now)
    _take(channel, terms)
    channel.save()
    audit.record("channels.set_up", target=channel, actor=actor, at=now, payload={"kind": kind})
    return channel


@transaction.atomic
def change_channel(*, channel: Channel, terms: Terms, actor: Actor, now: dt.datetime) -> Channel:
    """Other terms; a changed destination forgets the secret unless it is given again, and switches off."""
    _refuse_others(actor)
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    moved = (channel.server, channel.account) != (terms.server.strip(), terms.account.strip())
    refuse_bad_terms(channel.kind, terms, has_secret=bool(channel.sealed) and not moved)
    _refuse_same_name(terms.name, besides=channel)
    if moved:
        channel.sealed, channel.is_on = "", False
    _take(channel, terms)
    channel.save()
    given = sorted(name for name, value in terms.secrets.items() if value)
    audit.record(
        "channels.changed", target=channel, actor=actor, at=now, payload={"secrets": given, "moved": moved}
    )
    return channel


def _take(channel: Channel, terms: Terms) -> None:
    for name in PLAIN:
        value = getattr(terms, name)
        setattr(channel, name, value.strip() if isinstance(value, str) else value)
    secrets = secrets_of(channel) | {name: value for name, value in terms.secrets.items() if value}
    channel.sealed = seal_secret(json.dumps(secrets)) if secrets else ""


@transaction.atomic
def switch_channel(*, channel: Channel, on: bool, actor: Actor, now: dt.datetime) -> Channel:
    """Let it be used, or stop it at once. Doing so twice changes nothing."""
    _refuse_others(actor)
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    if channel.is_on == on:
        return channel
    if on and not channel.sealed and channel.kind not in (ChannelKind.EMAIL, ChannelKind.WEBHOOK):
        raise Refusal(_("还没有填写密钥，不能启用。"))
    channel.is_on = on
    channel.save(update_fields=["is_on"])
    verb = "channels.switched_on" if on else "channels.switched_off"
    audit.record(verb, target=channel, actor=actor, at=now)
    return channel


@transaction.atomic
def ask_test_message(*, channel: Channel, actor: Actor, now: dt.datetime) -> Delivery:
    """A test message in the worker's next round; for e-mail, to the sender's own address. One at a time."""
    _refuse_others(actor)
    channel = Channel.objects.select_for_update().get(pk=channel.pk)
    open_test = Delivery.objects.filter(
        channel=channel, digest__isnull=True, outcome__in=(Outcome.WAITING, Outcome.SENDING)
    ).first()
    if open_test:
        return open_test
    delivery = Delivery.objects.create(channel=channel, planned_at=now, next_at=now)
    audit.record("channels.tested", target=channel, actor=actor, at=now)
    return delivery

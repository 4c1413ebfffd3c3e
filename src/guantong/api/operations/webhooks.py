"""Setting up an address that is told of changes, and ending it."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.api.choices import EventKind, SendOutcome
from guantong.api.models import Event, Send, Webhook
from guantong.api.webhooks.deriving import begin
from guantong.audit import operations as audit
from guantong.channels.rules import refuse_bad_base
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.privacy.secrets import seal_secret

MOST_WEBHOOKS = 20
SECRET_PREFIX = "whsec_"  # noqa: S105 - how Standard Webhooks marks one
TOLD = frozenset(EventKind.values) - {EventKind.TEST}


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """With its signing secret, which is shown once."""

    webhook: Webhook
    secret: str


def _refuse_others(actor: Actor, office: Office) -> None:
    mine = not isinstance(actor, Acting) or actor.sees(office.scope.path)
    if not actor.may("cycles.run") or not mine:
        raise Refusal(_("变更通知由统筹协调单位设置。"))


@transaction.atomic
def set_up_webhook(
    *, office: Office, name: str, address: str, kinds: Collection[str], actor: Actor, now: dt.datetime
) -> MadeWebhook:
    """From now on changes within the office's scope are told there."""
    _refuse_others(actor, office)
    name, address = name.strip(), address.strip()
    if not name or len(name) > 60:
        raise Refusal(_("请起一个名称，最多 60 字。"))
    refuse_bad_base(address)
    if not kinds or set(kinds) - TOLD:
        raise Refusal(_("请至少选择一种变化。"))
    if Webhook.objects.filter(office=office, ended_at=None).count() >= MOST_WEBHOOKS:
        raise Refusal(_("最多设置 %(n)s 个通知地址。") % {"n": MOST_WEBHOOKS})
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    made = Webhook.objects.create(
        office=office, scope=office.scope, name=name, address=address, kinds=sorted(kinds),
        sealed=seal_secret(secret), made_at=now,
    )  # fmt: skip
    begin(on=clock.today(now), now=now)
    audit.record("api.webhook_set_up", target=made, actor=actor, at=now, payload={"kinds": made.kinds})
    return MadeWebhook(made, secret)


@transaction.atomic
def end_webhook(*, webhook: Webhook, actor: Actor, now: dt.datetime) -> Webhook:
    """Nothing more is sent there, what waits included. Doing so twice changes nothing."""
    webhook = Webhook.objects.select_for_update().select_related("office__scope").get(pk=webhook.pk)
    _refuse_others(actor, webhook.office)
    if webhook.ended_at is None:
        webhook.ended_at = now
        webhook.save(update_fields=["ended_at"])
        audit.record("api.webhook_ended", target=webhook, actor=actor, at=now)
    return webhook


@transaction.atomic
def ask_test(*, webhook: Webhook, actor: Actor, now: dt.datetime) -> Send:
    """A test event, sent in the worker's next round. One at a time."""
    webhook = Webhook.objects.select_for_update().select_related("office__scope", "scope").get(pk=webhook.pk)
    _refuse_others(actor, webhook.office)
    if webhook.ended_at is not None:
        raise Refusal(_("这个地址已经停止通知。"))
    waiting = Send.objects.filter(
        webhook=webhook, event__kind=EventKind.TEST, outcome=SendOutcome.WAITING
    ).first()
    if waiting is not None:
        return waiting
    event = Event.objects.create(
        kind=EventKind.TEST,
        object_ref=webhook.pk,
        unit=webhook.scope,
        at=now,
        key=f"test {webhook.pk} {secrets.token_hex(8)}",
    )
    send = Send.objects.create(webhook=webhook, event=event, next_at=now)
    audit.record("api.webhook_tested", target=webhook, actor=actor, at=now)
    return send

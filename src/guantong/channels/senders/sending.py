"""One message through one channel, whatever its kind."""

from __future__ import annotations

import json
from dataclasses import dataclass

from guantong.channels.choices import ChannelKind, Reason, Security
from guantong.channels.models import Channel
from guantong.channels.senders.results import NotSent
from guantong.privacy.secrets import open_secret

PORTS = {Security.TLS.value: 465, Security.STARTTLS.value: 587, Security.NONE.value: 25}


@dataclass(frozen=True, slots=True)
class Message:
    """Title, due days and links; ``key`` is the same whenever the same thing is sent."""

    title: str
    body: str
    key: str


def secrets_of(channel: Channel) -> dict[str, str]:
    return dict(json.loads(open_secret(channel.sealed))) if channel.sealed else {}


def send_message(channel: Channel, message: Message, *, to: str = "") -> None:
    """Raises NotSent or Unclear; returns where the other side has taken it."""
    secrets = secrets_of(channel)
    if channel.kind != ChannelKind.EMAIL:
        from guantong.channels.senders import robots  # apprise is loaded where something is sent, not before

        robots.send(
            kind=channel.kind, base=channel.server, secrets=secrets,
            title=message.title, body=message.body, key=message.key,
        )  # fmt: skip
        return
    if not to:
        raise NotSent(Reason.NO_ADDRESS)
    from guantong.channels.senders import mail

    mail.send(
        host=channel.server, port=channel.port or PORTS[channel.security], security=channel.security,
        account=channel.account, password=secrets.get("password", ""), sender=channel.sender, to=to,
        title=message.title, body=message.body, key=message.key,
    )  # fmt: skip

"""Two channels as an administrator would find them after setting up: off, without a secret, nothing sent."""

from __future__ import annotations

import datetime as dt
import random

from guantong.accounts.acting import Console
from guantong.channels.choices import ChannelKind, Security
from guantong.channels.models import Channel
from guantong.channels.operations.channels import set_up_channel
from guantong.channels.rules import Terms
from guantong.mechanisms.models import Cycle

ACTOR = Console("demo")
LINKS = "https://guantong.example"


def play_channels(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> list[Channel]:
    """A mail server and a webhook of the city, neither switched on; a demonstration sends nothing."""
    mail = Terms(
        name="市直机关邮件", server="mail.guantong.example", security=Security.TLS, sender="notice@guantong.example",
        link_base=LINKS, unit=cycle.unit,
    )  # fmt: skip
    gateway = Terms(
        name="短信网关", server="https://sms.guantong.example/in", link_base=LINKS, unit=cycle.unit
    )
    return [
        set_up_channel(kind=kind, terms=terms, actor=ACTOR, now=now)
        for kind, terms in ((ChannelKind.EMAIL, mail), (ChannelKind.WEBHOOK, gateway))
    ]

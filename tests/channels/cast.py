"""Channels, choices and digests of the small city."""

from __future__ import annotations

import datetime as dt

from channels.servers import Post, Robot
from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.channels.models import Channel, Delivery, OutsideChoice
from guantong.channels.operations.channels import set_up_channel, switch_channel
from guantong.channels.operations.choices import Wishes, choose_outside
from guantong.channels.operations.delivering import plan_deliveries
from guantong.channels.rules import Terms
from guantong.notices.choices import NoticeKind
from guantong.notices.digests import make_digests
from guantong.notices.operations import ask
from guantong.notices.said import Said

DAY = dt.date(2026, 3, 20)
NOW = at(3, 20, 9)
EVERY_KIND = frozenset(NoticeKind.values)
TOKEN = "robot-key-0123456789"
ADDRESS = "wang.marked@example.org"


def admin(city: City) -> Acting:
    return city.acting("1506-LGO", "system_admin")


def channel_to(city: City, robot: Robot, kind: str = "wecom", *, on: bool = True, **terms: object) -> Channel:
    token = TOKEN.replace("-", "") if kind == "dingtalk" else TOKEN
    told = {
        "name": f"群-{kind}", "server": robot.address, "link_base": "https://gt.example.org",
        "secrets": {"token": token},
    } | terms  # fmt: skip
    made = set_up_channel(kind=kind, terms=Terms(**told), actor=admin(city), now=NOW)  # type: ignore[arg-type]
    return switch_channel(channel=made, on=on, actor=admin(city), now=NOW)


def mail_through(city: City, post: Post, **terms: object) -> Channel:
    told = {
        "name": "邮件", "server": "127.0.0.1", "port": post.port, "security": "none",
        "sender": "gt@example.org", "link_base": "https://gt.example.org",
    } | terms  # fmt: skip
    made = set_up_channel(kind="email", terms=Terms(**told), actor=admin(city), now=NOW)  # type: ignore[arg-type]
    return switch_channel(channel=made, on=True, actor=admin(city), now=NOW)


def choose(acting: Acting, *channels: Channel, now: dt.datetime = NOW, **wishes: object) -> OutsideChoice:
    told = {
        "channels": frozenset(each.pk for each in channels), "kinds": EVERY_KIND, "hour": 8,
        "language": "zh-hans", "address": ADDRESS,
    } | wishes  # fmt: skip
    assert acting.person is not None
    return choose_outside(person=acting.person, wishes=Wishes(**told), actor=acting, now=now)  # type: ignore[arg-type]


def ask_of(
    acting: Acting, number: int, *, title: Said = "清偿拖欠账款", kind: str = "due", about: str = "tasks.task"
) -> None:
    assert acting.office is not None
    ask(
        office=acting.office, kind=kind, about=about, about_ref=number, title=title, missing="", minutes=5,
        url=f"/tasks/{number}/", on=DAY, due_on=DAY + dt.timedelta(days=number),
    )  # fmt: skip


def planned(now: dt.datetime = NOW) -> list[Delivery]:
    """Today's digests and their deliveries."""
    make_digests(on=DAY, hour=9, now=now)
    plan_deliveries(on=DAY, now=now)
    return list(Delivery.objects.filter(digest__isnull=False).order_by("pk"))

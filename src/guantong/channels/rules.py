"""What a channel must look like, when somebody is not to be disturbed, and what may be said outside."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.channels.choices import ChannelKind, Security
from guantong.channels.senders.addresses import is_inner
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit

HOST = re.compile(r"(?!-)[A-Za-z0-9.-]{1,190}(?<!-)|\[?[0-9A-Fa-f:.]{2,45}\]?")
TOKEN = {
    ChannelKind.WECOM: re.compile(r"[A-Za-z0-9_-]{8,100}"),
    ChannelKind.DINGTALK: re.compile(r"[A-Za-z0-9]{8,100}"),
    ChannelKind.FEISHU: re.compile(r"[A-Za-z0-9_-]{8,100}"),
}
SIGNING = re.compile(r"[A-Za-z0-9]{8,100}")
BEARER = re.compile(r"[\x21-\x7e]{8,200}")


@dataclass(frozen=True, slots=True)
class Terms:
    """A channel as it was typed. Secrets that are empty stay as they are."""

    name: str
    server: str
    link_base: str
    port: int | None = None
    security: str = Security.TLS
    account: str = ""
    sender: str = ""
    unit: Unit | None = None
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


def refuse_bad_terms(kind: str, terms: Terms, *, has_secret: bool) -> None:
    """One sentence for the first thing that cannot be."""
    if not terms.name.strip() or len(terms.name) > 60:
        raise Refusal(_("请给渠道起一个名称，最多 60 字。"))
    refuse_bad_base(terms.link_base)
    if kind == ChannelKind.EMAIL:
        _refuse_bad_mail(terms)
    else:
        refuse_bad_base(terms.server, query=kind == ChannelKind.WEBHOOK)
        _refuse_bad_token(kind, terms.secrets, has_secret=has_secret)


def refuse_bad_base(address: str, *, query: bool = False) -> None:
    """A base address: https, or http to a host that the installation names as an inner one."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Refusal(_("网址“%(address)s”写得不对。") % {"address": address}) from None
    host = parts.hostname or ""
    bad = parts.username is not None or parts.fragment or parts.query or len(address) > 200
    if bad or not HOST.fullmatch(host) or re.search(r"[\s{}<>\"'\\]", address):
        raise Refusal(
            _("网址“%(address)s”写得不对：只写 https://主机/路径，不带账号和参数。") % {"address": address}
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_inner(host, port)):
        raise Refusal(_("网址须以 https:// 开头；内网主机用 http:// 的，要先列入 GUANTONG_INNER_HOSTS。"))


def _refuse_bad_mail(terms: Terms) -> None:
    if not HOST.fullmatch(terms.server):
        raise Refusal(_("请填写邮件服务器的主机名，例如 smtp.example.gov.cn。"))
    try:
        validate_email(terms.sender)
    except ValidationError:
        raise Refusal(_("发件邮箱写得不对。")) from None
    if terms.security not in Security.values:
        raise Refusal(_("请选择邮件服务器的加密方式。"))
    if terms.security == Security.NONE and not is_inner(terms.server, terms.port or 25):
        raise Refusal(_("不加密只能用于列入 GUANTONG_INNER_HOSTS 的内网邮件服务器。"))
    if terms.port is not None and not 1 <= terms.port <= 65535:
        raise Refusal(_("端口须在 1 到 65535 之间。"))


def _refuse_bad_token(kind: str, secrets: dict[str, str], *, has_secret: bool) -> None:
    token, signing = secrets.get("token", ""), secrets.get("signing", "")
    if kind == ChannelKind.WEBHOOK:
        if token and not BEARER.fullmatch(token):
            raise Refusal(_("令牌须为 8 到 200 个英文字母、数字或符号，不带空格。"))
        return
    if not token and not has_secret:
        raise Refusal(_("请填写机器人的密钥，就是回调地址末尾的那一段。"))
    if token and not TOKEN[ChannelKind(kind)].fullmatch(token):
        raise Refusal(_("机器人密钥写得不对：只填回调地址末尾的那一段，不填整个网址。"))
    if signing and not SIGNING.fullmatch(signing):
        raise Refusal(_("加签密钥写得不对。"))


def quiet_until(now: dt.datetime, quiet_from: int | None, quiet_to: int | None) -> dt.datetime:
    """The first moment from ``now`` on outside the quiet hours, in the installation's time zone."""
    if quiet_from is None or quiet_to is None:
        return now
    local = timezone.localtime(now)
    across = quiet_from > quiet_to
    late, early = local.hour >= quiet_from, local.hour < quiet_to
    if not (late or early if across else late and early):
        return now
    ends = local.replace(hour=quiet_to, minute=0, second=0, microsecond=0)
    return ends + dt.timedelta(days=1) if across and late else ends

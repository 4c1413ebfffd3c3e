"""WeCom, DingTalk, Feishu and plain webhooks, as apprise speaks to them.

An organisation with an installation of its own (政务微信, 专有钉钉) names its base address; else it is the public one.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from apprise import AppriseAsset
from apprise.plugins import custom_json, dingtalk, feishu, wecombot

from guantong.channels.choices import ChannelKind, Reason
from guantong.channels.senders.results import NotSent, Unclear
from guantong.channels.senders.transport import Requests
from guantong.channels.senders.watching import Watch

for _module in (custom_json, dingtalk, feishu, wecombot):
    _module.requests = Requests()  # type: ignore[attr-defined]
_log = logging.getLogger("apprise")  # writes addresses and keys
_log.propagate = False
_log.addHandler(logging.NullHandler())

PUBLIC_BASE = {
    ChannelKind.WECOM: "https://qyapi.weixin.qq.com",
    ChannelKind.DINGTALK: "https://oapi.dingtalk.com",
    ChannelKind.FEISHU: "https://open.feishu.cn",
}
Secrets = dict[str, str]


def _common() -> dict[str, Any]:
    asset = AppriseAsset(app_id="Guantong", app_desc="Guantong", plugin_paths=[], secure_logging=True)
    return {"asset": asset, "overflow": "upstream", "redirect": "no"}


def _wecom(base: str, secrets: Secrets, key: str) -> Any:
    plugin = wecombot.NotifyWeComBot(key=secrets["token"], **_common())  # type: ignore[no-untyped-call]
    plugin.api_url = f"{base}/cgi-bin/webhook/send?key={plugin.key}"
    return plugin


def _dingtalk(base: str, secrets: Secrets, key: str) -> Any:
    plugin = dingtalk.NotifyDingTalk(  # type: ignore[no-untyped-call]
        token=secrets["token"], secret=secrets.get("signing") or None, **_common()
    )
    plugin.notify_url = base + "/robot/send?access_token={token}"
    return plugin


def _feishu(base: str, secrets: Secrets, key: str) -> Any:
    plugin = feishu.NotifyFeishu(token=secrets["token"], **_common())  # type: ignore[no-untyped-call]
    plugin.notify_url = base + "/open-apis/bot/v2/hook/{token}"
    return plugin


def _webhook(base: str, secrets: Secrets, key: str) -> Any:
    parts = urlsplit(base)
    headers = {"Idempotency-Key": key}
    if secrets.get("token"):
        headers["Authorization"] = f"Bearer {secrets['token']}"
    return custom_json.NotifyJSON(  # type: ignore[no-untyped-call]
        host=f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname,
        port=parts.port, fullpath=parts.path or "/", secure=parts.scheme == "https", headers=headers, **_common(),
    )  # fmt: skip


MAKERS: dict[str, Callable[[str, Secrets, str], Any]] = {
    ChannelKind.WECOM: _wecom,
    ChannelKind.DINGTALK: _dingtalk,
    ChannelKind.FEISHU: _feishu,
    ChannelKind.WEBHOOK: _webhook,
}
NOT_TAKEN = {408, 425, 429, 503}


def send(*, kind: str, base: str, secrets: Secrets, title: str, body: str, key: str) -> None:
    """One message to one robot. Returns once the other side says it has taken it; else raises NotSent or Unclear."""
    plugin = MAKERS[kind](base.rstrip("/") if kind != ChannelKind.WEBHOOK else base, secrets, key)
    plugin.request_rate_per_sec = 0
    with Watch() as watch:
        plugin.notify(body=body, title=title)
    judge(kind, watch)


def judge(kind: str, watch: Watch) -> None:
    """What the other side's answer means. Only what is certainly not taken may be sent again."""
    if watch.answer is None:
        if watch.refused:
            raise watch.refused
        if not watch.written:
            raise NotSent(Reason.NO_CONNECTION)
        raise Unclear(Reason.NO_ANSWER)
    status, body = watch.answer
    if 300 <= status < 400:
        raise NotSent(Reason.REDIRECTED)
    if status in (401, 403):
        raise NotSent(Reason.SIGN_IN)
    if 400 <= status < 500 or status in NOT_TAKEN:
        raise NotSent(Reason.TURNED_DOWN)
    if not 200 <= status < 300:
        raise Unclear(Reason.BROKEN_OFF)
    if kind != ChannelKind.WEBHOOK:
        _judge_code(body)


def _judge_code(body: bytes) -> None:
    """Robots answer 200 and say in the body whether they took it."""
    try:
        told = json.loads(body)
        codes = [told[name] for name in ("errcode", "code", "StatusCode") if name in told]
    except (ValueError, TypeError):
        raise Unclear(Reason.BROKEN_OFF) from None
    if not codes:
        raise Unclear(Reason.BROKEN_OFF)
    if any(code != 0 for code in codes):
        raise NotSent(Reason.TURNED_DOWN)

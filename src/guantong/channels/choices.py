"""Ways out of the system, and how a sending ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChannelKind(models.TextChoices):
    EMAIL = "email", _("电子邮件")
    WECOM = "wecom", _("企业微信群机器人")
    DINGTALK = "dingtalk", _("钉钉群机器人")
    FEISHU = "feishu", _("飞书群机器人")
    WEBHOOK = "webhook", _("通用回调地址")


class Security(models.TextChoices):
    """How the mail server is spoken to."""

    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("不加密（仅限内网）")


class Outcome(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("正在发送")
    SENT = "sent", _("已送达对方")
    FAILED = "failed", _("未送达，不再重试")
    UNKNOWN = "unknown", _("不清楚是否送达，没有重发")
    NOTHING = "nothing", _("已无待办，没有发送")


class Reason(models.TextChoices):
    """Why a sending did not end well, in words that carry neither address nor secret."""

    NONE = "", _("—")
    FORBIDDEN = "forbidden", _("对方地址在内网或本机，不在允许的名单里")
    NOT_FOUND = "not_found", _("找不到对方主机")
    NO_CONNECTION = "no_connection", _("连不上对方主机")
    NOT_SAFE = "not_safe", _("对方不提供加密，或证书不可信，没有发送")
    SIGN_IN = "sign_in", _("对方不接受账号或密码")
    TURNED_DOWN = "turned_down", _("对方没有接收")
    REDIRECTED = "redirected", _("对方要求转到别处，没有跟随")
    NO_ANSWER = "no_answer", _("已发出，没有等到对方答复")
    BROKEN_OFF = "broken_off", _("已发出，对方答复看不懂或中断")
    INTERRUPTED = "interrupted", _("发送时程序中断")
    NO_ADDRESS = "no_address", _("没有收件地址")
    SWITCHED_OFF = "switched_off", _("渠道已停用或本人已取消")
    TOO_OLD = "too_old", _("提醒已过当天")

"""Forms of channels, of one's choices, and of the feed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guantong.channels.choices import ChannelKind, Security
from guantong.channels.models import Channel, OutsideChoice
from guantong.channels.operations.choices import Wishes
from guantong.channels.rules import Terms
from guantong.kernel.refusals import Refusal
from guantong.notices.choices import NoticeKind
from guantong.organisation.models import Unit

HOURS = [(hour, f"{hour}:00") for hour in range(24)]
KEPT = _("已保存，不再显示；要更换才填写。")
LANGUAGES = list(settings.LANGUAGES)


def _secret(label: object, help_text: object = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=str(label), required=False, max_length=200, widget=widget, help_text=str(help_text)
    )


class ChannelForm(forms.Form):
    """The fields of one kind of channel. A secret is never filled in again."""

    name = forms.CharField(label=_("名称"), max_length=60)
    server = forms.CharField(max_length=200)
    unit = forms.CharField(
        label=_("哪个单位可用"), required=False, max_length=60,
        help_text=_("填单位代码，只有这个单位和它下级的岗位可以选用；留空为全部。"),
    )  # fmt: skip
    link_base = forms.CharField(
        label=_("消息里的链接以什么开头"), max_length=200,
        help_text=_("收消息的人打开本系统的网址，例如 https://gt.example.gov.cn。"),
    )  # fmt: skip

    def __init__(self, *args: Any, kind: str, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        kept = KEPT if channel is not None and channel.sealed else ""
        self.fields["server"].label = _("邮件服务器") if kind == ChannelKind.EMAIL else _("地址")
        if kind == ChannelKind.EMAIL:
            self._ask_mail(kept)
        elif kind == ChannelKind.WEBHOOK:
            self.fields["token"] = _secret(
                _("令牌（可不填）"), kept or _("填了就以 Authorization: Bearer 发送。")
            )
        else:
            self.fields["server"].help_text = _("自建平台填自己的网址；公有云的不用改。")
            self.fields["token"] = _secret(_("机器人密钥"), kept or _("回调地址末尾的那一段。"))
        if kind == ChannelKind.DINGTALK:
            self.fields["signing"] = _secret(_("加签密钥（可不填）"), kept)

    def _ask_mail(self, kept: object) -> None:
        self.fields["port"] = forms.IntegerField(
            label=str(_("端口")), required=False, min_value=1, max_value=65535
        )
        self.fields["security"] = forms.ChoiceField(label=str(_("加密方式")), choices=Security.choices)
        self.fields["sender"] = forms.EmailField(label=str(_("发件邮箱")), max_length=150)
        self.fields["account"] = forms.CharField(
            label=str(_("账号（可不填）")), required=False, max_length=100
        )
        self.fields["password"] = _secret(_("密码（可不填）"), kept)

    def terms(self) -> Terms:
        data = self.cleaned_data
        code = data["unit"].strip()
        unit = Unit.objects.filter(code=code).first() if code else None
        if code and unit is None:
            raise Refusal(_("没有代码为“%(code)s”的单位。") % {"code": code})
        return Terms(
            name=data["name"], server=data["server"], link_base=data["link_base"], unit=unit,
            port=data.get("port"), security=data.get("security", Security.TLS),
            account=data.get("account", ""), sender=data.get("sender", ""),
            secrets={name: data[name] for name in ("token", "signing", "password") if data.get(name)},
        )  # fmt: skip


def of_channel(channel: Channel) -> dict[str, Any]:
    """What the form shows of a channel: everything but its secrets."""
    names = ("name", "server", "link_base", "port", "security", "account", "sender")
    return {name: getattr(channel, name) for name in names} | {
        "unit": channel.unit.code if channel.unit else ""
    }


class ChoiceForm(forms.Form):
    """What may leave, through what, when and in which language."""

    channels = forms.TypedMultipleChoiceField(
        label=_("也发到这些地方"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选，就只在本系统里提醒。群机器人发的消息，群里的人都看得到。"),
    )  # fmt: skip
    address = forms.EmailField(
        label=_("接收提醒的邮箱"), required=False, max_length=200,
        help_text=_("用您个人的密钥加密保存，清空即删除。"),
    )  # fmt: skip
    hour = forms.TypedChoiceField(label=_("每日提醒时间"), choices=HOURS, coerce=int)
    quiet_from = forms.TypedChoiceField(
        label=_("免打扰从"), choices=[("", _("不设")), *HOURS], coerce=int, empty_value=None, required=False
    )
    quiet_to = forms.TypedChoiceField(
        label=_("免打扰到"), choices=[("", _("不设")), *HOURS], coerce=int, empty_value=None, required=False,
        help_text=_("这段时间内不向外发送，时段结束后再发。"),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("消息用的语言"), choices=LANGUAGES)
    kinds = forms.MultipleChoiceField(
        label=_("哪些类别可以发出去"), required=False, choices=NoticeKind.choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("没有勾选的，只在本系统里提醒。"),
    )  # fmt: skip

    def __init__(self, *args: Any, channels: list[Channel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not channels:  # nothing can leave: only the hour is asked, what was chosen before stays
            self.fields = {"hour": self.fields["hour"]}
            return
        field = self.fields["channels"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(each.pk, f"{each.name}（{each.get_kind_display()}）") for each in channels]
        if not any(each.is_mail for each in channels):
            del self.fields["address"]

    def wishes(self, kept: OutsideChoice | None) -> Wishes:
        """What was ticked; of what was not asked, what was kept before."""
        data = of_choice(kept, hour=8, language=LANGUAGES[0][0]) | self.cleaned_data
        return Wishes(
            channels=frozenset(data.get("channels", ())), kinds=frozenset(data["kinds"]), hour=data["hour"],
            language=data["language"], quiet_from=data.get("quiet_from"), quiet_to=data.get("quiet_to"),
            address=data.get("address", ""),
        )  # fmt: skip


def of_choice(choice: OutsideChoice | None, *, hour: int, language: str) -> dict[str, Any]:
    if choice is None:
        return {"hour": hour, "language": language, "kinds": NoticeKind.values}
    return {
        "channels": [each.pk for each in choice.channels.all()],
        "address": str(choice.address) if choice.address else "",
        "hour": hour,
        "quiet_from": choice.quiet_from,
        "quiet_to": choice.quiet_to,
        "language": choice.language,
        "kinds": [each for each in NoticeKind.values if each not in choice.silenced],
    }


class FeedForm(forms.Form):
    language = forms.ChoiceField(label=_("日历用的语言"), choices=LANGUAGES)

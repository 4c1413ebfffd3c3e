"""The sign-ins of the demonstration city: one for each role, offices and never named persons."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PASSWORD = "guantong-demo-2026"  # noqa: S105 - printed on the sign-in page of the demonstration city only


@dataclass(frozen=True)
class DemoAccount:
    sign_in: str
    role: object
    password: str = PASSWORD


ACCOUNTS = (
    DemoAccount("office", _("统筹协调（领导小组办公室）")),
    DemoAccount("assessor", _("考核人员")),
    DemoAccount("leader", _("市级领导")),
    DemoAccount("unit", _("成员单位主要负责人")),
    DemoAccount("county", _("旗区第一责任人")),
    DemoAccount("township", _("苏木乡镇专职委员")),
    DemoAccount("village", _("嘎查村联络员")),
    DemoAccount("home", _("之家负责人")),
    DemoAccount("system", _("系统管理员")),
    DemoAccount("security", _("安全管理员")),
    DemoAccount("audit", _("审计管理员")),
)


def demo_accounts() -> tuple[DemoAccount, ...]:
    return ACCOUNTS

"""How far an import has come, and what a row is worth."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """`NEXT` is its one transition table."""

    RECEIVED = "received", _("已上传")
    READ = "read", _("已读取")
    CHECKED = "checked", _("已预览")
    TRIED = "tried", _("已试导入")
    APPLIED = "applied", _("已导入")
    UNDONE = "undone", _("已撤销")
    DISCARDED = "discarded", _("已放弃")
    UNREADABLE = "unreadable", _("不能读取")


class Verdict(models.TextChoices):
    GOOD = "good", _("可以导入")
    SAME = "same", _("没有变化")
    WARNING = "warning", _("请核对")
    ERROR = "error", _("有错误")
    ASIDE = "aside", _("不是数据行")


class Job(models.TextChoices):
    """What the worker is doing with it."""

    NONE = "", ""
    READING = "reading", _("正在读取")
    CHECKING = "checking", _("正在检查")
    TRYING = "trying", _("正在试导入")
    APPLYING = "applying", _("正在导入")
    UNDOING = "undoing", _("正在撤销")


NEXT: dict[str, frozenset[str]] = {
    Stage.RECEIVED: frozenset({Stage.READ, Stage.UNREADABLE, Stage.DISCARDED}),
    Stage.READ: frozenset({Stage.CHECKED, Stage.DISCARDED}),
    Stage.CHECKED: frozenset({Stage.CHECKED, Stage.TRIED, Stage.APPLIED, Stage.DISCARDED}),
    Stage.TRIED: frozenset({Stage.CHECKED, Stage.TRIED, Stage.APPLIED, Stage.DISCARDED}),
    Stage.APPLIED: frozenset({Stage.UNDONE}),
    Stage.UNDONE: frozenset(),
    Stage.DISCARDED: frozenset(),
    Stage.UNREADABLE: frozenset({Stage.DISCARDED}),
}

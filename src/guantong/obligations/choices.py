"""States and lights of an obligation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    DUTY = "duty", _("责任清单")
    TASK = "task", _("任务清单")
    GAP = "gap", _("覆盖空白")
    MATTER = "matter", _("督办事项")
    REPORT = "report", _("督办进展")
    CASE = "case", _("诉求办理")
    PAIRING = "pairing", _("结对联系")
    MEETING = "meeting", _("会议活动")
    PUBLICITY = "publicity", _("宣传计划")
    REQUEST = "request", _("填报要求")


class Part(models.TextChoices):
    """Whose part in the work it is; lead and cooperating units have their own sub-flow."""

    SOLE = "sole", _("本单位")
    LEAD = "lead", _("牵头")
    COOPERATING = "cooperating", _("配合")
    IMPLEMENTING = "implementing", _("落实")


class State(models.TextChoices):
    OPEN = "open", _("待办")
    CLAIMED = "claimed", _("待审核")
    RETURNED = "returned", _("已退回")
    FULFILLED = "fulfilled", _("已完成")
    SUSPENDED = "suspended", _("已暂停")
    EXCUSED = "excused", _("已免除")
    CANCELLED = "cancelled", _("已取消")


class Light(models.TextChoices):
    NONE = "none", _("不亮灯")
    GREEN = "green", _("按期")
    BLUE = "blue", _("临近")
    YELLOW = "yellow", _("滞后")
    RED = "red", _("逾期")
    GREY = "grey", _("暂停或免除")


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("通过")
    RETURNED = "returned", _("退回")


class Reviewer(models.TextChoices):
    """Who takes one step of a review. A claim goes through one to three steps, each by another person."""

    OWN_HEAD = "own_head", _("本单位主要负责人")
    ISSUER = "issuer", _("上级或交办单位")
    LEADER = "leader", _("分管领导")


CLAIMABLE = (State.OPEN, State.RETURNED)
# Lights, the worst first. A task that stands still is not on its way; in a heap of all kinds it is no trouble either.
WORST_FIRST = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY, Light.NONE)
WORST_OF_A_TASK = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREY, Light.GREEN, Light.NONE)
SETTLED = (State.FULFILLED, State.EXCUSED, State.CANCELLED)

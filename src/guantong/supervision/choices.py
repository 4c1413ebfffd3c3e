"""Words of supervision: where a matter comes from, its stages, the ladder."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a matter comes from; every source is registered."""

    INSTRUCTION = "instruction", _("领导批示")
    MEETING = "meeting", _("会议议定")
    PAPER = "paper", _("上级来文")
    PROPOSAL = "proposal", _("建议提案")
    DEMAND = "demand", _("群众诉求")
    TASK = "task", _("年度任务")
    CHECK = "check", _("督查发现")


class MatterStage(models.TextChoices):
    DRAFT = "draft", _("拟立项")
    REGISTERED = "registered", _("已立项")
    ASSIGNED = "assigned", _("已交办")
    UNDER_WAY = "under_way", _("办理中")
    COMPLETED = "completed", _("已办结")
    VERIFIED = "verified", _("已核查")
    CLOSED = "closed", _("已销号")
    SUSPENDED = "suspended", _("已暂停")
    MERGED = "merged", _("已并案")
    CANCELLED = "cancelled", _("已撤销")


class PartStage(models.TextChoices):
    PLANNED = "planned", _("待交办")
    ASSIGNED = "assigned", _("待签收")
    REFUSED = "refused", _("已退签")
    UNDER_WAY = "under_way", _("办理中")
    REPORTED = "reported", _("待审核")
    RETURNED = "returned", _("已退回")
    COMPLETED = "completed", _("已办结")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("已撤回")


class LadderStep(models.TextChoices):
    REMIND = "remind", _("提醒")
    TALK = "talk", _("约谈")
    CIRCULAR = "circular", _("通报")
    REFER = "refer", _("移交")


class FindingStage(models.TextChoices):
    DRAFTED = "drafted", _("拟告知")
    NOTIFIED = "notified", _("已告知")
    REPLIED = "replied", _("已答复")
    RULED = "ruled", _("已认定")
    RECHECKING = "rechecking", _("复核中")
    FINAL = "final", _("已终结")


class CheckResult(models.TextChoices):
    HOLDS = "holds", _("属实")
    FALSE = "false", _("不实")
    UNCLEAR = "unclear", _("无法核实")

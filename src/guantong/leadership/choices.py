"""Kinds of body, meeting, attendance and contact."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    LEADING_GROUP = "leading_group", _("领导小组")
    DELIBERATION = "deliberation", _("议事机制")
    OFFICE = "office", _("办事机构")


class MemberPart(models.TextChoices):
    HEAD = "head", _("组长")
    DEPUTY = "deputy", _("副组长")
    MEMBER = "member", _("成员")
    SECRETARY = "secretary", _("秘书")


class MeetingKind(models.TextChoices):
    DEPLOYMENT = "deployment", _("部署会议")
    DELIBERATION = "deliberation", _("议事会议")
    HEARING = "hearing", _("听取汇报")
    STUDY = "study", _("专题学习")
    SYMPOSIUM = "symposium", _("座谈会")
    FIELD_VISIT = "field_visit", _("实地调研")


class MeetingStage(models.TextChoices):
    PLANNED = "planned", _("已计划")
    CALLED = "called", _("已通知")
    HELD = "held", _("已召开")
    CANCELLED = "cancelled", _("已取消")


class Reply(models.TextChoices):
    """What an office says to an invitation."""

    NONE = "none", _("未回复")
    COMING = "coming", _("参加")
    LEAVE = "leave", _("请假")
    STAND_IN = "stand_in", _("委托参会")


class SignedHow(models.TextChoices):
    CODE = "code", _("扫码签到")
    LIST = "list", _("签到表")


class LineKind(models.TextChoices):
    """What a line of the minutes says: something decided, a problem found, a demand heard."""

    DECISION = "decision", _("议定事项")
    PROBLEM = "problem", _("发现问题")
    DEMAND = "demand", _("听取诉求")


class CompletedBy(models.TextChoices):
    """Never by opening a page."""

    ATTENDANCE = "attendance", _("到课")
    TEST = "test", _("测试")
    FILE = "file", _("外部培训证明")


class ContactMode(models.TextChoices):
    VISIT = "visit", _("走访")
    PHONE = "phone", _("电话联系")
    JOINT = "joint", _("联合走访")

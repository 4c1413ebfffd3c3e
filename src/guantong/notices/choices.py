"""What somebody is asked to do next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """One for each next move, so that the list says at a glance what is wanted."""

    SIGN_LIST = "sign_list", _("责任清单待签收")
    OBJECTION = "objection", _("异议待答复")
    QUESTION = "question", _("任务待确定")
    REGISTER = "register", _("待立项")
    DISPATCH = "dispatch", _("待交办")
    SIGN_FOR = "sign_for", _("待签收")
    DUE = "due", _("临近到期")
    OVERDUE = "overdue", _("已逾期")
    RETURNED = "returned", _("已退回，请补充")
    REVIEW = "review", _("待审核")
    VERIFY = "verify", _("待核查")
    STRIKE_OFF = "strike_off", _("待销号")
    EXTENSION = "extension", _("延期申请待答复")
    REFUSAL = "refusal", _("退签待处理")
    ESCALATION = "escalation", _("拟采取措施，待确认")
    REMINDED = "reminded", _("经确认的提醒")
    TALK = "talk", _("约谈通知")
    HOLD_TALK = "hold_talk", _("待约谈")
    LIST = "list", _("待列入通报")
    ISSUE = "issue", _("通报待印发")
    NOTIFY = "notify", _("问题待告知")
    FINDING = "finding", _("问题告知，可答复")
    RULE = "rule", _("待认定")
    RULING = "ruling", _("认定结论，可申请复核")
    RECHECK = "recheck", _("复核申请待决定")
    SEED = "seed", _("种子待登记")
    CHECK = "check", _("抽查待核查")
    APPROVAL = "approval", _("待批准")
    SELF_SCORE = "self_score", _("待自评")
    RESULT = "result", _("初步结果，可申诉")
    APPEAL = "appeal", _("申诉待答复")
    MEETING = "meeting", _("会议通知待回复")

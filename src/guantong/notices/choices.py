"""What somebody is asked to do next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
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
    FINDING = "finding", _("问题告知，可答复")
    RULING = "ruling", _("认定结论，可申请复核")
    RECHECK = "recheck", _("复核申请待决定")
    SELF_SCORE = "self_score", _("待自评")
    RESULT = "result", _("初步结果，可申诉")
    APPEAL = "appeal", _("申诉待答复")

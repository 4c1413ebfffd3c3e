"""Which documents there are, and the two copies of one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    CIRCULAR = "circular", _("通报")
    SUPERVISION_LETTER = "supervision_letter", _("督办通知")
    DUTY_REPORT = "duty_report", _("述职报告")
    DUTY_BOOK = "duty_book", _("责任清单")
    MINUTES = "minutes", _("会议纪要")
    RECEPTION_NOTICE = "reception_notice", _("接待日公告")
    SCORE_SHEET = "score_sheet", _("考核计分表")
    RESULT_NOTICE = "result_notice", _("考核结果通知")


class Copy(models.TextChoices):
    """The public one names nobody and carries no number by which somebody could be reached."""

    INTERNAL = "internal", _("办公用")
    PUBLIC = "public", _("公开用")


class Sample(models.TextChoices):
    """What a template is tried with."""

    USUAL = "usual", _("示例内容：一般情况")
    LONG = "long", _("示例内容：名称和文字很长")
    MANY = "many", _("示例内容：行数很多")
    EMPTY = "empty", _("示例内容：列表为空、可缺的都缺")

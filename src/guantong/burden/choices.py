"""Kinds of field, how often a request asks, and the stages of a request."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FieldKind(models.TextChoices):
    WHOLE = "whole", _("整数")
    DECIMAL = "decimal", _("小数")
    TEXT = "text", _("文字")
    DATE = "date", _("日期")
    CHOICE = "choice", _("选项")


NUMBERS = (FieldKind.WHOLE, FieldKind.DECIMAL)

# Minutes one answer takes where the field's owner says nothing: finding the value and writing it, estimated.
MINUTES: dict[str, int] = {
    FieldKind.WHOLE: 2,
    FieldKind.DECIMAL: 2,
    FieldKind.TEXT: 3,
    FieldKind.DATE: 1,
    FieldKind.CHOICE: 1,
}


class Per(models.TextChoices):
    """How often one request asks; the other words are those of `kernel.periods`."""

    ONCE = "once", _("只报一次")
    YEAR = "year", _("每年")
    HALF = "half", _("每半年")
    QUARTER = "quarter", _("每季度")
    MONTH = "month", _("每月")


class Stage(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SIGNED = "signed", _("已签批，待下发")
    ISSUED = "issued", _("填报中")
    ENDED = "ended", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤回")


ASKED = (Stage.ISSUED, Stage.ENDED)  # units were asked


class Concern(models.TextChoices):
    """Why a request needs a leader's signature."""

    BUDGET = "budget", _("超出年度用时额度")
    OVERLAP = "overlap", _("与已有的填报重复")
    FIELDS = "fields", _("填报项过多")

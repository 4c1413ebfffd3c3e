"""Reading what somebody typed into a field: the plain text that is kept, or a sentence that says what is wrong."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from guantong.burden.choices import FieldKind
from guantong.burden.models import Field
from guantong.kernel.decimals import plain

LONGEST_TEXT = 200
LARGEST = Decimal(10) ** 12
WHOLE = re.compile(r"[+-]?\d{1,13}")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL = re.compile(r"[+-]?\d{1,13}(\.\d{1,4})?")


class WrongValueError(ValueError):
    """What was typed is no value of the field; the text says why."""


def read_value(field: Field, typed: str) -> str:
    """The value as it is kept: ``12``, ``3.5``, ``2026-03-31``, an option, a text."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        raise WrongValueError(_("请填写；确实没有的，勾选“暂无数据”。"))
    if field.kind == FieldKind.TEXT:
        if len(typed.strip()) > LONGEST_TEXT:
            raise WrongValueError(_("最多 %(n)s 字。") % {"n": LONGEST_TEXT})
        return typed.strip()
    if field.kind == FieldKind.CHOICE:
        if typed.strip() not in field.options:
            raise WrongValueError(_("请从选项中选择。"))
        return typed.strip()
    if field.kind == FieldKind.DATE:
        try:
            return dt.date.fromisoformat(text.replace("/", "-").replace(".", "-")).isoformat()
        except ValueError:
            raise WrongValueError(_("请填写日期，如 2026-03-31。")) from None
    return _number(field, _without_groups(re.sub(r"\s", "", text)))


def _without_groups(text: str) -> str:
    """``1,200`` is read as 1200; ``80,5`` stays as it is and is refused, since it could be 80.5 as well as 805."""
    return text.replace(",", "") if GROUPED.fullmatch(text) else text


def _number(field: Field, text: str) -> str:
    whole = field.kind == FieldKind.WHOLE
    if not (WHOLE if whole else DECIMAL).fullmatch(text):
        raise WrongValueError(_("请只填整数，如 12。") if whole else _("请只填数字，最多四位小数，如 3.5。"))
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise WrongValueError(_("请只填数字。")) from None
    if abs(number) > LARGEST:
        raise WrongValueError(_("数字太大，请核对计量单位。"))
    return plain(number + 0)

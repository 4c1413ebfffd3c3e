"""What was sent, read as the shape it must have; every mistake is named with its place."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.utils.translation import gettext as _

from guantong.api.contract.problems import Malformed
from guantong.api.shapes.common import Fault
from guantong.api.shapes.terms import BIGGEST, Amount, Number, Several, Text
from guantong.api.shapes.types import Bare, bare, fields_of, required_of

Shape = TypeVar("Shape")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
WHOLE = re.compile(r"-?[0-9]{1,19}")
DEEP = 20
# What becomes something else than JSON has, once it is known to be right.
MADE: dict[Any, Callable[[str], Any]] = {
    dt.date: dt.date.fromisoformat,
    dt.time: dt.time.fromisoformat,
    Decimal: Decimal,
}


def read_json(shape: type[Shape], content: bytes) -> Shape:
    """A body as the shape. Raises Malformed."""
    try:
        told = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed([Fault("", _("请求正文不是有效的 JSON（UTF-8）。"))]) from None
    if not isinstance(told, dict):
        raise Malformed([Fault("", _("请求正文须为一个 JSON 对象。"))])
    return read(shape, told)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def read_query(shape: type[Shape], told: dict[str, list[str]]) -> Shape:
    """The part of an address after ``?`` as the shape: each parameter once, none that is not known."""
    fields = fields_of(shape)
    faults = [
        Fault(name, _("参数 %(name)s 只能写一次。") % {"name": name})
        for name, values in told.items()
        if name in fields and len(values) > 1
    ]
    if faults:
        raise Malformed(faults)
    plain = {
        name: _plain(fields[name], values[0]) if name in fields else None for name, values in told.items()
    }
    return read(shape, plain)


def _plain(hint: Any, text: str) -> Any:
    """The text of a parameter as the JSON value it stands for."""
    kind = bare(hint).kind
    if kind is int and WHOLE.fullmatch(text):
        return int(text)
    if kind is bool and text in ("true", "false"):
        return text == "true"
    return text


def read(shape: type[Shape], told: dict[str, Any]) -> Shape:
    """A JSON object as the shape. Raises Malformed with all mistakes."""
    faults: list[Fault] = []
    fields = fields_of(shape)
    for name in told:
        if name not in fields:
            shown = name.encode("ascii", "replace").decode()[:60]
            faults.append(Fault(shown, _("没有“%(name)s”这一项。") % {"name": shown}))
    for name in fields:
        if name not in told and name in required_of(shape):
            faults.append(Fault(name, _("缺少“%(name)s”。") % {"name": name}))
    values = {name: _value(fields[name], told[name], name, faults) for name in fields if name in told}
    if faults:
        raise Malformed(faults[:DEEP])
    return shape(**values)


def _value(hint: Any, value: Any, where: str, faults: list[Fault]) -> Any:
    kind = bare(hint)
    if value is None and kind.optional:
        return None
    wrong = _wrong(kind, value)
    if wrong:
        faults.append(Fault(where, wrong))
        return None
    if kind.kind is list:
        return [_value(kind.inner, each, f"{where}/{n}", faults) for n, each in enumerate(value)]
    made = MADE.get(kind.kind)
    return made(value) if made else value


def _wrong(kind: Bare, value: Any) -> str:
    """What is wrong with one value, as a sentence; empty where nothing is."""
    if kind.kind is Literal:
        fits = isinstance(value, str) and value in kind.inner
        return "" if fits else _("只能是：%(all)s。") % {"all": ", ".join(kind.inner)}
    if kind.kind is bool:
        return "" if isinstance(value, bool) else _("须为 true 或 false。")
    if kind.kind is int:
        return _wrong_number(kind, value)
    if kind.kind is list:
        return _wrong_list(kind, value)
    if not isinstance(value, str):
        return _("须为文字。")
    if kind.kind is dt.date:
        return _wrong_day(value)
    if kind.kind is dt.time:
        return "" if TIME.fullmatch(value) else _("须为时间，写作 09:30 这样。")
    if kind.kind is Decimal:
        return _wrong_amount(kind, value)
    return _wrong_text(kind, value)


def _wrong_number(kind: Bare, value: Any) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return _("须为整数。")
    bounds = next((each for each in kind.terms if isinstance(each, Number)), Number(-BIGGEST, BIGGEST))
    if bounds.least <= value <= bounds.most:
        return ""
    return _("须在 %(least)s 到 %(most)s 之间。") % {"least": bounds.least, "most": bounds.most}


def _wrong_list(kind: Bare, value: Any) -> str:
    if not isinstance(value, list):
        return _("须为列表。")
    most = next((each.most for each in kind.terms if isinstance(each, Several)), 100)
    return _("最多 %(n)s 项。") % {"n": most} if len(value) > most else ""


def _wrong_day(value: str) -> str:
    try:
        if DAY.fullmatch(value):
            dt.date.fromisoformat(value)
            return ""
    except ValueError:
        pass
    return _("须为日期，写作 2026-03-20 这样。")


def _wrong_amount(kind: Bare, value: str) -> str:
    """Decimals are sent as text, so that nothing is rounded on the way."""
    term = next((each for each in kind.terms if isinstance(each, Amount)), Amount())
    if re.fullmatch(term.pattern, value):
        return ""
    return _('须为写成文字的数，整数最多 %(whole)s 位，小数最多 %(places)s 位，写作 "12.50" 这样。') % {
        "whole": term.whole,
        "places": term.places,
    }


def _wrong_text(kind: Bare, value: str) -> str:
    bounds = next((each for each in kind.terms if isinstance(each, Text)), Text())
    if not bounds.least <= len(value) <= bounds.most:
        return _("须为 %(least)s 到 %(most)s 个字。") % {"least": bounds.least, "most": bounds.most}
    if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
        return _("含有不能保存的字符。")
    return ""

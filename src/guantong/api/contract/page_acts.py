"""An act of a page for programs: what was sent goes through the form of the page to the operation of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model

from guantong.api.contract.acts import Call, One, Write
from guantong.ui.forms import valid

# Makes the form of the page from the row, what was typed, and the request.
Form = Callable[[Any, dict[str, Any], Call], forms.Form]


def typed(body: Any) -> dict[str, Any]:
    """What was sent as a form would bring it: answers that are yes or no in these words, nothing for null."""
    told = {each.name: getattr(body, each.name) for each in dataclasses.fields(body)}
    words = {
        name: ("yes" if value else "no") if isinstance(value, bool) else value for name, value in told.items()
    }
    return {name: value for name, value in words.items() if value is not None}


def plain(form: type[forms.Form]) -> Form:
    """A form that asks nothing of the row."""
    return lambda row, data, call: form(data)


def done_to(
    one: One, noun: str, operation: Callable[..., Any], form: Form | None = None
) -> Callable[[Call], Model]:
    """The row of the address, held to the page's form, given to the operation under the name ``noun``."""

    def do(call: Call) -> Model:
        row: Model = one.row(call)
        given = valid(form(row, typed(call.body), call)) if form else {}
        operation(**{noun: row}, actor=call.acting, now=call.now, **given)
        return row

    return do


def acts_on(one: One, leads_to: str, function: str) -> Callable[..., Write]:
    """Makes the acts on one kind of row: each answers with the row, and takes its tag in ``If-Match``."""

    def act(name: str, summary: object, body: type, do: Callable[[Call], Model], **more: Any) -> Write:
        terms = {"function": function, "answers": one.answers, "one": one, "about": one, "leads_to": leads_to}
        return Write(**(terms | {"name": name, "summary": summary, "body": body, "do": do} | more))

    return act

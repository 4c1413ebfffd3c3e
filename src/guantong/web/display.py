"""How pages look on this device: the size of the text, and actions where the thumb reaches. A cookie, nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guantong.accounts.policies import public

YEAR = 365 * 24 * 3600


class TextSize(models.TextChoices):
    LARGE = "large", _("大")
    LARGEST = "largest", _("特大")


class Hand(models.TextChoices):
    RIGHT = "right", _("右手")
    LEFT = "left", _("左手")


@dataclass(frozen=True, slots=True)
class Display:
    """Empty where nothing was chosen."""

    text: str = ""
    hand: str = ""


def _cookie() -> str:
    return "__Host-display" if settings.HTTPS else "display"


def display_of(request: HttpRequest) -> Display:
    """What this device chose; whatever else the cookie says is nothing."""
    text, _dot, hand = request.COOKIES.get(_cookie(), "").partition(".")
    return Display(text if text in TextSize.values else "", hand if hand in Hand.values else "")


class DisplayForm(forms.Form):
    text = forms.ChoiceField(
        label=_("字体大小"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("标准")), *TextSize.choices],
    )
    hand = forms.ChoiceField(
        label=_("单手模式"), required=False, widget=forms.RadioSelect,
        choices=[("", _("不用")), *Hand.choices],
        help_text=_("在手机上，主要按钮放到屏幕下方，拇指够得着的地方。"),
    )  # fmt: skip


@public
@require_http_methods(["GET", "POST"])
def display(request: HttpRequest) -> HttpResponseBase:
    """Choose both; it holds on this device for a year, for whoever uses it."""
    chosen: Any = request.display  # type: ignore[attr-defined]
    form = DisplayForm(request.POST or None, initial={"text": chosen.text, "hand": chosen.hand})
    if request.method != "POST" or not form.is_valid():
        return render(request, "web/display.html", {"form": form}, status=422 if form.errors else 200)
    answer = redirect("display")
    value = f"{form.cleaned_data['text']}.{form.cleaned_data['hand']}"
    answer.set_cookie(
        _cookie(),
        value,
        max_age=YEAR if value != "." else 0,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer

"""One look at one matter from one office: what the acts open to it are found from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.urls import reverse

from guantong.accounts.middleware import Request
from guantong.supervision import chain
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations import waist
from guantong.supervision.operations.following import stage_now
from guantong.supervision.rules import matters as rules


@dataclass(frozen=True, slots=True)
class OpenAct:
    """A button, a form that opens in place, or (``is_link``) the way to where it is done. ``main``: the next step."""

    title: str
    url: str
    form: forms.Form | None = None
    lead: str = ""
    main: bool = False
    is_link: bool = False
    danger: bool = False
    confirm: str = ""
    button: str = ""
    folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the form stands open: the next step does, unless it is the rarer way."""
        return self.main and not self.folded


class Desk:
    """One look at one matter from one office."""

    def __init__(self, request: Request, matter: Matter, parts: list[MatterPart], stage: str) -> None:
        self.request, self.matter, self.parts, self.stage = request, matter, parts, stage
        self.acting, self.kind = request.acting, waist.kind_of(matter)
        self.now = {each.pk: stage_now(each) for each in parts}
        self.may_issue = rules.may_issue(self.acting, matter)

    def can(self, verb: str) -> bool:
        return self.stage in chain.MATTER[verb].before

    def part_can(self, part: MatterPart, verb: str) -> bool:
        return self.now[part.pk] in chain.PART[verb].before

    def url(self, name: str, pk: int | None = None) -> str:
        return reverse(name, args=[pk or self.matter.pk])

    def form(self, made: type[forms.Form], key: str, **given: Any) -> forms.Form:
        """A form whose fields have ids of their own on the page."""
        return made(auto_id=f"id_{key}_%s", **given)

"""What there is to know of one kind of document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from guantong.accounts.acting import Actor
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field


def nothing_against(item: Any) -> str:
    return ""


@dataclass(frozen=True)
class Paper:
    """``visible`` is the scoped query of the objects it is made of; ``content`` says what it says of one.

    ``against`` gives the sentence for why there is no such document of an object yet. ``against_public`` does so for
    the copy for the public; a kind without it has none. ``build`` makes the built-in template. ``page`` is the name of
    the object's own page.
    """

    kind: Kind
    fields: tuple[Field, ...]
    visible: Callable[[Actor], QuerySet[Any]]
    content: Callable[[Any], Content]
    build: Callable[[], bytes]
    page: str
    against: Callable[[Any], str] = nothing_against
    against_public: Callable[[Any], str] | None = None

    @cached_property
    def builtin(self) -> bytes:
        """The built-in template, made once in a process."""
        return self.build()

    def by_pk(self, actor: Actor, pk: int) -> Model | None:
        found: Model | None = self.visible(actor).filter(pk=pk).first()
        return found


TITLE = Field("title", "标题", must=True, eg="关于做好年度重点工作的通知")
NUMBER = Field("number", "发文字号", eg="督〔2026〕15号")
MARK = Field("mark", "发文机关", eg="市委工作领导小组办公室文件")
TO = Field("to", "主送机关", eg="各旗区、各成员单位")
SIGNER = Field("signer", "署名", eg="市委工作领导小组办公室")
DATE = Field("date", "成文日期", eg="2026年12月31日")
AS_OF = Field("as_of", "数据截止日", eg="2026年11月30日")

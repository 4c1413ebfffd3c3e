"""What is answered where something is not done: RFC 9457, in the sentences of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.api.contract.writing import encoded
from guantong.api.shapes.common import Fault, Problem

CONTENT_TYPE = "application/problem+json"
BASE = "/api/v1/#problem-"


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: object


KINDS: dict[str, Kind] = {
    "malformed": Kind(400, gettext_lazy("请求写得不对")),
    "key-missing": Kind(400, gettext_lazy("缺少提交编号")),
    "token": Kind(401, gettext_lazy("没有有效的令牌")),
    "not-allowed": Kind(403, gettext_lazy("没有权限")),
    "not-found": Kind(404, gettext_lazy("没有找到")),
    "method": Kind(405, gettext_lazy("不支持这种方法")),
    "changed": Kind(412, gettext_lazy("内容已被改动")),
    "too-large": Kind(413, gettext_lazy("请求太大")),
    "media-type": Kind(415, gettext_lazy("正文格式不对")),
    "refused": Kind(422, gettext_lazy("没有办成")),
    "too-many": Kind(429, gettext_lazy("请求太频繁")),
    "failed": Kind(500, gettext_lazy("系统出错")),
    "read-only": Kind(503, gettext_lazy("系统只读")),
}


class ProblemError(Exception):
    """Ends a request with a problem."""

    def __init__(self, code: str, detail: str, *, errors: Sequence[Fault] = ()) -> None:
        self.code, self.detail, self.errors = code, detail, list(errors)
        super().__init__(detail)


class Malformed(ProblemError):  # noqa: N818 - an answer, not a defect
    """What was sent has not the shape it must have."""

    def __init__(self, errors: Sequence[Fault]) -> None:
        said = "；".join(f"{each.where}：{each.detail}" if each.where else each.detail for each in errors[:3])
        super().__init__("malformed", said, errors=errors)


def problem(code: str, detail: str = "", *, errors: Sequence[Fault] = ()) -> HttpResponse:
    """The answer, never kept by anybody in between."""
    kind = KINDS[code]
    shape = Problem(
        type=f"{BASE}{code}",
        title=str(kind.title),
        status=kind.status,
        detail=detail or str(kind.title),
        errors=list(errors),
    )
    answer = HttpResponse(encoded(shape), status=kind.status, content_type=CONTENT_TYPE)
    answer["Cache-Control"] = "private, no-store"
    answer["Vary"] = "Accept-Language, Authorization"
    if kind.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="guantong"'
    return answer


def not_found() -> ProblemError:
    return ProblemError("not-found", _("没有这一项，或者它不在您能看到的范围内。"))

"""At the door of the interface: the token, the policies of the address and of the method, and problems in JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.middleware import Request, must_change_password_first, must_set_up_second_factor
from guantong.api.authentication import acting_for, refuse_too_many, token_of
from guantong.api.contract.acts import Act
from guantong.api.contract.problems import KINDS, ProblemError, problem
from guantong.api.contract.serving import acts_of
from guantong.audit import standing

ROOT = "/api/v1/"
SAFE = {"GET", "HEAD"}
BY_STATUS = {kind.status: code for code, kind in KINDS.items()} | {400: "malformed"}


class ApiMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(ROOT) or request.path == ROOT:
            return self.get_response(request)
        translation.activate(language_asked(request))
        answer = self.get_response(request)
        if request.method == "HEAD" and isinstance(answer, HttpResponse):
            length = str(len(answer.content))
            answer.content = b""
            answer["Content-Length"] = length
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if answer.status_code >= 400 and is_page:
            told = problem(BY_STATUS.get(answer.status_code, "failed"))
            if "Allow" in answer:
                told["Allow"] = answer["Allow"]
            return told
        return answer

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        acts = acts_of(view)
        if acts is None:
            return None
        request.user = AnonymousUser()
        request.acting, request.seats = Acting(), []
        try:
            admit(request, view, acts)
        except ProblemError as error:
            answer = problem(error.code, error.detail)
            if error.code == "method":
                answer["Allow"] = ", ".join(sorted({*acts, *(["HEAD"] if "GET" in acts else [])}))
            if error.code == "too-many":
                answer["Retry-After"] = str(60 - request.now.second)
            return answer
        return None


def admit(request: Request, view: Any, acts: dict[str, Act]) -> None:
    """Policy first, then the method, then whether the token may change anything. Raises a problem."""
    token = token_of(request)
    refuse_too_many(token, request)
    request.acting = acting_for(token, request)
    if must_change_password_first(request) or must_set_up_second_factor(request):
        raise ProblemError("not-allowed", _("请先登录网页修改密码或设置两步验证，再使用令牌。"))
    _refuse_function(request, str(policies.policy_of(view)))
    act = acts.get("GET" if request.method == "HEAD" else str(request.method))
    if act is None:
        raise ProblemError("method", _("这个地址不支持 %(method)s。") % {"method": str(request.method)[:20]})
    _refuse_function(request, act.function)
    if request.method not in SAFE:
        if request.acting.read_only:
            raise ProblemError("not-allowed", _("这个令牌只能读取，不能提交。"))
        if why := standing.is_rolled_back():
            raise ProblemError("read-only", " ".join([_("系统处于只读状态，没有保存。"), str(why)]))


def _refuse_function(request: Request, policy: str) -> None:
    if not policies.allowed(request, policy):
        raise ProblemError("not-allowed", _("这个令牌没有办这件事的权限。"))


def language_asked(request: HttpRequest) -> str:
    """By Accept-Language alone: a program has no cookie."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return "zh-hans"

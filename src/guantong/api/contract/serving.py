"""Serving an act: read what was sent, run it, answer with its shape, its tag, or a problem."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseBase, UnreadablePostError
from django.urls import resolve, reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guantong.accounts.idempotency import KEY, Answer, once
from guantong.accounts.middleware import Request
from guantong.accounts.models import Person
from guantong.api.contract.acts import Act, Call, Write
from guantong.api.contract.problems import ProblemError, not_found, problem
from guantong.api.contract.reading import read_json, read_query
from guantong.api.contract.sending_once import key_for, sent_digest
from guantong.api.contract.writing import encoded, tag_of
from guantong.kernel.refusals import Refusal

View = Callable[..., HttpResponseBase]
MOST_BODY = 256 * 1024
log = logging.getLogger(__name__)


def address(*acts: Act) -> View:
    """The view of one address, with the policy it declares and what it does by each method."""

    def view(request: Request, **refs: int) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else str(request.method)
        return answered(by_method[method], request, refs)

    by_method = {each.method: each for each in acts}
    view.policy = acts[0].function  # type: ignore[attr-defined]
    view.acts = by_method  # type: ignore[attr-defined]
    return cast(View, csrf_exempt(view))


def answered(act: Act, request: Request, refs: dict[str, int]) -> HttpResponse:
    """The act's answer, or the problem that ended it."""
    try:
        asked = dict(request.GET.lists())
        call = Call(request, refs, read_query(act.query, asked))
        return _written(act, call) if isinstance(act, Write) else _read(act, call)
    except ProblemError as error:
        return problem(error.code, error.detail, errors=error.errors)
    except Refusal as refusal:
        return problem("refused", str(refusal))
    except Http404:
        missing = not_found()
        return problem(missing.code, missing.detail)
    except PermissionDenied:
        return problem("not-allowed", _("这个令牌没有办这件事的权限。"))
    except (RequestDataTooBig, UnreadablePostError):
        return problem("too-large", _("请求正文最大 %(n)s KB。") % {"n": MOST_BODY // 1024})


def _read(act: Act, call: Call) -> HttpResponse:
    content = encoded(act.run(call))
    tag = tag_of(content)
    known = parse_etags(call.request.headers.get("If-None-Match", ""))
    same = tag in known or f"W/{tag}" in known or "*" in known
    answer = HttpResponse(status=304) if same else HttpResponse(content, content_type="application/json")
    if same:
        del answer["Content-Type"]
    return _kept_private(answer, tag)


def _written(act: Write, call: Call) -> HttpResponse:
    request = call.request
    media_type = (request.content_type or "").lower()
    if media_type != "application/json":
        raise ProblemError("media-type", _("请求正文须为 application/json。"))
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise ProblemError(
            "key-missing", _("请在 Idempotency-Key 请求头里写明提交编号：8 到 64 个可见的 ASCII 字符。")
        )
    content = request.body
    if len(content) > MOST_BODY:
        raise RequestDataTooBig
    call = Call(request, call.refs, call.query, read_json(act.body, content))
    person = cast(Person, call.acting.person)
    told = once(
        person=person,
        key=key_for(call.acting.token_ref, key),
        body=sent_digest(request, content),
        now=call.now,
        do=lambda: _done(act, call),
    )
    shown = resolve(told.led_to).kwargs
    content = encoded(act.one.run(Call(request, shown, call.query)))
    answer = HttpResponse(content, status=told.status, content_type="application/json")
    answer["Location"] = told.led_to
    if told.again:
        answer["Idempotency-Replayed"] = "true"
    return _kept_private(answer, tag_of(content))


def _done(act: Write, call: Call) -> Answer:
    """Within the transaction of the key: the row it is done to as the sender knows it, then the operation."""
    if act.about is not None:
        row = act.about.row(call, hold=True)
        _refuse_changed(call, tag_of(encoded(act.about.show(row, call))))
    made = act.do(call)
    return Answer(status=201, led_to=reverse(act.leads_to, kwargs={"pk": made.pk}))


def _refuse_changed(call: Call, tag: str) -> None:
    wanted = call.request.headers.get("If-Match")
    if wanted is None:
        return
    if tag not in parse_etags(wanted) and wanted.strip() != "*":
        raise ProblemError("changed", _("这一项在您读取之后已经改动，没有保存。请重新读取后再提交。"))


def _kept_private(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Accept-Language, Authorization"
    return answer


def acts_of(view: Any) -> dict[str, Act] | None:
    """What a view of the interface does by method; None for every other view."""
    return cast("dict[str, Act] | None", getattr(view, "acts", None))

"""Serving an act: read what was sent, run it, answer with its shape, its tag, or a problem."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseBase, UnreadablePostError
from django.urls import resolve, reverse
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guantong.accounts.idempotency import KEY, Answer, once
from guantong.accounts.middleware import Request
from guantong.accounts.models import Person
from guantong.api.contract.acts import Act, Call, Content, Download, Write
from guantong.api.contract.problems import ProblemError, not_found, problem
from guantong.api.contract.reading import read_json, read_query
from guantong.api.contract.sending_once import key_for, sent_digest
from guantong.api.contract.uploads import Sent, most_of, sent_in
from guantong.api.contract.writing import encoded, tag_of
from guantong.kernel.refusals import Refusal

View = Callable[..., HttpResponseBase]
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
        if isinstance(act, Write):
            return _written(act, call)
        return _handed_out(act.run(call), call) if isinstance(act, Download) else _read(act, call)
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
        return problem("too-large", _("请求正文最大 %(n)s KB。") % {"n": most_of(request) // 1024})


def _read(act: Act, call: Call) -> HttpResponse:
    content = encoded(act.run(call))
    tag = tag_of(content)
    if _is_known(call, tag):
        return _unchanged(tag)
    return _kept_private(HttpResponse(content, content_type="application/json"), tag)


def _is_known(call: Call, tag: str) -> bool:
    known = parse_etags(call.request.headers.get("If-None-Match", ""))
    return tag in known or f"W/{tag}" in known or "*" in known


def _unchanged(tag: str) -> HttpResponse:
    answer = HttpResponse(status=304)
    del answer["Content-Type"]
    return _kept_private(answer, tag)


def _handed_out(file: Content, call: Call) -> HttpResponse:
    """As an attachment and nothing else; what the reader has already is not read from the disk again."""
    tag = f'"{file.digest[:32]}"'
    if _is_known(call, tag):
        return _unchanged(tag)
    answer = HttpResponse(file.read(), content_type=file.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return _kept_private(answer, tag)


def _written(act: Write, call: Call) -> HttpResponse:
    request, person = call.request, cast(Person, call.acting.person)
    key = request.headers.get("Idempotency-Key", "")
    sent = _sent(act, request, key)
    call = Call(request, call.refs, call.query, read_json(act.body, sent.content), sent.files)
    told = once(
        person=person,
        key=key_for(call.acting.token_ref, key),
        body=sent_digest(request, sent),
        now=call.now,
        do=lambda: _done(act, call),
    )
    answer = _shown(act, call, told)
    answer["Location"] = told.led_to
    if told.again:
        answer["Idempotency-Replayed"] = "true"
    return answer


def _sent(act: Write, request: Request, key: str) -> Sent:
    """The body, once its type and the key of the sending are right."""
    media_type = (request.content_type or "").lower()
    wanted = ["application/json", *(["multipart/form-data"] if act.part_name else [])]
    if media_type not in wanted:
        raise ProblemError("media-type", _("请求正文须为 %(type)s。") % {"type": " / ".join(wanted)})
    if not KEY.fullmatch(key):
        raise ProblemError(
            "key-missing", _("请在 Idempotency-Key 请求头里写明提交编号：8 到 64 个可见的 ASCII 字符。")
        )
    return sent_in(request, act.part_name if media_type != "application/json" else "")


def _shown(act: Write, call: Call, told: Answer) -> HttpResponse:
    """The row as it is now; where the act took it out of the office's sight, that it was done."""
    shown = Call(call.request, resolve(told.led_to).kwargs, call.query)
    try:
        content = encoded(act.one.run(shown))
    except ProblemError as error:
        if not (act.hides and error.code == "not-found"):
            raise
        answer = HttpResponse(status=204)
        del answer["Content-Type"]
        answer["Cache-Control"] = "private, no-store"
        return answer
    answer = HttpResponse(content, status=told.status, content_type="application/json")
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

"""The page behind the code on the door: anybody, no account; each button adds one to a number and nothing else."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.accounts.policies import public
from guantong.cases.views.opening import kept_out
from guantong.grassroots import limits
from guantong.grassroots.models import Activity
from guantong.grassroots.operations.counting import MARKS, count_one, counted_by, take_back_one
from guantong.grassroots.queries.activities import activity_of_code
from guantong.grassroots.rules.activities import FEEDBACK, Count, counts_now, is_full
from guantong.kernel.refusals import Refusal

TAKE_BACK = "take_back"


@public
@require_http_methods(["GET", "POST"])
def activity_open(request: Request, code: str) -> HttpResponseBase:
    """Sign up, sign in, say how it was: counted. A sign-up may be taken back."""
    source = source_of(request)
    limits.refuse_guessing(source)
    item = activity_of_code(code)
    if item is None:
        limits.note_wrong_code(source)
        return kept_out(render(request, "grassroots/activity_unknown.html", status=404))
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in (*Count.values, TAKE_BACK):
            raise Refusal(_("现在不能提交这一项。请看活动的日期和状态。"))
        limits.refuse_flood(source)
        if what == TAKE_BACK:
            take_back_one(activity=item, session=request.session, today=request.today)
            return redirect("activity-open", code=code)
        count_one(activity=item, what=what, session=request.session, today=request.today)
        return redirect("activity-open", code=code)
    request.session.setdefault(MARKS, {})  # so that two taps at once share a session
    return _page(request, item)


def _page(request: Request, item: Activity) -> HttpResponse:
    counted = counted_by(request.session, item)
    open_now = counts_now(item, request.today)
    context = {
        "item": item,
        "signs": [each for each in open_now if each not in FEEDBACK and each not in counted],
        "feedback": [each for each in open_now if each in FEEDBACK and each not in counted],
        "is_up": Count.UP in counted,
        "may_take_back": Count.UP in counted and Count.UP in open_now,
        "is_in": Count.IN in counted,
        "has_said": bool(set(FEEDBACK) & set(counted)),
        "is_full": is_full(item),
        "is_over": not open_now and item.day < request.today,
    }
    return kept_out(render(request, "grassroots/activity_open.html", context))

"""Classes: who is in one, the hours they attended, its end; the test; credit for a course taken elsewhere."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import CourseClass, Enrolment
from guantong.leadership.operations import classes as operations
from guantong.leadership.operations import completion
from guantong.leadership.queries import study as queries
from guantong.leadership.rules import study as rules
from guantong.leadership.study_forms import ClassForm, CreditDecisionForm, CreditForm, ReasonForm
from guantong.leadership.terms import MOST_TRIES
from guantong.leadership.views import tabs
from guantong.leadership.views.courses import visible_course
from guantong.leadership.views.picking import chosen_offices, items_of
from guantong.leadership.views.rounds import as_download
from guantong.ui.forms import valid

MOST_OFFERED = 60


@may("leadership.call")
@require_POST
def classes(request: Request, pk: int) -> HttpResponseBase:
    item = visible_course(request, pk)
    data = valid(ClassForm(request.POST))
    made = operations.open_class(course=item, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已开设班次，接着安排学员。"))
    return redirect("course-class", pk=made.pk)


def _visible(request: Request, pk: int) -> CourseClass:
    return get_object_or_404(queries.classes_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def course_class(request: Request, pk: int) -> HttpResponse:
    """One class: its half-days, who is in it and how many hours they attended, who of the target group could come."""
    item = _visible(request, pk)
    keeps = rules.may_keep_course(request.acting, item.course)
    enrolled = queries.enrolments_in_sight(request.acting, keeps=keeps).filter(
        course_class=item, cancelled_on=None
    )
    mine = queries.own_enrolment(item.course, request.acting.office)
    words = request.GET.get("q", "")
    open_now = item.record_id is None and item.ends_on >= request.today and item.course.closed_on is None
    context = {
        "tabs": tabs("courses", request.acting),
        "item": item,
        "course": item.course,
        "sittings": list(item.sittings.all()),
        "hours": queries.hours_of(item),
        "enrolled": list(enrolled.order_by("office__unit__path", "pk")),
        "n_enrolled": item.enrolments.filter(cancelled_on=None).count(),
        "mine": mine,
        "may_enrol_self": open_now and mine is None and _is_for(request, item),
        "keeps": keeps,
        "may_count": keeps and item.record_id is None and item.starts_on <= request.today,
        "may_end": keeps and item.record_id is None and item.ends_on <= request.today,
        "offered": _offered(request, item, words) if keeps and open_now else None,
        "q": words,
    }
    return render(request, "leadership/course_class.html", context)


def _is_for(request: Request, item: CourseClass) -> bool:
    return request.acting.office is not None and rules.is_for(item.course, request.acting.office)


def _offered(request: Request, item: CourseClass, words: str) -> list[dict[str, object]]:
    """Offices of the target group that take no class yet: those of the words, else the first."""
    missing = queries.not_yet_in(item.course, request.acting)
    if words.strip():
        missing = missing.filter(unit__name__icontains=words.strip())
    return items_of(missing.order_by("unit__path", "pk")[:MOST_OFFERED], checked=False)


@may("business.read")
@require_POST
def enrolments(request: Request, pk: int) -> HttpResponseBase:
    """The school puts in those ticked; any other office puts in itself alone."""
    item = _visible(request, pk)
    office = request.acting.office
    assert office is not None
    chosen = chosen_offices(request.POST.getlist("offices"), queries.target_offices(item.course))
    if not rules.may_keep_course(request.acting, item.course) or not request.POST.getlist("offices"):
        chosen = [office]
    operations.enrol(course_class=item, offices=chosen, actor=request.acting, now=request.now)
    messages.success(request, _("已报名。"))
    return redirect("course-class", pk=pk)


@may("business.read")
@require_POST
def enrolment_cancelling(request: Request, pk: int) -> HttpResponseBase:
    """Its own, or whoever keeps the course any."""
    visible = queries.courses_visible_to(request.acting).values("pk")
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("course__school").filter(course__in=visible), pk=pk
    )
    data = valid(ReasonForm(request.POST))
    operations.leave_class(enrolment=enrolment, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已取消报名。"))
    return redirect("course", pk=enrolment.course_id)


@may("leadership.call")
@require_POST
def class_hours(request: Request, pk: int) -> HttpResponseBase:
    """Hours attended in all, a field ``hours-<enrolment>`` for each."""
    item = _visible(request, pk)
    hours = {}
    for name, text in request.POST.items():
        key = name.removeprefix("hours-")
        if name.startswith("hours-") and key.isdigit() and str(text).strip():
            try:
                hours[int(key)] = Decimal(str(text).strip())
            except InvalidOperation as error:
                raise Refusal(_("学时请填写数字。")) from error
            if not hours[int(key)].is_finite():
                raise Refusal(_("学时请填写数字。"))
    operations.count_hours(course_class=item, hours=hours, actor=request.acting, now=request.now)
    messages.success(request, _("学时已登记。"))
    return redirect("course-class", pk=pk)


@may("leadership.call")
@require_POST
def class_ending(request: Request, pk: int) -> HttpResponseBase:
    item = _visible(request, pk)
    assert request.acting.office is not None
    operations.end_class(
        course_class=item, entered_by=request.acting.office, actor=request.acting, now=request.now
    )
    n = item.enrolments.filter(completed_on__isnull=False, cancelled_on=None).count()
    messages.success(request, ngettext("已结班，%(n)s 人完成。", "已结班，%(n)s 人完成。", n) % {"n": n})
    return redirect("course-class", pk=pk)


@may("business.read")
@require_http_methods(["GET", "POST"])
def course_test(request: Request, pk: int) -> HttpResponseBase:
    """The short test, for the enrolled office. It says how many answers were right, not which."""
    item = visible_course(request, pk)
    office = request.acting.office
    assert office is not None
    mine = queries.own_enrolment(item, office)
    if request.method == "POST":
        taken = completion.take_test(
            course=item, office=office, answers=_answers(request), actor=request.acting, now=request.now
        )
        if taken.completed_on:
            messages.success(request, _("测试合格，课程已完成。"))
        else:
            messages.warning(
                request, _("这次没有合格，还可以测试 %(n)s 次。") % {"n": MOST_TRIES - taken.tries}
            )
        return redirect("course", pk=pk)
    context = {
        "tabs": tabs("courses", request.acting),
        "item": item,
        "mine": mine,
        "questions": [
            {"place": place, "question": each["question"], "answers": list(enumerate(each["answers"]))}
            for place, each in enumerate(item.test)
        ],
        "tries_left": MOST_TRIES - mine.tries if mine else 0,
        "may_take": mine is not None
        and mine.completed_on is None
        and mine.course_class is not None
        and mine.course_class.starts_on <= request.today
        and mine.tries < MOST_TRIES,
    }
    return render(request, "leadership/course_test.html", context)


def _answers(request: Request) -> dict[int, int]:
    given = {}
    for name, text in request.POST.items():
        place = name.removeprefix("answer-")
        if name.startswith("answer-") and place.isdigit() and str(text).isdigit():
            given[int(place)] = int(str(text))
    return given


@may("business.read")
@require_POST
def course_credit(request: Request, pk: int) -> HttpResponseBase:
    item = visible_course(request, pk)
    office = request.acting.office
    assert office is not None
    data = valid(CreditForm(request.POST, request.FILES))
    upload = data["file"]
    completion.ask_credit(
        course=item,
        office=office,
        file=(upload.name or "", upload),
        actor=request.acting,
        now=request.now,
    )
    messages.success(request, _("已提交，由开课单位认定。"))
    return redirect("course", pk=pk)


@may("leadership.call")
@require_POST
def credit_decision(request: Request, pk: int) -> HttpResponseBase:
    visible = queries.courses_visible_to(request.acting).values("pk")
    enrolment = get_object_or_404(Enrolment.objects.filter(course__in=visible), pk=pk)
    data = valid(CreditDecisionForm(request.POST))
    completion.decide_credit(enrolment=enrolment, actor=request.acting, now=request.now, **data)
    messages.success(request, _("已认定。") if data["accepted"] else _("已退回，并告知理由。"))
    return redirect("course", pk=enrolment.course_id)


@may("business.read")
@require_GET
def credit_file(request: Request, pk: int) -> HttpResponseBase:
    """The certificate, for its own office and for whoever keeps the course."""
    visible = queries.courses_visible_to(request.acting).values("pk")
    enrolment = get_object_or_404(
        Enrolment.objects.select_related("course__school", "file").filter(
            course__in=visible, file__isnull=False
        ),
        pk=pk,
    )
    keeps = rules.may_keep_course(request.acting, enrolment.course)
    if not keeps and enrolment.office_id != request.acting.office_ref:
        raise Refusal(_("证明只供本人岗位和开课单位查看。"))
    assert enrolment.file is not None
    return as_download(enrolment.file, enrolment.file_name)

"""Courses: each school's curriculum, one course, setting it up, changing and closing it, and who is missing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.accounts.queries import units_visible_to
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import MeetingKind
from guantong.leadership.models import Course
from guantong.leadership.operations import courses as operations
from guantong.leadership.queries import study as queries
from guantong.leadership.queries.meetings import meetings_visible_to, with_attendance
from guantong.leadership.rules import study as rules
from guantong.leadership.study_forms import ClassForm, CourseForm, CreditDecisionForm, CreditForm, as_typed
from guantong.leadership.terms import MOST_TRIES, compulsory_of, seats_of
from guantong.leadership.views import running_cycle, tabs
from guantong.mechanisms.asked import cycle_asked
from guantong.organisation.models import Unit
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

MISSING = [
    Column("office", gettext_lazy("岗位"), ("title",)),
    Column("unit", gettext_lazy("单位"), ("unit__path",)),
    Column("state", gettext_lazy("状态"), ("enrolled",)),
]
SHOWN = 10


@may("business.read")
@require_GET
def courses(request: Request) -> HttpResponse:
    """What each school teaches this year, which compulsory content it covers, and the study sessions."""
    cycle = cycle_asked(request)
    found = queries.with_numbers(queries.courses_visible_to(request.acting).filter(cycle=cycle))
    rows = list(found.order_by("school__path", "title", "pk"))
    sessions = meetings_visible_to(request.acting).filter(cycle=cycle, kind=MeetingKind.STUDY)
    waiting = [
        each
        for each in queries.credits_waiting(request.acting)
        if rules.may_decide_credit(request.acting, each)
    ]
    context = {
        "tabs": tabs("courses", request.acting),
        "cycle": cycle,
        "curricula": [
            {"curriculum": each, "courses": [row for row in rows if row.school_id == each.school.pk]}
            for each in (queries.curricula_of(rows, cycle.package) if cycle else [])
        ],
        "sessions": list(with_attendance(sessions).order_by("-day", "-pk")[:SHOWN]),
        "waiting": waiting,
        "may_keep": cycle is not None and request.acting.may("leadership.call"),
    }
    return render(request, "leadership/courses.html", context)


def visible_course(request: Request, pk: int) -> Course:
    return get_object_or_404(queries.courses_visible_to(request.acting), pk=pk)


@may("business.read")
@require_GET
def course(request: Request, pk: int) -> HttpResponse:
    """One course: what it carries, whom it is for and how many have done it, its classes, one's own place."""
    item = visible_course(request, pk)
    office, keeps = request.acting.office, rules.may_keep_course(request.acting, item)
    mine = queries.own_enrolment(item, office)
    seats = dict(seats_of(item.cycle.package))
    credit = queries.enrolments_in_sight(request.acting, keeps=keeps).filter(course=item, course_class=None)
    context: dict[str, Any] = {
        "tabs": tabs("courses", request.acting),
        "item": item,
        "compulsory": [name for key, name in compulsory_of(item.cycle.package) if key in item.compulsory],
        "target": [seats.get(each, each) for each in item.target],
        "coverage": queries.coverage_of(item, request.acting),
        "classes": list(item.classes.order_by("starts_on", "pk")),
        "mine": mine,
        "tries_left": MOST_TRIES - mine.tries if mine else 0,
        "credits": [
            {"row": each, "may_decide": _decides(request, each, item)}
            for each in credit.order_by("-enrolled_at")[:50]
        ],
        "keeps": keeps,
        "may_ask_credit": office is not None and mine is None and rules.is_for(item, office),
        "credit_form": CreditForm(),
        "decision_form": CreditDecisionForm(),
    }
    if keeps and item.closed_on is None:
        context |= {"class_form": ClassForm()}
    return render(request, "leadership/course.html", context)


def _decides(request: Request, enrolment: Any, item: Course) -> bool:
    enrolment.course = item
    return rules.waits_for_a_decision(enrolment) and rules.may_decide_credit(request.acting, enrolment)


def _schools(request: Request) -> QuerySet[Unit]:
    """Where courses are kept: the own unit; for the coordinating office the units of its level."""
    assert request.acting.office is not None
    own = Unit.objects.filter(pk=request.acting.office.unit_id)
    if not request.acting.may("leadership.run"):
        return own
    visible = units_visible_to(request.acting).filter(closed_on=None)
    return visible.exclude(kind="home").exclude(level__in=["township", "village"]).order_by("depth", "path")


@may("leadership.call")
@require_http_methods(["GET", "POST"])
def new_course(request: Request) -> HttpResponseBase:
    cycle = running_cycle(request)
    assert request.acting.office is not None
    initial = {"school": request.acting.office.unit_id}
    posted = request.POST if request.method == "POST" else None
    form = CourseForm(posted, cycle=cycle, schools=_schools(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.open_course(
                cycle=cycle,
                school=form.cleaned_data["school"],
                terms=form.terms(),
                actor=request.acting,
                now=request.now,
            )
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已设置课程，接着开设班次。"))
            return redirect("course", pk=made.pk)
    context = {"tabs": tabs("courses", request.acting), "form": form}
    return render(request, "leadership/course_form.html", context, status=422 if form.errors else 200)


@may("leadership.call")
@require_http_methods(["GET", "POST"])
def course_change(request: Request, pk: int) -> HttpResponseBase:
    item = visible_course(request, pk)
    if not rules.may_keep_course(request.acting, item):
        raise Refusal(_("课程由开课单位或统筹协调单位设置。"))
    posted = request.POST if request.method == "POST" else None
    form = CourseForm(posted, cycle=item.cycle, initial=as_typed(item))
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_course(course=item, terms=form.terms(), actor=request.acting, now=request.now)
        except Refusal as refusal:
            say_on(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("course", pk=pk)
    context = {"tabs": tabs("courses", request.acting), "form": form, "item": item}
    return render(request, "leadership/course_form.html", context, status=422 if form.errors else 200)


@may("leadership.call")
@require_POST
def course_closing(request: Request, pk: int) -> HttpResponseBase:
    operations.close_course(
        course=visible_course(request, pk), closed_on=request.today, actor=request.acting, now=request.now
    )
    messages.success(request, _("已停开，完成的记录保留。"))
    return redirect("course", pk=pk)


@may("business.read")
@require_GET
def course_coverage(request: Request, pk: int) -> HttpResponse:
    """Who of the target group in sight has not completed the course."""
    item = visible_course(request, pk)
    missing = queries.missing_from(item, request.acting)
    context = {
        "tabs": tabs("courses", request.acting),
        "item": item,
        "coverage": queries.coverage_of(item, request.acting),
        "listing": Listing.of(missing, request.GET, MISSING, id="missing", sort="unit"),
    }
    return render(request, "leadership/course_coverage.html", context)

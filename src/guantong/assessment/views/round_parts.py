"""What the pages of a round show: its steps and days, everybody's progress, one unit's lines."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.approvals import kind_of
from guantong.accounts.middleware import Request
from guantong.accounts.models import Approval
from guantong.assessment import queries, round_lines, round_queries, round_rules, veto_queries
from guantong.assessment.models import Round, RoundChange, RoundStage, Veto
from guantong.assessment.operations import CANCEL, MOVE_DAY, PUBLISH
from guantong.assessment.round_queries import UnitProgress
from guantong.calendars.queries import calendar_for
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("unit", gettext_lazy("考核对象")),
    Column("stated", gettext_lazy("自评"), is_number=True),
    Column("differing", gettext_lazy("不同意见"), is_number=True),
    Column("reviewed", gettext_lazy("复核"), is_number=True),
    Column("appeals", gettext_lazy("申诉"), is_number=True),
]
# What the list of units can be narrowed to: by key, the label and the test.
ONLY: dict[str, tuple[object, Callable[[UnitProgress], bool]]] = {
    "": (gettext_lazy("全部"), lambda each: True),
    "unstated": (gettext_lazy("自评未填完"), lambda each: not each.is_stated),
    "differing": (gettext_lazy("有不同意见"), lambda each: each.differing > 0),
    "unreviewed": (gettext_lazy("待复核"), lambda each: not each.is_reviewed),
    "appeals": (gettext_lazy("有申诉"), lambda each: each.appeals > 0),
}


def usual_days(today: dt.date, cycle: Cycle) -> dict[str, dt.date]:
    """A working week for the units, another for reviewing."""
    calendar = calendar_for(cycle.year, cycle.unit_id)
    return {
        "as_of": today,
        "self_by": calendar.add_workdays(today, 5),
        "review_by": calendar.add_workdays(today, 10),
    }


def own_part(request: Request, found: Round) -> dict[str, Any]:
    """What a unit sees of itself: its lines and its own total. Nothing of others."""
    office = request.acting.office
    if office is None or not round_rules.answers_for(request.acting, office.unit):
        return {}
    return unit_context(request, found, office.unit)


def own_vetoes(request: Request, cycle: Cycle) -> list[Veto]:
    """Vetoes that the own unit is told of, whatever the stage."""
    office = request.acting.office
    if office is None or not round_rules.answers_for(request.acting, office.unit):
        return []
    return list(veto_queries.vetoes_of(office.unit, cycle))


def unit_context(request: Request, found: Round, unit: Unit) -> dict[str, Any]:
    stories = round_lines.stories_of(found, unit, acting=request.acting, today=request.today)
    totals = round_lines.totals_of(found, unit)
    open_lines = [each for each in stories if each.prefilled and each.prefilled.points is not None]
    return {
        "unit": unit,
        "stories": stories,
        "by_subject": [
            (office, list(them))
            for office, them in itertools.groupby(stories, key=lambda each: each.line.score.office)
        ],
        "totals": totals,
        "papers_of": queries.scores_visible_to(request.acting)
        .filter(pk__in=[each.pk for each in totals])
        .select_related("run__publication"),
        "n_open": len(open_lines),
        "n_said": sum(1 for each in open_lines if each.said),
        "may_agree_all": any(each.may_state and not each.said for each in stories),
        "n_agreed_waiting": sum(1 for each in stories if each.may_review and not each.differs),
    }


def whole(request: Request, found: Round) -> dict[str, Any]:
    progress = round_queries.progress_of(found, request.acting)
    wanted = request.GET.get("only", "")
    wanted = wanted if wanted in ONLY else ""
    rows = [each for each in progress if ONLY[wanted][1](each)]
    waiting = round_queries.waiting_for(found, today=request.today)
    return {
        "listing": Listing.of(rows, request.GET, COLUMNS, id="units"),
        "chips": [
            {
                "label": label,
                "url": f"?only={key}" if key else "?",
                "current": key == wanted,
                "count": sum(1 for each in progress if holds(each)),
            }
            for key, (label, holds) in ONLY.items()
        ],
        "appeals": round_lines.appeal_facts(found, today=request.today),
        "waiting": waiting,
        "next_label": NEXT_LABELS.get(found.stage, ""),
        "late_reviews": found.stage == RoundStage.REVIEW
        and request.today > found.review_by
        and bool(waiting),
        "publication_asked": found.final_id is not None
        and Approval.objects.filter(kind=PUBLISH, object_ref=found.final_id, granted=None).exists(),
    }


NEXT_LABELS: dict[str, object] = {
    RoundStage.SELF: gettext_lazy("结束自评，转入复核"),
    RoundStage.REVIEW: gettext_lazy("计算并告知初步结果"),
    RoundStage.PRELIMINARY: gettext_lazy("计算定稿结果"),
}


def changes_of(found: Round) -> list[RoundChange]:
    """What was moved or cancelled, and why: for everybody of the round."""
    return list(found.changes.select_related("changed_by", "approval__decided_by"))


def pending_changes(found: Round) -> dict[str, Any]:
    """The days that can be moved now, with the words for the form, and what waits for another person."""
    open_day = round_rules.OPEN_WINDOW.get(found.stage)
    coming = round_rules.COMING_WINDOWS.get(found.stage, ())
    labels = RoundChange.What
    waiting = Approval.objects.filter(
        kind__in=(CANCEL, MOVE_DAY), object_ref=found.pk, granted__isnull=True
    ).order_by("asked_at")
    return {
        "movable": [
            {
                "what": what,
                "label": labels(what).label,
                "day": getattr(found, what),
                "takes_two": what == open_day,
            }
            for what in (open_day, *coming)
            if what
        ],
        "asked_changes": [
            {"approval": each, "label": kind_of(each).label, "subject": kind_of(each).subject(each)}
            for each in waiting
        ],
        "may_cancel": not found.is_over and not any(each.kind == CANCEL for each in waiting),
    }


def stages_of(found: Round) -> list[dict[str, Any]]:
    """The steps of the year for the progress drawing, each with its day."""
    at = list(RoundStage.values).index(found.stage)  # the order of the choices is that of the steps
    days = (
        (_("自评"), _("截止 %(day)s") % {"day": found.self_by}),
        (_("复核"), _("应于 %(day)s 前完成") % {"day": found.review_by}),
        (
            _("告知与申诉"),
            _("申诉到 %(day)s 截止") % {"day": found.appeal_until} if found.appeal_until else "",
        ),
        (_("定稿"), ""),
        (_("公布"), _("两人批准后公布")),
    )
    return [
        {
            "what": what,
            "who": day,
            "state": "current" if number == at else "done" if number < at else "next",
        }
        for number, (what, day) in enumerate(days)
    ]

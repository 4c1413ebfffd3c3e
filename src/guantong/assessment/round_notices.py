"""Who is asked what in a round: the unit to look at its lines, reviewers to answer appeals. Told once, closed when done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse

from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office
from guantong.assessment.models import Appeal, Round, Score, Veto
from guantong.assessment.round_queries import judged
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked, ask_all, close_all
from guantong.notices.said import Said, say
from guantong.organisation.models import Unit

SCORE, APPEAL, VETO = "assessment.score", "assessment.appeal", "assessment.veto"


def tell_round_opened(round: Round, *, today: dt.date) -> None:
    """Every assessed unit is asked to look at its prefilled lines. Asked again, only the day is brought up to date."""
    _ask_units(
        judged(round, round.prefilled),
        kind=NoticeKind.SELF_SCORE,
        title=say("年度考核自评"),
        missing=say("核对预填的得分，逐项确认或写明不同意见"),
        due_on=round.self_by,
        today=today,
    )


def close_self_score(round: Round, unit: Unit | None = None, *, today: dt.date) -> None:
    """The unit has spoken of every line, or its days are over."""
    scores = Score.objects.filter(run=round.prefilled_id)
    scores = scores.filter(unit=unit) if unit else scores
    close_all(about=SCORE, refs=scores.values_list("pk", flat=True), on=today, kind=NoticeKind.SELF_SCORE)


def tell_results(round: Round, *, today: dt.date) -> None:
    """Every unit is told that its preliminary result is there, and until when it may appeal."""
    assert round.preliminary is not None
    _ask_units(
        judged(round, round.preliminary),
        kind=NoticeKind.RESULT,
        title=say("考核初步结果"),
        missing=say("查看本单位各项得分；有不同意见，请在申诉期内逐项提出"),
        due_on=round.appeal_until,
        today=today,
    )


def close_results(round: Round, *, today: dt.date) -> None:
    """The appeal window is over."""
    scores = Score.objects.filter(run=round.preliminary_id)
    close_all(about=SCORE, refs=scores.values_list("pk", flat=True), on=today, kind=NoticeKind.RESULT)


def tell_veto(veto: Veto, *, today: dt.date) -> None:
    """The unit is told of a veto, and until when it may appeal."""
    ask_all(
        (
            Asked(
                office=office.pk,
                kind=NoticeKind.RULING,
                about=VETO,
                about_ref=veto.pk,
                title=say("一票否决事项告知"),
                missing=say("查看依据；有不同意见，请在申诉期内提出"),
                minutes=5,
                url=reverse("round"),
                due_on=veto.appeal_until,
            )
            for office in offices_that("assessment.answer").filter(unit=veto.unit_id)
        ),
        on=today,
    )


def close_veto(veto: Veto, *, today: dt.date) -> None:
    close_all(about=VETO, refs=[veto.pk], on=today)


def ask_for_answers(appeal: Appeal, *, today: dt.date) -> None:
    """The reviewing offices over the unit are asked to answer; one that may not decide it is told so there."""
    path = appeal.unit.path
    ask_all(
        (
            Asked(
                office=office.pk,
                kind=NoticeKind.APPEAL,
                about=APPEAL,
                about_ref=appeal.pk,
                title=say("%(unit)s · %(title)s", unit=appeal.unit.name, title=appeal.line.title),
                missing=say("由未复核过这一项的人作出答复，写明理由"),
                minutes=15,
                url=reverse("round-unit", args=[appeal.round_id, appeal.unit_id]),
                due_on=appeal.answer_by,
            )
            for office in offices_that("assessment.review").select_related("scope")
            if path.startswith(office.scope.path) and office.unit_id != appeal.unit_id
        ),
        on=today,
    )


def close_appeal(appeal: Appeal, *, today: dt.date) -> None:
    close_all(about=APPEAL, refs=[appeal.pk], on=today)


def offices_that(function: str) -> QuerySet[Office]:
    """Open offices whose role has the function."""
    roles = [role for role, functions in FUNCTIONS.items() if function in functions]
    return Office.objects.filter(role__in=roles, closed_on=None)


def close_round(round: Round, *, today: dt.date) -> None:
    """The round is cancelled: nobody is asked anything about it any more."""
    close_self_score(round, today=today)
    close_results(round, today=today)
    close_all(about=APPEAL, refs=round.appeals.values_list("pk", flat=True), on=today)


def _ask_units(
    scores: QuerySet[Score], *, kind: str, title: Said, missing: Said, due_on: dt.date | None, today: dt.date
) -> None:
    ask_all(_asked_of_units(scores, kind, title, missing, due_on), on=today)


def _asked_of_units(
    scores: QuerySet[Score], kind: str, title: Said, missing: Said, due_on: dt.date | None
) -> Iterable[Asked]:
    """One row for each office that answers for an assessed unit, about the unit's first score."""
    first: dict[int, int] = {}
    for pk, unit in scores.order_by("pk").values_list("pk", "unit_id"):
        first.setdefault(unit, pk)
    for office in offices_that("assessment.answer").filter(unit__in=first):
        yield Asked(
            office=office.pk,
            kind=kind,
            about=SCORE,
            about_ref=first[office.unit_id],
            title=title,
            missing=missing,
            minutes=5,
            url=reverse("round"),
            due_on=due_on,
        )

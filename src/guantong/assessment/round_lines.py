"""One unit's lines in a round as its page shows them: prefilled, stated, reviewed, disputed, decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from guantong.accounts.acting import Actor
from guantong.assessment import round_rules
from guantong.assessment.models import Appeal, Round, RoundStage, Score, ScoreLine, SelfScore
from guantong.assessment.round_queries import judged, shown_run, unit_lines
from guantong.assessment.round_rules import Limits
from guantong.organisation.models import Unit


@dataclass
class LineStory:
    """``line`` is the one whose points count now, ``prefilled`` the one that the unit was asked about."""

    line: ScoreLine
    prefilled: ScoreLine | None
    limits: Limits
    said: SelfScore | None = None
    appeal: Appeal | None = None
    may_state: bool = False
    may_appeal: bool = False
    may_review: bool = False
    may_decide: bool = False

    @property
    def most(self) -> Decimal:
        """What full points are."""
        return self.limits.high

    @property
    def differs(self) -> bool:
        return bool(self.said and self.prefilled and self.said.points != self.prefilled.points)

    @property
    def changed(self) -> bool:
        """Whether the points that count now are not the prefilled ones."""
        return bool(self.prefilled and self.line.points != self.prefilled.points)


def stories_of(round: Round, unit: Unit, *, acting: Actor, today: dt.date) -> list[LineStory]:
    """Every line of the unit and its assessed offices, with what has been said and what may be said now.

    The number of queries does not grow with that of lines.
    """
    run = shown_run(round)
    lines = list(unit_lines(round, run, unit))
    prefilled = {_key(each): each for each in lines if run.pk == round.prefilled_id} or {
        _key(each): each for each in unit_lines(round, round.prefilled, unit)
    }
    said = {
        _key(each.line): each
        for each in SelfScore.objects.filter(round=round, unit=unit).select_related(
            "line__score", "unit", "stated_by", "reviewed_by"
        )
    }
    appeals = {
        _key(each.line): each
        for each in Appeal.objects.filter(round=round, unit=unit).select_related(
            "line__score", "unit", "round__cycle", "appealed_by", "decided_by"
        )
    }
    stories = [
        LineStory(
            line=line,
            prefilled=prefilled.get(_key(line)),
            limits=round_rules.limits_of(line, round.cycle),
            said=said.get(_key(line)),
            appeal=appeals.get(_key(line)),
        )
        for line in lines
    ]
    _say_what_may_be_done(stories, round, unit, acting=acting, today=today)
    return stories


def _key(line: ScoreLine) -> tuple[str, int | None, str]:
    return line.score.scorecard, line.score.office_id, line.indicator


def _say_what_may_be_done(
    stories: list[LineStory], round: Round, unit: Unit, *, acting: Actor, today: dt.date
) -> None:
    answers = round_rules.answers_for(acting, unit)
    stating = answers and round.stage == RoundStage.SELF and today <= round.self_by
    appealing = (
        answers
        and round.stage == RoundStage.PRELIMINARY
        and round.appeal_until is not None
        and today <= round.appeal_until
    )
    reviewing = round.stage == RoundStage.REVIEW and round_rules.stands_apart(acting, unit)
    worked_on: frozenset[int] = frozenset()
    if reviewing:
        worked_on = round_rules.units_worked_on(acting, round.cycle)
    authors: dict[object, set[int]] = {}
    for each in stories:
        each.may_state = stating and each.line.points is not None
        each.may_appeal = appealing and each.appeal is None
        if reviewing and each.said and each.said.reviewed_at is None:
            who = (each.said.stater_id, each.said.stated_by_id, each.said.stated_at.date())
            if who not in authors:
                authors[who] = round_rules.authors_of(each.said)
            each.may_review = round_rules.may_review(
                acting, each.said, worked_on=worked_on, authors=authors[who]
            )
        each.may_decide = bool(
            round.stage == RoundStage.PRELIMINARY
            and each.appeal
            and each.appeal.upheld is None
            and round_rules.may_decide(acting, each.appeal)
        )


def totals_of(round: Round, unit: Unit) -> list[Score]:
    """The totals of the unit and its assessed offices at this stage. No rank, grade or band: those speak of others."""
    found = judged(round, shown_run(round)).filter(unit=unit).select_related("office")
    return list(found.order_by(F("office").asc(nulls_first=True), "scorecard"))


def appeal_facts(round: Round, *, today: dt.date) -> dict[str, Any]:
    """How many appeals there are, undecided, and undecided past their day."""
    appeals = list(Appeal.objects.filter(round=round).values_list("upheld", "answer_by"))
    undecided = [day for upheld, day in appeals if upheld is None]
    return {
        "all": len(appeals),
        "upheld": sum(1 for upheld, _day in appeals if upheld),
        "undecided": len(undecided),
        "overdue": sum(1 for day in undecided if day < today),
    }

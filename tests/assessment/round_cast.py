"""A round on the small city: opened on 1 September 2026, and short words for what is done in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Approval, Office
from guantong.accounts.operations import open_office
from guantong.assessment import operations
from guantong.assessment.models import Appeal, Round, ScoreLine, SelfScore

UNIT, OTHER, DISTRICT = "1506-MU-01", "1506-MU-02", "150602"
AS_OF = dt.date(2026, 6, 30)
SELF_BY, REVIEW_BY = dt.date(2026, 9, 8), dt.date(2026, 9, 11)
OPENED, STATED, REVIEWED, TOLD = at(9, 1), at(9, 2), at(9, 10), at(9, 14)
APPEAL_UNTIL = dt.date(2026, 9, 20)  # a Sunday that is worked: 5 working days after Monday the 14th
APPEALED, DECIDED, SETTLED = at(9, 18), at(9, 24), at(9, 28)


def assessor(city: City) -> Acting:
    return city.acting("1506-LGO", "assessor")


def second_assessor(city: City) -> Acting:
    """Another assessing office of the same body, held by somebody else."""
    lgo = city.units["1506-LGO"]
    if not Office.objects.filter(unit=lgo, seat="assessor_2").exists():
        open_office(
            unit=lgo, seat="assessor_2", title="领导小组办公室考核二岗", role=Role.ASSESSOR,
            scope=city.units["1506"], actor=CONSOLE, now=at(1, 6),
        )  # fmt: skip
    return city.acting("1506-LGO", "assessor_2")


def opened(city: City) -> Round:
    return operations.open_round(
        cycle=city.cycle, as_of=AS_OF, self_by=SELF_BY, review_by=REVIEW_BY, actor=assessor(city), now=OPENED
    )


def line_of(round: Round, indicator: str = "I03", code: str = UNIT, run: str = "prefilled") -> ScoreLine:
    return ScoreLine.objects.select_related("score__unit", "score__run__cycle").get(
        score__run=getattr(round, run), score__unit__code=code, score__office=None, indicator=indicator
    )


def agree(city: City, round: Round, code: str = UNIT) -> list[SelfScore]:
    return operations.agree_with_lines(
        round=round, unit=city.units[code], actor=city.acting(code, "unit_head"), now=STATED
    )


def state(city: City, round: Round, points: int = 20, note: str = "两次报告都按时交了纸质件") -> SelfScore:
    return operations.state_points(
        round=round, line=line_of(round), points=Decimal(points), note=note, actor=city.head, now=STATED
    )


def in_review(city: City, *, stated: bool = True) -> Round:
    """The unit says 20 for its reports and agrees with the rest; the days of the others pass."""
    round = opened(city)
    if stated:
        state(city, round)
    agree(city, round)
    return operations.move_on(round=round, from_stage="self", actor=assessor(city), now=at(9, 9))


def review(
    city: City, stated: SelfScore, points: int | None = None, reason: str = "", **changes: object
) -> SelfScore:
    given = {
        "stated": stated, "points": None if points is None else Decimal(points), "reason": reason,
        "actor": assessor(city), "now": REVIEWED,
    } | changes  # fmt: skip
    return operations.review_self_score(**given)  # type: ignore[arg-type]


def told(city: City) -> Round:
    """The unit's 20 is refused, everything else agreed, the preliminary result notified."""
    round = in_review(city)
    review(city, SelfScore.objects.get(round=round, line__indicator="I03"), 14, "系统里没有这两次报告")
    operations.review_agreed(round=round, unit=city.units[UNIT], actor=assessor(city), now=REVIEWED)
    return operations.move_on(round=round, from_stage="review", actor=assessor(city), now=TOLD)


def appeal(city: City, round: Round, *, now: dt.datetime = APPEALED, indicator: str = "I03") -> Appeal:
    return operations.appeal_line(
        round=round, line=line_of(round, indicator, run="preliminary"), reason="收文登记簿可以证明",
        actor=city.head, now=now,
    )  # fmt: skip


def decide(
    city: City, made: Appeal, *, upheld: bool = True, points: int | None = 17, **changes: object
) -> Appeal:
    given = {
        "appeal": made, "upheld": upheld, "points": None if points is None else Decimal(points),
        "decision": "核对登记簿，一次按时", "actor": second_assessor(city), "now": DECIDED,
    } | changes  # fmt: skip
    return operations.decide_appeal(**given)  # type: ignore[arg-type]


def settled(city: City) -> Round:
    """One appeal upheld in part, the window over, the final result computed."""
    round = told(city)
    decide(city, appeal(city, round))
    return operations.move_on(round=round, from_stage="preliminary", actor=assessor(city), now=SETTLED)


def published(city: City) -> Round:
    """Asked for by one assessor, agreed to by the coordinator."""
    from guantong.accounts.approvals import decide_approval

    round = settled(city)
    asked: Approval = operations.ask_round_publication(
        round=round, reason="年度考核", actor=assessor(city), now=SETTLED
    )
    decide_approval(approval=asked, granted=True, decision="", actor=city.coordinator, now=at(9, 29))
    return Round.objects.select_related("final__cycle", "cycle").get(pk=round.pk)

"""层层加码: what a level asks beyond the level above is found, and nothing else is."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from guantong.supervision.tightening import Ask, Kind, tightened

ABOVE = Ask(dt.date(2026, 4, 30), Decimal(90), "%", 14)


def asked(**changes: object) -> Ask:
    given = {"due_on": ABOVE.due_on, "target": ABOVE.target, "target_unit": "%", "report_days": 14}
    return Ask(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("below", "kinds"),
    [
        (asked(), set()),
        (asked(due_on=dt.date(2026, 4, 29)), {Kind.DATE}),
        (asked(due_on=dt.date(2026, 5, 10)), set()),
        (asked(target=Decimal("90.01")), {Kind.TARGET}),
        (asked(target=Decimal(90)), set()),
        (asked(target=Decimal(80)), set()),
        (asked(target=None), set()),
        (asked(target=Decimal(95), target_unit="万元"), set()),  # not the same measure: nothing to compare
        (asked(report_days=13), {Kind.FREQUENCY}),
        (asked(report_days=30), set()),
        (asked(report_days=None), set()),
        (
            Ask(dt.date(2026, 4, 1), Decimal(100), "%", 7),
            {Kind.DATE, Kind.TARGET, Kind.FREQUENCY},
        ),
    ],
)
def test_each_level_is_held_against_its_parent(below: Ask, kinds: set[str]) -> None:
    assert {each.kind for each in tightened(below, ABOVE)} == kinds


def test_a_target_where_there_was_none_is_tightening() -> None:
    plain = Ask(ABOVE.due_on)
    assert {each.kind for each in tightened(asked(), plain)} == {Kind.TARGET, Kind.FREQUENCY}


def test_the_sentences_name_both_ends() -> None:
    sentences = {
        str(each.sentence) for each in tightened(Ask(dt.date(2026, 4, 20), Decimal("95.50"), "%", 7), ABOVE)
    }
    assert sentences == {
        "期限比上一级早 10 天：2026-04-30 → 2026-04-20。",
        "目标比上一级高：90% → 95.5%。",
        "报告比上一级频繁：每 14 天 → 每 7 天一次。",
    }  # fmt: skip

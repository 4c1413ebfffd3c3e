"""The tamper drill: what a thief does is seen and named; what offices do raises no alarm.

The everyday form is short. The full form, a thousand of each, is ``-m drill``.
"""

from __future__ import annotations

import random
from collections import Counter

import pytest

from audit.tampering import ACTS, Thief, left_uncertain_by, named_by, undone
from audit.working import WorkingYear
from conftest import City
from guantong.audit.sequencing import sequence
from guantong.audit.verification import verify_log


def drill(city: City, *, seed: int, rounds: int) -> tuple[Counter[str], list[str]]:
    """As many clean runs as tampers, in turn; returns what the thief did and every wrong verdict."""
    chooser = random.Random(seed)  # noqa: S311
    year = WorkingYear(city, chooser)
    year.play(10)
    sequence()
    thief = Thief(chooser)
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    for time in range(rounds):
        year.play(chooser.randint(1, 3))
        clean = verify_log()
        if not clean.clean:
            wrong.append(f"{seed}/{time} false alarm: {clean.faults[:3]}")
        with undone():
            done = thief.tamper()
            verdict = verify_log()
        seen[done.what.split(":")[0]] += 1
        if named_by(verdict) != done.named or not left_uncertain_by(verdict) <= done.spoken_of:
            wrong.append(f"{seed}/{time} {done.what}: {sorted(done.named)}, found {verdict.faults[:4]}")
    assert len(year.done) > 8, year.done
    return seen, wrong


def test_sixty_tampers_are_named_and_sixty_clean_runs_raise_no_alarm(signed: City) -> None:
    seen, wrong = drill(signed, seed=20261, rounds=60)
    assert wrong == []
    assert seen.total() == 60


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_tampers_are_named_and_a_thousand_clean_runs_raise_no_alarm(
    signed: City, seed: int
) -> None:
    seen, wrong = drill(signed, seed=seed, rounds=100)
    assert wrong == []
    assert seen.total() == 100


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_each_kind_of_tamper_is_named(signed: City, act: object) -> None:
    chooser = random.Random(7)  # noqa: S311
    year = WorkingYear(signed, chooser)
    thief = Thief(chooser)
    year.play(40)
    sequence()
    assert verify_log().clean
    with undone():
        done = act(thief)  # type: ignore[operator]
        assert named_by(verify_log()) == done.named
    assert verify_log().clean


def test_a_forged_log_row_does_not_cover_an_edited_business_row(signed: City) -> None:
    sequence()
    thief = Thief(random.Random(3))  # noqa: S311
    with undone():
        done = thief.edit_business_row_and_forge_its_log_row()
        verdict = verify_log()
    assert named_by(verdict) == done.named
    assert left_uncertain_by(verdict) == done.spoken_of

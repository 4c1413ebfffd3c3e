from __future__ import annotations

import itertools
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.leadership.balancing import Candidate, Free, Proposal, propose

AREAS = ("1", "1A", "1B")


@st.composite
def problems(draw: st.DrawFn) -> dict[str, Any]:
    """A small city: offices over the whole or a part of it, partners in the parts, recusals and rotations."""
    offices = [
        Candidate(number, draw(st.sampled_from(AREAS)), draw(st.integers(0, 3)))
        for number in range(1, draw(st.integers(1, 4)) + 1)
    ]
    partners = [
        Free(100 + number, draw(st.sampled_from(AREAS[1:]))) for number in range(draw(st.integers(0, 5)))
    ]
    pairs = st.sets(st.tuples(st.integers(1, 4), st.integers(100, 104)), max_size=6)
    return {
        "partners": partners, "offices": offices, "least": draw(st.integers(0, 2)), "most": draw(st.integers(1, 4)),
        "recused": draw(pairs), "rotated": draw(pairs),
    }  # fmt: skip


def proposed(problem: dict[str, Any]) -> Proposal:
    return propose(**problem)


def ways(problem: dict[str, Any], partner: Free) -> list[int]:
    """The offices that may have the partner, read off the rule."""
    return [
        office.id
        for office in problem["offices"]
        if partner.place.startswith(office.area)
        and (office.id, partner.id) not in problem["recused"]
        and (office.id, partner.id) not in problem["rotated"]
    ]


def cost(problem: dict[str, Any], assigned: tuple[int | None, ...]) -> tuple[int, int] | None:
    """(partners left over, sum of squared loads); None where an office would be too full."""
    loads = {office.id: office.load for office in problem["offices"]}
    new = Counter(each for each in assigned if each is not None)
    if any(loads[office] + number > problem["most"] for office, number in new.items()):
        return None
    return assigned.count(None), sum((loads[office] + new[office]) ** 2 for office in loads)


class TestAnyProposal:
    @given(problems())
    def test_nobody_is_given_more_than_the_most(self, problem: dict[str, Any]) -> None:
        found = proposed(problem)
        given_now = {each.office for each in found.choices if each.office is not None}
        assert all(found.loads[office] <= problem["most"] for office in given_now)

    @given(problems())
    def test_every_pair_is_in_the_area_and_neither_recused_nor_rotated_out(
        self, problem: dict[str, Any]
    ) -> None:
        found = proposed(problem)
        for partner, choice in zip(problem["partners"], found.choices, strict=True):
            assert choice.partner == partner.id
            assert choice.office is None or choice.office in ways(problem, partner)

    @given(problems())
    @settings(max_examples=300, deadline=None)
    def test_no_other_assignment_leaves_fewer_over_or_is_more_even(self, problem: dict[str, Any]) -> None:
        """Held against every assignment there is."""
        found = proposed(problem)
        choices = [[None, *ways(problem, each)] for each in problem["partners"]]
        best = min(
            each
            for each in (cost(problem, every) for every in itertools.product(*choices))
            if each is not None
        )
        assert cost(problem, tuple(each.office for each in found.choices)) == best

    @given(problems())
    def test_the_numbers_of_the_explanation_match(self, problem: dict[str, Any]) -> None:
        found = proposed(problem)
        before = {office.id: office.load for office in problem["offices"]}
        new = Counter(each.office for each in found.choices if each.office is not None)
        assert dict(found.loads) == {office: before[office] + new[office] for office in before}
        assert set(found.below_least) == {
            office for office, load in found.loads.items() if load < problem["least"]
        }
        for partner, choice in zip(problem["partners"], found.choices, strict=True):
            why = choice.why
            assert (
                why.offices
                == len(problem["offices"])
                == why.eligible + why.outside + why.recused + why.rotated
            )
            assert why.eligible == len(ways(problem, partner))
            assert (why.least, why.most) == (problem["least"], problem["most"])
            if choice.office is not None:
                assert (why.before, why.load) == (before[choice.office], found.loads[choice.office])
            else:
                assert (why.before, why.load) == (None, None)

    @given(problems())
    def test_the_same_facts_give_the_same_proposal(self, problem: dict[str, Any]) -> None:
        assert proposed(problem) == proposed(problem)


class TestWithoutObstacles:
    @given(st.integers(1, 6), st.integers(0, 20))
    def test_loads_differ_by_at_most_one(self, n_offices: int, n_partners: int) -> None:
        offices = [Candidate(number, "1") for number in range(n_offices)]
        partners = [Free(100 + number, "1A") for number in range(n_partners)]
        found = propose(partners, offices, least=0, most=30)
        loads = found.loads.values()
        assert max(loads) - min(loads) <= 1
        assert sum(loads) == n_partners

    def test_an_office_that_already_keeps_many_gets_none(self) -> None:
        found = propose(
            [Free(9, "1"), Free(8, "1")], [Candidate(1, "1", 3), Candidate(2, "1", 0)], least=1, most=5
        )
        assert dict(found.loads) == {1: 3, 2: 2}

    def test_when_all_are_full_the_partner_is_left_over_and_the_numbers_say_so(self) -> None:
        found = propose([Free(9, "1")], [Candidate(1, "1", 5)], least=1, most=5)
        assert [(each.office, each.why.eligible, each.why.most) for each in found.choices] == [(None, 1, 5)]

    def test_an_earlier_partner_moves_over_so_that_a_later_one_finds_a_place(self) -> None:
        offices = [Candidate(1, "1"), Candidate(2, "1")]
        partners = [Free(8, "1"), Free(9, "1")]
        found = propose(partners, offices, least=0, most=1, recused={(2, 9)})
        assert (found.office_for(8), found.office_for(9)) == (2, 1)

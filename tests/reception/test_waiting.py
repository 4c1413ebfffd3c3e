from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import CONSOLE, City, at
from guantong.audit.models import Checkpoint
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.verification import verify_log
from guantong.cases.choices import CaseStage, Outcome
from guantong.cases.models import Case, Closure
from guantong.kernel.draws import rank
from guantong.kernel.refusals import Refusal
from guantong.reception.models import Booking, Slot
from guantong.reception.operations.applicants import cancel_booking, confirm_booking
from guantong.reception.operations.sweeping import sweep_bookings
from guantong.reception.queries.waiting import place_in_line, seed_of
from guantong.reception.waiting import Waiting, days_tied, in_line
from guantong.supervision import verify_draw
from reception.cast import NOW, booked, fresh, public_day, slots_of, stages, themselves

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))
LISTS = st.dictionaries(st.integers(1, 10_000), DAYS, max_size=30)


def rows(numbers: dict[int, dt.date]) -> list[Waiting]:
    return [Waiting(number, since) for number, since in numbers.items()]


class TestTheOrder:
    @given(LISTS)
    def test_whole_days_first_then_the_published_draw(self, numbers: dict[int, dt.date]) -> None:
        seeds = {day: f"root of {day}" for day in numbers.values()}
        line = in_line(rows(numbers), seeds)
        assert sorted(each.number for each in line) == sorted(numbers)
        assert [each.since for each in line] == sorted(numbers.values())
        for day, seed in seeds.items():
            tied = [str(number) for number, since in numbers.items() if since == day]
            drawn = verify_draw.draw(tied, seed, len(tied))  # the program anybody can run
            assert [str(each.number) for each in line if each.since == day] == drawn

    @given(LISTS)
    def test_without_a_seed_it_ends_before_the_first_tie(self, numbers: dict[int, dt.date]) -> None:
        line = in_line(rows(numbers), {})
        tied = days_tied(rows(numbers))
        assert all(not tied or each.since < tied[0] for each in line)
        assert len({each.since for each in line}) == len(line)

    @given(LISTS, st.integers(1, 10_000))
    def test_whoever_leaves_changes_nobody_else_s_turn(self, numbers: dict[int, dt.date], gone: int) -> None:
        seeds = dict.fromkeys(numbers.values(), "seed")
        before = [each.number for each in in_line(rows(numbers), seeds) if each.number != gone]
        numbers.pop(gone, None)
        assert [each.number for each in in_line(rows(numbers), seeds)] == before

    def test_another_seed_gives_another_order(self) -> None:
        numbers = range(1, 40)
        assert len({tuple(sorted(numbers, key=lambda n: rank(seed, n))) for seed in "abcde"}) == 5


def signed(now: dt.datetime, root: str) -> Checkpoint:
    return Checkpoint.objects.create(kind="hourly", at=now, size=1, root=root, note="")


class TestTheSeed:
    def test_it_is_the_first_checkpoint_after_the_day_is_over(self, city: City) -> None:
        signed(at(2, 2, 23), "same day")
        assert seed_of(dt.date(2026, 2, 2)) is None
        signed(at(2, 3, 0), "first after")
        signed(at(2, 3, 1), "second after")
        found = seed_of(dt.date(2026, 2, 2))
        assert found is not None
        assert found.value == "first after"


def full(city: City, waiting: int) -> tuple[Slot, list[Booking], list[Booking]]:
    """A slot with its two places taken and so many waiting since the same day."""
    slot = slots_of(public_day(city))[0]
    return slot, [booked(slot), booked(slot)], [booked(slot) for _each in range(waiting)]


class TestOffers:
    def test_a_single_one_is_next_at_once_and_has_a_day_to_answer(self, city: City) -> None:
        slot, (first, _second), (waits,) = full(city, 1)
        cancel_booking(booking=first, actor=themselves(first), now=at(2, 3))
        found = fresh(waits)
        assert (found.stage, found.seat, found.open_until) == ("offered", 1, at(2, 4))
        confirm_booking(booking=waits, actor=themselves(waits), now=at(2, 3, 20))
        assert (fresh(waits).stage, fresh(waits).slot) == ("booked", slot)
        assert verify_log().faults == []

    def test_a_tie_waits_for_the_seed_and_follows_it(self, city: City) -> None:
        _slot, (first, second), people = full(city, 3)
        for each in (first, second):
            cancel_booking(booking=each, actor=themselves(each), now=NOW)
        sweep_bookings(cycle=city.cycle, now=at(2, 2, 20), actor=CONSOLE)
        assert stages(*people) == ["waiting"] * 3
        assert place_in_line(fresh(people[0])) is None
        sequence()
        made = checkpoint("hourly", now=at(2, 3, 1))
        assert made is not None
        order = verify_draw.draw([str(each.pk) for each in people], made.root, 3)
        assert str(order.index(str(people[0].pk)) + 1) == str(place_in_line(fresh(people[0])))
        assert sweep_bookings(cycle=city.cycle, now=at(2, 3, 2), actor=CONSOLE)["offered"] == 2
        assert {str(each.pk) for each in people if fresh(each).stage == "offered"} == set(order[:2])
        assert verify_log().faults == []

    def test_nobody_who_comes_along_takes_a_place_from_whoever_waits(self, city: City) -> None:
        slot, (first, second), _people = full(city, 2)
        for each in (first, second):
            cancel_booking(booking=each, actor=themselves(each), now=NOW)
        assert stages(booked(slot)) == ["waiting"]

    def test_longer_waiting_goes_first_without_any_seed(self, city: City) -> None:
        slot, (first, _second), (early,) = full(city, 1)
        late = booked(slot, now=at(2, 3))
        cancel_booking(booking=first, actor=themselves(first), now=at(2, 3))
        assert stages(early, late) == ["offered", "waiting"]

    def test_an_offer_that_lapses_goes_to_the_next(self, city: City) -> None:
        slot, (first, _second), (early,) = full(city, 1)
        late = booked(slot, now=at(2, 3))
        cancel_booking(booking=first, actor=themselves(first), now=at(2, 3))
        assert sweep_bookings(cycle=city.cycle, now=at(2, 4, 9), actor=CONSOLE)["lapsed"] == 0
        with pytest.raises(Refusal, match="确认时间已过"):
            confirm_booking(booking=early, actor=themselves(early), now=at(2, 4))
        done = sweep_bookings(cycle=city.cycle, now=at(2, 4, 10), actor=CONSOLE)
        assert (done["lapsed"], stages(early, late)) == (1, ["expired", "offered"])
        assert fresh(late).open_until == at(2, 5)
        again = sweep_bookings(cycle=city.cycle, now=at(2, 4, 10), actor=CONSOLE)
        assert set(again.values()) == {0}
        assert verify_log().faults == []

    def test_an_offer_ends_with_the_evening_before_and_none_is_made_on_the_day(self, city: City) -> None:
        _slot, (first, second), (waits, other) = full(city, 2)
        signed(at(3, 1), "0a" * 32)
        cancel_booking(booking=first, actor=themselves(first), now=at(3, 15, 18))
        offered = next(each for each in (waits, other) if fresh(each).stage == "offered")
        assert fresh(offered).open_until == at(3, 16, 0)
        cancel_booking(booking=second, actor=themselves(second), now=at(3, 16, 1))
        assert sorted(stages(waits, other)) == ["offered", "waiting"]
        sweep_bookings(cycle=city.cycle, now=at(3, 16, 1), actor=CONSOLE)
        assert stages(waits, other) == ["expired", "expired"]


class TestSolvedBeforeTheDay:
    def close(self, booking: Booking, *, one_sided: bool) -> None:
        case = Case.objects.get(pk=booking.case_id)
        case.stage, case.closed_on = CaseStage.CLOSED, dt.date(2026, 2, 5)
        case.save()
        Closure.objects.create(
            case=case, one_sided=one_sided, reason="—", outcome=Outcome.SOLVED, closed_at=at(2, 5)
        )

    def test_a_demand_closed_at_their_word_gives_the_place_on(self, city: City) -> None:
        _slot, (first, _second), (waits,) = full(city, 1)
        self.close(first, one_sided=False)
        assert sweep_bookings(cycle=city.cycle, now=at(2, 5), actor=CONSOLE)["solved"] == 1
        assert stages(first, waits) == ["solved", "offered"]
        assert "名额让给了下一位" in str(fresh(first).steps.latest("pk").said)

    def test_a_one_sided_closing_takes_nobody_s_meeting_away(self, city: City) -> None:
        _slot, (first, _second), (waits,) = full(city, 1)
        self.close(first, one_sided=True)
        sweep_bookings(cycle=city.cycle, now=at(2, 5), actor=CONSOLE)
        assert stages(first, waits) == ["booked", "waiting"]

    def test_a_demand_withdrawn_is_a_booking_cancelled(self, city: City) -> None:
        _slot, (first, _second), (waits,) = full(city, 1)
        Case.objects.filter(pk=first.case_id).update(stage=CaseStage.WITHDRAWN)
        sweep_bookings(cycle=city.cycle, now=at(2, 5), actor=CONSOLE)
        assert stages(first, waits) == ["cancelled", "offered"]

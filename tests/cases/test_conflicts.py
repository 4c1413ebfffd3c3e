"""Neither the party complained of nor anything below it is given the case, or sees it: at every entrance."""

from __future__ import annotations

import datetime as dt

import pytest

from cases.cast import (
    GIVEN,
    LEAD,
    OTHER,
    again,
    also_sits,
    clean_log,
    filed,
    given,
    leader,
    reply,
    second_holder,
)  # fmt: skip
from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding
from guantong.accounts.operations import open_office
from guantong.accounts.queries import seats_of
from guantong.cases.applicant import Applicant
from guantong.cases.asking import ask_about_cases
from guantong.cases.choices import CaseKind
from guantong.cases.models import Case
from guantong.cases.operations import registering_unit
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.assigning import assign_case, set_host
from guantong.cases.operations.disputes import decide_dispute, raise_dispute
from guantong.cases.operations.periods import pause_case
from guantong.cases.operations.reviewing import answer_review, ask_review
from guantong.cases.queries import cases_visible_to
from guantong.kernel.refusals import Refusal
from guantong.notices.models import Notice
from guantong.obligations.choices import Source
from guantong.obligations.models import Obligation
from guantong.records.models import Record


def complaint(city: City, against: str = LEAD) -> Case:
    """Accepted, against a unit."""
    target = city.units[against]
    unit = registering_unit(city.cycle, against=target)
    case, _code = filed(city, kind=CaseKind.COMPLAINT, unit=unit, against=target)
    actor = leader(city) if unit == city.units["1506"] else city.coordinator
    return accept_case(case=case, title="窗口办事推诿", actor=actor, now=at(3, 4))


class TestGivenToNobodyThere:
    def test_not_assigned_to_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="被投诉单位或其下属单位"):
            assign_case(case=complaint(city), unit=city.units[LEAD], actor=city.coordinator, now=GIVEN)

    @pytest.mark.parametrize("code", ["150602", "150602001", "150602001001"])
    def test_nor_to_anything_below_it(self, city: City, code: str) -> None:
        with pytest.raises(Refusal, match="被投诉单位或其下属单位"):
            assign_case(
                case=complaint(city, "150602"), unit=city.units[code], actor=city.coordinator, now=GIVEN
            )

    def test_its_neighbour_may_have_it(self, city: City) -> None:
        case = complaint(city, "150602")
        assign_case(case=case, unit=city.units["150622"], actor=city.coordinator, now=GIVEN)
        assert again(case).stage == "handling"

    def test_not_passed_on_to_it_by_a_dispute(self, city: City) -> None:
        case = complaint(city)
        handling = assign_case(case=case, unit=city.units[OTHER], actor=city.coordinator, now=GIVEN)
        dispute = raise_dispute(
            handling=handling, reason="不归我局。", actor=city.acting(OTHER, "unit_head"), now=at(3, 6)
        )
        with pytest.raises(Refusal, match="被投诉单位"):
            decide_dispute(
                dispute=dispute, upheld=True, decision="改交。", pass_to=city.units[LEAD], actor=city.coordinator, now=at(3, 9)
            )  # fmt: skip
        dispute.refresh_from_db()
        assert dispute.upheld is None

    def test_not_given_to_somebody_who_holds_an_office_there_too(self, city: City) -> None:
        also_sits(city.acting(OTHER, "unit_head"), city.office(LEAD, "liaison"))
        with pytest.raises(Refusal, match="同时在被投诉单位任职"):
            assign_case(case=complaint(city), unit=city.units[OTHER], actor=city.coordinator, now=GIVEN)

    def test_a_leader_who_holds_an_office_there_does_not_host(self, city: City) -> None:
        host = leader(city)
        also_sits(host, city.office(LEAD, "unit_head"))
        with pytest.raises(Refusal, match="同时在被投诉单位任职"):
            set_host(case=complaint(city), host=host.office, actor=city.coordinator, now=at(3, 6))  # type: ignore[arg-type]

    def test_a_host_of_the_party_is_refused_when_it_is_registered(self, city: City) -> None:
        with pytest.raises(Refusal, match="被投诉单位"):
            filed(city, kind=CaseKind.COMPLAINT, against=city.units["1506-LG"], host=leader(city).office)


class TestSeenByNobodyThere:
    def test_not_by_an_office_of_the_unit_however_wide_it_sees(self, city: City) -> None:
        wide = open_office(
            unit=city.units[LEAD], seat="desk", title="市发改委协调岗", role=Role.COORDINATOR,
            scope=city.units["1506"], actor=CONSOLE, now=START,
        )  # fmt: skip
        there = second_holder(city, wide, "wide")
        plain = given(city, OTHER).case
        case = complaint(city)
        assert set(cases_visible_to(city.coordinator)) == {plain, case}
        assert list(cases_visible_to(there)) == [plain]

    def test_not_by_somebody_of_it_who_acts_for_another_office(self, city: City) -> None:
        desk = second_holder(city, city.coordinator.office, "desk")  # type: ignore[arg-type]
        plain, case = given(city, OTHER).case, complaint(city)
        assert set(cases_visible_to(desk)) == {plain, case}
        also_sits(desk, city.office(LEAD, "liaison"))
        assert list(cases_visible_to(desk)) == [plain]

    def test_not_by_somebody_of_it_who_stands_in_for_another(self, city: City) -> None:
        case, holder = complaint(city), city.coordinator
        stand_in = city.acting(LEAD, "unit_head").person
        assert stand_in is not None
        holding = Holding.objects.get(office=holder.office)
        holding.absences.create(
            stand_in=stand_in, starts_on=dt.date(2026, 3, 1), ends_on=dt.date(2026, 3, 31), recorded_at=START
        )
        seat = next(
            each for each in seats_of(stand_in, on=dt.date(2026, 3, 5)) if each.office == holder.office
        )
        acting = Acting(stand_in, seat.office, seat.standing_in_for)
        assert list(cases_visible_to(acting)) == []
        assert list(cases_visible_to(holder)) == [case]
        with pytest.raises(Refusal):
            assign_case(case=case, unit=city.units[OTHER], actor=acting, now=GIVEN)

    def test_not_by_the_stand_in_of_somebody_of_it(self, city: City) -> None:
        case = complaint(city)
        holder = city.coordinator
        also_sits(holder, city.office(LEAD, "liaison"))
        other = city.acting(OTHER, "unit_head").person
        assert list(cases_visible_to(Acting(other, holder.office, holder.person))) == []
        assert list(cases_visible_to(Acting(other, holder.office))) == [case]

    def test_whoever_left_it_before_the_case_came_is_free_again(self, city: City) -> None:
        desk = second_holder(city, city.coordinator.office, "desk")  # type: ignore[arg-type]
        held = also_sits(desk, city.office(LEAD, "liaison"))
        case = complaint(city)
        held.ends_on = dt.date(2026, 3, 2)
        held.save()
        assert list(cases_visible_to(desk)) == []
        held.ends_on = dt.date(2026, 3, 1)
        held.save()
        assert list(cases_visible_to(desk)) == [case]

    def test_a_handling_unit_above_nobody_sees_more_than_it_was_given(self, city: City) -> None:
        case = complaint(city, "150602001")
        assign_case(case=case, unit=city.units["150622"], actor=city.coordinator, now=GIVEN)
        assert list(cases_visible_to(city.acting("150602001", "commissioner"))) == []
        assert list(cases_visible_to(city.acting("150602001001", "liaison"))) == []
        assert list(cases_visible_to(city.acting("150622", "first_responsible"))) == [case]

    def test_what_others_can_read_of_it_says_nothing_of_what_it_is_about(self, city: City) -> None:
        case = complaint(city)
        assign_case(case=case, unit=city.units[OTHER], actor=city.coordinator, now=GIVEN)
        ask_about_cases(cycle=city.cycle, on=dt.date(2026, 7, 1), now=at(7, 1), actor=CONSOLE)
        titles = list(Obligation.objects.filter(source=Source.CASE).values_list("title", "title_en"))
        assert titles == [("办理诉求 2026-00001", "Handle case 2026-00001")]
        reply(city, case, by=city.acting(OTHER, "unit_head"), now=at(3, 9))
        assert all("推诿" not in str(each.said_title) for each in Notice.objects.all())
        assert all("推诿" not in each.summary for each in Record.objects.all())


class TestActsOfNobodyThere:
    def test_they_move_nothing_even_with_the_row_in_hand(self, city: City) -> None:
        case = complaint(city)
        desk = second_holder(city, city.coordinator.office, "desk")  # type: ignore[arg-type]
        also_sits(desk, city.office(LEAD, "liaison"))
        with pytest.raises(Refusal):
            assign_case(case=case, unit=city.units[OTHER], actor=desk, now=GIVEN)
        with pytest.raises(Refusal):
            pause_case(case=case, reason="hearing", note="", actor=desk, now=GIVEN)

    def test_they_do_not_review_what_was_answered(self, city: City) -> None:
        case = complaint(city)
        assign_case(case=case, unit=city.units[OTHER], actor=city.coordinator, now=GIVEN)
        reply(city, case, by=city.acting(OTHER, "unit_head"), now=at(3, 9))
        request = ask_review(case=case, wording="不同意。", actor=Applicant(case.pk), now=at(3, 10))
        desk = second_holder(city, city.coordinator.office, "desk")  # type: ignore[arg-type]
        also_sits(desk, city.office(LEAD, "liaison"))
        with pytest.raises(Refusal, match="回避"):
            answer_review(
                request=request, wording="维持。", upheld=True, outcome="explained", actor=desk, now=at(3, 11)
            )


class TestAgainstTheCoordinatingOffice:
    def test_a_leader_runs_it_and_the_office_never_sees_it(self, city: City) -> None:
        case = complaint(city, "1506-LGO")
        assert list(cases_visible_to(city.coordinator)) == []
        assert list(cases_visible_to(leader(city))) == [case]
        assign_case(case=case, unit=city.units[LEAD], actor=leader(city), now=GIVEN)
        assert again(case).stage == "handling"
        assert clean_log()

    def test_nor_is_it_asked_about_it(self, city: City) -> None:
        leader(city)
        complaint(city, "1506-LGO")
        ask_about_cases(cycle=city.cycle, on=dt.date(2026, 3, 5), now=at(3, 5), actor=CONSOLE)
        assert {each.office.unit.code for each in Notice.objects.filter(about="cases.case")} == {"1506-LG"}

"""A unit's part: signed for, refused, passed on; more time; and asking for progress by exception."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from conftest import CONSOLE, City, at
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_nothing_new, review_claim
from guantong.supervision.models import Matter, MatterPart, Step
from guantong.supervision.operations import matters, more_time, parts, pauses, sweep_lights
from guantong.supervision.operations.following import follow_waist
from guantong.supervision.operations.parts import SplitTerms
from guantong.supervision.operations.reporting import ask_for_progress
from guantong.supervision.tightening import tightening_of
from supervision.matter_cast import (
    COOPERATING,
    DISTRICT,
    LEAD,
    accept,
    dispatched,
    head_of,
    log_is_clean,
    now_of,
    part_of,
    report,
    signed_for,
    stages,
    states,
)

TOWN = "150602001"


def sign(city: City, matter: Matter, code: str) -> MatterPart:
    return parts.sign_for(part=part_of(matter, code), actor=head_of(city, code), now=at(3, 3))


def refused(city: City, matter: Matter, code: str = COOPERATING) -> MatterPart:
    return parts.refuse_part(
        part=part_of(matter, code), reason="不属于本单位职责", actor=head_of(city, code), now=at(3, 3)
    )


class TestSign:
    def test_the_first_signature_sets_the_matter_under_way(self, city: City) -> None:
        matter = dispatched(city)
        sign(city, matter, COOPERATING)
        assert now_of(matter).stage == "under_way"
        assert stages(matter) == {LEAD: "assigned", COOPERATING: "under_way"}
        part = part_of(matter, COOPERATING)
        assert (part.signed_on, part.next_report_on) == (dt.date(2026, 3, 3), dt.date(2026, 3, 17))
        assert log_is_clean()

    def test_another_unit_cannot_sign(self, city: City) -> None:
        with pytest.raises(Refusal, match="承办单位“市发展和改革委员会”"):
            parts.sign_for(
                part=part_of(dispatched(city), LEAD), actor=head_of(city, COOPERATING), now=at(3, 3)
            )

    def test_nor_can_the_issuer(self, city: City) -> None:
        with pytest.raises(Refusal, match="承办单位"):
            parts.sign_for(part=part_of(dispatched(city), LEAD), actor=city.coordinator, now=at(3, 3))

    def test_signing_twice_is_refused_and_changes_nothing(self, city: City) -> None:
        matter = dispatched(city)
        sign(city, matter, LEAD)
        steps = Step.objects.count()
        with pytest.raises(Refusal, match="现在是“办理中”，不能签收"):
            sign(city, matter, LEAD)
        assert Step.objects.count() == steps


class TestRefuse:
    def test_it_needs_a_reason(self, city: City) -> None:
        with pytest.raises(Refusal, match="退签请写明理由"):
            parts.refuse_part(part=part_of(dispatched(city), LEAD), reason=" ", actor=city.head, now=at(3, 3))

    def test_the_issuer_insists_with_a_reason_and_the_time_to_sign_starts_again(self, city: City) -> None:
        matter = dispatched(city)
        part = refused(city, matter)
        with pytest.raises(Refusal, match="维持交办请写明理由"):
            parts.insist_on_part(part=part, reason="", actor=city.coordinator, now=at(3, 5))
        parts.insist_on_part(part=part, reason="三定方案第二条", actor=city.coordinator, now=at(3, 5))
        part = part_of(matter, COOPERATING)
        assert (part.stage, part.sign_by) == ("assigned", dt.date(2026, 3, 9))
        assert log_is_clean()

    def test_or_gives_it_to_another_unit_and_the_first_owes_nothing(self, city: City) -> None:
        matter = dispatched(city)
        part = refused(city, matter)
        parts.reassign_part(
            part=part, unit=city.units[DISTRICT], reason="属地办理", actor=city.coordinator, now=at(3, 5)
        )
        assert stages(matter) == {LEAD: "assigned", COOPERATING: "withdrawn", DISTRICT: "assigned"}
        assert states(matter) == {(LEAD, "open"), (COOPERATING, "cancelled"), (DISTRICT, "open")}
        assert log_is_clean()

    @pytest.mark.parametrize("code", [LEAD, COOPERATING, "1506-LGO", "1506-LG"])
    def test_not_to_a_unit_that_cannot_have_it(self, city: City, code: str) -> None:
        matter = dispatched(city)
        part = refused(city, matter)
        with pytest.raises(Refusal):
            parts.reassign_part(
                part=part, unit=city.units[code], reason="…", actor=city.coordinator, now=at(3, 5)
            )
        assert stages(matter) == {LEAD: "assigned", COOPERATING: "refused"}

    def test_the_unit_cannot_answer_its_own_refusal(self, city: City) -> None:
        part = refused(city, dispatched(city))
        with pytest.raises(Refusal, match="退签由交办"):
            parts.insist_on_part(part=part, reason="…", actor=head_of(city, COOPERATING), now=at(3, 5))


def split(city: City, matter: Matter, **changes: object) -> list[MatterPart]:
    given = {"due_on": dt.date(2026, 4, 20)} | changes
    return parts.split_part(
        part=part_of(matter, DISTRICT), units=[city.units[TOWN]], terms=SplitTerms(**given),  # type: ignore[arg-type]
        actor=head_of(city, DISTRICT), now=at(3, 4),
    )  # fmt: skip


class TestSplit:
    def test_the_units_below_owe_their_part_and_must_sign(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), DISTRICT)
        [part] = split(city, matter)
        assert (part.parent, part.part, part.stage) == (part_of(matter, DISTRICT), "implementing", "assigned")
        owed = Obligation.objects.get(source_ref=part.pk, source="matter")
        assert (owed.unit.code, owed.due_on, owed.reviews) == (TOWN, dt.date(2026, 4, 20), ["issuer"])
        assert log_is_clean()

    def test_more_time_than_the_unit_has_itself_needs_a_reason(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), DISTRICT)
        with pytest.raises(Refusal, match="晚于本单位的期限"):
            split(city, matter, due_on=dt.date(2026, 5, 20))
        split(city, matter, due_on=dt.date(2026, 5, 20), reason="乡镇换届")
        assert Step.objects.get(verb="split").reason == "乡镇换届"

    def test_only_to_units_below_and_only_after_signing(self, city: City) -> None:
        matter = dispatched(city, also=[DISTRICT])
        with pytest.raises(Refusal, match="现在是“待签收”，不能分解"):
            split(city, matter)
        signed_for(city, matter, DISTRICT)
        with pytest.raises(Refusal, match="下级"):
            parts.split_part(
                part=part_of(matter, DISTRICT), units=[city.units["150622100"]],
                terms=SplitTerms(dt.date(2026, 4, 20)), actor=head_of(city, DISTRICT), now=at(3, 4),
            )  # fmt: skip

    def test_tightening_is_found_between_the_levels_and_does_not_forbid(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), DISTRICT)
        [part] = split(city, matter, target=Decimal(95), target_unit="%", report_days=7)
        found = tightening_of(part_of(matter, TOWN))
        assert part.stage == "assigned"
        assert {each.kind for each in found} == {"date", "target", "frequency"}
        assert tightening_of(part_of(matter, DISTRICT)) == []

    def test_an_extension_above_makes_no_tightening_below(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), DISTRICT)
        split(city, matter, due_on=dt.date(2026, 4, 30))
        Obligation.objects.filter(unit__code=DISTRICT, source="matter").update(due_on=dt.date(2026, 6, 1))
        follow_waist(cycle=city.cycle, now=at(3, 5), actor=CONSOLE)
        assert tightening_of(part_of(matter, TOWN)) == []

    def test_the_unit_that_split_answers_a_refusal(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), DISTRICT)
        split(city, matter)
        parts.refuse_part(
            part=part_of(matter, TOWN), reason="无此类企业", actor=head_of(city, TOWN), now=at(3, 5)
        )
        parts.insist_on_part(
            part=part_of(matter, TOWN), reason="有 3 户", actor=head_of(city, DISTRICT), now=at(3, 6)
        )
        assert stages(matter)[TOWN] == "assigned"

    def test_the_matter_is_done_only_when_the_parts_below_are(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[DISTRICT]), LEAD, DISTRICT)
        split(city, matter)
        for code in (LEAD, DISTRICT):
            accept(city, report(city, matter, code))
        with pytest.raises(Refusal, match="办理中"):
            matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        accept(city, report(city, matter, TOWN), by=head_of(city, DISTRICT))
        matters.strike_off(matter=matter, actor=city.coordinator, now=at(3, 23))
        assert set(stages(matter).values()) == {"closed"}


class TestMoreTime:
    def ask(self, city: City, matter: Matter, *, day: dt.datetime | None = None) -> object:
        day = day or at(4, 1)
        return more_time.ask_more_time(
            part=part_of(matter, LEAD), until=dt.date(2026, 5, 15), reason="材料多", actor=city.head, now=day
        )

    def test_granted_it_moves_part_and_matter_and_keeps_the_first_days(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        asked = self.ask(city, matter)
        part = more_time.decide_more_time(
            extension=asked, part=part_of(matter, LEAD), granted=True, decision="", actor=city.coordinator,  # type: ignore[arg-type]
            now=at(4, 2),
        )  # fmt: skip
        found = now_of(matter)
        assert part.obligation is not None
        assert (part.due_on, part.obligation.original_due_on) == (dt.date(2026, 5, 15), dt.date(2026, 4, 30))
        assert (found.due_on, found.first_due_on) == (dt.date(2026, 5, 15), dt.date(2026, 4, 30))
        assert part_of(matter, COOPERATING).due_on == dt.date(2026, 4, 30)
        assert log_is_clean()

    def test_no_more_often_than_the_package_says(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        asked = self.ask(city, matter)
        more_time.decide_more_time(
            extension=asked, part=part_of(matter, LEAD), granted=True, decision="", actor=city.coordinator,  # type: ignore[arg-type]
            now=at(4, 2),
        )  # fmt: skip
        with pytest.raises(Refusal, match="最多延期 1 次"):
            more_time.ask_more_time(
                part=part_of(matter, LEAD), until=dt.date(2026, 6, 15), reason="还要", actor=city.head, now=at(5, 1)
            )  # fmt: skip

    def test_a_refused_request_does_not_count(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        more_time.decide_more_time(
            extension=self.ask(city, matter), part=part_of(matter, LEAD), granted=False, decision="理由不足",  # type: ignore[arg-type]
            actor=city.coordinator, now=at(4, 2),
        )  # fmt: skip
        assert part_of(matter, LEAD).due_on == dt.date(2026, 4, 30)
        self.ask(city, matter, day=at(4, 3))
        assert log_is_clean()

    def test_only_before_the_due_day_and_only_by_the_unit(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        with pytest.raises(Refusal, match="到期前"):
            self.ask(city, matter, day=at(5, 2))
        with pytest.raises(Refusal):
            more_time.ask_more_time(
                part=part_of(matter, LEAD), until=dt.date(2026, 5, 15), reason="…",
                actor=head_of(city, COOPERATING), now=at(4, 1),
            )  # fmt: skip
        assert not Step.objects.filter(verb="ask_time").exists()


def asked_on(matter: Matter, code: str = LEAD) -> list[str]:
    rows = Obligation.objects.filter(source="report", rule=f"matter:{matter.pk}", unit__code=code)
    return [f"{day}" for day in rows.order_by("starts_on").values_list("starts_on", flat=True)]


def days(city: City, first: dt.date, last: dt.date, *, matter: Matter, answer: bool) -> None:
    """Every morning of a stretch; each report answered the same day with "no change", or left lying."""
    day = first
    while day <= last:
        now = dt.datetime(day.year, day.month, day.day, 8, tzinfo=at(1, 5).tzinfo)
        sweep_lights(actor=CONSOLE, on=day, now=now, cycle=city.cycle)
        ask_for_progress(cycle=city.cycle, on=day, now=now, actor=CONSOLE)
        for owed in Obligation.objects.filter(source="report", state="open") if answer else ():
            acting = head_of(city, owed.unit.code)
            assert acting.office is not None
            claim = claim_nothing_new(obligation=owed, claimed_by=acting.office, actor=acting, now=now)
            review_claim(claim=claim, verdict="accepted", reason="", actor=city.coordinator, now=now)
        day += dt.timedelta(days=1)


class TestAskForProgress:
    def test_it_is_asked_when_the_day_comes_and_once(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[]), LEAD)
        day = dt.date(2026, 3, 17)
        assert ask_for_progress(cycle=city.cycle, on=day - dt.timedelta(1), now=at(3, 16), actor=CONSOLE) == 0
        assert ask_for_progress(cycle=city.cycle, on=day, now=at(3, 17), actor=CONSOLE) == 1
        assert ask_for_progress(cycle=city.cycle, on=day, now=at(3, 17), actor=CONSOLE) == 0
        owed = Obligation.objects.get(source="report")
        assert (owed.starts_on, owed.due_on, owed.evidence) == (day, dt.date(2026, 3, 20), ["progress_line"])
        assert part_of(matter, LEAD).next_report_on == dt.date(2026, 3, 31)
        assert log_is_clean()

    def test_two_green_reports_in_a_row_double_the_interval_up_to_four_times(self, city: City) -> None:
        matter = signed_for(
            city, dispatched(city, also=[], kind="instruction", due_on=dt.date(2026, 12, 20)), LEAD
        )
        days(city, dt.date(2026, 3, 4), dt.date(2026, 8, 31), matter=matter, answer=True)
        dates = [dt.date.fromisoformat(each) for each in asked_on(matter)]
        gaps = [(after - before).days for before, after in itertools.pairwise(dates)]
        assert gaps[:7] == [7, 7, 14, 14, 28, 28, 28]
        assert max(gaps) == 28
        assert log_is_clean()

    def test_a_red_light_halves_it_down_to_a_quarter(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[], due_on=dt.date(2026, 3, 20)), LEAD)
        days(city, dt.date(2026, 3, 4), dt.date(2026, 3, 20), matter=matter, answer=True)
        assert part_of(matter, LEAD).report_days == 14
        days(city, dt.date(2026, 3, 21), dt.date(2026, 5, 20), matter=matter, answer=True)
        dates = [dt.date.fromisoformat(each) for each in asked_on(matter)]
        gaps = [(after - before).days for before, after in itertools.pairwise(dates)]
        assert gaps[:3] == [10, 7, 3]
        assert set(gaps[2:]) == {3}

    def test_one_report_at_a_time(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[]), LEAD)
        days(city, dt.date(2026, 3, 4), dt.date(2026, 4, 29), matter=matter, answer=False)
        assert asked_on(matter) == ["2026-03-17"]

    def test_nothing_is_asked_of_a_suspended_a_reported_or_a_finished_part(self, city: City) -> None:
        matter = signed_for(city, dispatched(city))
        report(city, matter, LEAD)
        follow_waist(cycle=city.cycle, now=at(3, 20), actor=CONSOLE)
        pauses.suspend_matter(matter=matter, reason="…", actor=city.coordinator, now=at(3, 21))
        assert ask_for_progress(cycle=city.cycle, on=dt.date(2026, 4, 1), now=at(4, 1), actor=CONSOLE) == 0
        pauses.resume_matter(matter=matter, actor=city.coordinator, now=at(4, 2))
        ask_for_progress(cycle=city.cycle, on=dt.date(2026, 4, 2), now=at(4, 2), actor=CONSOLE)
        assert (asked_on(matter), asked_on(matter, COOPERATING)) == ([], ["2026-04-02"])

    def test_a_finished_part_is_asked_no_more(self, city: City) -> None:
        matter = signed_for(city, dispatched(city, also=[]), LEAD)
        ask_for_progress(cycle=city.cycle, on=dt.date(2026, 3, 17), now=at(3, 17), actor=CONSOLE)
        accept(city, report(city, matter, LEAD))
        follow_waist(cycle=city.cycle, now=at(3, 22), actor=CONSOLE)
        assert Obligation.objects.get(source="report").state == "cancelled"
        assert ask_for_progress(cycle=city.cycle, on=dt.date(2026, 4, 30), now=at(4, 30), actor=CONSOLE) == 0
        assert log_is_clean()

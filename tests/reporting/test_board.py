from __future__ import annotations

import datetime as dt

from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment
from guantong.records.operations import enter_record
from guantong.reporting.board import board, units_under
from guantong.reporting.models import Tally
from guantong.reporting.tallies import recount
from guantong.supervision.operations import sweep_lights

DAY = dt.date(2026, 7, 1)


def swept(city: City) -> City:
    sweep_lights(actor=CONSOLE, on=DAY, now=at(7, 1), cycle=city.cycle)
    return city


class TestBoard:
    def test_the_cells_are_the_nine_elements_in_three_tiers(self, signed: City) -> None:
        shown = board(signed.cycle, signed.units["1506"], on=DAY)
        assert [len(tier.cells) for tier in shown.tiers] == [3, 3, 3]
        assert [cell.name.zh for cell in shown.cells][:3] == ["带头学习宣传", "带头参加会议活动", "带头联系"]

    def test_a_cell_counts_what_its_links_list(self, signed: City, as_: SignIn) -> None:
        swept(signed)
        Obligation.objects.filter(rule="D14", unit__code="150602001").update(
            state=State.FULFILLED, light="green", claimed_on=DAY, settled_on=DAY
        )
        client = as_(signed.coordinator)
        shown = board(signed.cycle, signed.units["1506"], on=DAY)
        cell = next(each for each in shown.cells if each.pillar == "base_staff")
        for filters, number in (
            ({"state": "fulfilled"}, cell.tally.done),
            ({"light": "red"}, cell.tally.overdue),
            ({"counted": "yes"}, cell.tally.counted),
        ):
            answer = client.get(
                reverse("obligations"),
                {
                    "cycle": signed.cycle.pk,
                    "unit": signed.units["1506"].pk,
                    "pillar": "base_staff",
                    **filters,
                },
            )
            assert answer.context["listing"].total == number > 0

    def test_children_add_up_to_the_whole(self, signed: City) -> None:
        swept(signed)
        whole = board(signed.cycle, signed.units["1506"], on=DAY)
        rows = units_under(signed.cycle, signed.units["1506"])
        assert sum(row.tally.total for row in rows) == sum(cell.tally.total for cell in whole.cells)

    def test_nothing_due_gives_no_figure_and_not_0(self, signed: City) -> None:
        cell = next(
            c for c in board(signed.cycle, signed.units["1506"], on=DAY).cells if c.pillar == "link_assess"
        )
        assert cell.tally.percent is None


class TestTallies:
    def test_they_equal_a_full_count_for_every_unit(self, signed: City) -> None:
        swept(signed)
        recount(signed.cycle, on=DAY, now=at(7, 1))
        for tally in Tally.objects.filter(kind="month").select_related("unit"):
            rows = Obligation.objects.filter(
                unit__path__startswith=tally.unit.path, pillar=tally.pillar, due_on__month=int(tally.label),
                due_on__lte=DAY,
            )  # fmt: skip
            assert (tally.due, tally.done) == (rows.count(), rows.filter(state=State.FULFILLED).count())
        assert Tally.objects.filter(kind="month").count() > 20


class TestUplinks:
    def test_a_record_names_every_board_figure_and_obligation_it_feeds(
        self, signed: City, as_: SignIn
    ) -> None:
        head = signed.acting("150602001", "first_responsible")
        assert head.office is not None
        record = enter_record(
            kind="hearing", happened_on=dt.date(2026, 3, 2), summary="听取汇报", entered_by=head.office,
            actor=head, now=at(3, 2), today=dt.date(2026, 3, 2),
        )  # fmt: skip
        owed = Obligation.objects.filter(office=head.office, rule="D09").order_by("due_on")[0]
        claim_fulfilment(obligation=owed, record=record, claimed_by=head.office, actor=head, now=at(3, 2))
        answer = as_(signed.coordinator).get(reverse("record", args=[record.pk]))
        places = {(each["figure"].unit.code, each["figure"].pillar) for each in answer.context["figures"]}
        assert places == {("1506", "lead_contact"), ("150602", "lead_contact"), ("150602001", "lead_contact")}
        own = as_(head).get(reverse("record", args=[record.pk]))
        assert {each["figure"].unit.code for each in own.context["figures"]} == {"150602001"}


class TestCoverage:
    def test_only_held_seats_cover(self, signed: City, as_: SignIn) -> None:
        signed.acting("150602001", "commissioner")  # somebody holds this one
        url = reverse("coverage", args=[signed.cycle.pk, signed.units["1506"].pk, "C01"])
        lines = as_(signed.coordinator).get(url).context["listing"].page.object_list
        assert {(line.unit.code, line.is_met) for line in lines} == {
            ("150602001", True),
            ("150622100", False),
        }

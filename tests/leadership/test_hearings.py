from __future__ import annotations

import datetime as dt
import re

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, SignIn, at
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import Brief, Meeting
from guantong.leadership.operations import minutes
from guantong.leadership.operations.briefs import draw_brief
from guantong.leadership.operations.decided import make_task
from guantong.leadership.queries.hearings import hearings_due, last_hearing_before
from guantong.obligations.models import Obligation
from guantong.supervision.operations import sweep_lights
from leadership.meeting_cast import called, district, held, log_is_clean, office_of, planned

DAY = dt.date(2026, 6, 10)


def swept(city: City, day: dt.date = DAY) -> City:
    sweep_lights(actor=CONSOLE, on=day, now=at(day.month, day.day), cycle=city.cycle)
    return city


def hearing(city: City, unit: str = "150602", **more: object) -> Meeting:
    return planned(city, unit=unit, kind="hearing", title="听取汇报", day=DAY, **more)  # type: ignore[arg-type]


def drawn(city: City, meeting: Meeting) -> Brief:
    return draw_brief(meeting=meeting, actor=city.coordinator, now=at(6, 10))


class TestDue:
    def test_it_falls_due_by_the_cadence_of_the_duty(self, signed: City) -> None:
        due = hearings_due(signed.coordinator, signed.cycle)
        of_one = due.filter(office=office_of(district(signed))).order_by("due_on")
        assert [f"{each.due_on}" for each in of_one] == [
            "2026-03-31",
            "2026-06-30",
            "2026-09-30",
            "2026-12-31",
        ]

    def test_what_was_heard_is_not_due_any_more(self, signed: City) -> None:
        held(signed, district(signed), kind="hearing", chair=office_of(district(signed)))
        due = hearings_due(signed.coordinator, signed.cycle).filter(office=office_of(district(signed)))
        assert due.order_by("due_on")[0].due_on == dt.date(2026, 6, 30)

    def test_each_sees_its_own(self, signed: City) -> None:
        codes = set(hearings_due(district(signed), signed.cycle).values_list("unit__code", flat=True))
        assert codes == {"150602", "150602001"}


class TestBrief:
    def test_it_counts_what_is_red_and_yellow_below_and_keeps_the_rows(self, signed: City) -> None:
        swept(signed)
        content = drawn(signed, hearing(signed)).content
        below = Obligation.objects.filter(unit__path__startswith=signed.units["150602"].path)
        for colour in ("red", "yellow"):
            [figure] = [each for each in content["figures"] if each["key"] == colour]
            rows = set(below.filter(light=colour).values_list("pk", flat=True))
            assert (set(figure["refs"]), figure["n"]) == (rows, len(rows))
            parts = [each for each in content["figures"] if each["light"] == colour and each["source"]]
            assert sum(each["n"] for each in parts) == len(rows)
        assert sum(each["red"] for each in content["units"]) == below.filter(light="red").count() > 0
        assert log_is_clean()

    def test_matters_are_among_them(self, signed: City) -> None:
        first = Obligation.objects.filter(unit=signed.units["150602"]).order_by("pk")[0]
        Obligation.objects.filter(pk=first.pk).update(source="matter", light="red")
        content = drawn(signed, hearing(signed)).content
        assert [each["refs"] for each in content["figures"] if each["key"] == "red-matter"] == [[first.pk]]

    def test_what_was_decided_last_time_and_where_it_stands(self, signed: City) -> None:
        last = held(signed, district(signed), kind="hearing")
        line = minutes.add_line(
            meeting=last, kind="decision", wording="街道补齐联络员。", actor=signed.coordinator, now=at(3, 11)
        )
        make_task(
            line=line, lead=signed.units["150602001"], due_on=dt.date(2026, 4, 30), actor=signed.coordinator,
            now=at(3, 11),
        )  # fmt: skip
        Meeting.objects.filter(pk=last.pk).update(unit=signed.units["150602"])
        swept(signed)
        meeting = hearing(signed)
        assert last_hearing_before(meeting) == last
        said = drawn(signed, meeting).content["last"]
        assert (said["meeting"], said["day"]) == (last.pk, "2026-03-10")
        assert [(each["wording"], each["standing"]) for each in said["lines"]] == [
            ("街道补齐联络员。", "逾期")
        ]

    def test_it_is_drawn_again_until_the_work_was_heard(self, signed: City) -> None:
        meeting = hearing(signed)
        before = drawn(signed, meeting).content["figures"][0]["n"]
        swept(signed)
        after = drawn(signed, meeting).content["figures"][0]["n"]
        assert (before, Brief.objects.count()) == (0, 1)
        assert after > 0
        Meeting.objects.filter(pk=meeting.pk).update(stage="held")
        with pytest.raises(Refusal, match="不能再改"):
            drawn(signed, meeting)

    def test_other_meetings_have_none_and_others_draw_none(self, signed: City) -> None:
        with pytest.raises(Refusal, match="听取汇报"):
            drawn(signed, planned(signed))
        with pytest.raises(Refusal, match="召集单位"):
            draw_brief(meeting=hearing(signed), actor=district(signed, "150622"), now=at(6, 10))


class TestPages:
    def test_every_number_of_the_brief_opens_to_its_rows(self, signed: City, as_: SignIn) -> None:
        swept(signed)
        meeting = hearing(signed)
        client = as_(district(signed))
        assert "还没有生成" in client.get(f"/hearings/{meeting.pk}/brief/").content.decode()
        assert client.post(f"/hearings/{meeting.pk}/brief/drawing/").status_code == 302
        page = client.get(f"/hearings/{meeting.pk}/brief/").content.decode()
        figures = Brief.objects.get().content["figures"]
        for figure in figures:
            address = f"/hearings/{meeting.pk}/brief/{figure['key']}/"
            assert f'href="{address}"' in page
            opened = client.get(address).content.decode()
            assert f"共 {figure['n']} 条" in opened
        assert client.get(f"/hearings/{meeting.pk}/brief/green/").status_code == 404

    def test_a_reader_with_less_in_sight_is_told_how_much_is_hidden(self, signed: City, as_: SignIn) -> None:
        swept(signed)
        meeting = called(
            signed, signed.acting("150602001", "commissioner"), kind="hearing", title="听取汇报", day=DAY
        )
        Meeting.objects.filter(pk=meeting.pk).update(unit=signed.units["1506"])
        meeting.refresh_from_db()
        drawn(signed, meeting)
        page = as_(signed.acting("150602001", "commissioner")).get(f"/hearings/{meeting.pk}/brief/red/")
        assert "不在您的查看范围内" in page.content.decode()

    def test_the_list_offers_to_prepare_what_is_due(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_(district(signed))
        with django_assert_max_num_queries(15):
            page = client.get("/hearings/").content.decode()
        offered = re.findall(r"/meetings/new/\?for=(\d+)", page)
        form = client.get(f"/meetings/new/?for={offered[0]}").content.decode()
        assert "听取" in form
        assert 'value="hearing" selected' in form
        stranger = as_(district(signed, "150622"))
        assert stranger.get(f"/meetings/new/?for={offered[0]}").status_code == 404

    def test_strangers_readers_and_wrong_verbs(self, signed: City, as_: SignIn) -> None:
        meeting = hearing(signed)
        stranger, reader = as_(district(signed, "150622")), as_(signed.acting("150602001001", "liaison"))
        assert stranger.get(f"/hearings/{meeting.pk}/brief/").status_code == 404
        assert reader.post(f"/hearings/{meeting.pk}/brief/drawing/").status_code == 403
        assert as_(signed.coordinator).get(f"/hearings/{meeting.pk}/brief/drawing/").status_code == 405
        other = planned(signed)
        assert as_(signed.coordinator).get(f"/hearings/{other.pk}/brief/").status_code == 404

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, SignIn
from guantong.kernel import clock
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.operations import invitations, meetings
from guantong.leadership.sign_codes import code_for
from guantong.partners.models import Partner
from guantong.records.models import Record
from leadership.meeting_cast import district, group, leader, log_is_clean, office_of, township

TODAY = clock.today()
NOW = timezone.make_aware(dt.datetime.combine(TODAY, dt.time(0, 1)))


def today_s(city: City, *people: Any, is_called: bool = True, **changes: Any) -> Meeting:
    """A meeting of today that these are asked to."""
    given = {
        "kind": "symposium",
        "title": "企业座谈会",
        "day": TODAY,
        "chair": office_of(leader(city)),
    } | changes
    meeting = meetings.plan_meeting(
        cycle=city.cycle, unit=city.units["1506-LG"], terms=meetings.Terms(**given),
        called_by=office_of(city.coordinator), actor=CONSOLE, now=NOW,
    )  # fmt: skip
    if people:
        offices = [office_of(each) for each in people]
        invitations.ask_offices(meeting=meeting, offices=offices, actor=CONSOLE, now=NOW)
    return meetings.call_meeting(meeting=meeting, actor=CONSOLE, now=NOW) if is_called else meeting


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestTheWholeOfAMeeting:
    def test_planned_called_answered_signed_held_minuted_and_given_out(self, city: City, as_: SignIn) -> None:
        body, office, member = group(city), as_(city.coordinator), as_(leader(city))
        given = {
            "kind": "symposium", "title": "企业座谈会", "body": body.pk, "day": f"{TODAY}", "starts_at": "09:00",
            "ends_at": "11:00", "chair": office_of(leader(city)).pk,
        }  # fmt: skip
        assert office.post("/meetings/new/", given | {"ends_at": "08:00"}).status_code == 422
        assert office.post("/meetings/new/", given).status_code == 302
        meeting = Meeting.objects.get()
        at_meeting = f"/meetings/{meeting.pk}/"
        assert meeting.unit == city.units["1506-LG"]
        assert f'value="{office_of(leader(city)).pk}" checked' in text(
            office, at_meeting
        )  # the body's members proposed
        offices = [office_of(leader(city)).pk, office_of(district(city)).pk]
        assert office.post(f"{at_meeting}invitations/", {"offices": offices}).status_code == 302
        paper = io.BytesIO(b"%PDF-1.4 %%EOF")
        paper.name = "情况.pdf"
        assert office.post(f"{at_meeting}agenda/", {"title": "听取意见", "paper": paper}).status_code == 302
        assert as_(district(city)).get(at_meeting).status_code == 404
        assert office.post(f"{at_meeting}call/").status_code == 302
        assert "请回复是否参加" in text(member, "/meetings/")
        assert member.post(f"{at_meeting}reply/", {"answer": "coming"}).status_code == 302
        leave = {"answer": "leave", "reason": "出差"}
        assert as_(district(city)).post(f"{at_meeting}reply/", leave).status_code == 302
        link = f"/meetings/sign-in/{code_for(Meeting.objects.get())}/"
        assert code_for(meeting) in text(office, f"{at_meeting}sign-code/")
        text(member, link)
        assert not meeting.invitations.exclude(signed_at=None).exists()  # opening the page signs nobody in
        assert member.post(link).status_code == 302
        assert "已签到" in text(member, link)
        assert "企业座谈会" in text(office, f"{at_meeting}sign-list/")
        assert office.post(f"{at_meeting}holding/", {"outside": "12"}).status_code == 302
        assert Record.objects.get().participations.get().office == office_of(leader(city))
        assert office.post(f"{at_meeting}minutes/", {"text": "代表提出三条意见。"}).status_code == 302
        line = {"kind": "decision", "wording": "市发展改革委拿出清偿方案。"}
        assert office.post(f"{at_meeting}lines/", line).status_code == 302
        made = MinuteLine.objects.get()
        task = {"lead": "市发展和改革委员会", "cooperating": "1506-MU-02", "due_on": "2026-12-20"}
        assert office.post(f"/minute-lines/{made.pk}/task/", task | {"lead": "无此单位"}).status_code == 422
        assert office.post(f"/minute-lines/{made.pk}/task/", task).status_code == 302
        made.refresh_from_db()
        assert f'href="/tasks/{made.task_id}/"' in text(office, at_meeting)
        assert office.post(f"/minute-lines/{made.pk}/removal/").status_code == 422
        assert log_is_clean()

    def test_a_demand_shows_its_code_once(self, city: City, as_: SignIn) -> None:
        meeting, office = today_s(city, leader(city)), as_(city.coordinator)
        at_meeting = f"/meetings/{meeting.pk}/"
        rows = [str(each) for each in meeting.invitations.values_list("pk", flat=True)]
        office.post(f"{at_meeting}attendance/", {"present": rows})
        office.post(f"{at_meeting}holding/", {})
        office.post(f"{at_meeting}lines/", {"kind": "demand", "wording": "希望延长开放时间"})
        made = MinuteLine.objects.get()
        Partner.objects.create(
            kind="enterprise", name="某能源公司", area=city.units["150602"], registered_at=NOW
        )
        page = text(office, f"/minute-lines/{made.pk}/case/")
        assert "某能源公司" in page
        given = {"kind": "suggestion", "wording": "能不能开到九点", "name": "王某"}
        assert office.post(f"/minute-lines/{made.pk}/case/", given).status_code == 422
        answer = office.post(f"/minute-lines/{made.pk}/case/", given | {"consents": "on"})
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert "只显示这一次" in answer.content.decode()
        assert "已经转为诉求" in text(office, f"/minute-lines/{made.pk}/case/")
        assert "王某" not in text(office, at_meeting)
        district_s = as_(district(city))
        assert district_s.get(f"/minute-lines/{made.pk}/case/").status_code == 404

    def test_whoever_may_not_know_the_partners_is_offered_none(self, city: City, as_: SignIn) -> None:
        by = district(city)
        meeting = meetings.plan_meeting(
            cycle=city.cycle, unit=city.units["150602"], terms=meetings.Terms("symposium", "座谈", TODAY),
            called_by=office_of(by), actor=by, now=NOW,
        )  # fmt: skip
        Meeting.objects.filter(pk=meeting.pk).update(stage="held")
        made = MinuteLine.objects.create(meeting=meeting, order=1, kind="demand", wording="—")
        Partner.objects.create(
            kind="enterprise", name="某能源公司", area=city.units["150602"], registered_at=NOW
        )
        assert "某能源公司" not in text(as_(by), f"/minute-lines/{made.pk}/case/")


class TestPapers:
    def test_a_paper_is_downloaded_by_whoever_sees_the_meeting_and_nobody_else(
        self, city: City, as_: SignIn
    ) -> None:
        meeting = today_s(city, leader(city), township(city))
        office = as_(city.coordinator)
        paper = io.BytesIO(b"%PDF-1.4 %%EOF")
        paper.name = "情况.pdf"
        office.post(f"/meetings/{meeting.pk}/agenda/", {"title": "情况", "paper": paper})
        item = meeting.agenda.get()
        answer = as_(township(city)).get(f"/agenda-items/{item.pk}/paper/")
        assert b"".join(answer.streaming_content) == b"%PDF-1.4 %%EOF"  # type: ignore[attr-defined]
        assert answer["Content-Disposition"].startswith("attachment")
        assert as_(district(city, "150622")).get(f"/agenda-items/{item.pk}/paper/").status_code == 404
        office.post(f"/agenda-items/{item.pk}/removal/")
        assert as_(township(city)).get(f"/agenda-items/{item.pk}/paper/").status_code == 404

    def test_what_is_no_document_is_refused(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, leader(city))
        paper = io.BytesIO(b"MZ\x90")
        paper.name = "情况.pdf"
        answer = as_(city.coordinator).post(
            f"/meetings/{meeting.pk}/agenda/", {"title": "情况", "paper": paper}
        )
        assert (answer.status_code, meeting.agenda.count()) == (422, 0)


class TestSigningIn:
    def test_a_strange_code_is_not_found_and_who_was_not_asked_is_told(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, leader(city))
        link = f"/meetings/sign-in/{code_for(meeting)}/"
        assert as_(leader(city)).get(f"/meetings/sign-in/{'A' * 24}/").status_code == 404
        stranger = as_(township(city))
        assert "不在参会名单" in text(stranger, link)
        assert stranger.post(link).status_code == 422
        assert Client().get(link).status_code == 302
        assert as_(city.acting("1506-LGO", "system_admin")).get(link).status_code == 403

    def test_twice_is_harmless(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, leader(city))
        client = as_(leader(city))
        for _time in range(2):
            assert client.post(f"/meetings/sign-in/{code_for(meeting)}/").status_code == 302
        assert meeting.invitations.exclude(signed_at=None).count() == 1

    def test_the_code_is_shown_to_whoever_keeps_the_meeting_on_its_day(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, leader(city), district(city))
        assert as_(district(city)).get(f"/meetings/{meeting.pk}/sign-code/").status_code == 422
        Meeting.objects.filter(pk=meeting.pk).update(day=TODAY + dt.timedelta(1))
        assert as_(city.coordinator).get(f"/meetings/{meeting.pk}/sign-code/").status_code == 422


class TestCalling:
    def test_clashes_and_meetings_to_go_together_are_shown_while_calling(
        self, city: City, as_: SignIn
    ) -> None:
        first = today_s(city, township(city), starts_at=dt.time(9), ends_at=dt.time(11))
        second = today_s(
            city, township(city), title="再座谈", starts_at=dt.time(10), ends_at=dt.time(12), is_called=False
        )
        page = text(as_(city.coordinator), f"/meetings/{second.pk}/")
        assert "时间有冲突" in page
        assert "可以合并召开" in page
        merged = as_(city.coordinator).post(f"/meetings/{second.pk}/merger/", {"into": first.pk})
        assert merged.headers["Location"] == f"/meetings/{first.pk}/"
        second.refresh_from_db()
        assert second.stage == "cancelled"

    def test_offices_are_found_by_name_and_added(self, city: City, as_: SignIn) -> None:
        meeting, office = today_s(city, is_called=False), as_(city.coordinator)
        page = text(office, f"/meetings/{meeting.pk}/?q=交通街道")
        assert f'value="{office_of(township(city)).pk}"' in page
        admin = city.office("1506-LGO", "system_admin")
        office.post(
            f"/meetings/{meeting.pk}/invitations/", {"offices": [office_of(township(city)).pk, admin.pk]}
        )
        assert set(meeting.invitations.values_list("office", flat=True)) == {office_of(township(city)).pk}
        row = meeting.invitations.get()
        assert office.post(f"/invitations/{row.pk}/removal/").status_code == 302
        assert meeting.invitations.count() == 0

    def test_it_is_changed_repeated_and_cancelled(self, city: City, as_: SignIn) -> None:
        meeting, office = today_s(city, leader(city)), as_(city.coordinator)
        at_meeting = f"/meetings/{meeting.pk}/"
        assert "企业座谈会" in text(office, f"{at_meeting}change/")
        given = {"kind": "symposium", "title": "座谈", "day": f"{TODAY}", "place": "二楼"}
        assert office.post(f"{at_meeting}change/", given | {"title": ""}).status_code == 422
        assert office.post(f"{at_meeting}change/", given).status_code == 302
        assert office.post(f"{at_meeting}series/", {"per": "week", "times": 2}).status_code == 302
        assert office.post(f"{at_meeting}cancelling/", {"reason": ""}).status_code == 422
        assert office.post(f"{at_meeting}cancelling/", {"reason": "改期"}).status_code == 302
        assert office.post(f"{at_meeting}cancelling/", {"reason": "改期"}).status_code == 422
        assert "改期" in text(as_(leader(city)), at_meeting)


class TestSight:
    def test_strangers_readers_and_wrong_verbs(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, township(city), city.acting("150602001001", "liaison"))
        at_meeting = f"/meetings/{meeting.pk}/"
        stranger, reader, asked = (
            as_(district(city, "150622")),
            as_(city.acting("150602001001", "liaison")),
            as_(township(city)),
        )
        for act in ("call", "cancelling", "series", "merger", "agenda", "invitations", "attendance", "holding",
                    "minutes", "lines"):  # fmt: skip
            assert stranger.post(f"{at_meeting}{act}/").status_code == 404, act
            assert reader.post(f"{at_meeting}{act}/").status_code == 403, act
            assert asked.get(f"{at_meeting}{act}/").status_code == 405, act
        assert stranger.get(at_meeting).status_code == 404
        assert stranger.post(f"{at_meeting}reply/", {"answer": "coming"}).status_code == 404
        assert asked.post(f"{at_meeting}call/").status_code == 422  # asked, but not its meeting

    def test_leave_reasons_are_read_by_whoever_keeps_the_meeting_alone(self, city: City, as_: SignIn) -> None:
        meeting = today_s(city, township(city), leader(city))
        invitations.reply(
            meeting=meeting, office=office_of(township(city)), answer="leave", reason="就医", actor=township(city),
            now=NOW,
        )  # fmt: skip
        assert "就医" in text(as_(city.coordinator), f"/meetings/{meeting.pk}/")
        other = as_(city.acting("150602001", "first_responsible"))
        Meeting.objects.filter(pk=meeting.pk).update(chair=None)
        invitations.ask_offices(
            meeting=meeting, offices=[city.office("150602001", "first_responsible")], actor=CONSOLE, now=NOW
        )
        assert "就医" not in text(other, f"/meetings/{meeting.pk}/")

    def test_a_page_costs_the_same_however_many_are_asked(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        people = [leader(city), leader(city, 2), leader(city, 3), district(city), township(city), city.head]
        meeting = today_s(city, *people)
        client = as_(city.coordinator)
        with django_assert_max_num_queries(28):
            text(client, f"/meetings/{meeting.pk}/")

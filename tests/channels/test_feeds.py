"""A person's calendar by a secret address: valid text, stable identifiers, nobody's name, revocable."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.channels.feeds import limiting
from guantong.channels.feeds.events import events_of
from guantong.channels.feeds.writing import calendar_text
from guantong.channels.models import Feed
from guantong.channels.operations.feeds import end_feed, make_feed
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import MeetingKind
from guantong.leadership.models import Invitation, Meeting
from guantong.obligations.choices import SETTLED
from guantong.obligations.models import Obligation
from guantong.reception.models import ReceptionDay

DAY = dt.date(2026, 3, 20)


def code_of(acting: Acting, language: str = "zh-hans") -> str:
    assert acting.person is not None
    return make_feed(person=acting.person, language=language, actor=acting, now=at(3, 1))


def summaries(acting: Acting, on: dt.date = DAY) -> dict[str, str]:
    assert acting.person is not None
    return {each.uid: each.summary for each in events_of(acting.person, on=on)}


@pytest.fixture
def filled(signed: City) -> City:
    """A meeting the head is invited to and a reception day the leader holds."""
    head, leader = signed.head, signed.acting("1506-LG", "leader")
    meeting = Meeting.objects.create(
        cycle=signed.cycle, kind=MeetingKind.DEPLOYMENT, unit=signed.units["1506"], title="部署会议, 第一次; 全体",
        pillar="x", called_by=signed.coordinator.office, day=dt.date(2026, 4, 2), starts_at=dt.time(9),
        ends_at=dt.time(11), place="一楼会议室", stage="called", called_at=at(3, 1),
    )  # fmt: skip
    Invitation.objects.create(meeting=meeting, office=head.office)
    ReceptionDay.objects.create(
        cycle=signed.cycle, rule="r", host=leader.office, day=dt.date(2026, 4, 10), planned_on=dt.date(2026, 4, 10),
        starts_at=dt.time(9), ends_at=dt.time(12), place="接待室", published_at=at(3, 1),
    )  # fmt: skip
    return signed


class TestEvents:
    def test_are_the_open_deadlines_meetings_and_reception_days_of_the_offices_acted_for(
        self, filled: City
    ) -> None:
        head = filled.head
        owed = Obligation.objects.filter(
            office=head.office, due_on__range=(DAY - dt.timedelta(days=30), DAY + dt.timedelta(days=400))
        ).exclude(state__in=SETTLED)
        expected = {f"obligation-{each.pk}" for each in owed} | {f"meeting-{Meeting.objects.get().pk}"}
        assert len(expected) > 3
        assert set(summaries(head)) == expected
        first = owed[0]
        first.state = "fulfilled"
        first.save()
        assert set(summaries(head)) == expected - {f"obligation-{first.pk}"}
        leader = filled.acting("1506-LG", "leader")
        assert f"reception-{ReceptionDay.objects.get().pk}" in summaries(leader)
        assert not set(summaries(leader)) & expected - {f"meeting-{Meeting.objects.get().pk}"}

    def test_a_declined_meeting_and_an_unpublished_reception_day_are_not_there(self, filled: City) -> None:
        Invitation.objects.update(reply="leave", reason="出差")
        ReceptionDay.objects.update(published_at=None)
        assert not [each for each in summaries(filled.head) if each.startswith("meeting")]
        assert not [each for each in summaries(filled.acting("1506-LG", "leader")) if "reception" in each]

    def test_what_may_be_called_after_somebody_is_said_by_its_kind(self, filled: City) -> None:
        one = Obligation.objects.filter(office=filled.head.office, due_on__gte=DAY)[0]
        one.source, one.title = "case", "张标记反映的问题"
        one.save()
        told = summaries(filled.head)[f"obligation-{one.pk}"]
        assert told == "到期：诉求办理"

    def test_administrators_have_none(self, filled: City) -> None:
        assert summaries(filled.acting("1506-LGO", "system_admin")) == {}

    def test_cost_the_same_for_many(self, filled: City, django_assert_max_num_queries: object) -> None:
        acting = filled.acting("150602", "first_responsible")
        with django_assert_max_num_queries(6):  # type: ignore[operator]
            summaries(acting)


class TestText:
    def test_is_what_rfc_5545_wants(self, filled: City) -> None:
        assert filled.head.person is not None
        events = events_of(filled.head.person, on=DAY)
        text = calendar_text(events, stamp=at(3, 1), base="https://gt.example.org/")
        assert text.endswith(b"END:VCALENDAR\r\n")
        lines = text.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert all(len(line) <= 75 for line in lines)
        read = Calendar.from_ical(text)
        entries = read.walk("VEVENT")
        assert len(entries) == len(events)
        assert (read["version"], bool(read["prodid"])) == ("2.0", True)
        assert {
            name for each in entries for name in ("UID", "DTSTAMP", "DTSTART") if name not in each
        } == set()
        assert len({str(each["UID"]) for each in entries}) == len(entries)
        meeting = next(each for each in entries if str(each["UID"]).startswith("meeting"))
        assert str(meeting["SUMMARY"]) == "部署会议, 第一次; 全体"
        assert b"\\, " in text
        assert meeting["DTSTART"].dt == dt.datetime(2026, 4, 2, 1, tzinfo=dt.UTC)
        whole = next(each for each in entries if str(each["UID"]).startswith("obligation"))
        assert isinstance(whole["DTSTART"].dt, dt.date)
        assert whole["DTEND"].dt - whole["DTSTART"].dt == dt.timedelta(days=1)

    def test_identifiers_stay_when_a_day_moves(self, filled: City) -> None:
        before = set(summaries(filled.head))
        Meeting.objects.update(day=dt.date(2026, 5, 1))
        assert set(summaries(filled.head)) == before


class TestAddress:
    def test_is_shown_once_kept_as_a_hash_and_the_old_one_stops(self, city: City, as_: SignIn) -> None:
        client = as_(city.head)
        made = client.post(reverse("new-feed"), {"language": "zh-hans"})
        address = made.context["address"]
        code = address.rsplit("/", 1)[1].removesuffix(".ics")
        assert Client().get(address).status_code == 200
        assert code not in client.get(reverse("own-feed")).content.decode()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM channels_feed")
            assert code not in str(cursor.fetchall())
        assert code not in "".join(AuditEntry.objects.values_list("payload", flat=True))
        client.post(reverse("new-feed"), {"language": "en"})
        assert Client().get(address).status_code == 404
        assert Feed.objects.filter(ended_at__isnull=True).count() == 1
        assert verify_log().clean

    def test_ends_at_once_by_its_owner_alone_and_twice_is_harmless(self, city: City, as_: SignIn) -> None:
        code = code_of(city.head)
        feed = Feed.objects.get()
        other = city.acting("1506-MU-02", "unit_head")
        assert as_(other).post(reverse("feed-end", args=[feed.pk])).status_code == 404
        with pytest.raises(Refusal, match="本人"):
            end_feed(feed=feed, actor=other, now=at(3, 2))
        client = as_(city.head)
        assert client.get(reverse("feed-end", args=[feed.pk])).status_code == 405
        for _time in range(2):
            assert client.post(reverse("feed-end", args=[feed.pk])).status_code == 302
        assert AuditEntry.objects.filter(verb="channels.feed_ended").count() == 1
        assert Client().get(reverse("feed", args=[code])).status_code == 404

    def test_needs_no_sign_in_sets_no_cookie_and_is_for_no_cache(self, city: City) -> None:
        answer = Client().get(reverse("feed", args=[code_of(city.head)]))
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert "no-cache" in answer["Cache-Control"]
        assert not answer.cookies

    def test_answers_304_while_nothing_changed(self, filled: City, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(3, 20))
        address = reverse("feed", args=[code_of(filled.head)])
        first = Client().get(address)
        again = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        Meeting.objects.update(title="改了")
        changed = Client().get(address, headers={"If-None-Match": first["ETag"]})
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]

    def test_of_somebody_suspended_is_closed(self, city: City) -> None:
        code = code_of(city.head)
        assert city.head.person is not None
        person = city.head.person
        person.is_active = False
        person.save()
        assert Client().get(reverse("feed", args=[code])).status_code == 404

    def test_is_limited_per_hour_and_so_is_guessing(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cache.clear()
        monkeypatch.setattr(limiting, "MOST_FETCHES", 3)
        monkeypatch.setattr(limiting, "MOST_WRONG", 3)
        address = reverse("feed", args=[code_of(city.head)])
        assert [Client().get(address).status_code for _time in range(4)] == [200, 200, 200, 429]
        wrong = [Client().get(reverse("feed", args=[f"guess{n}"])).status_code for n in range(5)]
        assert wrong == [404, 404, 404, 429, 429]

    def test_only_asks_with_get(self, city: City) -> None:
        assert Client().post(reverse("feed", args=[code_of(city.head)])).status_code == 405
        assert CONSOLE.reference

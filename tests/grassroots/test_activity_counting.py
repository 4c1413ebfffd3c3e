"""The page behind the code on the door: a number goes up by one, once for a browser; nobody is listed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from conftest import City, at
from grassroots.home_cast import MONDAY, NOW, TODAY, keeper_of, planned, registered
from guantong.audit.verification import verify_log
from guantong.grassroots import limits
from guantong.grassroots.activity_codes import code_for
from guantong.grassroots.models import Activity
from guantong.grassroots.operations.activities import cancel_activity, hold_activity
from guantong.grassroots.operations.counting import MARKS, MOST_MARKS, count_one
from guantong.grassroots.views.activity_public import TAKE_BACK
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

UP, IN, PLEASED, DISPLEASED = "signed_up", "signed_in", "pleased", "displeased"


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def item(city: City) -> Activity:
    return planned(city, registered(city))


def address(item: Activity) -> str:
    return reverse("activity-open", args=[code_for(item)])


def on(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(day.month, day.day))


def counts(item: Activity) -> tuple[Any, ...]:
    item.refresh_from_db()
    return item.signed_up, item.signed_in, item.pleased, item.displeased


class TestCount:
    def test_signing_up_before_signing_in_on_the_day_feedback_after(
        self, item: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = Client()
        assert client.post(address(item), {"what": UP}).status_code == 302
        assert counts(item) == (1, None, 0, 0)
        on(monkeypatch, MONDAY)
        client.post(address(item), {"what": IN})
        client.post(address(item), {"what": PLEASED})
        assert counts(item) == (1, 1, 1, 0)

    def test_a_second_tap_of_the_same_browser_does_not_count_another_browser_does(
        self, item: Activity
    ) -> None:
        client = Client()
        client.get(address(item))
        for _each in range(3):
            assert client.post(address(item), {"what": UP}).status_code == 302
        assert counts(item)[0] == 1
        Client().post(address(item), {"what": UP})
        assert counts(item)[0] == 2

    def test_two_taps_at_once_find_each_others_mark(self, item: Activity) -> None:
        """Both requests have read the session before either counted; the count reads it again under the lock."""
        first = SessionStore()
        first.create()
        second = SessionStore(session_key=first.session_key)
        assert (first.get(MARKS), second.get(MARKS)) == (None, None)
        assert count_one(activity=item, what=UP, session=first, today=TODAY)
        assert not count_one(activity=item, what=UP, session=second, today=TODAY)
        assert counts(item)[0] == 1

    def test_whoever_cannot_come_takes_the_sign_up_back_and_the_place_is_free(self, city: City) -> None:
        item = planned(city, registered(city), capacity=1)
        mine, other = Client(), Client()
        mine.post(address(item), {"what": UP})
        assert other.post(address(item), {"what": UP}).status_code == 422
        assert "我去不了了" not in other.get(address(item)).content.decode()
        assert "我去不了了" in mine.get(address(item)).content.decode()
        for _each in range(2):  # tapped twice, taken back once
            assert mine.post(address(item), {"what": TAKE_BACK}).status_code == 302
        assert counts(item)[0] == 0
        other.post(address(item), {"what": UP})
        other.post(address(item), {"what": TAKE_BACK})
        mine.post(address(item), {"what": UP})
        assert counts(item)[0] == 1

    def test_on_the_day_it_is_too_late_to_take_back(
        self, item: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = Client()
        client.post(address(item), {"what": UP})
        on(monkeypatch, MONDAY)
        assert "我去不了了" not in client.get(address(item)).content.decode()
        assert client.post(address(item), {"what": TAKE_BACK}).status_code == 422
        assert counts(item)[0] == 1

    def test_of_the_feedback_one_answer_counts(self, item: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
        on(monkeypatch, MONDAY)
        client = Client()
        for what in (DISPLEASED, PLEASED):
            client.post(address(item), {"what": what})
        assert counts(item) == (0, None, 0, 1)

    @pytest.mark.parametrize(
        ("day", "open_for"),
        [
            (TODAY, {UP}),
            (MONDAY, {IN, PLEASED, DISPLEASED}),
            (MONDAY + dt.timedelta(days=7), {PLEASED, DISPLEASED}),
            (MONDAY + dt.timedelta(days=8), set()),
        ],
    )
    def test_each_in_its_time(
        self, item: Activity, monkeypatch: pytest.MonkeyPatch, day: dt.date, open_for: set[str]
    ) -> None:
        on(monkeypatch, day)
        answered = {
            what: Client().post(address(item), {"what": what}).status_code
            for what in (UP, IN, PLEASED, DISPLEASED)
        }
        assert {what for what, status in answered.items() if status == 302} == open_for
        assert set(answered.values()) <= {302, 422}

    def test_after_it_is_recorded_signing_in_is_over_and_the_number_stays(
        self, city: City, item: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        on(monkeypatch, MONDAY)
        Client().post(address(item), {"what": IN})
        hold_activity(activity=item, signed_in=25, actor=keeper_of(city), now=at(4, 13))
        assert Client().post(address(item), {"what": IN}).status_code == 422
        assert Client().post(address(item), {"what": PLEASED}).status_code == 302
        assert counts(item) == (0, 25, 1, 0)
        assert verify_log().faults == []

    def test_no_more_than_there_are_places(self, city: City) -> None:
        item = planned(city, registered(city), capacity=2)
        answers = [Client().post(address(item), {"what": UP}).status_code for _each in range(3)]
        assert (answers, counts(item)[0]) == ([302, 302, 422], 2)
        assert "名额已满" in Client().get(address(item)).content.decode()

    def test_a_cancelled_one_counts_nothing_and_says_why(self, city: City, item: Activity) -> None:
        cancel_activity(activity=item, reason="停电", actor=keeper_of(city), now=NOW)
        assert "停电" in Client().get(address(item)).content.decode()
        assert Client().post(address(item), {"what": UP}).status_code == 422

    def test_a_made_up_count_is_refused(self, item: Activity) -> None:
        for what in ("", "capacity", "pk"):
            assert Client().post(address(item), {"what": what}).status_code == 422
        with pytest.raises(Refusal):
            count_one(activity=item, what="capacity", session=SessionStore(), today=TODAY)


class TestNobodyIsListed:
    def test_what_is_kept_is_a_number_and_a_mark_in_the_browsers_session(self, item: Activity) -> None:
        client = Client(REMOTE_ADDR="192.0.2.7", headers={"user-agent": "an old phone"})
        client.post(address(item), {"what": UP})
        kept = Session.objects.get()
        assert kept.get_decoded() == {MARKS: {str(item.pk): [UP]}}
        assert {
            name: value
            for name, value in Activity.objects.values().get().items()
            if "192.0.2" in str(value) or "phone" in str(value)
        } == {}

    def test_the_page_says_so(self, item: Activity) -> None:
        page = Client().get(address(item))
        assert "这里没有名单" in page.content.decode()
        assert "no-store" in page["Cache-Control"]

    def test_it_asks_for_nothing(self, item: Activity) -> None:
        page = Client().get(address(item)).content.decode().split("<main")[1].split("</main")[0]
        assert 'type="text"' not in page
        assert "textarea" not in page

    def test_a_session_remembers_a_few_activities_only(self, city: City, item: Activity) -> None:
        session = SessionStore()
        session[MARKS] = {str(-n): [UP] for n in range(MOST_MARKS)}
        session.create()
        count_one(activity=item, what=UP, session=session, today=TODAY)
        kept = SessionStore(session_key=session.session_key)[MARKS]
        assert len(kept) == MOST_MARKS
        assert str(item.pk) in kept


class TestTheCode:
    def test_the_database_keeps_its_digest_alone(self, item: Activity) -> None:
        code = code_for(item)
        assert len(code) == 16
        assert code not in str(Activity.objects.values().get())

    def test_typed_in_capitals_it_opens_too(self, item: Activity) -> None:
        assert Client().get(reverse("activity-open", args=[code_for(item).upper()])).status_code == 200

    def test_a_wrong_one_finds_nothing_and_guessing_is_slowed_down(self, item: Activity) -> None:
        wrong = reverse("activity-open", args=["a" * 16])
        assert {Client().get(wrong).status_code for _each in range(limits.MOST_WRONG_CODES)} == {404}
        assert Client().get(wrong).status_code == 422
        assert Client().get(address(item)).status_code == 422
        assert Client(REMOTE_ADDR="192.0.2.9").get(address(item)).status_code == 200

    def test_an_activity_without_a_code_is_not_opened_by_none(self, city: City, item: Activity) -> None:
        Activity.objects.update(sign_code_digest="")
        assert Client().get(reverse("activity-open", args=["-"])).status_code == 404

    def test_a_flood_from_one_address_is_stopped(
        self, item: Activity, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "MOST_COUNTED", 3)
        answers = [Client().post(address(item), {"what": UP}).status_code for _each in range(5)]
        assert answers == [302, 302, 302, 422, 422]
        assert Client(REMOTE_ADDR="192.0.2.9").post(address(item), {"what": UP}).status_code == 302
        assert counts(item)[0] == 4

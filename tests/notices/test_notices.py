"""Whoever moves next is asked once; one digest per person per day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Absence, Holding, Office, Person
from guantong.kernel import clock
from guantong.kernel.bilingual import Text
from guantong.kernel.refusals import Refusal
from guantong.notices.digests import choose_hour, make_digests
from guantong.notices.models import Digest, Notice
from guantong.notices.operations import Asked, ask, ask_all, ask_only, close
from guantong.notices.queries import open_notices_of, waiting_by_person
from guantong.notices.said import say

DAY = dt.date(2026, 3, 20)


def asked(office: Office, number: int = 1, **changes: object) -> Asked:
    given = {
        "office": office.pk, "kind": "self_score", "about": "assessment.round", "about_ref": number,
        "title": f"第 {number} 项", "missing": "缺自评。", "minutes": 5, "url": "/",
    }  # fmt: skip
    return Asked(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def office(city: City) -> Office:
    return city.office("1506-MU-01", "unit_head")


class TestAsk:
    def ask(self, office: Office, *, on: dt.date = DAY, **changes: object) -> Notice:
        given = {"kind": "due", "about": "obligations.obligation", "about_ref": 7, "title": "季度进展",
                 "missing": "缺进展报告。", "minutes": 2, "url": "/obligations/7/"}  # fmt: skip
        return ask(office=office, on=on, **(given | changes))  # type: ignore[arg-type]

    def test_it_says_what_is_missing_how_long_it_takes_and_where(self, office: Office) -> None:
        notice = self.ask(office, due_on=dt.date(2026, 3, 25))
        said = (notice.title, notice.missing, notice.minutes, notice.url, notice.due_on, notice.since)
        assert said == ("季度进展", "缺进展报告。", 2, "/obligations/7/", dt.date(2026, 3, 25), DAY)

    def test_the_same_thing_is_asked_once_while_open_and_keeps_the_day_it_waits_from(
        self, office: Office
    ) -> None:
        first = self.ask(office)
        again = self.ask(office, on=DAY + dt.timedelta(days=3), missing="缺结果。")
        assert (again.pk, again.since, again.missing) == (first.pk, DAY, "缺结果。")
        assert Notice.objects.count() == 1

    def test_another_office_kind_or_row_is_another_notice(self, office: Office, city: City) -> None:
        self.ask(office)
        self.ask(city.office("1506-MU-02", "unit_head"))
        self.ask(office, kind="overdue")
        self.ask(office, about_ref=8)
        assert Notice.objects.count() == 4

    def test_after_closing_it_may_be_asked_again(self, office: Office) -> None:
        first = self.ask(office)
        assert close(about="obligations.obligation", about_ref=7, on=DAY) == 1
        assert close(about="obligations.obligation", about_ref=7, on=DAY) == 0
        second = self.ask(office)
        assert first.pk != second.pk
        assert list(Notice.objects.filter(closed_on=None)) == [second]

    def test_closing_one_kind_leaves_the_others(self, office: Office) -> None:
        self.ask(office)
        self.ask(office, kind="overdue")
        close(about="obligations.obligation", about_ref=7, on=DAY, kind="due")
        assert set(Notice.objects.filter(closed_on=None).values_list("kind", flat=True)) == {"overdue"}


class TestAskMany:
    def test_only_rows_that_differ_are_touched(self, office: Office) -> None:
        ask_all([asked(office, 1), asked(office, 2)], on=DAY)
        wanted = [asked(office, 1), asked(office, 2, title="改了"), asked(office, 3)]
        change = ask_all(wanted, on=DAY)
        assert (change.opened, change.changed, change.closed) == (1, 1, 0)
        assert not ask_all(wanted, on=DAY)

    def test_asking_only_closes_what_no_longer_holds_among_those_and_no_other(self, office: Office) -> None:
        ask_all([asked(office, 1), asked(office, 2), asked(office, 3, about="other.row")], on=DAY)
        among = Notice.objects.filter(about="assessment.round")
        assert ask_only([asked(office, 2)], among=among, on=DAY).closed == 1
        left = Notice.objects.filter(closed_on=None).values_list("about", "about_ref")
        assert set(left) == {("assessment.round", 2), ("other.row", 3)}


class TestDigest:
    @pytest.fixture
    def head(self, city: City, office: Office) -> Acting:
        ask_all([asked(office, 1), asked(office, 2)], on=DAY)
        return city.head

    def told(self, person: Person | None) -> list[set[int]]:
        digests = Digest.objects.filter(person=person).order_by("pk")
        return [set(each.notices.values_list("about_ref", flat=True)) for each in digests]

    def test_comes_at_the_person_s_hour_and_never_twice_a_day(self, head: Acting) -> None:
        assert head.person is not None
        choose_hour(person=head.person, hour=14)
        made = [make_digests(on=DAY, hour=hour, now=at(3, 20, hour)) for hour in (8, 13, 14, 14, 20)]
        assert made == [0, 0, 1, 0, 0]
        assert self.told(head.person) == [{1, 2}]

    def test_eight_is_the_usual_hour(self, head: Acting) -> None:
        assert [make_digests(on=DAY, hour=hour, now=at(3, 20, hour)) for hour in (7, 8)] == [0, 1]

    def test_an_hour_the_machine_stood_still_is_made_up_for(self, head: Acting) -> None:
        assert make_digests(on=DAY, hour=11, now=at(3, 20, 11)) == 1

    def test_the_next_day_tells_again_what_is_still_open(self, head: Acting) -> None:
        make_digests(on=DAY, hour=8, now=at(3, 20, 8))
        close(about="assessment.round", about_ref=1, on=DAY)
        make_digests(on=DAY + dt.timedelta(days=1), hour=8, now=at(3, 21, 8))
        assert self.told(head.person) == [{1, 2}, {2}]

    def test_all_offices_of_a_person_and_those_stood_in_for_are_in_one_message(
        self, city: City, head: Acting
    ) -> None:
        other = city.office("1506-MU-02", "unit_head")
        ask_all([asked(other, 3), asked(city.office("150602", "first_responsible"), 4)], on=DAY)
        holder = city.acting("1506-MU-02", "unit_head")
        holding = Holding.objects.get(person=holder.person, office=other)
        Absence.objects.create(
            holding=holding, stand_in=head.person, starts_on=DAY, ends_on=DAY, recorded_at=at(3, 19)
        )
        second = city.office("1506-MU-01", "liaison")
        Holding.objects.create(person=head.person, office=second, starts_on=DAY)
        ask_all([asked(second, 5)], on=DAY)
        make_digests(on=DAY, hour=8, now=at(3, 20, 8))
        assert self.told(head.person) == [{1, 2, 3, 5}]
        assert self.told(holder.person) == [{3}]

    def test_the_day_after_the_absence_the_stand_in_is_told_nothing_of_it(
        self, city: City, head: Acting
    ) -> None:
        other = city.acting("1506-MU-02", "unit_head")
        assert other.office is not None
        ask_all([asked(other.office, 3)], on=DAY)
        Absence.objects.create(
            holding=Holding.objects.get(person=other.person), stand_in=head.person, starts_on=DAY,
            ends_on=DAY, recorded_at=at(3, 19),
        )  # fmt: skip
        waiting = waiting_by_person(on=DAY + dt.timedelta(days=1))
        assert head.person is not None
        notices = Notice.objects.filter(pk__in=waiting[head.person.pk])
        assert set(notices.values_list("about_ref", flat=True)) == {1, 2}

    def test_nobody_without_anything_waiting_gets_one(self, city: City, head: Acting) -> None:
        city.acting("1506-MU-02", "unit_head")
        make_digests(on=DAY, hour=8, now=at(3, 20, 8))
        assert set(Digest.objects.values_list("person", flat=True)) == {head.person_ref}

    def test_a_suspended_account_is_left_alone(self, head: Acting) -> None:
        Person.objects.filter(pk=head.person_ref).update(is_active=False)
        assert make_digests(on=DAY, hour=8, now=at(3, 20, 8)) == 0

    def test_the_number_of_queries_does_not_grow_with_the_people(
        self, city: City, head: Acting, django_assert_max_num_queries: object
    ) -> None:
        for code in ("150602", "150622"):
            acting = city.acting(code, "first_responsible")
            assert acting.office is not None
            ask_all([asked(acting.office, number) for number in range(20)], on=DAY)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert make_digests(on=DAY, hour=8, now=at(3, 20, 8)) == 3

    def test_an_hour_that_no_day_has_is_refused(self, head: Acting) -> None:
        assert head.person is not None
        with pytest.raises(Refusal, match="整点"):
            choose_hour(person=head.person, hour=24)


class TestNoticesPage:
    @pytest.fixture
    def today(self) -> dt.date:
        return clock.today()

    def test_lists_the_office_s_open_notices_the_most_urgent_first(
        self, city: City, office: Office, as_: SignIn, today: dt.date
    ) -> None:
        days = {1: 9, 2: -2, 3: 0}
        ask_all(
            [asked(office, number, due_on=today + dt.timedelta(days=n)) for number, n in days.items()],
            on=today,
        )
        ask_all([asked(office, 4), asked(office, 5, kind="review")], on=today)
        ask_all([asked(city.office("1506-MU-02", "unit_head"), 6)], on=today)
        close(about="assessment.round", about_ref=1, on=today)
        answer = as_(city.head).get(reverse("notices"))
        assert [each["notice"].about_ref for each in answer.context["cards"]] == [2, 3, 4, 5]
        assert [each["due"] for each in answer.context["cards"]] == ["已过期限 2 天", "今天到期", "", ""]
        assert "共约 20 分钟" in answer.content.decode()

    def test_one_kind_alone_can_be_shown(
        self, city: City, office: Office, as_: SignIn, today: dt.date
    ) -> None:
        ask_all([asked(office, 1), asked(office, 2, kind="review")], on=today)
        answer = as_(city.head).get(reverse("notices"), {"kind": "review"})
        assert [each["notice"].about_ref for each in answer.context["cards"]] == [2]

    def test_the_page_costs_the_same_for_many(
        self, city: City, office: Office, as_: SignIn, today: dt.date, django_assert_max_num_queries: object
    ) -> None:
        ask_all([asked(office, number) for number in range(60)], on=today)
        client = as_(city.head)
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            client.get(reverse("notices"))

    def test_title_and_what_is_missing_are_read_in_the_reader_s_language_and_typed_words_as_typed(
        self, city: City, office: Office, as_: SignIn, today: dt.date
    ) -> None:
        said = {
            "title": say("约谈：%(title)s", title=Text("季度进展", "Quarterly progress")),
            "missing": say("缺巡查记录。"),
        }
        ask_all([asked(office, 1, **said), asked(office, 2, title="清偿账款", missing="待审核")], on=today)
        client, pages = as_(city.head), {}
        for language in ("zh-hans", "en"):
            client.cookies["django_language"] = language
            pages[language] = client.get(reverse("notices")).content.decode()
        assert all(
            each in pages["zh-hans"] for each in ("约谈：季度进展", "缺巡查记录。", "清偿账款", "待审核")
        )
        assert all(each in pages["en"] for each in ("Quarterly progress", "清偿账款", "待审核"))
        assert not [each for each in ("约谈", "季度进展", "缺巡查记录") if each in pages["en"]]

    def test_only_asks_with_get(self, city: City, as_: SignIn) -> None:
        assert as_(city.head).post(reverse("notices")).status_code == 405

    def test_an_administrator_has_no_notices(self, city: City, as_: SignIn) -> None:
        assert as_(city.acting("1506-LGO", "system_admin")).get(reverse("notices")).status_code == 403
        assert not open_notices_of(city.acting("1506-LGO", "system_admin")).exists()


class TestDigestPage:
    def test_shows_today_s_digest_of_every_office_one_may_still_act_for(
        self, city: City, office: Office, as_: SignIn
    ) -> None:
        today, head = clock.today(), city.head
        ask_all([asked(office, 1)], on=today)
        other = city.acting("1506-MU-02", "unit_head")
        assert other.office is not None
        ask_all([asked(other.office, 2)], on=today)
        absence = Absence.objects.create(
            holding=Holding.objects.get(person=other.person), stand_in=head.person, starts_on=today,
            ends_on=today, recorded_at=clock.now(),
        )  # fmt: skip
        make_digests(on=today, hour=23, now=clock.now())
        client = as_(head)
        shown = client.get(reverse("digest")).context["offices"]
        assert {each["office"] for each in shown} == {office, other.office}
        absence.delete()
        shown = client.get(reverse("digest")).context["offices"]
        assert [each["office"] for each in shown] == [office]

    def test_without_a_digest_it_says_when_one_comes(self, city: City, as_: SignIn) -> None:
        assert "每天 8:00 汇总一次" in as_(city.head).get(reverse("digest")).content.decode()

    def test_the_hour_is_changed_with_post_alone_and_twice_is_harmless(self, city: City, as_: SignIn) -> None:
        client = as_(city.head)
        assert client.get(reverse("digest-hour")).status_code == 405
        for _time in range(2):
            assert client.post(reverse("digest-hour"), {"hour": "17"}).status_code == 302
        assert client.post(reverse("digest-hour"), {"hour": "24"}).status_code == 422
        assert "每天 17:00" in client.get(reverse("digest")).content.decode()

    def test_nobody_sees_it_without_signing_in(self, client: object, city: City) -> None:
        assert client.get(reverse("digest")).status_code == 302  # type: ignore[attr-defined]

"""Quick records: kind, what, save; once for each key; for another's paper too."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from grassroots.quick_cast import (
    DAY,
    HOME,
    NOW,
    TOWNSHIP,
    VILLAGE,
    catalogue,
    commissioner,
    hidden_of,
    home,
    liaison,
    typed,
)
from guantong.accounts.models import Absence, IdempotencyKey, Person
from guantong.audit.verification import verify_log
from guantong.grassroots.models import Activity, Demand, Service
from guantong.grassroots.quick.kinds import QuickKind, kinds_for
from guantong.kernel import clock
from guantong.obligations.models import Claim, Obligation
from guantong.records.models import Evidence, Record

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def page_of(client: Client, kind: str, **more: object) -> str:
    return client.get(reverse("quick-record"), {"kind": kind, **more}).content.decode()


def report_of(city: City) -> Obligation:
    """A progress report that the head of the unit owes today."""
    owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12", due_on__gt=DAY).order_by("due_on")[
        0
    ]
    owed.starts_on = DAY
    owed.office = city.head.office  # type: ignore[assignment]
    owed.save()
    return owed


@pytest.fixture
def at_village(city: City, as_: SignIn) -> Client:
    catalogue(city)
    return as_(liaison(city))


class TestTheKinds:
    def test_a_liaison_finds_those_that_have_something_to_choose(
        self, city: City, at_village: Client
    ) -> None:
        page = at_village.get(reverse("quick-record"))
        assert [each["kind"] for each in page.context["kinds"]] == [
            "service", "demand", "meeting", "study", "visit", "other",
        ]  # fmt: skip

    def test_a_commissioner_finds_the_home_and_what_is_unchanged_too(self, signed: City, as_: SignIn) -> None:
        catalogue(signed)
        home(signed)
        owed = Obligation.objects.filter(evidence__icontains="progress_line")[0]
        owed.office = signed.office(TOWNSHIP, "commissioner")
        owed.starts_on, owed.due_on = DAY, DAY
        owed.save()
        page = as_(commissioner(signed)).get(reverse("quick-record"))
        assert {each["kind"] for each in page.context["kinds"]} == set(QuickKind.values)

    def test_the_home_page_offers_them_by_role(self, city: City, as_: SignIn) -> None:
        page = as_(liaison(city)).get("/").content.decode()
        assert [kind for kind in QuickKind.values if f"?kind={kind}" in page] == [
            each.value for each in kinds_for(liaison(city))
        ]
        assert "?kind=activity" in as_(commissioner(city)).get("/").content.decode()

    def test_a_page_asks_few_questions_of_the_database(
        self, city: City, at_village: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(22):
            at_village.get(reverse("quick-record"))
        with django_assert_max_num_queries(22):
            at_village.get(reverse("quick-record"), {"kind": "service"})
        with django_assert_max_num_queries(18):
            at_village.get(reverse("quick-offline"))


class TestSaving:
    def test_a_service_is_the_choice_of_one_line(self, city: City, at_village: Client) -> None:
        page = page_of(at_village, "service")
        item = city.cycle.service_items.order_by("pk")[1]
        answer = at_village.post(
            reverse("quick-record"),
            typed(page, item=item.pk, people=1, villages=[city.units[VILLAGE].pk]),
        )
        service = Service.objects.get()
        assert answer["Location"] == reverse("record", args=[service.record_id])
        assert (service.item, service.people, service.record.happened_on) == (item, 1, DAY)
        assert [each.code for each in service.villages.all()] == [VILLAGE]
        assert verify_log().faults == []

    def test_day_and_place_are_filled_in(self, city: City, at_village: Client) -> None:
        form = at_village.get(reverse("quick-record"), {"kind": "service"}).context["form"]
        assert form.initial["villages"] == [str(city.units[VILLAGE].pk)]
        assert form.initial["happened_on"] == DAY
        work = at_village.get(reverse("quick-record"), {"kind": "visit"}).context["form"]
        assert work.initial["place"] == "联丰社区"

    def test_one_service_covers_several_villages(self, city: City, as_: SignIn) -> None:
        catalogue(city)
        client = as_(commissioner(city))
        page = page_of(client, "service")
        both = [city.units[code].pk for code in (VILLAGE, "150602001002")]
        item = city.cycle.service_items.order_by("pk")[0]
        client.post(reverse("quick-record"), typed(page, item=item.pk, people=40, villages=both))
        assert {each.pk for each in Service.objects.get().villages.all()} == set(both)
        assert Record.objects.count() == 1

    def test_a_demand_is_one_sentence(self, city: City, at_village: Client) -> None:
        page = page_of(at_village, "demand")
        sent = typed(page, wording="小区路灯不亮，希望修好。", unit=city.units[VILLAGE].pk)
        answer = at_village.post(reverse("quick-record"), sent)
        demand = Demand.objects.get()
        assert answer["Location"] == reverse("demand", args=[demand.pk])
        assert demand.unit.code == VILLAGE

    def test_an_activity_needs_neither_a_number_nor_a_name(self, city: City, as_: SignIn) -> None:
        registered = home(city)
        client = as_(city.acting(HOME, "home_keeper"))
        page = page_of(client, "activity")
        client.post(reverse("quick-record"), typed(page, content="culture", home=registered.pk))
        activity = Activity.objects.get()
        assert (activity.title, activity.signed_in, activity.stage) == ("文化体育", None, "held")

    @pytest.mark.parametrize(
        ("kind", "record"),
        [("meeting", "meeting"), ("study", "study"), ("visit", "visit"), ("other", "progress")],
    )
    def test_other_work_is_one_record(self, city: City, at_village: Client, kind: str, record: str) -> None:
        page = page_of(at_village, kind)
        at_village.post(reverse("quick-record"), typed(page, summary="走访两户企业。", place="联丰社区"))
        made = Record.objects.get()
        assert (made.kind, made.summary, made.happened_on) == (record, "走访两户企业。", DAY)

    def test_what_was_said_before_can_be_said_again_with_one_tap(
        self, city: City, at_village: Client
    ) -> None:
        page = page_of(at_village, "visit")
        at_village.post(reverse("quick-record"), typed(page, summary="走访联系户。"))
        page = page_of(at_village, "visit")
        assert 'value="走访联系户。"' in page
        at_village.post(reverse("quick-record"), typed(page, said="走访联系户。"))
        assert list(Record.objects.values_list("summary", flat=True)) == ["走访联系户。"] * 2

    def test_nothing_new_is_one_choice(self, signed: City, as_: SignIn) -> None:
        owed = report_of(signed)
        client = as_(signed.head)
        page = page_of(client, "nothing_new")
        answer = client.post(reverse("quick-record"), hidden_of(page) | {"obligation": owed.pk})
        assert answer["Location"] == reverse("obligation", args=[owed.pk])
        assert Claim.objects.get(obligation=owed).nothing_new

    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(self, city: City, at_village: Client) -> None:
        page = page_of(at_village, "visit")
        answer = at_village.post(
            reverse("quick-record"), typed(page, summary="走访两户。", happened_on="2026-04-11")
        )
        assert answer.status_code == 422
        shown = answer.content.decode()
        assert "还没有到" in shown
        assert "走访两户。" in shown
        assert not Record.objects.exists()

    def test_nothing_said_is_refused(self, city: City, at_village: Client) -> None:
        answer = at_village.post(reverse("quick-record"), typed(page_of(at_village, "visit")))
        assert (answer.status_code, Record.objects.count()) == (422, 0)
        assert "请写明做了什么" in answer.content.decode()


class TestOnce:
    def test_pressing_twice_stores_once(self, city: City, at_village: Client) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。")
        first, second = (at_village.post(reverse("quick-record"), sent) for _each in range(2))
        assert first["Location"] == second["Location"]
        assert Record.objects.count() == 1
        assert "没有重复保存" in at_village.get(second["Location"]).content.decode()

    def test_a_repetition_is_answered_where_what_it_chose_is_gone(self, signed: City, as_: SignIn) -> None:
        owed = report_of(signed)
        client = as_(signed.head)
        sent = hidden_of(page_of(client, "nothing_new")) | {"obligation": owed.pk}
        answers = [client.post(reverse("quick-record"), sent, headers=JSON) for _each in range(3)]
        assert [each.status_code for each in answers] == [201, 200, 200]
        assert len({each.json()["led_to"] for each in answers}) == 1
        assert Claim.objects.count() == 1

    def test_the_key_with_other_words_is_refused_in_a_sentence(self, city: City, at_village: Client) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。")
        at_village.post(reverse("quick-record"), sent)
        answer = at_village.post(reverse("quick-record"), sent | {"summary": "另一件。"}, headers=JSON)
        assert answer.status_code == 422
        assert "内容不同" in answer.json()["reasons"][0]
        assert Record.objects.count() == 1

    def test_what_was_refused_can_be_sent_corrected_under_its_key(
        self, city: City, at_village: Client
    ) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。", happened_on="2026-04-11")
        assert at_village.post(reverse("quick-record"), sent, headers=JSON).status_code == 422
        assert not IdempotencyKey.objects.exists()
        good = sent | {"happened_on": "2026-04-09"}
        assert at_village.post(reverse("quick-record"), good, headers=JSON).status_code == 201


class TestWhoSends:
    def test_another_person_s_record_is_not_stored(self, city: City, at_village: Client, as_: SignIn) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。")
        other = as_(commissioner(city))
        answer = other.post(reverse("quick-record"), sent, headers=JSON)
        assert (answer.status_code, answer.json()["stored"]) == (409, False)
        assert other.post(reverse("quick-record"), sent).status_code == 422
        assert not Record.objects.exists()

    def test_it_is_entered_for_the_office_it_was_typed_for(self, city: City, as_: SignIn) -> None:
        """Somebody with two offices chose the other one since."""
        acting = liaison(city)
        assert acting.person is not None
        second = commissioner(city)
        holding = second.office.holdings.get()  # type: ignore[union-attr]
        Absence.objects.create(
            holding=holding, stand_in=acting.person, starts_on=DAY, ends_on=DAY, recorded_at=NOW
        )
        client = as_(acting)
        sent = typed(page_of(client, "visit"), summary="走访。")
        client.post("/acting-office/", {"office": second.office_ref})
        client.post(reverse("quick-record"), sent)
        assert Record.objects.get().entered_by == acting.office

    def test_an_office_that_is_not_one_s_own_is_refused(self, city: City, at_village: Client) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。")
        wrong = sent | {"office": city.office(TOWNSHIP, "commissioner").pk}
        answer = at_village.post(reverse("quick-record"), wrong, headers=JSON)
        assert answer.status_code == 422
        assert "另一个职务" in answer.json()["reasons"][0]
        assert not Record.objects.exists()

    def test_the_token_says_who_is_signed_in_and_nobody_else_gets_one(
        self, city: City, at_village: Client
    ) -> None:
        told = at_village.get(reverse("quick-token")).json()
        assert told["who"] == liaison(city).person_ref
        assert len(told["token"]) == 64
        assert Client().get(reverse("quick-token")).status_code == 302
        assert at_village.post(reverse("quick-token")).status_code == 405

    def test_without_the_token_nothing_is_stored(self, city: City, at_village: Client) -> None:
        sent = typed(page_of(at_village, "visit"), summary="走访。")
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = at_village.cookies
        assert strict.post(reverse("quick-record"), sent, headers=JSON).status_code == 403
        token = strict.get(reverse("quick-token")).json()["token"]
        told = strict.post(reverse("quick-record"), sent, headers=JSON | {"X-CSRFToken": token})
        assert told.status_code == 201


class TestPaper:
    """Who never signs in is entered once by somebody else, and loses nothing by it."""

    def test_the_service_is_the_liaison_s_and_says_that_it_was_on_paper(
        self, city: City, as_: SignIn
    ) -> None:
        catalogue(city)
        client, whose = as_(commissioner(city)), city.office(VILLAGE, "liaison")
        page = page_of(client, "service", whose=whose.pk)
        assert "联丰社区" in page.split("<h1>")[1][:200]
        item = city.cycle.service_items.order_by("pk")[0]
        client.post(
            reverse("quick-record"), typed(page, item=item.pk, people=2, villages=[city.units[VILLAGE].pk])
        )
        record = Record.objects.get()
        assert record.entered_by == city.office(TOWNSHIP, "commissioner")
        assert set(record.participations.values_list("office", flat=True)) == {whose.pk, record.entered_by_id}
        assert Evidence.objects.get().reference == "纸质登记单，代为录入"
        assert not Person.objects.filter(holdings__office=whose).exists()

    def test_other_work_too(self, city: City, as_: SignIn) -> None:
        client, whose = as_(commissioner(city)), city.office(VILLAGE, "liaison")
        page = page_of(client, "visit", whose=whose.pk)
        client.post(reverse("quick-record"), typed(page, summary="走访。", place="联丰社区"))
        assert whose.pk in Record.objects.get().participations.values_list("office", flat=True)

    def test_the_list_is_searched_by_name_or_by_the_code_on_the_paper(self, city: City, as_: SignIn) -> None:
        client = as_(commissioner(city))
        found = client.get(reverse("quick-paper"), {"q": VILLAGE}).context["listing"]
        assert {each.unit.code for each in found} == {VILLAGE}
        named = client.get(reverse("quick-paper"), {"q": "民族社区"}).context["listing"]
        assert {each.unit.code for each in named} == {"150602001002"}
        every = client.get(reverse("quick-paper")).context["listing"]
        assert {each.unit.code for each in every} >= {VILLAGE, "150602001002"}

    @pytest.mark.parametrize("sent", [False, True])
    def test_not_for_an_office_out_of_reach(self, city: City, as_: SignIn, sent: bool) -> None:
        client, far = as_(commissioner(city)), city.office("150622100200", "liaison")
        if sent:
            page = page_of(client, "visit")
            answer = client.post(reverse("quick-record"), typed(page, summary="走访。") | {"whose": far.pk})
        else:
            answer = client.get(reverse("quick-record"), {"kind": "visit", "whose": far.pk})
        assert (answer.status_code, Record.objects.count()) == (422, 0)


class TestWhatThePhoneKeeps:
    def test_the_kept_page_has_no_name_no_token_and_every_kind(self, city: City, at_village: Client) -> None:
        person = liaison(city).person
        assert person is not None
        person.display_name = "张三丰"
        person.save()
        answer = at_village.get(reverse("quick-offline"))
        page = answer.content.decode()
        assert "张三丰" not in page
        assert "csrfmiddlewaretoken" not in page
        assert {kind for kind in QuickKind.values if f'data-quick="{kind}"' in page} == {
            "service", "demand", "meeting", "study", "visit", "other",
        }  # fmt: skip
        assert f'data-who="{person.pk}"' in page

    def test_the_worker_is_served_at_the_root_and_reaches_nothing_but_here(
        self, client: Client, db: None
    ) -> None:
        answer = client.get("/service-worker.js")
        assert answer["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
        assert answer["Cache-Control"] == "no-cache"
        script = answer.content.decode()
        for name in ("quick-record", "quick-token", "quick-offline"):
            assert f'"{reverse(name)}"' in script
        assert not {"import ", "importScripts", "eval("} & {
            each for each in ("import ", "importScripts", "eval(") if each in script
        }

    def test_sign_out_forgets_this_device_unless_others_wait_on_it(self, city: City, as_: SignIn) -> None:
        assert as_(liaison(city)).post("/sign-out/", {"others": ""})["Clear-Site-Data"] == '"storage"'
        assert "Clear-Site-Data" not in as_(liaison(city)).post("/sign-out/", {"others": "1"})

    @pytest.mark.parametrize("name", ["quick-record", "quick-offline", "quick-paper"])
    def test_not_for_those_without_the_right(self, city: City, as_: SignIn, name: str) -> None:
        assert as_(city.acting("1506-LGO", "assessor")).get(reverse(name)).status_code == 403
        assert Client().get(reverse(name)).status_code == 302
        assert as_(liaison(city)).put(reverse(name)).status_code == 405


@pytest.mark.parametrize("on_paper", [False, True])
def test_it_comes_to_the_same_whether_one_signs_in_or_writes_on_paper(
    signed: City, as_: SignIn, on_paper: bool
) -> None:
    """The same duty of the same office is claimed; nothing says who uses the system."""
    catalogue(signed)
    whose = signed.office(TOWNSHIP, "commissioner")
    client = as_(signed.coordinator if on_paper else commissioner(signed))
    page = page_of(client, "service", whose=whose.pk)
    item = signed.cycle.service_items.order_by("pk")[0]
    client.post(
        reverse("quick-record"), typed(page, item=item.pk, people=1, villages=[signed.units[VILLAGE].pk])
    )
    claimed = {(each.obligation.rule, each.claimed_by) for each in Claim.objects.select_related("obligation")}
    assert claimed == {("D14", whose)}
    assert verify_log().faults == []

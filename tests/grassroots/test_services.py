from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.verification import verify_log
from guantong.grassroots.catalogue import BUILT_IN
from guantong.grassroots.models import Home, Service, ServiceItem
from guantong.grassroots.operations.catalogue import add_item, stop_item, take_built_in_catalogue
from guantong.grassroots.operations.services import give_service
from guantong.grassroots.queries.services import items_offered, services_visible_to, summed
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation
from guantong.records.models import Record

DAY = dt.date(2026, 4, 10)
NOW = at(4, 10)


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def item(city: City) -> ServiceItem:
    take_built_in_catalogue(cycle=city.cycle, actor=CONSOLE, now=NOW)
    return city.cycle.service_items.select_related("cycle__unit").order_by("pk")[0]


@pytest.fixture
def liaison(city: City) -> Acting:
    return city.acting("150602001001", "liaison")


@pytest.fixture
def commissioner(city: City) -> Acting:
    return city.acting("150602001", "commissioner")


Give = Callable[..., Service]


@pytest.fixture
def give(city: City, item: ServiceItem) -> Give:
    def given(acting: Acting, *codes: str, **changed: Any) -> Service:
        places = [city.units[code] for code in codes or ("150602001001",)]
        told: dict[str, Any] = {"item": item, "villages": places, "people": 3, "happened_on": DAY}
        told |= {"entered_by": acting.office, "actor": acting, "now": NOW, "today": DAY}
        return give_service(**told | changed)

    return given


class TestCatalogue:
    def test_a_cycle_without_one_takes_the_built_in_once(self, city: City) -> None:
        office = city.coordinator
        assert take_built_in_catalogue(cycle=city.cycle, actor=office, now=NOW) == len(BUILT_IN)
        assert take_built_in_catalogue(cycle=city.cycle, actor=office, now=NOW) == 0
        assert [each.name for each in items_offered(city.cycle, DAY)] == [name for name, *_rest in BUILT_IN]
        assert verify_log().faults == []

    def test_only_the_coordinating_office_writes_it(self, city: City, commissioner: Acting) -> None:
        with pytest.raises(Refusal, match="由统筹协调机构编定"):
            take_built_in_catalogue(cycle=city.cycle, actor=commissioner, now=NOW)
        with pytest.raises(Refusal, match="由统筹协调机构编定"):
            add_item(cycle=city.cycle, name="送药上门", minutes=5, actor=commissioner, now=NOW)

    def test_a_stopped_line_is_not_offered_and_comes_back_under_its_name(
        self, city: City, item: ServiceItem
    ) -> None:
        stop_item(item=item, actor=city.coordinator, now=NOW)
        assert item not in items_offered(city.cycle, DAY)
        with pytest.raises(Refusal, match="已经停用"):
            stop_item(item=item, actor=city.coordinator, now=NOW)
        again = add_item(cycle=city.cycle, name=item.name, minutes=7, actor=city.coordinator, now=NOW)
        assert (again.pk, again.closed_on, again.minutes) == (item.pk, None, 7)
        with pytest.raises(Refusal, match="已经有"):
            add_item(cycle=city.cycle, name=item.name, minutes=7, actor=city.coordinator, now=NOW)
        assert verify_log().faults == []


class TestGive:
    def test_one_record_covers_several_villages(self, give: Give, commissioner: Acting) -> None:
        service = give(commissioner, "150602001001", "150602001002", stars=5)
        assert Record.objects.count() == 1
        assert {each.name for each in service.villages.all()} == {"联丰社区", "民族社区"}
        assert service.record.summary == "政策宣传解读（联丰社区、民族社区），3 人次"
        assert (service.people, service.stars) == (3, 5)
        assert verify_log().faults == []

    def test_it_claims_the_duty_to_each_village_covered_and_to_no_other(
        self, signed: City, give: Give, commissioner: Acting
    ) -> None:
        service = give(commissioner, "150602001001")
        owed = Obligation.objects.filter(office=commissioner.office, rule="D14")
        claimed = set(owed.filter(state=State.CLAIMED).values_list("title", flat=True))
        assert claimed == {"走访联系嘎查村（社区）（联丰社区）"}
        assert set(Claim.objects.values_list("record", flat=True)) == {service.record_id}

    def test_one_record_claims_the_duties_to_all_villages(
        self, signed: City, give: Give, commissioner: Acting
    ) -> None:
        give(commissioner, "150602001001", "150602001002")
        owed = Obligation.objects.filter(office=commissioner.office, rule="D14", state=State.CLAIMED)
        assert owed.count() == 2
        assert set(owed.values_list("starts_on", flat=True)) == {dt.date(2026, 1, 1)}
        assert verify_log().faults == []

    def test_a_liaison_officers_service_claims_nothing_of_the_commissioner(
        self, signed: City, give: Give, liaison: Acting
    ) -> None:
        give(liaison)
        assert not Claim.objects.filter(obligation__rule="D14").exists()

    def test_the_same_key_gives_the_first_back(self, give: Give, liaison: Acting) -> None:
        first = give(liaison, submission_key="abcdefgh")
        assert give(liaison, submission_key="abcdefgh") == first
        assert Record.objects.count() == 1

    def test_from_a_paper_list_it_is_the_others_service(
        self, city: City, give: Give, commissioner: Acting, liaison: Acting
    ) -> None:
        service = give(commissioner, office=liaison.office, on_paper=True)
        took_part = {each.office for each in service.record.participations.all()}
        assert took_part == {commissioner.office, liaison.office}
        assert [each.reference for each in service.record.evidence.all()] == ["纸质登记单，代为录入"]

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"people": 0}, "人次应在"),
            ({"people": 5001}, "人次应在"),
            ({"stars": 6}, "1 到 5 分"),
            ({"villages": []}, "请选择在哪个"),
            ({"happened_on": dt.date(2026, 4, 11)}, "还没有到"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, give: Give, liaison: Acting, changed: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(Refusal, match=why):
            give(liaison, **changed)

    def test_a_village_of_somebody_else_is_refused(self, give: Give, liaison: Acting) -> None:
        with pytest.raises(Refusal, match="联系的地方"):
            give(liaison, "150602001002")

    def test_nobody_enters_for_an_office_they_do_not_see(
        self, city: City, give: Give, liaison: Acting, commissioner: Acting
    ) -> None:
        with pytest.raises(Refusal, match="只能为本单位和下级"):
            give(liaison, office=commissioner.office)
        with pytest.raises(Refusal, match="由服务的岗位登记"):
            give(liaison, entered_by=commissioner.office)

    def test_a_home_of_elsewhere_is_refused(self, city: City, give: Give, liaison: Acting) -> None:
        with pytest.raises(Refusal, match="从名单中选择之家"):
            give(liaison, home=Home.objects.create(unit=city.units["15"], registered_at=NOW))

    def test_a_leaders_visit_is_no_service(self, city: City, give: Give) -> None:
        with pytest.raises(Refusal, match="由联络员"):
            give(city.coordinator)


class TestSee:
    def test_a_village_sees_what_was_done_in_it_by_whomever(
        self, city: City, give: Give, commissioner: Acting, liaison: Acting
    ) -> None:
        both = give(commissioner, "150602001001", "150602001002")
        give(commissioner, "150602001002")
        assert set(services_visible_to(liaison)) == {both}
        assert services_visible_to(city.acting("150622", "first_responsible")).count() == 0
        assert services_visible_to(city.coordinator).count() == 2

    def test_fewer_than_five_marks_are_not_averaged(self, give: Give, liaison: Acting) -> None:
        for _each in range(4):
            give(liaison, stars=2)
        assert summed(services_visible_to(liaison)).stars is None
        give(liaison, stars=5)
        found = summed(services_visible_to(liaison))
        assert (found.services, found.people, found.marks, found.stars) == (5, 15, 5, pytest.approx(2.6))


class TestPages:
    def test_a_liaison_writes_one_down_and_sees_it(
        self, city: City, as_: SignIn, liaison: Acting, item: ServiceItem
    ) -> None:
        client = as_(liaison)
        page = client.get(reverse("new-service"))
        assert page.status_code == 200
        assert "不记是谁" in page.content.decode()
        sent = {
            "item": item.pk, "villages": [city.units["150602001001"].pk], "people": 2, "happened_on": "2026-04-09",
            "submission_key": "key-of-this-form",
        }  # fmt: skip
        for _twice in range(2):
            assert client.post(reverse("new-service"), sent).status_code == 302
        assert Service.objects.count() == 1
        assert "政策宣传解读" in client.get(reverse("services")).content.decode()

    def test_without_a_place_it_stays_on_the_form(
        self, as_: SignIn, liaison: Acting, item: ServiceItem
    ) -> None:
        answer = as_(liaison).post(
            reverse("new-service"), {"item": item.pk, "people": 2, "happened_on": "2026-04-09"}
        )
        assert answer.status_code == 422
        assert "请选择在哪个嘎查村社区" in answer.content.decode()

    def test_the_commissioner_enters_a_paper_list(
        self, city: City, as_: SignIn, liaison: Acting, commissioner: Acting, item: ServiceItem
    ) -> None:
        client = as_(commissioner)
        assert str(liaison.office) in client.get(reverse("service-paper")).content.decode()
        address = f"{reverse('new-service')}?for={liaison.office_ref}"
        sent = {
            "item": item.pk,
            "villages": [city.units["150602001001"].pk],
            "people": 1,
            "happened_on": "2026-04-01",
        }
        assert client.post(address, sent).status_code == 302
        assert Service.objects.get().record.evidence.count() == 1

    def test_for_an_office_out_of_sight_there_is_no_form(
        self, city: City, as_: SignIn, commissioner: Acting, item: ServiceItem
    ) -> None:
        other = city.acting("150622100200", "liaison")
        assert as_(commissioner).get(f"{reverse('new-service')}?for={other.office_ref}").status_code == 404

    def test_whoever_does_not_serve_is_led_to_the_paper_list(
        self, city: City, as_: SignIn, item: ServiceItem
    ) -> None:
        answer = as_(city.coordinator).get(reverse("new-service"))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("service-paper"))

    def test_the_office_edits_the_catalogue(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        assert "采用内置目录" in client.get(reverse("service-items")).content.decode()
        client.post(reverse("service-items-built-in"))
        assert client.post(reverse("service-items"), {"name": "送药上门", "minutes": 5}).status_code == 302
        assert client.post(reverse("service-items"), {"name": "送药上门", "minutes": 5}).status_code == 422
        item = ServiceItem.objects.get(name="送药上门")
        assert client.post(reverse("service-item-stop", args=[item.pk])).status_code == 302
        assert client.post(reverse("service-item-stop", args=[item.pk])).status_code == 422
        assert client.get(reverse("service-item-stop", args=[item.pk])).status_code == 405

    def test_a_commissioner_does_not(
        self, city: City, as_: SignIn, commissioner: Acting, item: ServiceItem
    ) -> None:
        client = as_(commissioner)
        assert client.get(reverse("service-items")).status_code == 403
        assert client.post(reverse("service-item-stop", args=[item.pk])).status_code == 403

    def test_the_list_asks_as_often_for_many_as_for_few(
        self, as_: SignIn, give: Give, commissioner: Acting, django_assert_max_num_queries: Any
    ) -> None:
        client = as_(commissioner)
        give(commissioner)
        client.get(reverse("services"))
        for _each in range(12):
            give(commissioner, "150602001001", "150602001002")
        with django_assert_max_num_queries(30):
            client.get(reverse("services"))

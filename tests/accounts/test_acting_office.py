"""Several offices: which one is acted for, and the log says the person for that office."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.conftest import days, text_of
from conftest import CONSOLE, START, City
from guantong.accounts.acting import Acting, Console
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import hold_office, record_absence
from guantong.accounts.queries import seat_in_use, seats_of
from guantong.audit.models import AuditEntry
from guantong.kernel import clock


@pytest.fixture
def two(offices: City, newcomer: Person) -> tuple[Office, Office]:
    """The newcomer heads one unit outright and another as acting."""
    first, second = offices.office("1506-MU-01", "unit_head"), offices.office("1506-MU-02", "unit_head")
    for office, acting in ((first, False), (second, True)):
        hold_office(
            person=newcomer, office=office, starts_on=dt.date(2026, 1, 5), acting=acting, actor=CONSOLE, now=START
        )  # fmt: skip
    return first, second


@pytest.fixture
def browser(newcomer: Person) -> Client:
    client = Client()
    client.force_login(newcomer)
    return client


def acted_for(client: Client) -> Office | None:
    """The office the server takes the next request to be for."""
    office: Office | None = client.get(reverse("account")).wsgi_request.acting.office
    return office


def switch(client: Client, office: object) -> int:
    return client.post(reverse("acting-office"), {"office": office}).status_code


class TestSwitchingTheOffice:
    def test_the_one_held_outright_comes_first_and_the_header_offers_the_other(
        self, browser: Client, two: tuple[Office, Office]
    ) -> None:
        page = text_of(browser.get(reverse("account")))  # type: ignore[arg-type]
        assert acted_for(browser) == two[0]
        assert f'value="{two[1].pk}"' in page
        assert f'value="{two[0].pk}"' not in page

    def test_the_chosen_one_is_acted_for_until_another_is_chosen(
        self, browser: Client, two: tuple[Office, Office]
    ) -> None:
        for office in (two[1], two[0], two[1], two[1]):
            assert switch(browser, office.pk) == 302
            assert acted_for(browser) == office

    def test_the_log_says_the_person_for_the_office(
        self, browser: Client, newcomer: Person, two: tuple[Office, Office]
    ) -> None:
        switch(browser, two[1].pk)
        browser.post(reverse("own-name"), {"display_name": "李四"})
        entry = AuditEntry.objects.get(verb="accounts.name_corrected")
        assert (entry.person_ref, entry.office_ref) == (newcomer.pk, two[1].pk)
        assert entry.actor == f"person:{newcomer.pk} office:{two[1].pk}"

    def test_switching_leaves_a_row_for_the_office_left(
        self, browser: Client, two: tuple[Office, Office]
    ) -> None:
        switch(browser, two[1].pk)
        entry = AuditEntry.objects.get(verb="accounts.office_switched")
        assert (entry.office_ref, entry.payload) == (two[0].pk, f'{{"office":{two[1].pk}}}')

    @pytest.mark.parametrize("chosen", ["", "x", "-1", "999999999999999999999"])
    def test_what_is_no_office_of_theirs_is_refused(
        self, browser: Client, two: tuple[Office, Office], chosen: str
    ) -> None:
        assert switch(browser, chosen) == 422
        assert acted_for(browser) == two[0]

    def test_somebody_else_s_office_is_refused(
        self, browser: Client, offices: City, two: tuple[Office, Office]
    ) -> None:
        assert switch(browser, offices.coordinator.office_ref) == 422
        assert acted_for(browser) == two[0]
        assert not AuditEntry.objects.filter(verb="accounts.office_switched").exists()

    def test_an_office_chosen_earlier_falls_away_with_its_holding(
        self, browser: Client, two: tuple[Office, Office]
    ) -> None:
        switch(browser, two[1].pk)
        Holding.objects.filter(office=two[1]).update(ends_on=clock.today() - days(1))
        assert acted_for(browser) == two[0]

    def test_reading_the_address_is_the_wrong_verb(self, browser: Client) -> None:
        answer = browser.get(reverse("acting-office"))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")

    def test_a_stranger_signs_in_first(self, two: tuple[Office, Office]) -> None:
        answer = Client().post(reverse("acting-office"), {"office": two[0].pk})
        assert answer["Location"].startswith(reverse("sign-in"))


class TestStandingIn:
    @pytest.fixture
    def stood_in(self, offices: City, newcomer: Person) -> Acting:
        """The district's head is away today and the newcomer stands in."""
        head = offices.acting("150602", "first_responsible")
        today = clock.today()
        record_absence(
            holding=Holding.objects.get(person=head.person), stand_in=newcomer, starts_on=today, ends_on=today,
            actor=CONSOLE, now=START,
        )  # fmt: skip
        return head

    def test_own_offices_come_first_and_the_other_can_be_chosen(
        self, browser: Client, two: tuple[Office, Office], stood_in: Acting
    ) -> None:
        assert acted_for(browser) == two[0]
        assert switch(browser, stood_in.office_ref) == 302
        assert acted_for(browser) == stood_in.office

    def test_the_log_names_by_number_whom_they_stood_in_for(
        self, browser: Client, newcomer: Person, stood_in: Acting
    ) -> None:
        browser.post(reverse("own-name"), {"display_name": "李四"})
        assert stood_in.person is not None
        assert AuditEntry.objects.get(verb="accounts.name_corrected").actor == (
            f"person:{newcomer.pk} office:{stood_in.office_ref} standing_in_for:{stood_in.person.pk}"
        )

    def test_the_holder_keeps_acting_for_the_office_too(self, stood_in: Acting) -> None:
        assert stood_in.person is not None
        seat = seat_in_use(seats_of(stood_in.person, on=clock.today()), office_id=None)
        assert seat is not None
        assert (seat.office, seat.standing_in_for) == (stood_in.office, None)


class TestActing:
    def test_nobody_without_an_office_has_a_function(self, newcomer: Person) -> None:
        for acting in (Acting(), Acting(newcomer)):
            assert (acting.functions, acting.scope_path, acting.sees("000001")) == (frozenset(), "", False)

    def test_the_subtree_of_the_office_is_seen_and_no_other(self, offices: City) -> None:
        district = offices.acting("150602", "first_responsible")
        seen = {code for code, unit in offices.units.items() if district.sees(unit.path)}
        assert seen == {
            "150602", "150602001", "150602001001", "150602001002", "150602001-H1",
        }  # fmt: skip

    def test_who_stands_behind_an_act(self, offices: City, newcomer: Person) -> None:
        head = offices.head
        assert head.person is not None
        acting = Acting(newcomer, head.office, standing_in_for=head.person)
        assert acting.behind == {newcomer.pk, head.person.pk}
        assert acting.shares_a_person_with(None, head.person.pk)
        assert not acting.shares_a_person_with(None, head.person.pk + 1)

    def test_it_reads_as_the_person_the_holder_and_the_office(self, offices: City, newcomer: Person) -> None:
        head = offices.head
        said = [Acting(), Acting(newcomer), head, Acting(newcomer, head.office, standing_in_for=head.person)]
        assert [str(each) for each in said] == [
            "未登录",
            "新来的人",
            f"{head.person} · {head.office}",
            f"新来的人 代 {head.person} · {head.office}",
        ]
        assert said[0].reference == "anonymous"

    def test_the_console_has_the_functions_and_is_nobody(self) -> None:
        console = Console("night-shift")
        assert console.may("anything.at_all")
        assert console.sees("any path")
        assert (str(console), console.reference) == ("night-shift", "console:night-shift")
        assert not console.shares_a_person_with(1)

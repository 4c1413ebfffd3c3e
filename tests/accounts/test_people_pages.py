"""The security administrator's pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.conftest import Enter, days, give_password, text_of, who_is_signed_in
from conftest import CONSOLE, START, City, SignIn
from guantong.accounts.acting import Acting
from guantong.accounts.lockout import is_locked, note_attempt
from guantong.accounts.models import Absence, Handover, Holding, Outcome, Person
from guantong.accounts.operations import end_holding, hold_office, set_active
from guantong.accounts.queries import seats_of
from guantong.audit.models import AuditEntry
from guantong.kernel import clock

Page = Callable[[str], str]


@pytest.fixture
def desk(security: Acting, as_: SignIn) -> Client:
    """The security administrator's browser."""
    return as_(security)


@pytest.fixture
def head(offices: City) -> Holding:
    return Holding.objects.select_related("person", "office").get(person=offices.head.person)


@pytest.fixture
def addresses(newcomer: Person, head: Holding) -> dict[str, str]:
    """Every address of these pages."""
    of_person = {
        name: reverse(name, args=[newcomer.pk])
        for name in ("person", "appointments", "unlocking", "standing", "sign-in-reset")
    }
    of_holding = {name: reverse(name, args=[head.pk]) for name in ("holding-end", "absences")}
    return {name: reverse(name) for name in ("people", "new-person")} | of_person | of_holding


READ = {"people", "person"}
BOTH = {"new-person"}


def appointment(**changed: object) -> dict[str, object]:
    return {"unit": "1506-MU-01", "seat": "unit_head", "number": 1, "starts_on": clock.today()} | changed


class TestWhoMayUseThem:
    def test_nobody_but_the_security_administrator(
        self, offices: City, newcomer: Person, addresses: dict[str, str], as_: SignIn
    ) -> None:
        others = [offices.head, offices.coordinator, Acting(newcomer)]
        others += [offices.acting("1506-LGO", seat) for seat in ("system_admin", "audit_admin")]
        before = AuditEntry.objects.count()
        for acting in others:
            client = as_(acting)
            answers = {
                name: (client.get if name in READ else client.post)(address).status_code
                for name, address in addresses.items()
            }
            assert answers == dict.fromkeys(addresses, 403)
        assert AuditEntry.objects.count() == before

    def test_a_stranger_signs_in_first(self, addresses: dict[str, str]) -> None:
        for address in addresses.values():
            assert Client().post(address)["Location"].startswith(reverse("sign-in"))

    def test_wrong_verbs_are_refused(self, desk: Client, addresses: dict[str, str]) -> None:
        allowed = {
            name: "GET" if name in READ else "GET, POST" if name in BOTH else "POST" for name in addresses
        }
        answers = {name: desk.put(address) for name, address in addresses.items()}
        assert {name: (each.status_code, each["Allow"]) for name, each in answers.items()} == {
            name: (405, verbs) for name, verbs in allowed.items()
        }

    def test_what_is_not_there_is_not_found(self, desk: Client, addresses: dict[str, str]) -> None:
        nowhere = {
            name: re.sub(r"/\d+/", "/999999/", address)
            for name, address in addresses.items()
            if "/" in address
        }
        answers = {
            name: (desk.get if name in READ else desk.post)(address, appointment()).status_code
            for name, address in nowhere.items() if name not in ("people", "new-person")
        }  # fmt: skip
        assert answers == dict.fromkeys(answers, 404)

    def test_they_hold_no_business(self, desk: Client, head: Holding) -> None:
        for page in ("obligations", "inbox", "duty-lists", "approvals"):
            assert desk.get(reverse(page)).status_code == 403


class TestPeoplePage:
    def test_it_lists_who_holds_what_today_and_nobody_of_yesterday(
        self, desk: Client, head: Holding, offices: City
    ) -> None:
        other = offices.acting("1506-MU-02", "unit_head")
        Holding.objects.filter(person=other.person).update(ends_on=clock.today() - days(1))
        page = text_of(desk.get(reverse("people")))  # type: ignore[arg-type]
        table = page[page.index("<table") : page.index("</table>")]
        assert head.office.title in table
        assert "市教育体育局单位主要负责人" not in table

    def test_a_part_of_the_office_s_title_finds_it(self, desk: Client, head: Holding, offices: City) -> None:
        offices.acting("1506-MU-02", "unit_head")
        page = text_of(desk.get(reverse("people"), {"q": "发展和改革"}))  # type: ignore[arg-type]
        assert ("市发展和改革委员会单位主要负责人" in page, "市教育体育局" in page) == (True, False)

    @pytest.mark.parametrize("stopped", [False, True])
    def test_a_complete_sign_in_name_leads_to_the_account_whatever_it_holds(
        self, desk: Client, newcomer: Person, stopped: bool
    ) -> None:
        if stopped:
            set_active(person=newcomer, active=False, actor=CONSOLE, now=START)
        answer = desk.get(reverse("people"), {"q": "newcomer"})
        assert answer["Location"] == reverse("person", args=[newcomer.pk])

    def test_a_part_of_a_sign_in_name_finds_nobody(self, desk: Client, newcomer: Person) -> None:
        assert desk.get(reverse("people"), {"q": "newcome"}).status_code == 200

    def test_whoever_holds_nothing_today_is_named(
        self, desk: Client, newcomer: Person, head: Holding
    ) -> None:
        links = [reverse("person", args=[each.pk]) for each in (newcomer, head.person)]
        Holding.objects.filter(pk=head.pk).update(ends_on=clock.today() - days(1))
        page = text_of(desk.get(reverse("people")))  # type: ignore[arg-type]
        assert [link in page for link in links] == [True, True]

    def test_locked_accounts_are_named(self, desk: Client, newcomer: Person) -> None:
        for _time in range(5):
            give_password(Client(), "newcomer", "wrong-password")
        page = text_of(desk.get(reverse("people")))  # type: ignore[arg-type]
        assert "因多次登录失败被暂时锁定" in page


class TestNewPerson:
    def given(self, desk: Client, **changed: str) -> str:
        sent = {"sign_in": "zhang", "display_name": "张三"} | changed
        return text_of(desk.post(reverse("new-person"), sent))  # type: ignore[arg-type]

    def test_the_password_is_shown_once_lets_in_and_must_be_changed(self, desk: Client) -> None:
        found = re.search(r'<code class="code">([^<]+)</code>', self.given(desk))
        assert found
        made = Person.objects.by_sign_in("zhang")
        assert made is not None
        assert (made.check_password(found[1]), made.must_change_password) == (True, True)
        assert not made.holdings.exists()
        client = Client()
        give_password(client, "zhang", found[1])
        assert client.get(reverse("home"))["Location"] == reverse("password")
        assert found[1] not in text_of(desk.get(reverse("person", args=[made.pk])))  # type: ignore[arg-type]

    def test_the_log_says_who_made_it_for_which_office(self, desk: Client, security: Acting) -> None:
        self.given(desk)
        assert AuditEntry.objects.get(verb="accounts.person_created").actor == security.reference

    def test_a_second_time_is_refused_and_changes_nothing(self, desk: Client) -> None:
        self.given(desk)
        made = Person.objects.by_sign_in("zhang")
        page = self.given(desk, display_name="别人")
        again = Person.objects.by_sign_in("zhang")
        assert made is not None
        assert again is not None
        assert "已被使用" in page
        assert (str(again.display_name), again.password) == ("张三", made.password)

    @pytest.mark.parametrize(
        ("field", "value"), [("sign_in", ""), ("sign_in", "n" * 65), ("display_name", "")]
    )
    def test_what_is_missing_or_too_long_is_refused(self, desk: Client, field: str, value: str) -> None:
        before = Person.objects.count()
        assert "field__error" in self.given(desk, **{field: value})
        assert Person.objects.count() == before


class TestAppointments:
    def test_the_person_may_act_for_the_office_from_now_on(
        self, desk: Client, newcomer: Person, security: Acting
    ) -> None:
        answer = desk.post(reverse("appointments", args=[newcomer.pk]), appointment(acting="on"))
        assert answer["Location"] == reverse("person", args=[newcomer.pk])
        [seat] = seats_of(newcomer, on=clock.today())
        assert (seat.office.unit.code, seat.holding.acting) == ("1506-MU-01", True)
        held = AuditEntry.objects.filter(verb="accounts.office_held").latest("pk")
        assert held.actor == security.reference

    def test_a_second_time_is_refused_and_changes_nothing(self, desk: Client, newcomer: Person) -> None:
        address = reverse("appointments", args=[newcomer.pk])
        answers = [desk.post(address, appointment()) for _time in range(2)]
        assert [each.status_code for each in answers] == [302, 422]
        assert "已任该职务" in text_of(answers[1])  # type: ignore[arg-type]
        assert newcomer.holdings.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [{"unit": "9999"}, {"seat": "no_such_seat"}, {"number": 2}, {"number": 99999999999}, {"number": 0},
         {"starts_on": "soon"}, {"unit": ""}],
    )  # fmt: skip
    def test_an_office_that_is_not_there_is_refused(
        self, desk: Client, newcomer: Person, wrong: dict[str, object]
    ) -> None:
        answer = desk.post(reverse("appointments", args=[newcomer.pk]), appointment(**wrong))
        assert (answer.status_code, newcomer.holdings.count()) == (422, 0)

    def test_a_closed_office_is_not_found(self, desk: Client, newcomer: Person, head: Holding) -> None:
        head.office.closed_on = clock.today()
        head.office.save()
        answer = desk.post(reverse("appointments", args=[newcomer.pk]), appointment())
        assert (answer.status_code, "没有岗位" in text_of(answer)) == (422, True)  # type: ignore[arg-type]

    def test_nobody_appoints_themselves(self, desk: Client, security: Acting, head: Holding) -> None:
        assert security.person is not None
        answer = desk.post(reverse("appointments", args=[security.person.pk]), appointment())
        assert (answer.status_code, "不能给自己任职" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        assert security.person.holdings.count() == 1


class TestHoldingEnd:
    def test_the_holding_ends_and_its_handover_opens(
        self, desk: Client, head: Holding, security: Acting
    ) -> None:
        today = clock.today()
        answer = desk.post(reverse("holding-end", args=[head.pk]), {"ends_on": today})
        assert answer["Location"] == reverse("person", args=[head.person_id])
        head.refresh_from_db()
        assert (head.ends_on, Handover.objects.get().holding) == (today, head)
        assert AuditEntry.objects.get(verb="accounts.holding_ended").actor == security.reference

    def test_a_second_time_is_refused_and_changes_nothing(self, desk: Client, head: Holding) -> None:
        address = reverse("holding-end", args=[head.pk])
        answers = [desk.post(address, {"ends_on": clock.today()}).status_code for _time in range(2)]
        assert (answers, Handover.objects.count()) == ([302, 422], 1)

    def test_without_a_day_it_is_refused(self, desk: Client, head: Holding) -> None:
        assert desk.post(reverse("holding-end", args=[head.pk])).status_code == 422
        head.refresh_from_db()
        assert head.ends_on is None


class TestAbsences:
    def sent(self, **changed: object) -> dict[str, object]:
        today = clock.today()
        return {"stand_in": "newcomer", "starts_on": today, "ends_on": today + days(4)} | changed

    def test_the_stand_in_may_act_for_the_office(
        self, desk: Client, head: Holding, newcomer: Person, as_: SignIn, security: Acting
    ) -> None:
        answer = desk.post(reverse("absences", args=[head.pk]), self.sent())
        assert answer["Location"] == reverse("person", args=[head.person_id])
        assert as_(Acting(newcomer)).get(reverse("inbox")).wsgi_request.acting.office == head.office
        assert Absence.objects.get().recorded_by == security.office

    def test_a_second_time_is_refused_and_changes_nothing(
        self, desk: Client, head: Holding, newcomer: Person
    ) -> None:
        address = reverse("absences", args=[head.pk])
        assert [desk.post(address, self.sent()).status_code for _time in range(2)] == [302, 422]
        assert Absence.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"stand_in": "nobody"}, {"stand_in": ""}, {"ends_on": "later"}])
    def test_who_or_when_is_not_known_is_refused(
        self, desk: Client, head: Holding, newcomer: Person, wrong: dict[str, object]
    ) -> None:
        answer = desk.post(reverse("absences", args=[head.pk]), self.sent(**wrong))
        assert (answer.status_code, Absence.objects.count()) == (422, 0)

    def test_nobody_makes_themselves_a_stand_in(self, desk: Client, head: Holding, security: Acting) -> None:
        assert security.person is not None
        sent = self.sent(stand_in=str(security.person.sign_in))
        answer = desk.post(reverse("absences", args=[head.pk]), sent)
        assert (answer.status_code, Absence.objects.count()) == (422, 0)
        assert desk.get(reverse("inbox")).status_code == 403


class TestUnlocking:
    def test_a_locked_person_may_try_again_at_once(self, desk: Client, newcomer: Person) -> None:
        now = clock.now()
        for _time in range(5):
            note_attempt(sign_in="newcomer", source="10.0.0.1", outcome=Outcome.FAILED, now=now)
        page = reverse("person", args=[newcomer.pk])
        assert reverse("unlocking", args=[newcomer.pk]) in text_of(desk.get(page))  # type: ignore[arg-type]
        for _time in range(2):  # a second time is harmless
            assert desk.post(reverse("unlocking", args=[newcomer.pk]))["Location"] == page
        assert not is_locked(sign_in="newcomer", source="10.0.0.1", now=clock.now())
        assert reverse("unlocking", args=[newcomer.pk]) not in text_of(desk.get(page))  # type: ignore[arg-type]


class TestStanding:
    def test_a_stopped_account_is_signed_out_and_let_in_again(
        self, desk: Client, newcomer: Person, enter: Enter
    ) -> None:
        client, address = enter(newcomer), reverse("standing", args=[newcomer.pk])
        for _time in range(2):  # a second time is harmless
            assert desk.post(address, {"active": "no"}).status_code == 302
            assert who_is_signed_in(client) is None
        desk.post(address, {"active": "yes"})
        assert who_is_signed_in(enter(newcomer)) == newcomer.pk

    def test_nobody_stops_themselves(self, desk: Client, security: Acting) -> None:
        assert security.person is not None
        answer = desk.post(reverse("standing", args=[security.person.pk]), {"active": "no"})
        assert (answer.status_code, desk.get(reverse("people")).status_code) == (422, 200)


class TestSignInReset:
    def test_the_new_password_is_shown_once_and_must_be_changed(
        self, desk: Client, newcomer: Person, enter: Enter
    ) -> None:
        client = enter(newcomer)
        page = text_of(desk.post(reverse("sign-in-reset", args=[newcomer.pk])))  # type: ignore[arg-type]
        found = re.search(r'<code class="code">([^<]+)</code>', page)
        assert found
        assert who_is_signed_in(client) is None
        give_password(client, "newcomer", found[1])
        assert client.get(reverse("home"))["Location"] == reverse("password")

    def test_a_second_time_the_first_new_password_ends(self, desk: Client, newcomer: Person) -> None:
        pages = [text_of(desk.post(reverse("sign-in-reset", args=[newcomer.pk]))) for _time in range(2)]  # type: ignore[arg-type]
        first, second = (re.search(r'<code class="code">([^<]+)</code>', page) for page in pages)
        assert first
        assert second
        newcomer.refresh_from_db()
        assert (newcomer.check_password(first[1]), newcomer.check_password(second[1])) == (False, True)

    def test_nobody_resets_their_own(self, desk: Client, security: Acting) -> None:
        assert security.person is not None
        answer = desk.post(reverse("sign-in-reset", args=[security.person.pk]))
        assert (answer.status_code, "修改密码" in text_of(answer)) == (422, True)  # type: ignore[arg-type]
        assert desk.get(reverse("people")).status_code == 200


class TestPersonPage:
    def test_it_shows_offices_handover_and_absences(
        self, desk: Client, head: Holding, newcomer: Person
    ) -> None:
        desk.post(
            reverse("absences", args=[head.pk]),
            {"stand_in": "newcomer", "starts_on": clock.today(), "ends_on": clock.today()},
        )
        end_holding(holding=head, ends_on=clock.today(), actor=CONSOLE, now=START)
        of_head = text_of(desk.get(reverse("person", args=[head.person_id])))  # type: ignore[arg-type]
        of_other = text_of(desk.get(reverse("person", args=[newcomer.pk])))  # type: ignore[arg-type]
        assert ("等待接任者接收" in of_head, "由 新来的人 代理" in of_head) == (True, True)
        assert f"代理 {head.office.title}" in of_other

    def test_an_office_still_held_can_be_ended_there_and_an_ended_one_not(
        self, desk: Client, newcomer: Person, offices: City
    ) -> None:
        held = hold_office(
            person=newcomer, office=offices.office("1506-MU-01", "unit_head"), starts_on=START.date(),
            actor=CONSOLE, now=START,
        )  # fmt: skip
        address, page = reverse("holding-end", args=[held.pk]), reverse("person", args=[newcomer.pk])
        assert address in text_of(desk.get(page))  # type: ignore[arg-type]
        desk.post(address, {"ends_on": clock.today()})
        assert address not in text_of(desk.get(page))  # type: ignore[arg-type]

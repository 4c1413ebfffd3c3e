from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.models import Holding
from guantong.audit.verification import verify_log
from guantong.grassroots.models import Certificate
from guantong.grassroots.operations.certificates import accept_certificate, enter_certificate
from guantong.grassroots.queries.certificates import certificates_visible_to, expiring, standings
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

DAY = dt.date(2026, 4, 10)


@pytest.fixture(autouse=True)
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(4, 10))


@pytest.fixture
def commissioner(city: City) -> Acting:
    return city.acting("150602001", "commissioner")


def holding_of(acting: Acting) -> Holding:
    return Holding.objects.select_related("office__unit").get(person=acting.person, office=acting.office)


def enter(acting: Acting, holding: Holding | None = None, **changed: object) -> Certificate:
    given = {"title": "岗前培训", "issued_on": dt.date(2026, 3, 1), "hours": Decimal("16")} | changed
    return enter_certificate(holding=holding or holding_of(acting), actor=acting, now=at(4, 10), **given)  # type: ignore[arg-type]


class TestEnter:
    def test_the_office_enters_its_holders_and_it_waits_for_another_office(
        self, commissioner: Acting
    ) -> None:
        made = enter(commissioner)
        assert (made.accepted_on, made.entered_by) == (None, commissioner.office)
        assert standings([made.holding_id], on=DAY) == {}
        assert verify_log().faults == []

    def test_an_office_of_another_unit_cannot_enter(self, city: City, commissioner: Acting) -> None:
        with pytest.raises(Refusal, match="本岗位或上级"):
            enter(city.acting("150622", "first_responsible"), holding_of(commissioner))

    def test_a_colleague_below_cannot_enter(self, city: City, commissioner: Acting) -> None:
        with pytest.raises(Refusal, match="本岗位或上级"):
            enter(city.acting("150602001001", "liaison"), holding_of(commissioner))

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"title": " "}, "名称"),
            ({"title": "长" * 201}, "200"),
            ({"issued_on": dt.date(2026, 4, 11)}, "还没有到"),
            ({"hours": Decimal(0)}, "学时"),
            ({"hours": Decimal(1000)}, "学时"),
            ({"expires_on": dt.date(2026, 2, 1)}, "有效期"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, commissioner: Acting, changed: dict[str, object], why: str
    ) -> None:
        with pytest.raises(Refusal, match=why):
            enter(commissioner, **changed)
        assert Certificate.objects.count() == 0

    def test_the_same_twice_is_refused(self, commissioner: Acting) -> None:
        enter(commissioner)
        with pytest.raises(Refusal, match="已经登记过"):
            enter(commissioner)


class TestAccept:
    def test_the_office_above_accepts_and_it_counts(self, city: City, commissioner: Acting) -> None:
        made = enter(commissioner, expires_on=dt.date(2027, 3, 1))
        head = city.acting("150602", "first_responsible")
        accept_certificate(certificate=made, actor=head, now=at(4, 10))
        made.refresh_from_db()
        assert (made.accepted_by, made.accepted_on) == (head.office, DAY)
        standing = standings([made.holding_id], on=DAY)[made.holding_id]
        assert (standing.hours, standing.valid, standing.run_out) == (Decimal(16), 1, 0)
        assert verify_log().faults == []

    def test_twice_is_refused(self, city: City, commissioner: Acting) -> None:
        made = enter(commissioner)
        head = city.acting("150602", "first_responsible")
        accept_certificate(certificate=made, actor=head, now=at(4, 10))
        with pytest.raises(Refusal, match="已经确认过"):
            accept_certificate(certificate=made, actor=head, now=at(4, 10))

    def test_the_office_that_entered_it_cannot_accept(self, city: City, commissioner: Acting) -> None:
        head = city.acting("150602", "first_responsible")
        made = enter(head, holding_of(commissioner))
        with pytest.raises(Refusal, match="另一个岗位"):
            accept_certificate(certificate=made, actor=head, now=at(4, 10))

    def test_the_holder_cannot_accept_from_another_chair(self, city: City, commissioner: Acting) -> None:
        made = enter(commissioner)
        chair = Acting(commissioner.person, city.office("150602", "first_responsible"))
        with pytest.raises(Refusal, match="另一个岗位"):
            accept_certificate(certificate=made, actor=chair, now=at(4, 10))

    def test_an_office_out_of_sight_cannot_accept(self, city: City, commissioner: Acting) -> None:
        made = enter(commissioner)
        with pytest.raises(Refusal, match="另一个岗位"):
            accept_certificate(
                certificate=made, actor=city.acting("150622", "first_responsible"), now=at(4, 10)
            )


class TestExpiring:
    def test_ninety_days_ahead_and_those_that_have_run_out(self, city: City, commissioner: Acting) -> None:
        head = city.acting("150602", "first_responsible")
        for title, days in (("a", 90), ("b", 91), ("c", -3)):
            made = enter(commissioner, title=title, expires_on=DAY + dt.timedelta(days=days))
            accept_certificate(certificate=made, actor=head, now=at(4, 10))
        enter(commissioner, title="d", expires_on=DAY)
        visible = certificates_visible_to(head)
        assert [each.title for each in expiring(visible, on=DAY)] == ["c", "a"]
        standing = standings([made.holding_id], on=DAY)[made.holding_id]
        assert (standing.valid, standing.run_out, standing.next_end) == (2, 1, DAY + dt.timedelta(days=90))

    def test_they_go_with_the_holder(self, city: City, commissioner: Acting) -> None:
        head = city.acting("150602", "first_responsible")
        made = enter(commissioner, expires_on=DAY + dt.timedelta(days=3))
        accept_certificate(certificate=made, actor=head, now=at(4, 10))
        Holding.objects.filter(pk=made.holding_id).update(ends_on=DAY - dt.timedelta(days=1))
        assert list(expiring(certificates_visible_to(head), on=DAY)) == []


class TestPages:
    def test_entering_by_the_form(self, city: City, commissioner: Acting, as_: SignIn) -> None:
        url = reverse("holding-certificates", args=[holding_of(commissioner).pk])
        given = {"title": "统战政策轮训", "issued_on": "2026-04-01", "hours": "8.5", "expires_on": ""}
        answer = as_(commissioner).post(url, given)
        assert (answer.status_code, answer["Location"]) == (302, url)
        assert Certificate.objects.get().hours == Decimal("8.5")
        again = as_(commissioner).post(url, given)
        assert again.status_code == 422
        assert Certificate.objects.count() == 1

    def test_a_form_with_a_mistake_comes_back(self, commissioner: Acting, as_: SignIn) -> None:
        url = reverse("holding-certificates", args=[holding_of(commissioner).pk])
        answer = as_(commissioner).post(url, {"title": "", "issued_on": "gestern"})
        assert answer.status_code == 422
        assert Certificate.objects.count() == 0

    def test_the_office_above_accepts_from_the_list(
        self, city: City, commissioner: Acting, as_: SignIn
    ) -> None:
        made = enter(commissioner)
        client = as_(city.acting("150602", "first_responsible"))
        listed = client.get(reverse("certificates") + "?view=waiting")
        assert [row["certificate"].pk for row in listed.context["rows"]] == [made.pk]
        url = reverse("certificate-acceptance", args=[made.pk])
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == 302
        assert client.post(url).status_code == 422
        assert as_(city.acting("150622", "first_responsible")).post(url).status_code == 404
        assert as_(commissioner).post(url).status_code == 403

    def test_the_queries_do_not_grow_with_the_rows(
        self, city: City, commissioner: Acting, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        for number in range(6):
            enter(commissioner, title=str(number))
        client = as_(city.acting("150602", "first_responsible"))
        with django_assert_max_num_queries(18):  # type: ignore[operator]
            client.get(reverse("certificates") + "?view=waiting")

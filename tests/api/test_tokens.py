"""A token is made by a person for an office of theirs, and never does more than that person may that day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from api.calling import Caller, problem_of, token_for
from conftest import City, SignIn
from guantong.accounts.models import Absence, Holding
from guantong.api.choices import LONGEST, MOST_TOKENS, OFFERED
from guantong.api.models import Token
from guantong.api.operations.tokens import digest_of, make_token, revoke_token
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

TODAY = clock.today()


def make(city: City, **terms: object) -> Token:
    acting = city.head
    told = {
        "office": acting.office, "name": "汇总程序", "functions": ["business.read"], "read_only": True,
        "expires_on": TODAY, "actor": acting, "now": clock.now(),
    } | terms  # fmt: skip
    return make_token(**told).token  # type: ignore[arg-type]


class TestMaking:
    def test_only_the_digest_is_kept(self, city: City) -> None:
        token, secret = token_for(city.head)
        assert token.digest == digest_of(secret)
        assert secret not in str(list(Token.objects.values())) + str(list(AuditEntry.objects.values()))
        assert verify_log().faults == []

    def test_for_one_s_own_offices_and_functions_only(self, city: City) -> None:
        other = city.acting("1506-LGO", "coordinator").office
        for terms in (
            {"office": other},
            {"functions": ["business.read", "cases.run"]},
            {"functions": ["system.run"]},
            {"name": "  "},
            {"name": "长" * 61},
            {"expires_on": TODAY - dt.timedelta(days=1)},
            {"expires_on": TODAY + LONGEST + dt.timedelta(days=1)},
        ):
            with pytest.raises(Refusal):
                make(city, **terms)
        assert not Token.objects.exists()

    def test_so_many_at_most(self, city: City) -> None:
        for _each in range(MOST_TOKENS):
            make(city)
        with pytest.raises(Refusal):
            make(city)

    def test_functions_offered_are_those_the_addresses_need(self) -> None:
        from guantong.api.addresses import ADDRESSES

        needed = {act.function for _route, _name, acts in ADDRESSES for act in acts} - {"signed_in"}
        assert needed <= set(OFFERED)


class TestUsing:
    def test_a_session_is_not_accepted(self, city: City, as_: SignIn) -> None:
        client = as_(city.head)
        for path in ("me/", "units/", "records/"):
            answer = client.get(f"/api/v1/{path}")
            assert problem_of(answer)["status"] == 401  # type: ignore[arg-type]
        answer = client.post("/api/v1/records/", b"{}", content_type="application/json")
        assert problem_of(answer)["status"] == 401  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "given", ["", "Basic abc", "Bearer", "Bearer gt_wrong", "Bearer " + "x" * 500, "Bearer é"]
    )
    def test_nothing_is_read_without_one_in_force(self, city: City, given: str) -> None:
        headers = {"Authorization": given} if given else {}
        answer = Client().get("/api/v1/units/", headers=headers)
        assert problem_of(answer)["status"] == 401  # type: ignore[arg-type]
        assert answer["WWW-Authenticate"].startswith("Bearer")

    def test_revoked_or_expired_or_of_a_suspended_person_it_is_over(self, city: City) -> None:
        token, secret = token_for(city.head)
        assert Caller(secret).get("me/").status_code == 200
        Token.objects.filter(pk=token.pk).update(last_used_on=None, expires_on=TODAY - dt.timedelta(days=1))
        assert problem_of(Caller(secret).get("me/"))["status"] == 401
        Token.objects.filter(pk=token.pk).update(expires_on=TODAY)
        assert token.person is not None
        token.person.is_active = False
        token.person.save()
        assert problem_of(Caller(secret).get("me/"))["status"] == 401
        token.person.is_active = True
        token.person.save()
        revoke_token(token=token, actor=city.head, now=clock.now())
        revoke_token(token=token, actor=city.head, now=clock.now())
        assert problem_of(Caller(secret).get("me/"))["status"] == 401
        assert AuditEntry.objects.filter(verb="api.token_revoked").count() == 1

    def test_it_ends_with_the_office(self, city: City) -> None:
        acting = city.head
        caller = Caller.acting(acting)
        assert caller.get("units/").status_code == 200
        Holding.objects.filter(person=acting.person).update(ends_on=TODAY - dt.timedelta(days=1))
        assert problem_of(caller.get("units/"))["status"] == 403

    def test_whoever_stands_in_stands_in_by_token_too(self, city: City) -> None:
        head, other = city.head, city.acting("1506-MU-02", "unit_head")
        holding = Holding.objects.get(person=head.person)
        Absence.objects.create(
            holding=holding, stand_in=other.person, starts_on=TODAY, ends_on=TODAY, recorded_at=clock.now()
        )
        made = make_token(
            office=holding.office, name="代", functions=["business.read"], read_only=True, expires_on=TODAY,
            actor=other, now=clock.now(),
        )  # fmt: skip
        told = Caller(made.secret).read("me/")
        assert (told["office"]["id"], told["standing_in"]) == (holding.office_id, True)
        Absence.objects.all().delete()
        assert problem_of(Caller(made.secret).get("me/"))["status"] == 403

    def test_only_what_was_chosen_of_it(self, city: City) -> None:
        caller = Caller.acting(city.coordinator, functions=["business.read"])
        assert caller.read("me/")["functions"] == ["business.read"]
        assert problem_of(caller.get("cases/"))["status"] == 403
        assert problem_of(caller.post("records/", {}))["status"] == 403
        without = Caller.acting(city.coordinator, functions=[])
        assert problem_of(without.get("units/"))["status"] == 403

    def test_one_that_only_reads_changes_nothing(self, city: City) -> None:
        caller = Caller.acting(city.head, read_only=True)
        assert caller.get("records/").status_code == 200
        told = problem_of(caller.post("records/", {}))
        assert (told["status"], told["detail"]) == (403, "这个令牌只能读取，不能提交。")

    def test_administrators_read_no_business(self, city: City) -> None:
        caller = Caller.acting(city.acting("1506-LGO", "system_admin"))
        assert caller.read("me/")["functions"] == []
        assert problem_of(caller.get("units/"))["status"] == 403

    def test_a_password_given_out_is_changed_first(self, city: City) -> None:
        caller, person = Caller.acting(city.head), city.head.person
        assert person is not None
        person.must_change_password = True
        person.save()
        assert problem_of(caller.get("me/"))["status"] == 403

    def test_a_second_factor_asked_for_is_set_up_first(self, city: City, settings: LazySettings) -> None:
        settings.SECOND_FACTOR = "everybody"
        assert problem_of(Caller.acting(city.head).get("me/"))["status"] == 403

    def test_so_often_in_a_minute(self, city: City, settings: LazySettings) -> None:
        settings.API_PER_MINUTE = 3
        caller = Caller.acting(city.head)
        answers = [caller.get("me/") for _each in range(8)]
        refused = [each for each in answers if each.status_code == 429]
        assert len(refused) >= 2  # a minute may begin in between
        assert problem_of(refused[0])["status"] == 429
        assert 1 <= int(refused[0]["Retry-After"]) <= 60

    def test_the_day_of_its_last_use_is_kept(self, city: City) -> None:
        token, secret = token_for(city.head)
        Caller(secret).get("me/")
        token.refresh_from_db()
        assert token.last_used_on == TODAY
        assert verify_log().faults == []


class TestPages:
    def test_one_s_own_are_listed_and_made_and_revoked(self, city: City, as_: SignIn) -> None:
        head = city.head
        client = as_(head)
        assert head.office is not None
        assert "只能读取，不能提交" in client.get(reverse("new-token")).content.decode()
        form = {
            "office": head.office.pk, "name": "汇总程序", "functions": ["business.read"], "read_only": "on",
            "expires_on": TODAY.isoformat(),
        }  # fmt: skip
        made = client.post(reverse("new-token"), form).content.decode()
        secret = made.partition('<code class="break">gt_')[2].partition("<")[0]
        assert Caller(f"gt_{secret}").read("me/")["read_only"] is True
        listed = client.get(reverse("own-tokens")).content.decode()
        assert "汇总程序" in listed
        assert secret not in listed
        assert [each["name"] for each in client.get(reverse("own-data")).json()["tokens"]] == ["汇总程序"]
        token = Token.objects.get()
        for _twice in range(2):
            assert client.post(reverse("token-revocation", args=[token.pk])).status_code == 302
        assert problem_of(Caller(f"gt_{secret}").get("me/"))["status"] == 401

    def test_nobody_revokes_another_s(self, city: City, as_: SignIn) -> None:
        token, _secret = token_for(city.head)
        client = as_(city.coordinator)
        assert client.post(reverse("token-revocation", args=[token.pk])).status_code == 404
        assert client.get(reverse("token-revocation", args=[token.pk])).status_code == 405
        with pytest.raises(Refusal):
            revoke_token(token=token, actor=city.coordinator, now=clock.now())

    def test_what_cannot_be_is_said_on_the_form(self, city: City, as_: SignIn) -> None:
        head = city.head
        assert head.office is not None
        form = {"office": head.office.pk, "name": "程序", "expires_on": "2199-01-01"}
        answer = as_(head).post(reverse("new-token"), form)
        assert answer.status_code == 422
        assert "最长一年" in answer.content.decode()
        assert (
            as_(head).post(reverse("new-token"), {"office": 1, "functions": ["system.run"]}).status_code
            == 422
        )

    def test_what_there_is_is_told_to_everybody(self, client: Client) -> None:
        page = client.get(reverse("api-docs"))
        assert page.status_code == 200
        assert "/api/v1/obligations/{pk}/claims/" in page.content.decode()
        told = client.get(reverse("api-openapi"), headers={"Accept-Language": "en"}).json()
        assert told["openapi"] == "3.1.0"
        wrong = client.post(reverse("api-openapi"))
        assert (problem_of(wrong)["status"], wrong["Allow"]) == (405, "GET")  # type: ignore[arg-type]

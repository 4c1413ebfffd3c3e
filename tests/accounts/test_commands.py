"""``create-admin`` and ``appoint`` at the command line."""

from __future__ import annotations

import json

import pytest

from accounts.conftest import PASSWORD
from conftest import City
from guantong.accounts.models import Holding, Office, Person
from guantong.audit.models import AuditEntry
from guantong.config.cli import main


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANTONG_PASSWORD", PASSWORD)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object], str]:
    code = main([*arguments, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out), told.err


def admin(capsys: pytest.CaptureFixture[str], role: str, name: str) -> tuple[int, dict[str, object], str]:
    return run(capsys, "create-admin", "--role", role, "--sign-in", name, "--unit", "1506-LGO")


class TestCreateAdmin:
    @pytest.mark.parametrize("role", ["system", "security", "audit"])
    def test_person_office_and_holding_are_made_together(
        self, offices: City, capsys: pytest.CaptureFixture[str], role: str
    ) -> None:
        code, told, _errors = admin(capsys, role, "boss")
        person = Person.objects.by_sign_in("boss")
        assert person is not None
        assert (code, person.check_password(PASSWORD)) == (0, True)
        assert [holding.office.role for holding in person.holdings.all()] == [told["role"]]
        assert AuditEntry.objects.get(verb="accounts.office_held").actor == "console:console"

    def test_nobody_is_made_two_of_the_three(self, offices: City, capsys: pytest.CaptureFixture[str]) -> None:
        admin(capsys, "system", "boss")
        code, told, errors = admin(capsys, "audit", "boss")
        assert (code, told["refused"], "不能由同一人兼任" in errors) == (1, True, True)
        assert Holding.objects.count() == 1

    def test_a_weak_password_makes_nobody(
        self, offices: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GUANTONG_PASSWORD", "short")
        assert admin(capsys, "system", "boss")[0] == 1
        assert not Person.objects.exists()

    def test_without_a_terminal_the_password_is_not_asked(
        self, offices: City, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("GUANTONG_PASSWORD")
        code, _told, errors = admin(capsys, "system", "boss")
        assert (code, "GUANTONG_PASSWORD" in errors) == (1, True)


class TestAppoint:
    def test_somebody_new_gets_an_account_named_for_the_office(
        self, offices: City, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, told, _errors = run(
            capsys, "appoint", "--sign-in", "li", "--unit", "1506-MU-01", "--seat", "unit_head", "--acting"
        )
        person = Person.objects.by_sign_in("li")
        assert person is not None
        holding = person.holdings.get()
        assert (code, told["holding"], holding.acting) == (0, holding.pk, True)
        assert str(person.display_name) == holding.office.title

    def test_a_second_time_is_refused_and_changes_nothing(
        self, offices: City, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = ("appoint", "--sign-in", "li", "--unit", "1506-MU-01", "--seat", "unit_head")
        codes = [run(capsys, *asked)[0] for _time in range(2)]
        assert (codes, Holding.objects.count()) == ([0, 1], 1)

    def test_a_seat_that_is_not_there_is_refused(
        self, offices: City, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = Office.objects.count()
        for unit, seat in (("1506-MU-01", "liaison"), ("9999", "unit_head")):
            assert run(capsys, "appoint", "--sign-in", "li", "--unit", unit, "--seat", seat)[0] == 1
        assert (Office.objects.count(), Person.objects.count()) == (before, 0)

    def test_a_coordinator_s_seat_is_made_where_it_is_missing(
        self, units: dict[str, object], capsys: pytest.CaptureFixture[str]
    ) -> None:
        run(capsys, "appoint", "--sign-in", "li", "--unit", "1506-LGO", "--seat", "coordinator")
        office = Office.objects.get()
        assert (office.role, office.unit.code, office.scope.code) == ("coordinator", "1506-LGO", "1506")

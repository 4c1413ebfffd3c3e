"""Offices without a year, the three administrators, and browsers that sign in through the form as people do."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE, START, City
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Person
from guantong.accounts.operations import create_person, open_office
from guantong.organisation.models import Unit

PASSWORD = "four-unrelated-words-here"
Enter = Callable[..., Client]


@pytest.fixture
def offices(units: dict[str, Unit]) -> City:
    """The offices of the leading group's office, one member unit and one district; no year is opened."""
    wanted = [("1506-LGO", role.value, role, "1506") for role in (
        Role.COORDINATOR, Role.ASSESSOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)]  # fmt: skip
    wanted += [("1506-MU-01", "unit_head", Role.UNIT_HEAD, "1506-MU-01")]
    wanted += [("1506-MU-02", "unit_head", Role.UNIT_HEAD, "1506-MU-02")]
    wanted += [("150602", "first_responsible", Role.UNIT_HEAD, "150602")]
    wanted += [("150602", "leader", Role.LEADER, "150602")]
    for unit, seat, role, scope in wanted:
        open_office(
            unit=units[unit], seat=seat, title=f"{units[unit].name}{role.label}", role=role,
            scope=units[scope], actor=CONSOLE, now=START,
        )  # fmt: skip
    return City(cycle=None, units=units)  # type: ignore[arg-type]


@pytest.fixture
def security(offices: City) -> Acting:
    return offices.acting("1506-LGO", "security_admin")


@pytest.fixture
def newcomer(db: None) -> Person:
    """Somebody with an account and no office."""
    return create_person(
        sign_in="newcomer", display_name="新来的人", password=PASSWORD, actor=CONSOLE, now=START
    )


def give_password(client: Client, name: str, password: str = PASSWORD, **extra: str) -> HttpResponse:
    """What the sign-in form sends."""
    return client.post(  # type: ignore[return-value]
        reverse("sign-in"), {"sign_in": name, "password": password, **extra}
    )


@pytest.fixture
def enter(db: None) -> Enter:
    """A browser signed in through the form; a person without a password gets one."""

    def through_the_form(person: Person, *, device: str = "Firefox") -> Client:
        if not person.has_usable_password():
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
        client = Client(headers={"User-Agent": device})
        answer = give_password(client, str(person.sign_in))
        assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
        return client

    return through_the_form


def who_is_signed_in(client: Client) -> int | None:
    """The number of the person the server takes the browser for."""
    answer = client.get(reverse("account"))
    return answer.wsgi_request.acting.person_ref if answer.status_code == 200 else None


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def without_tokens(answer: HttpResponse) -> str:
    """The page without what is drawn anew for every answer: the form's token and the nonce of scripts."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', r'\1=""', text_of(answer))
    return re.sub(r'("X-CSRFToken": )"[^"]*"', r'\1""', page)


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)

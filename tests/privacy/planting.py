"""Somebody leaves a trace wherever a person can leave one, and is then erased; each step in a process of its own."""

from __future__ import annotations

import base64
import datetime as dt
import io
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE
from guantong.accounts.acting import Acting
from guantong.accounts.approvals import ask_approval
from guantong.accounts.models import Approval, Holding, Office, Person, SignInAttempt
from guantong.accounts.operations import (
    accept_handover,
    create_person,
    end_holding,
    hold_office,
    record_absence,
)
from guantong.importing.tasks.operations import apply_task_workbook, read_task_workbook
from guantong.kernel import clock
from guantong.mechanisms.changes import REOPEN
from guantong.mechanisms.models import Cycle, Phase
from guantong.obligations.models import Obligation
from guantong.privacy.models import PersonKey
from guantong.records.models import Record

PLANTED = {
    "sign-in name": "Xq7-Plover-Kestrel",
    "first name": "鞨旮旯·Ωmegazzy",
    "corrected name": "犇羴鱻·Thricezzy",
    "password": "quokka-苜蓿-93-thimble",
    "mistyped password": "quokka-苜蓿-93-thimbel",
    "address": "203.0.113.187",
    "device": "WombatBrowser/91.7.3",
    "identity provider's number": "sso-uid-8831-wallaby",
    "identity provider's answer": "numbat.extra@example.invalid",
    "e-mail": "pademelon@example.invalid",
    "one-time-code key": "QUOLLQUOLLQUOLL7QUOLLQUOLLQUOLL7",
    "name of a passkey": "Bandicoot-Fob-甪",
}
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _browser(**headers: str) -> Client:
    return Client(SERVER_NAME="localhost", raise_request_exception=True, **headers)


def _acting(name: str) -> Acting:
    holding = Holding.objects.select_related("office__unit", "office__scope", "person").get(
        person=Person.objects.by_sign_in(name), ends_on=None
    )
    return Acting(holding.person, holding.office)


def plant() -> dict[str, Any]:
    """A second head of the first member unit comes, works, and hands over. Returns further values to look for."""
    now = clock.now()
    today = clock.today(now)
    for number in range(
        60
    ):  # neighbours, so that the rows of the one lie within pages that are split and merged
        create_person(sign_in=f"n{number}", display_name=f"邻{number}", password=None, actor=CONSOLE, now=now)
    person = create_person(
        sign_in=PLANTED["sign-in name"],
        display_name=PLANTED["first name"],
        password=PLANTED["password"],
        actor=_acting("security"),
        now=now,
    )
    office = Office.objects.get(unit__code="1506-MU-01", seat="unit_head", number=1)
    start = today - dt.timedelta(days=30)
    holding = hold_office(person=person, office=office, starts_on=start, actor=CONSOLE, now=now)
    hashes = {"password hash": person.password, "index of the sign-in name": person.sign_in_index}
    browser = _browser(REMOTE_ADDR=PLANTED["address"], HTTP_USER_AGENT=PLANTED["device"])
    link = _use(browser, person)
    codes = _second_factors(person)
    _elsewhere(person)
    _search()
    _take_part(person, holding, today=today, now=now)
    secret = PersonKey.objects.get(pk=person.subject_id).secret
    person.refresh_from_db()
    return {
        "link": link,
        "key": bytes(secret).hex(),
        "subject": person.subject_id,
        "values": PLANTED
        | hashes
        | codes
        | {
            "link": link,
            "sealed sign-in name": person.sign_in.token,
            "sealed name": person.display_name.token,
        },
        "traces": {
            "attempts": SignInAttempt.objects.filter(who=person.sign_in_index).count(),
            "sessions": UserSession.objects.filter(user=person).count(),
            "factors": Authenticator.objects.filter(user=person).count(),
            "identities": SocialAccount.objects.filter(user=person).count(),
            "records": Record.objects.filter(entered_by=office).count(),
            "approvals": Approval.objects.filter(asker=person).count(),
        },
    }


def _second_factors(person: Person) -> dict[str, str]:
    TOTP.activate(person, PLANTED["one-time-code key"])
    made = RecoveryCodes.activate(person)
    Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": PLANTED["name of a passkey"], "credential": {}},
    )
    return {f"recovery code {number}": code for number, code in enumerate(made.get_unused_codes())}


def _elsewhere(person: Person) -> None:
    """What other parts could hold of a person: another identity provider's answer, an e-mail address, counters."""
    SocialAccount.objects.create(
        user=person, provider="oidc", uid=PLANTED["identity provider's number"], extra_data={}
    )
    EmailAddress.objects.create(user=person, email=PLANTED["e-mail"])


def _use(browser: Client, person: Person) -> str:
    """Sign in, once mistyped; correct the name, confirm, look, take everything along, record work."""
    sign_in = reverse("sign-in")
    given = {"sign_in": PLANTED["sign-in name"], "password": PLANTED["mistyped password"]}
    assert browser.post(sign_in, given).status_code == 422
    answer = browser.post(sign_in, given | {"password": PLANTED["password"]})
    assert answer.status_code == 302
    assert browser.get(reverse("account")).status_code == 200
    browser.post(reverse("account_reauthenticate"), {"password": PLANTED["mistyped password"]})
    browser.post(reverse("own-name"), {"display_name": PLANTED["corrected name"]})
    assert PLANTED["corrected name"] in browser.get(reverse("own-data")).content.decode()
    office = reverse("new-record")
    owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12").order_by("due_on")[0]
    file = io.BytesIO(PNG)
    file.name = "图.png"
    done = browser.post(
        office,
        {
            "kind": "progress",
            "happened_on": clock.today().isoformat(),
            "summary": "按节点推进",
            "obligations": owed.pk,
            "file": file,
            "submission_key": "planted",
        },
    )
    assert done.status_code == 302, done.content.decode()
    page = browser.post(reverse("own-link")).content.decode()
    return page.partition("/mine/")[2].partition("/")[0]


def _search() -> None:
    security = _browser()
    security.force_login(
        Person.objects.by_sign_in("security"), backend="django.contrib.auth.backends.ModelBackend"
    )
    found = security.get(reverse("people"), {"q": PLANTED["sign-in name"]}, follow=True)
    assert PLANTED["corrected name"] in found.content.decode()


def _take_part(person: Person, holding: Holding, *, today: dt.date, now: dt.datetime) -> None:
    """An absence, an approval, an import, and a handover to a successor."""
    acting = Acting(person, holding.office)
    deputy = Person.objects.by_sign_in("school")
    assert deputy is not None
    record_absence(
        holding=holding, stand_in=deputy, starts_on=today + dt.timedelta(days=9),
        ends_on=today + dt.timedelta(days=9), actor=_acting("security"), now=now,
    )  # fmt: skip
    cycle = Cycle.objects.get()
    coordinator = Office.objects.get(unit__code="1506-LGO", seat="coordinator", number=1)
    ask_approval(
        kind=REOPEN,
        object_ref=Phase.objects.filter(cycle=cycle).order_by("pk")[0].pk,
        scope=cycle.unit,
        reason="按计划",
        actor=Acting(person, coordinator),
        now=now,
    )
    table = "序号,任务,牵头单位,完成时限\n1,编印工作手册,市发展和改革委员会,12月10日前\n".encode()
    reading = read_task_workbook(table, name="任务.csv", cycle=cycle)
    apply_task_workbook(reading, cycle=cycle, name="任务.csv", actor=Acting(person, coordinator), now=now)
    handover = end_holding(
        holding=holding, ends_on=today - dt.timedelta(days=1), actor=_acting("security"), now=now
    )
    accept_handover(handover=handover, contents={"open": 3}, note="已交清", actor=_acting("unit"), now=now)
    assert acting.person is person


def erase_by_link(link: str) -> int:
    """The person presses the button on the page of their link. Returns the status of the answer."""
    return _browser().post(reverse("mine-erasure", args=[link])).status_code


def decoded_sessions() -> list[dict[str, Any]]:
    """Sessions are stored compressed and signed; here they stand in clear, with the cache's entries."""
    from django.db import connection

    found = [session.get_decoded() for session in Session.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM django_cache")
        keys = [row[0] for row in cursor.fetchall()]
    return [*found, {"cache": [(key, cache.get(key.rpartition(":")[2])) for key in keys]}]

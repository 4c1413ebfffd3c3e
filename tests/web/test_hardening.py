"""What the browser is told, what the forms demand, and what the sources may not contain."""

from __future__ import annotations

import ast
import base64
import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import LazySettings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.urls import path, reverse
from django.utils.html import escape
from playwright.sync_api import Browser, Page

import guantong
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts import policies
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Person, SignInAttempt
from guantong.accounts.operations import open_office
from guantong.assessment.models import Score, ScoreLine
from guantong.assessment.operations import run_scores
from guantong.config.urls import handler403, handler404, handler500  # noqa: F401 - this module is a URLconf too
from guantong.config.urls import urlpatterns as known_urls
from guantong.obligations.models import Obligation
from guantong.reporting.tallies import recount
from guantong.tasks.models import Task
from guantong.web.middleware import form_targets

SOURCES = Path(guantong.__file__).parent
ROOT = SOURCES.parent.parent
PASSWORD = "guantong-in-the-browser"


# --- the pages held to it ----------------------------------------------------------------------------

PUBLIC = (
    "/sign-in/",
    "/receipts/",
    "/receipts/?code=x",
    "/no-such-page/",
    "/sign-in/cancelled/",
    "/sign-in/failed/",
)
OWN = (
    "/", "/account/", "/account/password/", "/account/sessions/", "/account/connections/", "/account/second-factor/",
    "/account/confirm/",
)  # fmt: skip


@pytest.fixture
def business_pages(signed: City) -> list[str]:
    """Each kind of page with business content, with something on it."""
    run_scores(cycle=signed.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
    recount(signed.cycle, on=dt.date(2026, 7, 1), now=at(7, 1))
    cycle, unit = signed.cycle.pk, signed.units["1506"].pk
    return [
        *(reverse(name) for name in (
            "inbox", "obligations", "duty-lists", "duty-library", "tasks", "records", "new-record", "reviews",
            "scores", "cycles", "task-questions", "approvals",
        )),
        reverse("obligation", args=[Obligation.objects.filter(unit__code="1506-MU-01")[0].pk]),
        reverse("duty-list", args=[signed.list_of("1506-MU-01").pk]),
        reverse("score", args=[Score.objects.filter(scorecard="SC_unit")[0].pk]),
        reverse("score-line", args=[ScoreLine.objects.filter(indicator="I02")[0].pk]),
        reverse("board", args=[cycle, unit]),
        reverse("board-element", args=[cycle, unit, "base_staff"]),
        reverse("unit", args=[cycle, unit]),
        reverse("coverage", args=[cycle, unit, "C01"]),
        reverse("package", args=[signed.cycle.stored_id]),
        reverse("import-tasks", args=[cycle]),
    ]  # fmt: skip


@pytest.fixture
def security(city: City) -> Acting:
    open_office(
        unit=city.units["1506-LGO"], seat=Role.SECURITY_ADMIN.value, title="安全管理员", role=Role.SECURITY_ADMIN,
        scope=city.units["1506"], actor=CONSOLE, now=at(1, 5),
    )  # fmt: skip
    return city.acting("1506-LGO", "security_admin")


@pytest.fixture
def answers(signed: City, security: Acting, business_pages: list[str], as_: SignIn) -> dict[str, Any]:
    """Every representative page as it was answered, errors included."""
    office, head = as_(signed.coordinator), as_(signed.head)
    pages = {("anyone", each): Client().get(each) for each in PUBLIC}
    pages |= {("office", each): office.get(each) for each in (*OWN, *business_pages, "/people/", "/no-such/")}
    pages |= {("unit", each): head.get(each) for each in ("/", "/inbox/", "/records/new/")}
    for acting, where in (
        (
            security,
            ("/", "/people/", "/people/new/", f"/people/{signed.head.person_ref}/", "/administration/"),
        ),
        (signed.acting("1506-LGO", "audit_admin"), ("/", "/audit/", "/audit/checkpoints/")),
        (signed.acting("1506-LGO", "system_admin"), ("/", "/system/")),
    ):
        client = as_(acting)
        pages |= {(str(acting.office), each): client.get(each) for each in where}
    refused = as_(signed.head).post("/records/new/", {"summary": ""})
    return pages | {("unit", "a form with faults"): refused}


class Markup(HTMLParser):
    """What the policy would stop, and the scripts with their nonces."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[dict[str, str | None]] = []
        self.stopped: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.scripts.append(dict(attrs))
        if tag in {"style", "iframe", "object", "embed", "base"}:
            self.stopped.append(f"<{tag}>")
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
            if name == "style" or name.startswith(("on", "hx-on")) or "javascript:" in (value or "").lower():
                self.stopped.append(f'{tag} {name}="{value}"')
            if name in {"hx-vals", "hx-headers", "hx-trigger"} and (
                "js:" in (value or "") or "[" in (value or "")
            ):
                self.stopped.append(f'{tag} {name}="{value}" is evaluated')


def policy_of(answer: Any) -> dict[str, str]:
    return dict(each.strip().partition(" ")[::2] for each in answer["Content-Security-Policy"].split(";"))


class TestContentSecurityPolicy:
    def test_every_page_runs_only_what_carries_its_nonce(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            if not answer.content:
                continue
            policy = policy_of(answer)
            assert re.fullmatch(r"'nonce-[\w-]{22}'", policy["script-src"]), name
            nonce = policy["script-src"][7:-1]
            drawn = Markup(answer.content.decode())
            assert drawn.scripts, name
            assert {each.get("nonce") for each in drawn.scripts} == {nonce}, name
            assert drawn.stopped == [], name
            assert {each for script in drawn.scripts for each in script} <= {
                "nonce", "src", "defer", "type", "data-allauth-onload",
            }, name  # fmt: skip

    def test_the_policy_forbids_everything_else(self, client: Client, db: None) -> None:
        policy = policy_of(client.get("/sign-in/"))
        nonce = policy.pop("script-src")
        assert policy == {
            "default-src": "'none'", "style-src": "'self'", "img-src": "'self' data:", "font-src": "'self'",
            "connect-src": "'self'", "manifest-src": "'self'", "worker-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'",
            "base-uri": "'none'", "object-src": "'none'",
        }  # fmt: skip
        assert "unsafe" not in nonce

    def test_a_nonce_is_never_given_twice(self, client: Client, db: None) -> None:
        seen = [policy_of(client.get("/sign-in/"))["script-src"] for _each in range(20)]
        assert len(set(seen)) == 20

    def test_scripts_and_styles_come_from_here(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            drawn = Markup(answer.content.decode())
            loaded = [
                *drawn.attributes.get("src", []),
                *re.findall(r'<link[^>]+href="([^"]+)"', answer.content.decode()),
            ]
            assert [each for each in loaded if not each.startswith(("/static/", "data:image/svg"))] == [], (
                name
            )


class TestHtmx:
    def test_every_page_locks_htmx_down(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            if not answer.content:
                continue
            page = answer.content.decode()
            told = re.search(r"<meta name=\"htmx-config\" content='([^']+)'>", page)
            assert told, name
            asked = json.loads(told[1])
            assert {
                "allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True, "historyCacheSize": 0,
                "includeIndicatorStyles": False,
            }.items() <= asked.items(), name  # fmt: skip

    def test_fragments_and_pages_are_told_apart_by_caches(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            assert "HX-Request" in answer["Vary"], name
            assert "Cookie" in answer["Vary"], name

    def test_a_fragment_without_sign_in_asks_for_the_whole_sign_in_page(
        self, client: Client, db: None
    ) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/obligations/?q=1"}
        answer = client.get("/obligations/", headers=headers)
        assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=/obligations/%3Fq%3D1")
        assert answer.content == b""

    def test_a_fragment_from_elsewhere_leads_nowhere_else(self, client: Client, db: None) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/steal"}
        answer = client.get("/obligations/", headers=headers)
        assert answer["HX-Redirect"] == "/sign-in/?next=/"

    def test_a_fragment_that_is_refused_says_why_with_its_status(self, signed: City, as_: SignIn) -> None:
        answer = as_(signed.head).post("/acting-office/", {"office": "x"}, headers={"HX-Request": "true"})
        assert answer.status_code == 422
        assert "没有担任这个职务" in answer.content.decode()
        assert "<html" not in answer.content.decode()


class TestHeaders:
    def test_every_answer_carries_them(self, answers: dict[str, Any]) -> None:
        for name, answer in answers.items():
            assert {
                "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
                "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
                "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
            }.items() <= dict(answer.items()).items(), name  # fmt: skip
            assert "Access-Control-Allow-Origin" not in answer, name
            assert not {"Server", "X-Powered-By"} & set(answer.headers), name

    def test_pages_behind_sign_in_are_kept_by_no_cache(self, answers: dict[str, Any]) -> None:
        for (who, where), answer in answers.items():
            if who != "anyone":
                assert "no-store" in answer["Cache-Control"], where

    def test_text_says_its_encoding(self, answers: dict[str, Any]) -> None:
        assert {each["Content-Type"] for each in answers.values()} == {"text/html; charset=utf-8"}

    def test_a_page_for_a_secret_link_tells_nobody_where_it_is(self, signed: City, as_: SignIn) -> None:
        made = as_(signed.head).post("/account/link/").context["address"]
        answer = Client().get(made)
        assert answer.status_code == 200
        assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("same-origin", "private, no-store")

    def test_a_host_that_is_not_ours_is_refused(self, client: Client, db: None) -> None:
        answer = client.get("/sign-in/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert b"evil.example" not in answer.content
        assert client.get("/sign-in/", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200

    def test_trace_echoes_nothing(self, signed: City, as_: SignIn) -> None:
        for where in ("/", "/sign-in/", "/records/", "/healthz"):
            answer = as_(signed.head).trace(where, headers={"X-Secret": "echo-me"})
            assert b"echo-me" not in answer.content, where

    def test_no_folder_is_listed_and_no_source_is_served(self, client: Client, db: None) -> None:
        for guess in ("/static/", "/static/ui/", "/.git/config", "/.git/HEAD", "/.env", "/manage.py", "/guantong.sqlite3",
                      "/secret-key", "/static/../secret-key", "/keys/log-signing-key", "/api/", "/schema/", "/admin/"):  # fmt: skip
            answer = client.get(guess)
            assert (answer.status_code, "web/404.html" in [each.name for each in answer.templates]) == (
                404,
                True,
            ), guess

    def test_every_page_behind_sign_in_offers_to_sign_out(self, answers: dict[str, Any]) -> None:
        for (who, where), answer in answers.items():
            if who != "anyone" and answer.content:
                assert 'action="/sign-out/"' in answer.content.decode(), where

    def test_health_says_nothing_but_ok(self, client: Client, db: None) -> None:
        assert client.get("/healthz").content == b"ok\n"


class TestTextIsText:
    """Whatever somebody types is shown as it was typed, and runs nowhere."""

    TYPED = """</title></script><script>alert(1)</script>'"><img src=x onerror=alert(1)>{{ 7|add:7 }}${7*7}"""

    def test_a_record_shows_its_words(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.head)
        typed = {"kind": "progress", "happened_on": "2026-01-06", "summary": self.TYPED, "place": self.TYPED,
                 "reference": self.TYPED}  # fmt: skip
        made = client.post("/records/new/", typed)
        for where in (made["Location"], "/records/", "/records/?q=" + quote(self.TYPED)):
            page = client.get(where).content.decode()
            assert Markup(page).stopped == [], where
            assert "<img src=x" not in page
            assert escape(self.TYPED)[:40] in page or escape(self.TYPED[:40]) in page, where
            assert "14" not in re.findall(r"\$\{7\*7\}|onerror=alert\(1\)&gt;(\d+)", page)

    def test_names_of_units_offices_and_people_too(self, signed: City, security: Acting, as_: SignIn) -> None:
        unit = signed.units["1506-MU-01"]
        unit.name = self.TYPED
        unit.save()
        office, person = signed.head.office, signed.head.person
        assert office is not None
        assert person is not None
        office.title, person.display_name = self.TYPED, self.TYPED
        office.save()
        person.save()
        shown = 0
        for acting, where in (
            (signed.head, "/"), (signed.head, "/account/"), (signed.coordinator, "/obligations/"),
            (signed.coordinator, "/duty-lists/"), (security, "/people/"), (security, f"/people/{person.pk}/"),
        ):  # fmt: skip
            page = as_(acting).get(where).content.decode()
            assert Markup(page).stopped == [], where
            assert "<img src=x" not in page, where
            shown += "&lt;img src=x" in page
        assert shown >= 5

    def test_what_stands_in_the_address_too(
        self, signed: City, as_: SignIn, business_pages: list[str]
    ) -> None:
        client = as_(signed.coordinator)
        for where in (*business_pages, "/receipts/", "/sign-in/"):
            for name in ("q", "code", "next", "sort", "page", "light", "for", "kind", "verb"):
                page = client.get(where, {name: self.TYPED}).content.decode()
                assert "<img src=x" not in page, (where, name)
                assert Markup(page).stopped == [], (where, name)

    def test_a_parameter_of_the_address_is_no_part_of_a_form(self, signed: City, as_: SignIn) -> None:
        assert signed.coordinator.office is not None
        answer = as_(signed.coordinator).post(f"/acting-office/?office={signed.coordinator.office.pk}")
        assert "没有担任这个职务" in answer.content.decode()


class TestErrors:
    """An error shows a sentence and nothing of the inside."""

    @pytest.fixture
    def failing(self, settings: LazySettings, signed: City, as_: SignIn) -> Client:
        settings.ROOT_URLCONF = __name__
        client = as_(signed.head)
        client.raise_request_exception = False
        return client

    def test_what_goes_wrong_inside_stays_inside_and_is_written_down(
        self, failing: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = failing.get("/fails/")
        (row,) = [each for each in caplog.records if each.levelname == "ERROR"]
        assert row.getMessage() == "Internal Server Error: /fails/"
        assert row.exc_info is not None
        assert str(row.exc_info[1]) == "secret-detail"
        page = answer.content.decode()
        assert answer.status_code == 500
        for inside in ("secret-detail", "Traceback", "RuntimeError", "test_hardening", "SECRET_KEY"):
            assert inside not in page
        assert Markup(page).stopped == []

    def test_a_host_that_is_not_served_is_told_what_to_do(
        self, client: Client, settings: LazySettings
    ) -> None:
        settings.ALLOWED_HOSTS = ["gt.example"]
        answer = client.get("/sign-in/", headers={"Host": "evil.example"})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "GUANTONG_ALLOWED_HOSTS" in page
        assert "evil.example" not in page
        assert Markup(page).stopped == []

    def test_what_is_too_long_is_told_that_it_was_not_submitted(
        self, client: Client, db: None, settings: LazySettings
    ) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        answer = client.post("/sign-in/", {"sign_in": "x" * 200})
        assert answer.status_code == 400
        assert "没有提交" in answer.content.decode()

    def test_a_view_without_policy_is_closed(self, failing: Client) -> None:
        answer = failing.get("/without-policy/")
        assert (answer.status_code, b"reached" in answer.content) == (403, False)

    def test_an_address_cannot_forge_a_line_of_the_program_s_log(
        self, client: Client, db: None, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.get("/no-such%0aCRITICAL%20all%20is%20well%1b[2J/")
        (row,) = [each for each in caplog.records if "no-such" in each.getMessage()]
        assert "\n" not in row.getMessage()
        assert "\x1b" not in row.getMessage()


@policies.public
def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret-detail")


def without_policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse("reached")


urlpatterns = [path("fails/", fails), path("without-policy/", without_policy), *known_urls]


class TestForgedForms:
    def filled(self, route: str) -> str:
        return "/" + re.sub(r"<\w+:\w+>", "1", re.sub(r"<str:\w+>", "x", route))

    def test_no_view_takes_a_post_without_the_token(self, signed: City) -> None:
        """Whoever is signed in, from the whole URLconf; the answer is the page that says the form expired."""
        client = Client(enforce_csrf_checks=True)
        assert signed.coordinator.person is not None
        client.force_login(signed.coordinator.person)
        tried = 0
        for route, view in policies.patterns():
            answer = client.post(self.filled(route), {"office": "1"})
            tried += 1
            if route.startswith("api/v1/"):  # a session is worth nothing there: only a token lets in
                wanted = 401 if getattr(view, "csrf_exempt", False) else 403
                assert answer.status_code == wanted, route
                continue
            assert not getattr(view, "csrf_exempt", False), route
            assert answer.status_code == 403, route
            assert "web/form_expired.html" in [each.name for each in answer.templates], route
        assert tried > 70

    def test_another_site_s_origin_is_refused_even_with_the_token(self, signed: City) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.get("/sign-in/").content.decode()
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[0]
        given = {"csrfmiddlewaretoken": token, "sign_in": "x", "password": "y"}
        forged = client.post("/sign-in/", given, headers={"Origin": "https://evil.example"})
        assert "web/form_expired.html" in [each.name for each in forged.templates]
        own = client.post("/sign-in/", given, headers={"Origin": "http://testserver"})
        assert "没有登录成功" in own.content.decode()

    def test_looking_changes_nothing(self, signed: City, as_: SignIn, business_pages: list[str]) -> None:
        """A GET on every view that changes something is refused or only shows its form."""
        from guantong.audit.models import AuditEntry

        client = as_(signed.coordinator)
        before = AuditEntry.objects.count()
        for route, _view in policies.patterns():
            client.get(self.filled(route))
        assert AuditEntry.objects.count() == before


class TestNextPage:
    OUTSIDE = (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:///evil.example",
    )

    @pytest.fixture
    def person(self, signed: City) -> Acting:
        acting = signed.head
        assert acting.person is not None
        acting.person.set_password(PASSWORD)
        acting.person.save()
        return acting

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_signing_in_leads_to_no_other_site(self, person: Acting, address: str) -> None:
        assert person.person is not None
        given = {"sign_in": str(person.person.sign_in), "password": PASSWORD, "next": address}
        answer = Client().post("/sign-in/", given)
        assert (answer.status_code, answer["Location"]) == (302, "/")

    def test_signing_in_leads_back_to_the_page_asked_for(self, person: Acting) -> None:
        assert person.person is not None
        given = {"sign_in": str(person.person.sign_in), "password": PASSWORD, "next": "/records/?q=1"}
        assert Client().post("/sign-in/", given)["Location"] == "/records/?q=1"

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_neither_does_choosing_a_language(self, client: Client, db: None, address: str) -> None:
        answer = client.post("/language/", {"language": "en", "next": address})
        assert answer["Location"] in {"/", "http://testserver/"}

    @pytest.mark.parametrize("address", OUTSIDE)
    def test_neither_does_confirming_the_password(self, person: Acting, as_: SignIn, address: str) -> None:
        client = as_(person)
        answer = client.post("/account/confirm/", {"password": PASSWORD, "next": address})
        assert not answer.get("Location", "").startswith(("http", "//", "/\\", "javascript"))

    def test_a_path_that_looks_like_a_host_stays_a_path(self, client: Client, db: None) -> None:
        answer = client.get("//evil.example/obligations/")
        assert not answer.get("Location", "").startswith("//")


class TestSigningOut:
    def test_the_session_is_dead_and_the_device_is_told_to_forget(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.head)
        key = client.session.session_key
        answer = client.post("/sign-out/")
        assert answer["Clear-Site-Data"] == '"storage"'
        assert not Session.objects.filter(session_key=key).exists()
        client.cookies["session"] = key
        assert client.get("/records/")["Location"].startswith("/sign-in/")

    def test_signing_in_gives_a_new_session(self, signed: City) -> None:
        acting = signed.head
        assert acting.person is not None
        acting.person.set_password(PASSWORD)
        acting.person.save()
        client = Client()
        client.cookies["session"] = "chosen-by-somebody-else-000000000"
        client.post("/sign-in/", {"sign_in": str(acting.person.sign_in), "password": PASSWORD})
        given = client.cookies["session"].value
        assert re.fullmatch(r"[a-z0-9]{32}", given)


class TestPasswordsAsTyped:
    TYPED = "  密码 with 空格, Ä and 🙂 " + "long enough to need more than sixty-four characters "

    @pytest.fixture
    def name(self, signed: City) -> str:
        person = signed.head.person
        assert person is not None
        person.set_password(self.TYPED)
        person.save()
        return str(person.sign_in)

    def test_it_is_taken_whole_and_unchanged(self, name: str) -> None:
        assert len(self.TYPED) > 64
        for typed in (
            self.TYPED.strip(),
            self.TYPED.lower(),
            self.TYPED[:64],
            self.TYPED[:72],
            self.TYPED + "x",
        ):
            answer = Client().post("/sign-in/", {"sign_in": name, "password": typed})
            assert "没有登录成功" in answer.content.decode(), typed
            SignInAttempt.objects.all().delete()
        assert Client().post("/sign-in/", {"sign_in": name, "password": self.TYPED})["Location"] == "/"

    def test_one_may_choose_such_a_one(self, signed: City, as_: SignIn) -> None:
        person = signed.head.person
        assert person is not None
        person.set_password(PASSWORD)
        person.save()
        as_(signed.head).post(
            "/account/password/", {"current": PASSWORD, "new": self.TYPED, "again": self.TYPED}
        )
        person.refresh_from_db()
        assert person.check_password(self.TYPED)

    def test_fields_hide_it_and_let_password_managers_in(self, signed: City, as_: SignIn) -> None:
        fields = [
            tag
            for page in (Client().get("/sign-in/"), as_(signed.head).get("/account/password/"))
            for tag in re.findall(
                r"<input[^>]*name=\"(?:password|current|new|again)\"[^>]*>", page.content.decode()
            )
        ]
        assert len(fields) == 4
        for tag in fields:
            assert 'type="password"' in tag
            assert re.search(r'autocomplete="(current|new)-password"', tag)
            assert not re.search(r"onpaste|readonly|maxlength=\"(\d|\d\d)\"", tag)


class TestSignedPreview:
    """The preview of an import travels in the form, signed; nothing but this very preview is taken back."""

    def sent(self, city: City, as_: SignIn, **how: Any) -> tuple[str, int]:
        content = "序号,重点任务,责任单位,完成时限\n1,推进一项工作,市教育体育局,2026年6月底前\n".encode()
        packed = base64.b64encode(zlib.compress(content)).decode()
        cycle = how.pop("cycle", city.cycle.pk)
        held = Dated(salt=how.pop("salt", "importing.tasks"), **how).sign_object(
            {"name": "a.csv", "cycle": cycle, "content": packed}
        )
        answer = as_(city.coordinator).post(reverse("import-tasks", args=[city.cycle.pk]), {"held": held})
        return answer.content.decode(), Task.objects.count()

    def test_signed_here_and_now_it_is_taken(self, city: City, as_: SignIn) -> None:
        assert self.sent(city, as_) == ("", 1)

    def test_after_an_hour_it_is_not(self, city: City, as_: SignIn) -> None:
        page, tasks = self.sent(city, as_, age=3700)
        assert ("预览已过期" in page, tasks) == (True, 0)

    def test_signed_with_another_key_or_for_another_use_it_is_not(self, city: City, as_: SignIn) -> None:
        for how in ({"key": "another-key"}, {"salt": "django.core.signing"}, {"algorithm": "sha1"}):
            page, tasks = self.sent(city, as_, **how)
            assert ("预览已过期" in page, tasks) == (True, 0), how

    def test_for_another_cycle_it_is_not(self, city: City, as_: SignIn) -> None:
        page, tasks = self.sent(city, as_, cycle=city.cycle.pk + 1)
        assert ("另一个周期" in page, tasks) == (True, 0)


class Dated(signing.TimestampSigner):
    """Signs as if some seconds ago."""

    def __init__(self, *, age: int = 0, **how: Any) -> None:
        super().__init__(**how)
        self.age = age

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - self.age)


class TestUploads:
    def test_the_largest_workbook_that_may_be_previewed_can_be_applied(self, city: City, as_: SignIn) -> None:
        """Its content comes back in the form, signed: the limit on forms leaves room for it."""
        head, tail = "序号,重点任务,责任单位,完成时限,附\n", "推进一项工作,市教育体育局,2026年6月底前,"
        text = head + "".join(
            f"{n},{tail}{base64.b64encode(os.urandom(75_000)).decode()}\n" for n in range(1, 53)
        )
        assert 5_000_000 < len(text.encode()) < 5 * 1024 * 1024
        client = as_(city.coordinator)
        url = reverse("import-tasks", args=[city.cycle.pk])
        preview = client.post(url, {"file": SimpleUploadedFile("a.csv", text.encode())})
        assert len(preview.context["held"]) > 5 * 1024 * 1024
        answer = client.post(url, {"held": preview.context["held"]})
        assert answer["Location"] == reverse("tasks")
        assert Task.objects.count() == 52

    def test_a_form_without_end_is_refused(self, signed: City, as_: SignIn) -> None:
        answer = as_(signed.head).post("/records/new/", {"summary": "长" * 11 * 1024 * 1024})
        assert answer.status_code == 400
        assert "长长" not in answer.content.decode()


# --- behind TLS --------------------------------------------------------------------------------------

BEHIND_TLS = """
import json, django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from guantong.accounts.models import Person
from guantong.config.cli import main
main(["migrate", "--json"])
first = Person.objects.count()
call_command("collectstatic", verbosity=0, interactive=False)
Person.objects.create_person(sign_in="a", password="a-long-enough-one", display_name="甲", now=timezone.now())
client = Client(headers={"Host": "gt.example", "X-Forwarded-Proto": "https"})
page = client.get("/sign-in/")
client.post("/language/", {"language": "en"})
signed = client.post("/sign-in/", {"sign_in": "a", "password": "a-long-enough-one"})
client.cookies["__Host-theme"] = "dark"
home = client.get("/account/")
plain = Client(headers={"Host": "gt.example"}).get("/records/?q=1")
health = Client(headers={"Host": "gt.example"}).get("/healthz")
script = page.content.decode().split('src="')[1].split('"')[0]
static = client.get(script)
print(json.dumps({
    "cookies": {each.key: [each.value, {name: each[name] for name in ("secure", "httponly", "samesite", "path", "domain")}]
                for each in client.cookies.values()},
    "signed": [signed.status_code, signed["Location"]],
    "hsts": page["Strict-Transport-Security"],
    "redirect": [plain.status_code, plain["Location"]],
    "theme": 'data-theme="dark"' in home.content.decode(),
    "health": [health.status_code, health.content.decode()],
    "people": first,
    "password": Person.objects.get().password.split("$")[:2],
    "debug": settings.DEBUG,
    "static": [script, static.status_code, dict(static.items())],
}))
"""  # fmt: skip


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The program as it runs behind a TLS proxy, in a process of its own, asked a few pages."""
    done = run_with_tls(tmp_path_factory.mktemp("home"), "-c", BEHIND_TLS)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def run_with_tls(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GUANTONG_", "DJANGO_"))} | {
        "GUANTONG_HOME": str(home), "GUANTONG_HTTPS": "1", "GUANTONG_ALLOWED_HOSTS": "gt.example",
        "DJANGO_SETTINGS_MODULE": "guantong.config.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=home, capture_output=True, text=True, timeout=300
    )


class TestBehindTls:
    def test_check_deploy_finds_nothing(self, tmp_path: Path) -> None:
        done = run_with_tls(tmp_path, "-m", "django", "check", "--deploy", "--fail-level", "INFO")
        assert (done.returncode, done.stdout.strip(), done.stderr.strip()) == (
            0, "System check identified no issues (0 silenced).", "",
        )  # fmt: skip

    def test_every_cookie_is_bound_to_this_host_and_to_tls(self, behind_tls: dict[str, Any]) -> None:
        set_by_server = {
            name: flags for name, (_value, flags) in behind_tls["cookies"].items() if name != "__Host-theme"
        }
        bound = {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}
        assert set_by_server == {"__Host-session": bound, "__Host-csrf": bound, "__Host-language": bound}
        assert behind_tls["signed"] == [302, "/"]

    def test_the_look_chosen_is_read_from_a_bound_cookie_too(self, behind_tls: dict[str, Any]) -> None:
        assert behind_tls["theme"]
        script = (SOURCES / "ui/static/ui/app.js").read_text(encoding="utf-8")
        assert re.findall(r"document\.cookie = (.*);", script) == [
            '(safe ? "__Host-theme=" : "theme=") + theme + ";path=/;max-age=" + (theme ? 31536000 : 0)'
            ' + ";samesite=lax" + (safe ? ";secure" : "")'
        ]

    def test_plain_http_is_sent_to_tls_and_told_to_stay_there(self, behind_tls: dict[str, Any]) -> None:
        assert behind_tls["redirect"] == [301, "https://gt.example/records/?q=1"]
        assert behind_tls["hsts"] == "max-age=31536000; includeSubDomains; preload"
        assert behind_tls["debug"] is False

    def test_health_answers_a_program_on_the_machine_without_sending_it_elsewhere(
        self, behind_tls: dict[str, Any]
    ) -> None:
        assert behind_tls["health"] == [200, "ok\n"]

    def test_a_new_installation_has_no_account(self, behind_tls: dict[str, Any]) -> None:
        assert behind_tls["people"] == 0

    def test_passwords_are_kept_by_a_slow_hash(self, behind_tls: dict[str, Any]) -> None:
        how, rounds = behind_tls["password"]
        assert (how, int(rounds) >= 600_000) == ("pbkdf2_sha256", True)

    def test_static_files_carry_the_headers_too(self, behind_tls: dict[str, Any]) -> None:
        address, status, headers = behind_tls["static"]
        assert status == 200
        assert re.match(r"/static/ui/app\.[0-9a-f]{12}\.js", address)
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Type"].startswith("text/javascript")


# --- in a browser ------------------------------------------------------------------------------------

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", function (event) {
  window.violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile + ":" + event.lineNumber);
});
"""


def listening(chromium: Browser, base: str) -> tuple[Page, list[str]]:
    """A page that notes what the policy stopped and every error of a script."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, base_url=base)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(15_000)
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(f"{page.url} {error}"))
    page.on(
        "console",
        lambda message: (
            said.append(f"{page.url} {message.text}") if "Content Security" in message.text else None
        ),
    )
    return page, said


def sign_in(page: Page, acting: Acting) -> None:
    assert acting.person is not None
    acting.person.password = make_password(PASSWORD)
    acting.person.save()
    page.goto("/sign-in/")
    page.fill("[name=sign_in]", str(acting.person.sign_in))
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url("**/")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
class TestInTheBrowser:
    def test_no_page_is_stopped_by_its_policy(
        self, chromium: Browser, live_server: Any, signed: City, security: Acting, business_pages: list[str]
    ) -> None:
        for acting, where in (
            (signed.coordinator, [*OWN, *business_pages, "/styleguide/"]),
            (security, ["/", "/people/", "/people/new/"]),
            (signed.acting("1506-LGO", "audit_admin"), ["/", "/audit/", "/audit/checkpoints/"]),
        ):
            page, said = listening(chromium, live_server.url)
            sign_in(page, acting)
            for address in where:
                page.goto(address)
                page.wait_for_function("window.htmx !== undefined")
                assert page.evaluate("window.violations") == [], address
            assert said == []
            page.context.close()

    def test_htmx_runs_as_locked_and_injected_script_does_not(
        self, chromium: Browser, live_server: Any, signed: City
    ) -> None:
        page, _said = listening(chromium, live_server.url)
        sign_in(page, signed.coordinator)
        page.goto("/obligations/")
        page.wait_for_function("window.htmx !== undefined")
        told = page.evaluate("htmx.config")
        assert [told[name] for name in ("allowEval", "allowScriptTags", "selfRequestsOnly", "historyCacheSize")] == [
            False, False, True, 0,
        ]  # fmt: skip
        page.select_option("form.filters select >> nth=0", index=1)
        page.wait_for_url("**/obligations/?*")
        assert page.evaluate("localStorage.getItem('htmx-history-cache')") is None
        assert page.evaluate("sessionStorage.getItem('htmx-history-cache')") is None
        assert page.evaluate("window.violations") == []
        page.evaluate(
            """() => {
              document.querySelector("main").insertAdjacentHTML("beforeend", '<img src="/x" onerror="window.hit = 1">');
              const script = document.createElement("script");
              script.textContent = "window.hit = 2";
              document.body.append(script);
              htmx.swap(document.querySelector("#announce"), "<script>window.hit = 3</script>", {swapStyle: "innerHTML"});
            }"""
        )
        page.wait_for_function("window.violations.length >= 2")
        assert page.evaluate("window.hit === undefined")
        page.evaluate("""() => {
          const script = document.createElement("script");
          script.nonce = document.querySelector("script[nonce]").nonce;
          script.textContent = "setTimeout(function () { try { eval('1'); window.evaluated = 1 } catch (error) { window.evaluated = 2 } }, 0)";
          document.body.append(script);
        }""")
        page.wait_for_function("window.evaluated !== undefined")
        assert page.evaluate("window.evaluated") == 2  # stopped

    def test_a_session_that_ended_leads_a_fragment_to_sign_in_and_back(
        self, chromium: Browser, live_server: Any, signed: City
    ) -> None:
        page, said = listening(chromium, live_server.url)
        sign_in(page, signed.coordinator)
        page.goto("/obligations/")
        page.wait_for_function("window.htmx !== undefined")
        page.context.clear_cookies(name="session")
        page.select_option("form.filters select >> nth=0", index=1)
        page.wait_for_url("**/sign-in/?next=**")
        assert said == []

    def test_the_next_person_at_the_device_finds_no_draft(
        self, chromium: Browser, live_server: Any, signed: City
    ) -> None:
        page, _said = listening(chromium, live_server.url)
        sign_in(page, signed.head)
        page.goto("/records/new/")
        page.fill("[name=summary]", "还没有发送的话")
        kept = "Object.keys(localStorage).filter(key => key.startsWith('keep:')).length"
        assert page.evaluate(kept) == 1
        page.reload()
        assert page.input_value("[name=summary]") == "还没有发送的话"
        page.context.clear_cookies(name="session")  # the session ran out; nobody signed out
        sign_in(page, signed.acting("1506-MU-02", "unit_head"))
        assert page.evaluate(kept) == 0
        assert "还没有发送的话" not in page.evaluate("JSON.stringify(localStorage)")

    def test_another_identity_provider_is_reached_from_the_sign_in_page(
        self, chromium: Browser, live_server: Any, db: None, provider: Provider
    ) -> None:
        assert form_targets() == f"'self' {provider.base}"
        page, said = listening(chromium, live_server.url)
        page.goto("/sign-in/")
        page.click("text=统一身份 >> nth=0")
        page.wait_for_url(f"{provider.base}/authorize?**")
        assert "code_challenge_method=S256" in page.url
        assert "state=" in page.url
        assert said == []


class Provider:
    """An OpenID Connect provider on this machine: discovery, an empty sign-in page, tokens with the claims set."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.challenge = ""
        provider = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if "openid-configuration" in self.path:
                    base = provider.base
                    self.say({"issuer": base, "authorization_endpoint": f"{base}/authorize", "jwks_uri": f"{base}/keys",
                              "token_endpoint": f"{base}/token", "userinfo_endpoint": f"{base}/me"})  # fmt: skip
                elif self.path == "/me":
                    self.say({"sub": provider.claims.get("sub"), "name": "某人"})
                else:
                    self.say("<title>sign in</title>", "text/html")

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
                if base64.urlsafe_b64encode(digest).decode().rstrip("=") != provider.challenge:
                    self.send_error(400)
                    return
                token = jwt.encode(provider.told(), "x" * 32, algorithm="HS256")
                self.say({"access_token": "a", "token_type": "Bearer", "id_token": token})

            def say(self, body: object, kind: str = "application/json") -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write((body if isinstance(body, str) else json.dumps(body)).encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.base, "aud": "guantong", "iat": now, "exp": now + 60} | self.claims

    def app(self, name: str) -> dict[str, Any]:
        address = f"{self.base}/.well-known/openid-configuration"
        return {"provider_id": name, "name": "统一身份", "client_id": "guantong", "secret": "s",
                "settings": {"server_url": address}}  # fmt: skip

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def provider(settings: LazySettings) -> Iterator[Provider]:
    """Known to the installation under two names, as two providers."""
    made = Provider()
    apps = [made.app("city"), made.app("banner")]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}
    yield made
    made.close()


class TestIdentityProvider:
    """Signing in through another provider, step by step, over real HTTP."""

    def begin(self, provider: Provider, client: Client, name: str = "city") -> str:
        """Go there as the button does; returns the state that must come back."""
        asked = parse_qs(urlsplit(client.post(f"/sign-in/oidc/{name}/")["Location"]).query)
        provider.challenge = asked["code_challenge"][0]
        assert asked["code_challenge_method"] == ["S256"]
        assert asked["response_type"] == ["code"]
        assert asked["redirect_uri"] == [f"http://testserver/sign-in/oidc/{name}/callback/"]
        return asked["state"][0]

    def back(self, client: Client, state: str, name: str = "city") -> bool:
        """Come back with a code; whether somebody is signed in now."""
        client.get(f"/sign-in/oidc/{name}/callback/", {"code": "c", "state": state})
        return "_auth_user_id" in client.session

    def test_it_lets_in_without_any_right(self, db: None, provider: Provider) -> None:
        client = Client()
        provider.claims = {"sub": "42"}
        assert self.back(client, self.begin(provider, client))
        assert client.get("/account/").status_code == 200
        assert client.get("/records/").status_code == 403

    @pytest.mark.parametrize(
        "wrong", [{"aud": "another-client"}, {"iss": "https://evil.example"}, {"exp": 1}]
    )
    def test_a_token_for_somebody_else_is_refused(
        self, db: None, provider: Provider, wrong: dict[str, Any]
    ) -> None:
        client = Client(raise_request_exception=False)
        provider.claims = {"sub": "42"} | wrong
        assert not self.back(client, self.begin(provider, client))
        assert not Person.objects.exists()

    def test_an_answer_to_another_browser_s_question_is_refused(self, db: None, provider: Provider) -> None:
        provider.claims = {"sub": "42"}
        theirs, mine = Client(), Client()
        state = self.begin(provider, theirs)
        self.begin(provider, mine)
        assert not self.back(mine, state)
        assert not self.back(mine, "forged")

    def test_a_code_begun_elsewhere_is_not_redeemed(self, db: None, provider: Provider) -> None:
        provider.claims = {"sub": "42"}
        client = Client()
        state = self.begin(provider, client)
        provider.challenge = "the challenge of another transaction"
        assert not self.back(client, state)

    def test_the_same_number_at_two_providers_is_two_people(self, db: None, provider: Provider) -> None:
        provider.claims = {"sub": "42"}
        for name in ("city", "banner", "city"):
            client = Client()
            assert self.back(client, self.begin(provider, client, name), name)
        assert Person.objects.count() == 2

    def test_nothing_begins_without_a_click(self, db: None, provider: Provider) -> None:
        answer = Client().get("/sign-in/oidc/city/")
        assert (answer.status_code, provider.base in answer.content.decode()) == (200, False)

    def test_when_it_is_gone_the_password_still_lets_in(self, signed: City, provider: Provider) -> None:
        provider.close()
        client = Client(raise_request_exception=False)
        page = client.post("/sign-in/oidc/city/").content.decode()
        assert "Traceback" not in page
        assert provider.base not in re.sub(r"<[^>]+>", "", page)
        person = signed.head.person
        assert person is not None
        person.set_password(PASSWORD)
        person.save()
        answer = client.post("/sign-in/", {"sign_in": str(person.sign_in), "password": PASSWORD})
        assert answer["Location"] == "/"

    def test_no_token_is_kept(self, db: None, provider: Provider) -> None:
        client = Client()
        provider.claims = {"sub": "42", "email": "a@example.org"}
        self.back(client, self.begin(provider, client))
        assert not SocialToken.objects.exists()
        assert SocialAccount.objects.get().extra_data == {}


# --- in the sources ----------------------------------------------------------------------------------

# Calls that turn text into markup, code or commands, by name. Exceptions are listed below, one by one.
DANGEROUS = {
    "mark_safe", "SafeString", "SafeText", "eval", "exec", "compile", "__import__", "loads_pickle", "system", "popen",
    "extra", "RawSQL", "csrf_exempt", "xframe_options_exempt", "Template", "from_string", "md5", "sha1", "cache_page",
    "modelform_factory", "urlopen",
}  # fmt: skip
MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "telnetlib",
    "ftplib",
    "xml",
    "requests",
    "httpx",
    "urllib.request",
    "smtplib",
}
# (file, what) and why it is no danger
EXCEPTIONS: dict[tuple[str, str], str] = {
    (
        "api/connection.py",
        "urllib.request",
    ): "the client program, on whoever's machine it runs; the scheme is looked at",
    (
        "api/contract/serving.py",
        "csrf_exempt",
    ): "takes tokens alone and no session, so there is nothing to forge",
    ("api/webhooks/sending.py", "requests"): "the type of an answer; sent by `channels`",
    ("channels/senders/mail.py", "smtplib"): "the mail server an administrator named, at a checked address",
    ("channels/senders/transport.py", "requests"): "the one way out, to checked addresses",
    ("channels/senders/transport.py", "requests.adapters"): "the one way out, to checked addresses",
    ("documents/layout/page.py", "from_string"): "a colour of python-docx",
    ("importing/limited/remarking/listing.py", "xml.sax.saxutils"): "escapes what is written",
    ("importing/limited/remarking/notes.py", "xml.sax.saxutils"): "escapes what is written",
    ("importing/limited/remarking/parts.py", "xml.sax.saxutils"): "escapes what is written",
    ("importing/limited/remarking/parts.py", "xml.parsers"): "in the limited child, without document types",
    ("importing/limited/remarking/sheets.py", "xml.parsers"): "in the limited child, without document types",
}
# Findings of ruff's security rules that are silenced in the sources, and why each is no danger.
# Where a pattern of words is chosen by the program: the demonstration, and the program that recomputes a run.
NO_REQUEST_COMES_HERE = {
    "assessment/recompute.py",
    "config/demo/homes.py",
    "config/demo/matters.py",
    "config/demo/pairings.py",
    "config/demo/year.py",
}
SILENCED = {
    ("api/connection.py", "S310"): "the scheme is looked at before",
    ("api/operations/webhooks.py", "S105"): "the prefix that marks a secret, not one",
    ("config/demo/homes.py", "S106"): "the mark of a password that nobody has",
    ("documents/limited.py", "S606"): "the program that the operator installed",
    ("documents/pdf.py", "S603"): "the program that the operator installed, on a file of ours",
    ("documents/templating/filling.py", "S603"): "this very Python, on a module of ours",
    ("importing/reading.py", "S603"): "our own program, as a list of arguments",
    ("search/index/postgresql.py", "S608"): "names of this file; values are parameters",
    ("search/index/sqlite.py", "S608"): "names of this file; values are parameters",
    ("assessment/bench/stability.py", "S311"): "draws that anybody can repeat by their seed",
    ("assessment/storing.py", "S608"): "names of a table and its columns; values are parameters",
    ("audit/triggers.py", "S608"): "statements of triggers, from names in this file",
    ("config/postgresql.py", "S603"): "client programs of PostgreSQL, as a list of arguments",
    ("config/demo/city.py", "S311"): "a repeatable demonstration",
    ("config/demo/roster.py", "S106"): "the mark of a password that nobody has",
    ("config/demo/year.py", "S311"): "a repeatable demonstration",
    ("config/keeping.py", "S603"): "our own program, as a list of arguments",
    ("config/retention.py", "S608"): "the name of the cache table, from the settings",
    ("importing/units/operations.py", "S608"): "names of a table and its columns; values are parameters",
    ("web/demo_accounts.py", "S105"): "the demonstration's password, shown on its sign-in page",
}


def python_sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(SOURCES.rglob("*.py")):
        yield str(file.relative_to(SOURCES)), ast.parse(file.read_text(encoding="utf-8"))


def template_sources() -> Iterator[tuple[str, str]]:
    for file in sorted(SOURCES.rglob("*.html")):
        yield str(file.relative_to(SOURCES)), file.read_text(encoding="utf-8")


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def is_pattern(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"


class TestSources:
    def test_nothing_turns_text_into_markup_or_code(self) -> None:
        found = set()
        for name, tree in python_sources():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and called(node) in DANGEROUS and not is_pattern(node):
                    found.add((name, called(node)))
                elif isinstance(node, ast.Import | ast.ImportFrom):
                    modules = (
                        [each.name for each in node.names]
                        if isinstance(node, ast.Import)
                        else [node.module or ""]
                    )
                    found |= {(name, each) for each in modules if {each, each.split(".")[0]} & MODULES}
        assert found == set(EXCEPTIONS)

    def test_format_html_gets_a_literal_and_no_ready_made_text(self) -> None:
        """Its first argument is a constant, so that every value goes in as an argument and is escaped."""
        wrong = [
            (name, node.lineno)
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and called(node) in {"format_html", "format_html_join"}
            and not all(
                isinstance(each, ast.Constant)
                for each in node.args[: 1 + (called(node) == "format_html_join")]
            )
        ]
        assert wrong == []

    def test_no_pattern_of_words_is_put_together_from_what_is_typed(self) -> None:
        """``.format`` is called on a constant of the module, or on a sentence of the demonstration's own."""
        wrong = [
            (name, node.lineno)
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"format", "format_map"}
            and not isinstance(node.func.value, ast.Constant)
            and not (isinstance(node.func.value, ast.Name) and node.func.value.id.isupper())
            and name not in NO_REQUEST_COMES_HERE
        ]
        assert wrong == []

    def test_no_form_writes_a_model_by_itself(self) -> None:
        """Every form names its fields, and every operation its arguments: nothing else can be sent along."""
        wrong = [
            (name, node.name)
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for base in node.bases
            if (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")) == "ModelForm"
        ]
        assert wrong == []

    def test_chance_that_matters_comes_from_the_system(self) -> None:
        found = {
            name
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if (isinstance(node, ast.Import) and any(each.name == "random" for each in node.names))
            or (isinstance(node, ast.ImportFrom) and node.module == "random")
        }
        # what-if draws are repeated by their seed, and decide nothing
        assert {name.rpartition("/")[0] for name in found} == {"assessment/bench", "config/demo"}

    def test_only_work_is_kept_on_the_device_while_it_is_written(self) -> None:
        kept = {
            (name, each)
            for name, text in template_sources()
            for each in re.findall(r'data-keep="([a-z]+)', text)
        }
        assert kept == {
            ("burden/templates/burden/_against.html", "put"),
            ("burden/templates/burden/answer.html", "answer"),
            ("burden/templates/burden/field_new.html", "new"),
            ("burden/templates/burden/paper.html", "paper"),
            ("burden/templates/burden/request_new.html", "field"),
            ("grassroots/templates/grassroots/_quick_form.html", "quick"),
            ("grassroots/templates/grassroots/service_new.html", "service"),
            ("grassroots/templates/grassroots/demand_new.html", "demand"),
            ("obligations/templates/obligations/new_record.html", "record"),
            ("supervision/templates/supervision/matter_draft.html", "matter"),
            ("ui/templates/ui/pages/styleguide.html", "styleguide"),
        }
        stored = {
            (file.name, each)
            for file in (SOURCES / "ui/static/ui").glob("*.js")
            for each in re.findall(
                r"indexedDB|caches\.open|serviceWorker|sendBeacon", file.read_text(encoding="utf-8")
            )
        }
        # quick records that wait for a network: the queue of each person, and the one page that writes it
        assert stored == {
            ("queue.js", "indexedDB"), ("quick.js", "indexedDB"), ("waiting.js", "indexedDB"), ("waiting.js", "caches.open"),
            ("waiting.js", "serviceWorker"),
        }  # fmt: skip

    def test_no_shell_is_ever_asked(self) -> None:
        wrong = [
            (name, node.lineno)
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and any(each.arg == "shell" and getattr(each.value, "value", True) for each in node.keywords)
        ]
        assert wrong == []

    def test_yaml_is_composed_and_never_constructed(self) -> None:
        loaders = {
            (name, called(node))
            for name, tree in python_sources()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "yaml"
        }
        assert loaders == {
            ("mechanisms/package/reading.py", "SafeLoader"),
            ("mechanisms/package/reading.py", "parse"),
        }

    def test_what_the_security_rules_would_say_is_silenced_in_known_places_only(self) -> None:
        """Statements put together from text, programs started, weak chance, passwords: ruff's S rules find them."""
        found = {
            (str(file.relative_to(SOURCES)), code)
            for file in sorted(SOURCES.rglob("*.py"))
            for codes in re.findall(r"# noqa: ([A-Z0-9, ]+)", file.read_text(encoding="utf-8"))
            for code in re.findall(r"S\d{3}\b", codes)
        }
        assert found == set(SILENCED)
        rules = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        assert re.search(r'select = \[.*"S".*\]', rules)
        assert "# noqa\n" not in "".join(file.read_text(encoding="utf-8") for file in SOURCES.rglob("*.py"))

    def test_no_template_turns_escaping_off(self) -> None:
        wrong = [
            (name, each)
            for name, text in template_sources()
            for each in re.findall(
                r"\|\s*safe(?:seq)?\b|autoescape\s+off|\{%\s*debug|\|\s*json_script:?\s*%", text
            )
        ]
        assert wrong == []

    def test_no_template_has_a_script_without_the_nonce_or_code_in_an_attribute(self) -> None:
        wrong = []
        for name, text in template_sources():
            for tag in re.findall(r"<script\b[^>]*>", text):
                if 'nonce="{{ csp_nonce }}"' not in tag:
                    wrong.append((name, tag))
            for body in re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", text):
                wrong.append((name, body))
            plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", text, flags=re.DOTALL)
            wrong += [
                (name, each) for each in re.findall(r"<[a-z][^>]*\s(?:style|on[a-z]+|hx-on[^=]*)=", plain)
            ]
            wrong += [(name, each) for each in re.findall(r"<style\b|javascript:|hx-vals=['\"]js:", plain)]
        assert wrong == []

    def test_scripts_build_no_code_and_no_markup_from_text(self) -> None:
        wrong = [
            (str(file.relative_to(SOURCES)), each)
            for file in sorted((SOURCES / "ui/static/ui").glob("*.js"))
            for each in re.findall(
                r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setTimeout\(\s*[\"']|postMessage|__proto__",
                file.read_text(encoding="utf-8"),
            )
        ]
        assert wrong == []

    def test_every_form_that_posts_carries_the_token(self) -> None:
        wrong = [
            (name, form[:80])
            for name, text in template_sources()
            for form in re.findall(r"<form\b[^>]*method=\"post\".*?(?=</form>|$)", text, flags=re.DOTALL)
            if "{% csrf_token %}" not in form
        ]
        assert wrong == []

    def test_pages_of_errors_need_nothing_from_the_database(self) -> None:
        for name in ("web/400.html", "web/403.html", "web/404.html", "web/500.html", "web/form_expired.html"):
            assert Markup(get_template(name).render({"csp_nonce": "n"})).stopped == [], name

"""Alive, ready, in figures, and logs that name nobody."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.policies import public
from guantong.audit.models import Verification
from guantong.audit.operations import record
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.standing import look_again
from guantong.audit.tiles import TileFolder
from guantong.config.urls import handler403, handler404, handler500  # noqa: F401 - this module is a URLconf too
from guantong.kernel import clock
from guantong.web.health import heartbeat, readiness
from guantong.web.health.logs import JsonFormatter
from guantong.web.health.request_ids import id_for

NAME, TELEPHONE, CODE = "欧阳标记", "13912345678", "MARKEDCODE7Q"
MARKED = (NAME, TELEPHONE, CODE, "marked.mail@example.org", "标记的原话")


@public
def breaks(request: HttpRequest, code: str) -> HttpResponse:
    raise ValueError(f"{NAME} {TELEPHONE}")


urlpatterns = [path("", include("guantong.config.urls")), path("breaks/<str:code>/", breaks, name="breaks")]


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything any logger says, at its most talkative, as it would stand in the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def said(lines: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(each) for each in lines.getvalue().splitlines()]


class TestAlive:
    def test_says_ok_without_asking_the_database(
        self, client: Client, db: None, django_assert_num_queries: object
    ) -> None:
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert client.get("/healthz").content == b"ok\n"


class TestReady:
    def words(self, status: int = 200) -> dict[str, str]:
        answer = Client().get("/readyz")
        assert answer.status_code == status
        told = answer.json()
        assert told["ready"] is (status == 200)
        return dict(told["checks"])

    def test_with_a_word_for_each_thing(self, db: None, home: Path) -> None:
        heartbeat.note_round(now=clock.now())
        names = {"database", "migrations", "worker", "disk", "log"}
        assert self.words() == dict.fromkeys(names, "ok")

    def test_a_late_worker_is_said_and_pages_are_served_on(self, db: None, home: Path) -> None:
        assert self.words()["worker"] == "never"
        heartbeat.note_round(now=clock.now() - heartbeat.LATE_AFTER - dt.timedelta(seconds=1))
        assert self.words()["worker"] == "late"
        (home / "worker-round").write_text("nonsense")
        assert self.words()["worker"] == "never"

    def test_not_while_a_migration_is_missing(self, db: None, home: Path) -> None:
        MigrationRecorder(connection).record_unapplied("notices", "0003_ask_whether_one_comes_to_a_meeting")
        assert self.words(503)["migrations"] == "missing"

    def test_not_while_the_disk_is_full(self, db: None, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(readiness, "LEAST_FREE", 2**62)
        assert self.words(503)["disk"] == "full"

    def test_not_with_a_log_that_has_faults_or_was_rolled_back(self, city: City, home: Path) -> None:
        Verification.objects.create(
            at=at(3, 1), entries=1, checkpoints=1, objects_checked=1, faults=[{"x": 1}]
        )
        assert self.words(503)["log"] == "faults"
        Verification.objects.create(at=at(3, 2), entries=1, checkpoints=1, objects_checked=1, faults=[])
        assert self.words()["log"] == "ok"
        from django.conf import settings

        record("demo.year_played", target=city.cycle, actor=CONSOLE, at=at(3, 1))
        sequence()
        TileFolder(settings.LOG_FOLDER).append([b"\1" * 32])
        checkpoint("hourly", now=at(3, 1))
        look_again()
        assert self.words(503)["log"] == "rolled back"

    def test_tells_no_path_no_version_and_no_secret(self, db: None, home: Path) -> None:
        text = Client().get("/readyz").content.decode()
        assert str(home) not in text
        assert not [each for each in ("sqlite", "postgres", "5.2", "/") if each in text]


class TestFigures:
    def test_are_not_there_unless_configured(self, client: Client, db: None) -> None:
        answer = client.get("/metrics")
        assert answer.status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404

    def test_are_for_whoever_has_the_token(
        self, signed: City, as_: SignIn, settings: LazySettings, home: Path
    ) -> None:
        settings.METRICS_TOKEN = "figures-token-123"
        as_(signed.head).get(reverse("obligations"))
        asked = Client().get("/metrics", headers={"Authorization": "Bearer figures-token-123"})
        text = asked.content.decode()
        assert 'guantong_requests_total{method="GET",name="obligations",status="200"}' in text
        assert 'guantong_request_seconds_bucket{le="0.01",name="obligations"}' in text
        for name in ("jobs_waiting", "deliveries_waiting", "worker_round_age_seconds", "database_bytes"):
            assert f"\nguantong_{name} " in text, name
        assert "guantong_worker_round_age_seconds -1.0" in text
        assert float(text.split("\nguantong_database_bytes ")[1].split("\n")[0]) > 1000
        for wrong in ("", "Bearer wrong", "Basic figures-token-123", "figures-token-123"):
            assert Client().get("/metrics", headers={"Authorization": wrong}).status_code == 404

    def test_are_for_a_named_address_but_not_through_a_proxy(self, db: None, settings: LazySettings) -> None:
        settings.METRICS_FROM = ["127.0.0.0/8"]
        assert Client().get("/metrics").status_code == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 404
        settings.HTTPS = True
        outside = {"X-Forwarded-For": "127.0.0.1, 203.0.113.7", "X-Forwarded-Proto": "https"}
        assert Client().get("/metrics", headers=outside, secure=True).status_code == 404
        settings.METRICS_FROM = ["10.0.0.0/8", "nonsense"]
        assert Client().get("/metrics", secure=True).status_code == 404

    def test_count_by_name_and_never_by_path(self, db: None, settings: LazySettings) -> None:
        settings.METRICS_FROM = ["127.0.0.1"]
        for address in (f"/mine/{CODE}/", f"/feeds/{CODE}.ics", f"/{CODE}/", f"/receipts/{CODE}/"):
            Client().get(address)
        Client().generic("MARKEDVERB", "/sign-in/")
        text = Client().get("/metrics").content.decode()
        assert CODE not in text
        assert "MARKEDVERB" not in text
        assert 'name="mine"' in text
        assert 'name="unknown",status="404"' in text


class TestRequestNumber:
    GIVEN = "3f2a9c1e-77aa-4b1c-9d3e-0123456789ab"

    def test_is_taken_from_the_request_and_returned(
        self, client: Client, db: None, lines: io.StringIO
    ) -> None:
        assert client.get("/healthz", headers={"X-Request-ID": self.GIVEN})["X-Request-ID"] == self.GIVEN
        [line] = [each for each in said(lines) if each["logger"] == "guantong.requests"]
        assert line["request_id"] == self.GIVEN
        assert (line["name"], line["method"], line["status"]) == ("healthz", "GET", 200)

    @pytest.mark.parametrize(
        "given", ["", "short", NAME, TELEPHONE, "1391234567813912", "a" * 65, "a b" * 8, "abc\ndef0123456789", "g" * 20, "-" * 20]
    )  # fmt: skip
    def test_one_that_is_none_is_replaced(self, given: str) -> None:
        made = id_for(given)
        assert made != given
        assert id_for(made) == made

    def test_is_on_errors_and_on_every_log_line_of_the_request(
        self, signed: City, as_: SignIn, lines: io.StringIO
    ) -> None:
        answer = as_(signed.head).get(reverse("system"), headers={"X-Request-ID": self.GIVEN})
        assert (answer.status_code, answer["X-Request-ID"]) == (403, self.GIVEN)
        told = [each for each in said(lines) if each["logger"] in ("guantong.security", "guantong.requests")]
        assert {each["request_id"] for each in told} == {self.GIVEN}
        assert len(told) == 2

    def test_one_request_leaves_nothing_for_the_next(self, client: Client, db: None) -> None:
        client.get("/healthz", headers={"X-Request-ID": self.GIVEN})
        assert client.get("/healthz")["X-Request-ID"] != self.GIVEN


class TestLogs:
    """Pages are driven with marked names, contacts, words and codes; none of them is in any line."""

    @pytest.mark.urls("web.test_health")
    def test_name_nobody(self, signed: City, as_: SignIn, lines: io.StringIO, settings: LazySettings) -> None:
        anybody = Client(raise_request_exception=False)
        anybody.post(reverse("sign-in"), {"sign_in": NAME, "password": CODE})
        for address in (
            f"/mine/{CODE}/", f"/feeds/{CODE}.ics", f"/receipts/{CODE}/", f"/no/{NAME}/{TELEPHONE}/", f"/track/?code={CODE}",
            f"/breaks/{CODE}/", f"/sign-in/?next=/{TELEPHONE}/",
        ):  # fmt: skip
            anybody.get(address)
        typed = {
            "name": NAME, "contact": TELEPHONE, "wording": "标记的原话", "title": NAME, "code": CODE, "unit": "1506",
            "summary": "标记的原话", "display_name": NAME, "address": "marked.mail@example.org", "hour": "9", "language": "en",
        }  # fmt: skip
        for name in ("track", "file-case", "new-case", "booking"):
            with pytest.MonkeyPatch.context():
                self.post(anybody, name, typed)
        client = as_(signed.head)
        client.raise_request_exception = False
        for name in ("own-name", "new-record", "notice-choices", "new-case", "acting-office"):
            self.post(client, name, typed)
        client.get(reverse("records"), {"q": NAME})
        anybody.get("/", headers={"Host": f"{TELEPHONE}.example"})
        text = lines.getvalue()
        assert len(said(lines)) > 20
        assert [each for each in MARKED if each in text] == []

    def post(self, client: Client, name: str, typed: dict[str, str]) -> None:
        from django.urls.exceptions import NoReverseMatch

        try:
            client.post(reverse(name), typed)
        except NoReverseMatch:
            return

    @pytest.mark.urls("web.test_health")
    def test_an_error_is_said_by_its_type_and_place_without_its_words(
        self, db: None, lines: io.StringIO
    ) -> None:
        client = Client(raise_request_exception=False)
        assert client.get(f"/breaks/{CODE}/").status_code == 500
        [error] = [each for each in said(lines) if "error" in each]
        assert error["error"] == "ValueError"
        assert any("test_health.py" in str(each) for each in error["places"])  # type: ignore[attr-defined]
        assert NAME not in lines.getvalue()

    def test_of_other_libraries_the_fixed_part_alone_is_written(self, lines: io.StringIO) -> None:
        other = logging.getLogger("some.library")
        other.warning("sent to %s", TELEPHONE)
        other.warning(f"sent to {TELEPHONE}")
        assert [each["message"] for each in said(lines)] == ["sent to %s", "(withheld)"]

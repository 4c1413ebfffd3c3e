"""The samples in deploy/ keep to what the administrator's guide says of them."""

from __future__ import annotations

import configparser
import http.server
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from config.installation import ROOT
from guantong.config import alive
from guantong.config.commands import SETTINGS

DEPLOY = ROOT / "deploy"
UNITS = ("guantong-web.service", "guantong-worker.service", "guantong-backup.service")
HARDENED = {
    "NoNewPrivileges": "yes", "PrivateDevices": "yes", "PrivateTmp": "yes", "ProtectHome": "yes",
    "ProtectSystem": "strict", "RestrictNamespaces": "yes", "RestrictSUIDSGID": "yes", "StateDirectoryMode": "0700",
    "CapabilityBoundingSet": "", "IPAddressDeny": "any", "IPAddressAllow": "localhost", "User": "guantong",
}  # fmt: skip


def unit(name: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return dict(parser["Service"])


@pytest.mark.parametrize("name", UNITS)
def test_both_services_run_shut_in(name: str) -> None:
    service = unit(name)
    assert {key: service.get(key) for key in HARDENED} == HARDENED
    assert "GUANTONG_HOME=/var/lib/guantong" in service["Environment"]


def test_only_known_settings_are_named() -> None:
    known = {variable for variable, _purpose, _name in SETTINGS}
    named = {
        each
        for file in DEPLOY.rglob("*")
        if file.is_file()
        for each in re.findall(r"GUANTONG_[A-Z_]+", file.read_text(encoding="utf-8"))
    }
    assert named - known == set()


class TestTheContainer:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")

    def test_builds_in_one_stage_and_runs_in_another_as_nobody_special(self) -> None:
        stages = re.split(r"^FROM ", self.text, flags=re.MULTILINE)[1:]
        assert [each.split()[0] for each in stages] == ["${BASE}", "${BASE}"]
        assert len(stages) == 2
        assert re.search(r"^USER 10001", stages[1], flags=re.MULTILINE)
        for lock in ("run", "build"):
            assert f"--require-hashes -r requirements-{lock}.lock" in stages[0]
        assert "pip wheel" not in self.text  # would fetch what builds from wherever, at any version

    def test_copies_only_what_is_in_the_checkout(self) -> None:
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", self.text, flags=re.MULTILINE):
            assert all((ROOT / each).exists() for each in line.split()), line

    def test_says_whether_it_is_alive(self) -> None:
        assert "guantong.config.alive" in self.text


class TestTheProxy:
    text = re.sub(r"#.*", "", (DEPLOY / "nginx" / "guantong.conf").read_text(encoding="utf-8"))

    def test_adds_and_hides_no_header_of_the_answer(self) -> None:
        """A second content policy would be obeyed too, and stop the scripts of every page."""
        assert "add_header" not in self.text
        assert "proxy_hide_header" not in self.text

    def test_takes_what_the_application_takes(self) -> None:
        allowed = re.search(r"client_max_body_size (\d+)m;", self.text)
        assert allowed
        assert int(allowed[1]) > settings.MAX_UPLOAD_MB

    def test_says_by_itself_from_where_and_over_what_a_visitor_comes(self) -> None:
        assert "proxy_set_header X-Forwarded-For $remote_addr;" in self.text
        assert "proxy_set_header X-Forwarded-Proto https;" in self.text

    def test_speaks_chinese_where_the_application_cannot(self) -> None:
        for codes, place in (("404", "missing"), ("413", "large"), ("502 503 504", "away")):
            assert f"error_page {codes} @{place};" in self.text
            page = self.text.partition(f"location @{place} {{")[2].partition("}")[0]
            assert 'default_type "text/html; charset=utf-8";' in page
            assert re.search("<title>[一-龥]+ · 贯通</title>", page)
            assert 'lang="en"' in page

    def test_keeps_no_address_in_its_log(self) -> None:
        told = re.search(r"log_format guantong '([^']*)'", self.text)
        assert told
        assert not {"$request", "$request_uri", "$uri", "$args", "$http_referer", "$remote_addr"} & set(
            told[1].split()
        )
        assert re.search(r"error_log \S+ crit;", self.text)  # its other lines say what was asked for


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[str]]]:
    """A server on this machine that answers everything with one status; its port, and the hosts it was asked for."""
    hosts: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Says nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], hosts
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TestAlive:
    def test_is_so_while_the_server_answers(self) -> None:
        with answering(200) as (port, _hosts):
            assert alive.is_alive(port)

    def test_is_not_so_when_it_fails_or_is_gone(self) -> None:
        with answering(500) as (port, _hosts):
            assert not alive.is_alive(port)
        assert not alive.is_alive(port)

    def test_asks_for_a_name_that_is_served(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GUANTONG_ALLOWED_HOSTS", ".guantong.example, localhost")
        with answering(200) as (port, hosts):
            alive.is_alive(port)
        assert hosts == ["guantong.example"]


# Names that were sealed, and the plain columns dropped, are not laid open again: before it there is only the backup.
ONE_WAY = {"accounts.0002_seal_names_and_stand_in"}


def test_every_migration_can_be_taken_back() -> None:
    """So that an upgrade that failed can be undone without the backup."""
    stuck = {
        f"{app}.{name}"
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if migration.__module__.startswith("guantong.")
        for each in migration.operations
        if not each.reversible
    }
    assert stuck == ONE_WAY


def test_root_runs_the_program_with_the_settings_of_the_services(tmp_path: Path) -> None:
    """They are read, not run; and what is asked for in the environment stands behind them."""
    settings_file, touched = tmp_path / "guantong.env", tmp_path / "touched"
    settings_file.write_text(
        f'# GUANTONG_DEMO=1\nGUANTONG_LOG_ORIGIN="a $(touch {touched}) `b`"\nGUANTONG_OIDC=[{{"x": 1}}]\nPATH=/nowhere\n',
        encoding="utf-8",
    )
    shown = tmp_path / "setpriv"
    shown.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nenv\n', encoding="utf-8")
    shown.chmod(0o755)
    done = subprocess.run(
        ["sh", str(DEPLOY / "systemd" / "guantong"), "backup", "a folder"], check=True, capture_output=True, text=True,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "SETTINGS": str(settings_file), "GUANTONG_OIDC": "[]"},
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines[:2] == ["--reuid=guantong", "--regid=guantong"]
    assert lines[4:7] == ["/opt/guantong/bin/guantong", "backup", "a folder"]
    assert f"GUANTONG_LOG_ORIGIN=a $(touch {touched}) `b`" in lines
    assert 'GUANTONG_OIDC=[{"x": 1}]' in lines
    assert not touched.exists()
    assert "GUANTONG_DEMO=1" not in lines

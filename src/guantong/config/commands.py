"""``migrate``, ``serve``, ``worker``, ``load-demo``, ``settings``: running the installation."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import Any

from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils.translation import gettext as _

from guantong.config.demo.city import load_demo as load_demo_city
from guantong.kernel.commands import Arguments, Command, Report
from guantong.web.demo_accounts import PASSWORD, demo_accounts

# (variable, what it is for); `guantong settings` prints them with the value in force
SETTINGS = (
    ("GUANTONG_HOME", "folder of the default database and of evidence files", "HOME"),
    ("GUANTONG_DATABASE_URL", "sqlite:///… or postgres://…", "DATABASE_URL"),
    ("GUANTONG_ALLOWED_HOSTS", "host names served, comma-separated", "ALLOWED_HOSTS"),
    ("GUANTONG_TRUSTED_ORIGINS", "origins allowed to post, for a proxy", "CSRF_TRUSTED_ORIGINS"),
    ("GUANTONG_HTTPS", "behind TLS: secure cookies, HSTS, redirect", "HTTPS"),
    ("GUANTONG_TIME_ZONE", "time zone of days and deadlines", "TIME_ZONE"),
    ("GUANTONG_DEMO", "show demonstration accounts on the sign-in page", "DEMO"),
    ("GUANTONG_DEBUG", "development only", "DEBUG"),
    ("GUANTONG_SECRET_KEY", "signing secret; else kept in the home folder", ""),
    ("GUANTONG_LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR", ""),
    ("GUANTONG_PASSWORD", "password for create-admin and appoint without a terminal", ""),
    ("GUANTONG_TEST_DATABASE_URL", "PostgreSQL the test suite may use", ""),
)


def migrate(given: Arguments, report: Report) -> dict[str, Any]:
    """Bring the database to this version's schema."""
    django_settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    report.say(_("数据库已就绪。"))
    return {"migrated": True}


def settings(given: Arguments, report: Report) -> dict[str, Any]:
    """Every setting with the value in force; secrets are not shown."""
    rows = []
    for variable, purpose, name in SETTINGS:
        value = str(getattr(django_settings, name)) if name else ""
        if name == "DATABASE_URL" and "@" in value:
            value = value.partition("://")[0] + "://…@" + value.rpartition("@")[2]
        rows.append({"variable": variable, "purpose": purpose, "value": value, "set": variable in os.environ})
        report.say(f"{variable}={value}\t# {purpose}")
    return {"settings": rows}


def _serve_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--with-worker", action="store_true", help="run the background worker beside the web server"
    )


def serve(given: Arguments, report: Report) -> dict[str, Any]:
    """Serve the web application until stopped."""
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("check", "--tag", "policies")
    worker = None
    if given.with_worker:
        worker = subprocess.Popen([sys.executable, "-m", "guantong.config.cli", "worker"])
    report.say(_("打开 http://%(host)s:%(port)s/") % {"host": given.host, "port": given.port})
    if django_settings.DEMO:
        for account in demo_accounts():
            report.say(f"  {account.sign_in:<10} {PASSWORD}  {account.role}")
    sys.stdout.flush()
    try:
        from granian.constants import Interfaces
        from granian.server import Server

        Server(
            "guantong.config.wsgi:application",
            address=given.host,
            port=given.port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=4,
            log_enabled=False,
        ).serve()
    finally:
        if worker:
            worker.terminate()
            worker.wait(timeout=20)
    return {"served": True}


def worker(given: Arguments, report: Report) -> dict[str, Any]:
    """Run background jobs and the daily sweep until stopped."""
    from guantong.config.worker import run_worker

    run_worker(once=given.once)
    return {"worked": True}


def _worker_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is waiting, then stop")


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--year", type=int, default=None, help="this year by default")
    parser.add_argument("--seed", type=int, default=20260105)


def load_demo(given: Arguments, report: Report) -> dict[str, Any]:
    """Load the demonstration city: real unit tree, made-up year, offices and no named persons."""
    return load_demo_city(year=given.year, seed=given.seed, report=report)


COMMANDS = [
    Command("migrate", "bring the database to this version", migrate),
    Command("settings", "list the settings in force", settings),
    Command("serve", "serve the web application", serve, _serve_arguments),
    Command("worker", "run background jobs and the daily sweep", worker, _worker_arguments),
    Command("load-demo", "load the demonstration city", load_demo, _demo_arguments),
]

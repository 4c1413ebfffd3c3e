"""``migrate``, ``serve``, ``worker``, ``load-demo``, ``settings``: running the installation."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.accounts.operations import replay_erasures
from guantong.audit import standing
from guantong.audit.models import AuditEntry
from guantong.audit.operations import record
from guantong.audit.sequencing import newest_note_path
from guantong.audit.verification import verify_log
from guantong.config import backup as backups
from guantong.config.backup import back_up
from guantong.config.backup import restore as restore_backup
from guantong.config.demo.city import load_demo as load_demo_city
from guantong.config.keeping import Keeper
from guantong.config.stepping_back import step_back
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.web.demo_accounts import PASSWORD, demo_accounts

# (variable, what it is for); `guantong settings` prints them with the value in force
SETTINGS = (
    ("GUANTONG_HOME", "folder of the default database and of evidence files", "HOME"),
    ("GUANTONG_DATABASE_URL", "sqlite:///… or postgres://…", "DATABASE_URL"),
    ("GUANTONG_KEYS_URL", "database of person keys, apart from the main one", "KEYS_URL"),
    ("GUANTONG_LOG_ORIGIN", "name of this installation's log, in every checkpoint", "LOG_ORIGIN"),
    ("GUANTONG_LOG_SUITE", "ed25519-sha256, or sm2-sm3 with the sm extra", "LOG_SUITE"),
    ("GUANTONG_IDLE_MINUTES", "minutes without use after which a session ends", "IDLE_MINUTES"),
    ("GUANTONG_SESSION_HOURS", "hours after which a session ends in any case", "SESSION_HOURS"),
    (
        "GUANTONG_SECOND_FACTOR",
        "who must sign in with a second factor: nobody, administrators, everybody",
        "SECOND_FACTOR",
    ),
    ("GUANTONG_MAX_UPLOAD_MB", "largest evidence file in megabytes", "MAX_UPLOAD_MB"),
    (
        "GUANTONG_OIDC",
        "JSON list of OpenID Connect providers: provider_id, name, client_id, secret, settings",
        "",
    ),
    ("GUANTONG_SAML", "JSON list of SAML providers, with the saml extra", ""),
    ("GUANTONG_LDAP_URL", "directory that checks passwords, with the ldap extra", "LDAP_URL"),
    ("GUANTONG_LDAP_USER_DN", "how a sign-in name becomes a DN: uid=%(user)s,ou=people,dc=…", "LDAP_USER_DN"),
    (
        "GUANTONG_INNER_HOSTS",
        "inner hosts that notices may be sent to, host or host:port, comma-separated",
        "INNER_HOSTS",
    ),
    ("GUANTONG_API_PER_MINUTE", "requests of one API token in a minute; 0 is no limit", "API_PER_MINUTE"),
    ("GUANTONG_METRICS_TOKEN", "token with which /metrics may be read; off without", ""),
    (
        "GUANTONG_METRICS_FROM",
        "addresses or networks that may read /metrics, comma-separated",
        "METRICS_FROM",
    ),
    ("GUANTONG_ALLOWED_HOSTS", "host names served, comma-separated", "ALLOWED_HOSTS"),
    ("GUANTONG_TRUSTED_ORIGINS", "origins allowed to post, for a proxy", "CSRF_TRUSTED_ORIGINS"),
    ("GUANTONG_HTTPS", "behind TLS: secure cookies, HSTS, redirect", "HTTPS"),
    ("GUANTONG_TIME_ZONE", "time zone of days and deadlines", "TIME_ZONE"),
    ("GUANTONG_DEMO", "show demonstration accounts on the sign-in page", "DEMO"),
    ("GUANTONG_DEBUG", "development only", "DEBUG"),
    ("GUANTONG_SECRET_KEY", "signing secret; else kept in the home folder", ""),
    ("GUANTONG_LOG_REQUESTS", "one log line for each request", ""),
    ("GUANTONG_LOG_LEVEL", "DEBUG, INFO, WARNING, ERROR", ""),
    ("GUANTONG_PASSWORD", "password for create-admin and appoint without a terminal", ""),
    ("GUANTONG_TEST_DATABASE_URL", "PostgreSQL the test suite may use", ""),
)


def migrate(given: Arguments, report: Report) -> dict[str, Any]:
    """Bring the database to this version's schema, or back to that of a backup."""
    if given.back_to:
        undone = step_back(Path(given.back_to))
        report.say(_("结构已退回备份时的样子，撤销 %(n)s 步。现在请换回旧版本。") % {"n": len(undone)})
        return {"undone": undone}
    django_settings.HOME.mkdir(parents=True, exist_ok=True)
    django_settings.KEYS_FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0, interactive=False, database="keys")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    report.say(_("数据库已就绪。"))
    return {"migrated": True}


def _migrate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--back-to", metavar="FOLDER", help="undo what this backup's version of the program did not have"
    )


def settings(given: Arguments, report: Report) -> dict[str, Any]:
    """Every setting with the value in force; secrets are not shown."""
    rows = []
    for variable, purpose, name in SETTINGS:
        value = str(getattr(django_settings, name)) if name else ""
        if name.endswith("_URL") and "@" in value:
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


def _refuse_taken(host: str, port: int) -> None:
    """Two servers on one port would share it without a word: half of the answers would come from the other."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as error:
            said = _("不能使用 %(host)s:%(port)s（%(why)s）。请停掉占用它的程序，或用 --port 另选一个端口。")
            raise Refusal(said % {"host": host, "port": port, "why": error.strerror}) from error


def serve(given: Arguments, report: Report) -> dict[str, Any]:
    """Serve the web application until stopped."""
    _refuse_taken(given.host, given.port)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("check", "--tag", "policies")
    why = standing.why_rolled_back()
    if why:
        report.say(_("警报：%(why)s以只读状态运行。") % {"why": why})
    keeper = Keeper([sys.executable, "-m", "guantong.config.cli", "worker"]) if given.with_worker else None
    if keeper:
        keeper.start()
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
        if keeper:
            keeper.stop()
    return {"served": True}


def backup(given: Arguments, report: Report) -> dict[str, Any]:
    """A consistent backup of database, files and log; keys apart."""
    manifest = back_up(Path(given.folder), keys=Path(given.keys) if given.keys else None, now=clock.now())
    report.say(
        _("已备份到 %(folder)s，日志 %(n)s 条。") % {"folder": given.folder, "n": manifest["log_size"]}
    )
    if not given.keys:
        report.say(_("没有备份密钥。没有密钥，备份里的个人资料打不开；请用 --keys 备份到另一处。"))
    return {key: manifest[key] for key in ("made_at", "vendor", "log_size")} | {
        "files": len(manifest["files"])
    }


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="an empty folder")
    parser.add_argument("--keys", help="another empty folder for the keys, to be kept elsewhere")


def restore(given: Arguments, report: Report) -> dict[str, Any]:
    """Put a backup in the place of what is there, replay erasures, check the log."""
    if not given.replace:
        raise Refusal(_("恢复会替换现有数据。确定的话，请先停掉服务，再加 --replace 运行。"))
    manifest = restore_backup(Path(given.folder), keys=Path(given.keys) if given.keys else None)
    call_command("migrate", verbosity=0, interactive=False, database="keys")
    call_command("migrate", verbosity=0, interactive=False)
    replayed = replay_erasures(actor=Console(), now=clock.now())
    standing.look_again()
    why = standing.why_rolled_back()
    verdict = verify_log() if not why else None
    report.say(
        _("已恢复 %(at)s 的备份，重新执行 %(n)s 项资料删除。") % {"at": manifest["made_at"], "n": replayed}
    )
    if why:
        report.say(why)
        report.say(_("系统将以只读状态运行。核实无误后，由两人在场运行 guantong accept-loss --reason 理由。"))
    if verdict and not verdict.clean:
        report.refused = True
        for fault in verdict.faults:
            report.say(fault.sentence)
    return {"made_at": manifest["made_at"], "erasures": replayed, "read_only": why,
            "log": verdict.as_json() if verdict else None}  # fmt: skip


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder")
    parser.add_argument("--keys", help="the folder the keys were backed up to")
    parser.add_argument("--replace", action="store_true", help="replace what is there")


def accept_loss(given: Arguments, report: Report) -> dict[str, Any]:
    """Go on from a database that is behind its published log, with a reason that stands in the log."""
    why = standing.why_rolled_back()
    if not why:
        raise Refusal(_("数据库没有落后于已公布的日志，不需要运行。"))
    if not given.reason.strip():
        raise Refusal(_("请写明理由。"))
    now = clock.now()
    path = newest_note_path()
    note = path.read_text(encoding="utf-8") if path.is_file() else ""
    with transaction.atomic():
        cycle_log = AuditEntry.objects.order_by("-position").first() or AuditEntry()
        record("audit.loss_accepted", target=cycle_log, actor=Console(), at=now,
               payload={"reason": given.reason.strip(), "why": why, "published": note})  # fmt: skip
    aside = backups.accept_loss(now=now)
    standing.look_again()
    report.say(_("已记入日志，原已公布的日志移到 %(aside)s 保存。") % {"aside": aside})
    return {"aside": str(aside)}


def _accept_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True)


def worker(given: Arguments, report: Report) -> dict[str, Any]:
    """Run background jobs and the daily sweep until stopped."""
    from guantong.config.worker import run_worker

    failed = run_worker(once=given.once)
    if failed:
        raise Refusal(_("没有做成的步骤：%(steps)s。原因见日志。") % {"steps": "、".join(failed)})
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
    Command("migrate", "bring the database to this version", migrate, _migrate_arguments),
    Command("settings", "list the settings in force", settings),
    Command("serve", "serve the web application", serve, _serve_arguments),
    Command("worker", "run background jobs and the daily sweep", worker, _worker_arguments),
    Command("backup", "back up database, files and log", backup, _backup_arguments),
    Command("restore", "restore a backup and check it", restore, _restore_arguments),
    Command("accept-loss", "go on from a database behind its published log", accept_loss, _accept_arguments),
    Command("load-demo", "load the demonstration city", load_demo, _demo_arguments),
]

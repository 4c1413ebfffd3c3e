"""The ``guantong`` program: collects every room's commands and gives them one manner of answering.

Exit codes: 0 done, 1 refused (reasons on stderr, and in the JSON object), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from guantong.kernel.commands import Command, Report
from guantong.kernel.refusals import Refusal

ROOMS_WITH_COMMANDS = (
    "audit",
    "organisation",
    "accounts",
    "mechanisms",
    "records",
    "obligations",
    "duties",
    "tasks",
    "partners",
    "grassroots",
    "supervision",
    "assessment",
    "reporting",
    "search",
    "importing",
    "web",
    "config",
)


# Subcommands that change business data: refused on a database that is behind its published log.
CHANGE_DATA = frozenset(
    {
        "appoint", "confirm-fact", "create-admin", "import-partners", "import-tasks", "import-units", "issue-duty-lists", "load-demo",
        "mark", "open-cycle", "record", "reindex", "relight", "review-claim", "score", "sign-duty-lists",
    }
)  # fmt: skip


def refuse_while_read_only(name: str) -> None:
    """As in the browser: what is behind its published log is shown and changed by nobody."""
    if name not in CHANGE_DATA:
        return
    from guantong.audit import standing

    why = standing.why_rolled_back()
    if why:
        raise Refusal.of([_("系统处于只读状态，没有保存。"), why])


def commands() -> Iterator[Command]:
    for room in ROOMS_WITH_COMMANDS:
        name = f"guantong.{room}.commands"
        if importlib.util.find_spec(name):
            yield from importlib.import_module(name).COMMANDS


def parser(known: Sequence[Command]) -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="guantong", description="贯通 Guantong")
    subcommands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in sorted(known, key=lambda each: each.name):
        sub = subcommands.add_parser(command.name, help=command.help, description=command.help)
        sub.add_argument("--json", action="store_true", help="one JSON object on stdout, logs on stderr")
        command.arguments(sub)
        sub.set_defaults(run=command.run)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.config.settings")
    import django

    try:
        django.setup()
    except OSError as error:  # the home folder: its secret is read with the settings
        print(f"GUANTONG_HOME：{error.filename}：{error.strerror}", file=sys.stderr)
        return 1
    arguments = parser(list(commands())).parse_args(argv)
    report = Report(as_json=arguments.json)
    try:
        refuse_while_read_only(arguments.command)
        answer = arguments.run(arguments, report)
    except Refusal as refusal:
        report.refused = True
        answer = {"refused": True, "reasons": refusal.reasons}
        for reason in refusal.reasons:
            print(reason, file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    if arguments.json:
        print(json.dumps(answer, ensure_ascii=False, default=str))
    return 1 if report.refused else 0


if __name__ == "__main__":
    sys.exit(main())

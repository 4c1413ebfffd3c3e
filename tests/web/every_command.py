"""Every subcommand of the program, one after another, in one process of an installation of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path

from config.small_city import PASSWORD
from guantong.config.cli import commands, main

DATA = Path(__file__).parents[1] / "importing" / "data"
AT_UNIT = ("--unit", "1506-MU-01", "--seat", "unit_head")
# These two have their own: the web server is started beside, the demonstration is long (a drill).
APART = {"serve", "load-demo"}


def arguments_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """What each is called with, in an order in which each finds what it needs; ``{claim}`` comes from a record."""
    return {
        "migrate": (),
        "settings": (),
        "check-package": ("three-threes",),
        "import-units": (str(folder / "units.csv"),),
        "import-partners": (str(folder / "partners.csv"),),
        "open-cycle": ("river-chief", "--unit", "1506", "--year", "2031"),
        "issue-duty-lists": ("--cycle", "2"),
        "sign-duty-lists": ("--cycle", "2"),
        "duty-lists": ("--cycle", "1"),
        "import-tasks": (str(DATA / "tasks_dev_3_synthetic_messy.xlsx"), "--cycle", "1", "--dry-run"),
        "obligations": ("--cycle", "1", "--unit", "1506-MU-01"),
        "record": (*AT_UNIT, "--kind", "progress", "--on", "{today}", "--what", "按节点推进", "--claim", "{owed}"),
        "review-claim": ("--claim", "{claim}", "--verdict", "accepted"),
        "relight": ("--cycle", "1"),
        "mark": ("--cycle", "1", "--unit", "1506-MU-01", "--indicator", "I08", "--value", "8", "--reason", "综合"),
        "confirm-fact": (
            "--cycle", "1", "--unit", "1506-MU-01", "--side", "findings", "--kind", "false_report", "--what", "多报两项",
            "--basis", "鄂党办〔2026〕1号",
        ),
        "score": ("--cycle", "1"),
        "board": ("--cycle", "1"),
        "matters": ("--cycle", "1"),
        "export-run": (str(folder / "run.zip"),),
        "verify-draw": (str(folder / "list.csv"), "20260103", "1"),
        "create-admin": ("--role", "audit", "--sign-in", "auditor", "--unit", "1506-LGO"),
        "appoint": ("--sign-in", "newcomer", "--unit", "1506-MU-02", "--seat", "unit_head", "--number", "1"),
        "reindex": (),
        "worker": ("--once",),
        "verify-log": (),
        "export-log": (str(folder / "log"),),
        "backup": (str(folder / "backup"), "--keys", str(folder / "backup-keys")),
        "restore": (str(folder / "backup"), "--keys", str(folder / "backup-keys"), "--replace"),
        "accept-loss": ("--reason", "演练"),
    }  # fmt: skip


def run_all(*, folder: str) -> dict[str, int]:
    """The exit code of each subcommand, by name: all done, but ``accept-loss``, for nothing was lost."""
    place = Path(folder)
    _write_files(place)
    asked = arguments_of(place)
    assert {command.name for command in commands()} - APART == set(asked), "a subcommand is not tried here"
    os.environ["GUANTONG_PASSWORD"] = PASSWORD
    known = {"{today}": _today()}
    codes = {}
    for name, arguments in asked.items():
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(io.StringIO()):
            codes[name] = main([name, *(known.get(each, each) for each in arguments), "--json"])
        answer = json.loads(told.getvalue())
        assert not codes[name] or name == "accept-loss", f"{name}: {answer}"
        if name == "obligations":
            due = [
                each for each in answer["obligations"] if each["rule"] == "D12" and each["state"] == "open"
            ]
            known["{owed}"] = str(due[0]["id"])
        elif name == "record":
            known["{claim}"] = str(answer["claims"][0])
    return codes


def _today() -> str:
    from guantong.kernel import clock

    return clock.today().isoformat()


def _write_files(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "units.csv").write_text(
        "code,name,level,parent_code\n150622101,新设镇,township,150622\n", encoding="utf-8"
    )
    (folder / "partners.csv").write_text("name,kind,area_code\n某商会,chamber,150622\n", encoding="utf-8")
    (folder / "list.csv").write_text("id\n1\n2\n3\n", encoding="utf-8")

"""A whole year, as an operator runs it: every command, its JSON and its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from guantong.config.cli import main
from guantong.obligations.models import Obligation

DATA = Path(__file__).parents[1] / "importing" / "data"


@pytest.fixture
def guantong(db: None, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, code: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert main([*arguments, "--json"]) == code
        answer = json.loads(capsys.readouterr().out)
        assert isinstance(answer, dict)
        return answer

    return run


def test_the_loop(guantong: Any, tmp_path: Path) -> None:
    assert guantong("import-units", str(DATA / "ordos_divisions.csv"))["created"] == 1110
    bodies = tmp_path / "bodies.csv"
    bodies.write_text(
        "code,name,level,parent_code,kind\n"
        "1506-LG,市委工作领导小组,city,1506,leading_group\n"
        "1506-LGO,领导小组办公室,city,1506,group_office\n"
        "1506-MU-01,市委统战部,city,1506,member_unit\n"
        "1506-MU-02,市委党校,city,1506,member_unit\n",
        encoding="utf-8",
    )
    assert guantong("import-units", str(bodies))["created"] == 4
    cycle = str(guantong("open-cycle", "three-threes", "--unit", "150600000000", "--year", "2026")["cycle"])
    assert guantong("issue-duty-lists", "--cycle", cycle)["issued"] > 1000
    assert guantong("sign-duty-lists", "--cycle", cycle, "--unit", "1506-MU-01")["signed"] == 1
    read = guantong(
        "import-tasks", str(DATA / "tasks_dev_3_synthetic_messy.xlsx"), "--cycle", cycle, "--dry-run"
    )
    assert len(read["tasks"]) == 18
    assert read["tasks"][2]["due"]["dates"] == ["2026-09-30"]
    assert {"sheet", "row", "number", "title", "lead", "cooperating", "due", "problems"} <= set(
        read["tasks"][0]
    )
    guantong("import-tasks", str(DATA / "tasks_dev_3_synthetic_messy.xlsx"), "--cycle", cycle)
    owed = Obligation.objects.filter(unit__code="1506-MU-01", rule="D12").order_by("due_on")[0]
    made = guantong(
        "record", "--unit", "1506-MU-01", "--seat", "unit_head", "--kind", "progress", "--on", "2026-03-20",
        "--what", "按节点推进", "--claim", str(owed.pk),
    )  # fmt: skip
    guantong("review-claim", "--claim", str(made["claims"][0]), "--verdict", "accepted")
    guantong("relight", "--cycle", cycle, "--on", "2026-07-01")
    listed = guantong("obligations", "--cycle", cycle, "--unit", "1506-MU-01", "--state", "fulfilled")
    assert owed.pk in {each["id"] for each in listed["obligations"]}
    guantong(
        "mark",
        "--cycle",
        cycle,
        "--unit",
        "1506-MU-01",
        "--indicator",
        "I08",
        "--value",
        "8",
        "--reason",
        "综合",
    )
    scores = guantong("score", "--cycle", cycle, "--as-of", "2026-07-01")
    assert {each["scorecard"] for each in scores["scores"]} == {"SC_unit", "SC_territory", "SC_leader"}
    board = guantong("board", "--cycle", cycle)
    assert [len(tier["cells"]) for tier in board["tiers"]] == [3, 3, 3]


@pytest.mark.parametrize(
    "arguments",
    [
        ("import-units", "/nowhere.csv"),
        ("open-cycle", "no-such-package", "--unit", "1506", "--year", "2026"),
        ("open-cycle", "three-threes", "--unit", "9999", "--year", "2026"),
        ("score", "--cycle", "99"),
        ("import-tasks", "/nowhere.xlsx", "--cycle", "1"),
    ],
)
def test_a_refusal_is_a_sentence_and_exit_1(guantong: Any, arguments: tuple[str, ...]) -> None:
    answer = guantong(*arguments, code=1)
    assert answer["refused"]
    assert answer["reasons"][0]


def test_both_packages_open_a_cycle(guantong: Any) -> None:
    guantong("import-units", str(DATA / "ordos_divisions.csv"))
    river = guantong("open-cycle", "river-chief", "--unit", "1506", "--year", "2026")
    assert river["duties"] > 0
    assert guantong("open-cycle", "three-threes", "--unit", "1506", "--year", "2026")["duties"] > 1000

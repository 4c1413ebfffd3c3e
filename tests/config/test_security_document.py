"""docs/security.md promises only what a test shows, and forgets no requirement."""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
LISTED = (ROOT / "docs" / "asvs-5.0.tsv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def table() -> ModuleType:
    spec = importlib.util.spec_from_file_location("security_table", ROOT / "tools" / "security_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["security_table"] = module
    spec.loader.exec_module(module)
    return module


def test_every_promise_names_what_is_there(table: ModuleType) -> None:
    assert table.faults(DOCUMENT, table.requirements(LISTED)) == []


def test_the_list_is_that_of_levels_1_and_2(table: ModuleType) -> None:
    """ASVS 5.0.0 has 70 requirements of level 1 and 183 of level 2, in seventeen chapters."""
    listed = table.requirements(LISTED)
    assert Counter(each.level for each in listed) == {"1": 70, "2": 183}
    assert {int(each.id.split(".")[0]) for each in listed} == set(range(1, 18))
    assert all(each.phrase and len(each.phrase) < 70 for each in listed)


def test_levels_phrases_and_counts_are_written_from_the_list(table: ModuleType) -> None:
    assert table.rewritten(DOCUMENT, table.requirements(LISTED)) == DOCUMENT


def row(id: str) -> str:
    return next(line for line in DOCUMENT.splitlines() if line.startswith(f"| {id} |"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (row("1.2.4") + "\n", "", "1.2.4 stands 0 times"),
        (row("1.2.4"), row("1.2.4") + "\n" + row("1.2.4"), "1.2.4 stands 2 times"),
        (row("1.2.4"), row("1.2.4").replace("| 1.2.4 |", "| 1.2.99 |"), "1.2.99 is no requirement"),
        (row("1.2.4"), row("1.2.4").replace("| met |", "| surely |"), "“surely” is no verdict"),
        (row("1.2.4"), row("1.2.4").replace("Queries", "Questions"), "1.2.4 does not read as in the list"),
        (row("1.2.4"), row("1.2.4").replace("TestSources::", "TestSauces::"), "there is no test"),
        (row("1.2.4"), row("1.2.4").rpartition("| `")[0] + "|  |", "1.2.4 is called met without a test"),
        (row("1.2.8"), row("1.2.8").replace("| No LaTeX |", "|  |"), "1.2.8 is “not applicable” without saying why"),
        ("`accounts/lockout.py`", "`accounts/lookout.py`", "there is no file accounts/lookout.py"),
        ("(#sessions)", "(#sections)", "there is no section #sections"),
        ("(../requirements.lock)", "(../requirements.txt)", "there is no ../requirements.txt"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(table: ModuleType, old: str, new: str, said: str) -> None:
    assert old in DOCUMENT
    faults = table.faults(DOCUMENT.replace(old, new), table.requirements(LISTED))
    assert any(said in fault for fault in faults), faults

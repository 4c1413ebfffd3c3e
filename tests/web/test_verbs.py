"""The log's pages call every act by a name a person can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import guantong
from guantong.web.verbs import VERBS

SOURCE = Path(guantong.__file__).parent


def verbs_recorded() -> Iterator[str]:
    """Every literal of the form ``room.verb`` where a log row is written, and the beginning of computed ones."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name != "record":
                continue
            for each in ast.walk(node.args[0]):
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value:
                    yield each.value


def test_every_verb_of_the_log_has_a_name() -> None:
    recorded = set(verbs_recorded())
    assert len(recorded) > 40
    nameless = {
        verb
        for verb in recorded
        if verb not in VERBS and not (verb.endswith(".") and any(known.startswith(verb) for known in VERBS))
    }
    assert nameless == set()


def test_no_name_stands_for_two_verbs() -> None:
    names = [str(name) for name in VERBS.values()]
    assert sorted(names) == sorted(set(names))

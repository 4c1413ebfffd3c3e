"""What a template may say: fields, loops over their rows, conditions. Everything else is refused by name.

The environment is Jinja2's sandbox without globals, and besides it only the nodes below are let through: no calls, no
macros, no imports, no attributes but the fields of a row, no arithmetic. Runs in the limited process of `worker`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Filter,
)  # fmt: skip
FILTERS = frozenset({"default", "d", "length", "count", "trim"})
COUNTING = frozenset({"length", "count"})
LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
MOST_NESTED = 2
LONGEST = 500_000
MOST_WORDS = 60

Shape = Mapping[str, frozenset[str] | None]


@dataclass
class Seen:
    """What a template uses, and what is wrong with it: (code, what it is about, the nearest known name, part, words).

    ``part`` and ``lines`` are what is looked over now: the words around a mistake say where it stands.
    """

    used: set[str] = field(default_factory=set)
    wrong: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    part: str = ""
    lines: Sequence[str] = ()

    def say(self, code: str, about: str, near: str = "", *, line: int = 0) -> None:
        if (code, about, near) not in {each[:3] for each in self.wrong}:
            self.wrong.append((code, about, near, self.part, words_at(self.lines, line)))


def words_at(lines: Sequence[str], line: int) -> str:
    """The words of a paragraph, without the markup. Lines count from one."""
    at = lines[line - 1] if 0 < line <= len(lines) else ""
    return re.sub(r"<[^>]*>", "", at).strip()[:MOST_WORDS]


def environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    made.filters = {name: each for name, each in made.filters.items() if name in FILTERS}
    made.tests = {}
    return made


def look_over(tree: nodes.Template, shape: Shape, seen: Seen) -> None:
    """Go over one part of a template. ``shape``: field → the fields of its rows, None for a plain one."""
    _look(tree, shape, {}, 0, seen)


def _look(node: nodes.Node, shape: Shape, rows: Mapping[str, str], depth: int, seen: Seen) -> None:
    if not isinstance(node, ALLOWED):
        seen.say("forbidden", type(node).__name__, line=node.lineno)
        return
    if isinstance(node, nodes.For):
        _loop(node, shape, rows, depth, seen)
        return
    if isinstance(node, nodes.Getattr):
        _attribute(node, shape, rows, seen)
        return
    if isinstance(node, nodes.Output):
        _written(node, shape, rows, seen)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        seen.say("filter", node.name, line=node.lineno)
    if isinstance(node, nodes.Name):
        _name(node, shape, rows, seen)
    for child in node.iter_child_nodes():
        _look(child, shape, rows, depth, seen)


def _written(node: nodes.Output, shape: Shape, rows: Mapping[str, str], seen: Seen) -> None:
    """A list is written row by row: written at once it would be brackets and names of fields."""
    for each in node.nodes:
        for name in _values(each):
            if name.name not in rows and shape.get(name.name) is not None:
                seen.say("rows", name.name, line=name.lineno)


def _values(node: nodes.Node | None) -> Iterator[nodes.Name]:
    """The names whose value an expression may have."""
    if isinstance(node, nodes.Name):
        yield node
    elif isinstance(node, nodes.CondExpr):
        yield from (*_values(node.expr1), *_values(node.expr2))
    elif isinstance(node, nodes.And | nodes.Or):
        yield from (*_values(node.left), *_values(node.right))
    elif isinstance(node, nodes.Filter) and node.name not in COUNTING:
        for each in (node.node, *node.args):
            yield from _values(each)


def _loop(node: nodes.For, shape: Shape, rows: Mapping[str, str], depth: int, seen: Seen) -> None:
    if depth >= MOST_NESTED or node.recursive:
        seen.say("nested", "", line=node.lineno)
        return
    target, source = node.target, node.iter
    if not isinstance(target, nodes.Name) or not isinstance(source, nodes.Name):
        seen.say("loop", "", line=node.lineno)
        return
    if target.name in shape or target.name == "loop":
        seen.say("taken", target.name, line=node.lineno)
    if source.name not in shape:
        seen.say("unknown", source.name, _near(source.name, shape), line=node.lineno)
    elif shape[source.name] is None:
        seen.say("not_rows", source.name, line=node.lineno)
    seen.used.add(source.name)
    inside = {**rows, target.name: source.name}
    for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
        _look(child, shape, inside, depth + 1, seen)


def _attribute(node: nodes.Getattr, shape: Shape, rows: Mapping[str, str], seen: Seen) -> None:
    if not isinstance(node.node, nodes.Name):
        seen.say("forbidden", "Getattr", line=node.lineno)
        return
    of = node.node.name
    if of == "loop" and rows:
        if node.attr not in LOOP:
            seen.say("unknown", f"loop.{node.attr}", line=node.lineno)
        return
    known = shape.get(rows.get(of, ""))
    if known is None:
        seen.say("unknown", f"{of}.{node.attr}", "", line=node.lineno)
    elif node.attr not in known:
        near = _near(node.attr, known)
        seen.say("unknown", f"{of}.{node.attr}", f"{of}.{near}" if near else "", line=node.lineno)
    else:
        seen.used.add(f"{rows[of]}.{node.attr}")


def _name(node: nodes.Name, shape: Shape, rows: Mapping[str, str], seen: Seen) -> None:
    if node.name in shape and node.name not in rows:
        seen.used.add(node.name)
    else:
        seen.say("unknown", node.name, _near(node.name, shape), line=node.lineno)


def _near(name: str, known: Any) -> str:
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), "")

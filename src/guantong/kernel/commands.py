"""How a room declares a subcommand of the ``guantong`` program.

A room puts ``COMMANDS: list[Command]`` in its ``commands.py``; ``config.cli`` collects them.
``run`` gets the parsed arguments and a :class:`Report` and returns the JSON object of ``--json``;
what it wants a person to read goes through ``report.say``. It raises :class:`Refusal` to say no.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO, TypeVar

Item = TypeVar("Item")
Arguments = argparse.Namespace


@dataclass
class Report:
    """Where a command speaks: to stdout for people, to stderr when stdout carries JSON."""

    as_json: bool = False
    refused: bool = False
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)

    def say(self, line: object = "") -> None:
        print(str(line), file=self.stderr if self.as_json else self.stdout)

    def progress(self, items: Iterable[Item], *, total: int | None, label: str) -> Iterator[Item]:
        """Pass ``items`` on, drawing a bar on stderr when it is a terminal."""
        if not self.stderr.isatty():
            yield from items
            return
        from rich.console import Console
        from rich.progress import track

        yield from track(
            items, total=total, description=label, console=Console(file=self.stderr), transient=True
        )


Runner = Callable[[Arguments, Report], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand. ``run`` returns the JSON object; set ``report.refused`` for exit code 1 with a report."""

    name: str
    help: str
    run: Runner
    arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None

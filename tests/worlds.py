"""The small city, built once in a process and lent to every test, as it was.

Building the units, opening the year and signing the lists took most of the time of the suite. Each of these worlds is
a transaction inside the one before it that stays open from test to test; a test runs in a savepoint inside and is
rolled back. A test that needs real transactions of its own finds none open.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from django.db import connections, transaction
from django.test import override_settings

Builder = Callable[[], None]


class Worlds:
    """A stack of worlds, each built upon the one before."""

    def __init__(self, builders: dict[str, Builder]) -> None:
        self.builders = builders
        self.order = list(builders)
        self._open: list[tuple[str, ExitStack]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="guantong-world-")

    def rank(self, name: str | None) -> int:
        return self.order.index(name) + 1 if name else 0

    def leave(self, name: str | None) -> None:
        """Close the worlds beyond this one; None closes all."""
        while len(self._open) > self.rank(name):
            self._open.pop()[1].close()

    def be_in(self, name: str | None) -> None:
        """Open worlds up to this one, close those beyond it."""
        self.leave(name)
        for each in self.order[len(self._open) : self.rank(name)]:
            self._open.append((each, self._begun(self.builders[each])))

    def _begun(self, build: Builder) -> ExitStack:
        stack = ExitStack()
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
            stack.callback(transaction.set_rollback, True, using=alias)
        folder = Path(self._folder.name)
        try:
            with override_settings(LOG_FOLDER=folder / "log", KEYS_FOLDER=folder / "keys"):
                build()
        except BaseException:
            stack.close()
            raise
        return stack

    def lend_keys(self, where: Path) -> None:
        """Give a test the keys that the worlds' log was written with."""
        shutil.copytree(self._folder.name, where, dirs_exist_ok=True)

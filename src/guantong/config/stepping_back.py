"""Taking the schema back to that of an older program: to the migrations that its backup names."""

from __future__ import annotations

from pathlib import Path

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from guantong.config.backup import read_manifest
from guantong.kernel.refusals import Refusal


def step_back(folder: Path) -> list[str]:
    """Undo every migration that the backup in the folder does not know, the newest first; returns their names.

    Rows of the backup are not touched; what only the newer tables hold is gone. Refuses before anything is undone.
    """
    wanted = set(read_manifest(folder)["migrations"])
    executors = [MigrationExecutor(connections[alias]) for alias in ("default", "keys")]
    undone = _undoable(executors[0], wanted)
    for executor in executors:
        rooms = sorted({room for room, _name in _beyond(executor, wanted)})
        executor.migrate([target for room in rooms for target in _targets(executor, room, wanted)])
    return undone


def _beyond(executor: MigrationExecutor, wanted: set[str]) -> list[tuple[str, str]]:
    return sorted(each for each in executor.loader.applied_migrations if ".".join(each) not in wanted)


def _undoable(executor: MigrationExecutor, wanted: set[str]) -> list[str]:
    """The names of what is to be undone; refuses what cannot be."""
    applied = {".".join(each) for each in executor.loader.applied_migrations}
    if missing := sorted(wanted - applied):
        raise Refusal(_("备份比现在的数据库新（%(name)s），不能退到那里。") % {"name": missing[0]})
    beyond = _beyond(executor, wanted)
    for key in beyond:
        known = executor.loader.graph.nodes.get(key)
        if known is None:
            said = _("这个版本的程序不认识 %(name)s。请用升级后的那个版本来退。")
            raise Refusal(said % {"name": ".".join(key)})
        if not all(each.reversible for each in known.operations):
            raise Refusal(_("%(name)s 不能撤销，只能恢复备份。") % {"name": ".".join(key)})
    return [".".join(key) for key in beyond]


def _targets(executor: MigrationExecutor, room: str, wanted: set[str]) -> list[tuple[str, str | None]]:
    """The last step of a room that the backup knows, or its very beginning."""
    known = [
        key for key in executor.loader.graph.nodes
        if key[0] == room and key in executor.loader.applied_migrations and ".".join(key) in wanted
    ]  # fmt: skip
    if not known:
        return [(room, None)]
    return [key for key in known if not any(child in known for child in _children(executor, key))]


def _children(executor: MigrationExecutor, key: tuple[str, str]) -> set[tuple[str, str]]:
    return {child.key for child in executor.loader.graph.node_map[key].children}

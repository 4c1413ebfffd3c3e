"""Finding what was done to the log, or to business rows, behind the program's back.

Four things are held against each other: what each row says of itself (hash, seal, predecessor), the tiles and
signed checkpoints outside the database, and the digests of business rows that the log last spoke of.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from guantong.audit import signing
from guantong.audit.models import AuditEntry, Checkpoint, Verification
from guantong.audit.operations import leaf_of
from guantong.audit.sequencing import tiles
from guantong.audit.states import States, digest_of, tracked_models
from guantong.audit.tree import hasher, leaf_hash, tree_of


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written. ``where`` names the row; ``kind`` is for programs."""

    kind: str
    where: str
    sentence: str


@dataclass
class Verdict:
    """What was checked, and what was wrong."""

    entries: int = 0
    checkpoints: int = 0
    objects: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, object]:
        return {
            "clean": self.clean,
            "entries": self.entries,
            "checkpoints": self.checkpoints,
            "objects": self.objects,
            "faults": [{"kind": f.kind, "where": f.where, "sentence": f.sentence} for f in self.faults],
        }


def keep_verdict(verdict: Verdict, *, now: dt.datetime) -> Verification:
    """Keep what a check found, for the audit administrator's page."""
    return Verification.objects.create(
        at=now,
        entries=verdict.entries,
        checkpoints=verdict.checkpoints,
        objects_checked=verdict.objects,
        faults=verdict.as_json()["faults"],
    )


@dataclass(slots=True)
class Row:
    """What verification keeps of a log row. ``link``: object type, key, version, leaf, previous leaf."""

    name: str
    place: int | None
    leaf: bytes
    whole: bool
    sealed: bool
    published_at: int | None
    link: tuple[str, str, int, str, str]
    blamed: bool = False

    def in_tiles(self, published: list[bytes]) -> bool:
        return self.place is not None and self.place < len(published)


def verify_log(*, business: bool = True) -> Verdict:
    """Check the whole log and, with ``business``, every tracked row against it. Writes nothing."""
    verdict = Verdict()
    states: dict[tuple[str, str], str] = {}
    leaves = _check_entries(verdict, states)
    _check_checkpoints(verdict, leaves)
    if business:
        _check_business(verdict, states)
    return verdict


def _name(entry: AuditEntry) -> str:
    place = "—" if entry.position is None else entry.position
    return f"#{place} (id {entry.pk}) {entry.verb} {entry.object_type}:{entry.object_ref} v{entry.version}"


def _check_entries(verdict: Verdict, states: dict[tuple[str, str], str]) -> list[bytes]:
    """Each row against itself, the published tiles and its predecessor; returns the leaf hashes by place."""
    published = tiles().leaves()
    places = {leaf: at for at, leaf in enumerate(published)}
    digest = hasher(signing.algorithm())
    rows: list[Row] = []
    for entry in _in_order():
        leaf = leaf_hash(bytes.fromhex(entry.leaf), digest) if _is_hex(entry.leaf) else b""
        rows.append(
            Row(
                name=_name(entry),
                place=entry.position,
                leaf=leaf,
                whole=entry.leaf == leaf_of(entry),
                sealed=entry.seal == signing.seal_of(entry.leaf),
                published_at=places.get(leaf),
                link=(entry.object_type, entry.object_ref, entry.version, entry.leaf, entry.previous),
            )
        )
        _remember_states(entry.payload, states)
    verdict.entries = len(rows)
    verdict.faults += _foreign_or_edited(rows, published)
    verdict.faults += _deleted(rows, published)
    verdict.faults += _moved(rows, settled=bool(verdict.faults))
    if not verdict.faults:
        verdict.faults += _broken_chains(rows)
    return [row.leaf for row in rows if row.place is not None]


def _foreign_or_edited(rows: list[Row], published: list[bytes]) -> list[Fault]:
    """Rows that are not what this program wrote: changed in place, or put in."""
    present = {row.leaf for row in rows}
    faults = []
    for row in rows:
        genuine = row.whole and row.sealed
        if genuine and (row.published_at is not None or not row.in_tiles(published)):
            continue
        replaced = row.in_tiles(published) and published[row.place or 0] not in present
        if not row.whole or replaced:
            row.blamed = True
            said = _("日志 %(where)s 的内容已被改动。") % {"where": row.name}
            faults.append(Fault("edited", row.name, said))
        else:
            said = _("日志 %(where)s 不是本系统写入的。") % {"where": row.name}
            faults.append(Fault("inserted", row.name, said))
    return faults


def _deleted(rows: list[Row], published: list[bytes]) -> list[Fault]:
    """Published places whose row is nowhere to be found."""
    present = {row.leaf for row in rows}
    edited = {row.place for row in rows if row.blamed}
    return [
        Fault("deleted", f"#{at}", _("第 %(at)s 条日志已被删除。") % {"at": at})
        for at, leaf in enumerate(published)
        if leaf not in present and at not in edited
    ]


def _moved(rows: list[Row], *, settled: bool) -> list[Fault]:
    """The fewest rows that must have changed places for the order to be what it is."""
    known = [row for row in rows if row.published_at is not None and row.place is not None]
    kept = _longest_rising([row.published_at or 0 for row in known])
    moved = [row for at, row in enumerate(known) if at not in kept]
    if not moved and not settled:
        moved = [row for row in known if row.place != row.published_at]
    if not settled:  # genuine rows that lost their place
        moved += [row for row in rows if row.published_at is not None and row.place is None]
    return [
        Fault(
            "moved",
            row.name,
            _("日志 %(where)s 的位置已被改动，原为第 %(at)s 条。")
            % {"where": row.name, "at": row.published_at},
        )
        for row in moved
    ]


def _longest_rising(numbers: list[int]) -> set[int]:
    """Positions in the list of one longest strictly rising subsequence."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(at_end[length - 1] if length else -1)
        if length == len(ends):
            ends.append(number)
            at_end.append(at)
        else:
            ends[length], at_end[length] = number, at
    kept: set[int] = set()
    at = at_end[-1] if at_end else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    return kept


def _is_hex(text: str) -> bool:
    return len(text) == 64 and all(letter in "0123456789abcdef" for letter in text)


def _in_order() -> Iterator[AuditEntry]:
    """Rows by place, those without one last, as the worker would take them."""
    yield from AuditEntry.objects.filter(position__isnull=False).order_by("position").iterator(2000)
    yield from AuditEntry.objects.filter(position__isnull=True).order_by("id").iterator(2000)


def _remember_states(payload: str, states: dict[tuple[str, str], str]) -> None:
    try:
        found: States = json.loads(payload).get("states", {})
    except (ValueError, AttributeError):
        return
    for label, rows in found.items():
        for key, value in rows.items():
            states[label, key] = value


def _broken_chains(rows: list[Row]) -> list[Fault]:
    """Rows of one object whose predecessor is not the one they name: one before them is gone."""
    faults = []
    last: tuple[str, str, int, str] = ("", "", 0, "")
    for row in sorted(rows, key=lambda each: each.link[:3]):
        kind, ref, version, leaf, previous = row.link
        before = last if last[:2] == (kind, ref) else (kind, ref, 0, "")
        if version != before[2] + 1 or previous != before[3]:
            said = _("日志 %(where)s 之前同一对象的记录已被删除。") % {"where": row.name}
            faults.append(Fault("deleted", row.name, said))
        last = (kind, ref, version, leaf)
    return faults


# --- checkpoints -------------------------------------------------------------------------------------


def _check_checkpoints(verdict: Verdict, leaves: list[bytes]) -> None:
    """Every signed note, in the database and outside it, against the tree of the rows as they are."""
    tree = tree_of(leaves, algorithm=signing.algorithm())
    notes = dict(Checkpoint.objects.order_by("size", "id").values_list("note", "pk"))
    for path in sorted((Path(settings.LOG_FOLDER) / "checkpoints").glob("*.txt")):
        notes.setdefault(path.read_text(encoding="utf-8"), 0)
    log_is_whole = verdict.clean
    for note, key in notes.items():
        verdict.checkpoints += 1
        where = _("检查点 %(key)s") % {"key": key or note.splitlines()[1:2]}
        size, root = read_note(note)
        if size is None or not signing.note_is_signed(note):
            said = _("%(where)s的签名不成立。") % {"where": where}
            verdict.faults.append(Fault("checkpoint", where, said))
        elif size > len(leaves):
            if log_is_whole:
                said = _("%(where)s记有 %(size)s 条日志，现只有 %(now)s 条：数据库被回退或日志被截短。") % {
                    "where": where, "size": size, "now": len(leaves),
                }  # fmt: skip
                verdict.faults.append(Fault("deleted", where, said))
        elif log_is_whole and tree.root(size) != root:
            said = _("%(where)s的根值与现有日志不符。") % {"where": where}
            verdict.faults.append(Fault("checkpoint", where, said))


def read_note(note: str) -> tuple[int | None, bytes]:
    """(size, root) of a checkpoint note; size is None where it is none."""
    lines = note.splitlines()
    try:
        return int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError, binascii.Error):
        return None, b""


# --- business rows -----------------------------------------------------------------------------------


def _check_business(verdict: Verdict, states: dict[tuple[str, str], str]) -> None:
    """Every tracked row against the digest the log last gave it."""
    for model in tracked_models():
        label = model._meta.label_lower
        left = {key for kind, key in states if kind == label}
        for row in model._default_manager.order_by("pk").iterator(2000):
            verdict.objects += 1
            key = str(row.pk)
            left.discard(key)
            logged = states.get((label, key))
            where = f"{label}:{key}"
            if logged is None:
                said = _("%(where)s 不是通过本系统的操作加入的。") % {"where": where}
                verdict.faults.append(Fault("row_inserted", where, said))
            elif logged != digest_of(row):
                said = _("%(where)s 的内容在日志之外被改动。") % {"where": where}
                verdict.faults.append(Fault("row_edited", where, said))
        for key in sorted(left):
            where = f"{label}:{key}"
            said = _("%(where)s 已在日志之外被删除。") % {"where": where}
            verdict.faults.append(Fault("row_deleted", where, said))

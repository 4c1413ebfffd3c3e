"""Finding what was done to the log, or to business rows, behind the program's back.

Four things are held against each other: what each row says of itself (hash, seal, predecessor), the tiles and
signed checkpoints outside the database, and the digests of business rows that the log last spoke of. What a
business row should be is taken from genuine log rows only; where one of those is missing, a business row that
differs is reported as uncertain, since the missing one may have spoken of it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from guantong.audit import signing
from guantong.audit.models import AuditEntry, Checkpoint, Receipt, Verification
from guantong.audit.operations import leaf_of, receipt_code
from guantong.audit.sequencing import tiles
from guantong.audit.states import (
    GONE,
    LastSaid,
    by_owner,
    digest_of,
    digest_together,
    label_together,
    models_logged_together,
    tracked_models,
)
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
    try:
        states = LastSaid()
        leaves = _check_entries(verdict, states)
        _check_checkpoints(verdict, leaves)
        _check_receipts(verdict)
        if business:
            _check_business(verdict, states)
    except Exception as error:  # whatever was put in a column must not keep the check from answering
        said = _("核对没有做完：%(why)s") % {"why": f"{type(error).__name__}: {error}"}
        verdict.faults.append(Fault("unreadable", "", said))
    return verdict


def _name(entry: AuditEntry) -> str:
    place = "—" if entry.position is None else entry.position
    return f"#{place} (id {entry.pk}) {entry.verb} {entry.object_type}:{entry.object_ref} v{entry.version}"


def _check_entries(verdict: Verdict, states: LastSaid) -> list[bytes]:
    """Each row against itself, the published tiles and its predecessor; returns the leaf hashes by place."""
    published = tiles().leaves()
    places = {leaf: at for at, leaf in enumerate(published)}
    digest = hasher(signing.algorithm())
    rows: list[Row] = []
    for at, entry in enumerate(_in_order()):
        leaf = leaf_hash(bytes.fromhex(entry.leaf), digest) if is_leaf(entry.leaf) else b""
        row = Row(
            name=_name(entry),
            place=entry.position if isinstance(entry.position, int) else None,
            leaf=leaf,
            whole=_is_whole(entry),
            sealed=is_leaf(entry.leaf) and entry.seal == signing.seal_of(entry.leaf),
            published_at=places.get(leaf),
            link=(entry.object_type, entry.object_ref, entry.version, entry.leaf, entry.previous),
        )
        rows.append(row)
        if row.whole and row.sealed:
            states.remember(
                entry.payload, len(published) + at if row.published_at is None else row.published_at
            )
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
        elif row.published_at is not None:
            said = _("日志 %(where)s 的封记不成立：封记被改动，或这一条不是本系统写入的。") % {
                "where": row.name
            }
            faults.append(Fault("unsealed", row.name, said))
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


FEW = 20


def _moved(rows: list[Row], *, settled: bool) -> list[Fault]:
    """Rows whose place was rewritten: all of them while they are few, else the fewest that explain the order."""
    known = [row for row in rows if row.published_at is not None and row.place is not None]
    elsewhere = [row for row in known if row.place != row.published_at]
    if settled or len(elsewhere) > FEW:
        kept = _longest_rising([row.published_at or 0 for row in known])
        fewest = [row for at, row in enumerate(known) if at not in kept]
        moved = fewest or ([] if settled else elsewhere)
    else:
        moved = elsewhere
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


def is_leaf(text: object) -> bool:
    """Whether this can be the hash of a row: 64 hexadecimal digits."""
    return isinstance(text, str) and len(text) == 64 and set(text) <= set("0123456789abcdef")


def _is_whole(entry: AuditEntry) -> bool:
    try:
        return entry.leaf == leaf_of(entry)
    except (AttributeError, TypeError, ValueError):  # SQLite keeps words where a time or a text belongs
        return False


def _in_order() -> Iterator[AuditEntry]:
    """Rows by place, those without one last, as the worker would take them."""
    yield from AuditEntry.objects.filter(position__isnull=False).order_by("position").iterator(2000)
    yield from AuditEntry.objects.filter(position__isnull=True).order_by("id").iterator(2000)


def _broken_chains(rows: list[Row]) -> list[Fault]:
    """Rows that do not follow, in the order of the log, the row before them on the same object."""
    faults = []
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        kind, ref, version, leaf, previous = row.link
        if (version - 1, previous) != last.get((kind, ref), (0, "")):
            said = _("日志 %(where)s 之前同一对象的记录已被删除或调换。") % {"where": row.name}
            faults.append(Fault("deleted", row.name, said))
        last[kind, ref] = (version, leaf)
    return faults


# --- checkpoints -------------------------------------------------------------------------------------


def _check_checkpoints(verdict: Verdict, leaves: list[bytes]) -> None:
    """Every signed note, in the database and outside it, against the tree of the rows as they are."""
    tree = tree_of(leaves, algorithm=signing.algorithm())
    stored = {made.note: made for made in Checkpoint.objects.order_by("size", "id")}
    notes: dict[str, Checkpoint | None] = dict(stored)
    for path in sorted((Path(settings.LOG_FOLDER) / "checkpoints").glob("*.txt")):
        notes.setdefault(path.read_text(encoding="utf-8"), None)
    log_is_whole = verdict.clean
    for note, made in notes.items():
        verdict.checkpoints += 1
        size, root = read_note(note)
        where = _("检查点 %(key)s") % {"key": made.pk if made else f"({size})"}
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
        elif made is None:
            said = _("%(where)s已公布，但已从数据库里删除。") % {"where": where}
            verdict.faults.append(Fault("checkpoint", where, said))
        elif (made.size, made.root) != (size, root.hex()):
            said = _("%(where)s与它签名的内容不符。") % {"where": where}
            verdict.faults.append(Fault("checkpoint", where, said))


def read_note(note: str) -> tuple[int | None, bytes]:
    """(size, root) of a checkpoint note; size is None where it is none."""
    lines = note.splitlines()
    try:
        return int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError, binascii.Error):
        return None, b""


def _check_receipts(verdict: Verdict) -> None:
    """That every receipt still stands for the row it was given for; says nothing more of a row that is damaged."""
    if not verdict.clean:
        return
    for code, leaf in Receipt.objects.order_by("id").values_list("code", "entry__leaf").iterator(2000):
        if code != receipt_code(leaf):
            said = _("回执 %(code)s 不是为它所指的日志开具的。") % {"code": code}
            verdict.faults.append(Fault("receipt", f"audit.receipt:{code}", said))


# --- business rows -----------------------------------------------------------------------------------


def _check_business(verdict: Verdict, states: LastSaid) -> None:
    """Every tracked row against the digest the log last gave it."""
    some_are_missing = any(
        fault.kind in ("edited", "unsealed", "inserted", "deleted") for fault in verdict.faults
    )
    sentences = {
        "row_inserted": _("%(where)s 不是通过本系统的操作加入的。"),
        "row_edited": _("%(where)s 的内容在日志之外被改动。"),
        "row_deleted": _("%(where)s 已在日志之外被删除。"),
        "row_uncertain": _("%(where)s 与日志不符；日志本身已被改动，无法断定是哪一边。"),
    }

    def found(kind: str, label: str, key: str) -> None:
        kind = "row_uncertain" if some_are_missing else kind
        where = f"{label}:{key}"
        verdict.faults.append(Fault(kind, where, sentences[kind] % {"where": where}))

    for model in tracked_models():
        label = model._meta.label_lower
        left = states.keys_of(label)
        for row in model._default_manager.order_by("pk").iterator(2000):
            verdict.objects += 1
            key = str(row.pk)
            left.discard(key)
            said = states.of(label, key)
            if said is None:
                found("row_inserted", label, key)
            elif said != digest_of(row):
                found("row_edited", label, key)
        for key in sorted(each for each in left if states.of(label, each) != GONE):
            found("row_deleted", label, key)
    for model in models_logged_together():
        check_together(model, verdict, states, found)


def check_together(
    model: type[models.Model],
    verdict: Verdict,
    states: LastSaid,
    found: Callable[[str, str, str], None],
) -> None:
    """All rows of each owner against their one digest; rows that an earlier program logged singly, one by one."""
    label, single = label_together(model), model._meta.label_lower
    left, left_single = states.keys_of(label), states.keys_of(single)
    rows = model._default_manager.order_by(model.logged_with, "pk").iterator(2000)  # type: ignore[attr-defined]
    for owner, them in by_owner(model, rows):
        verdict.objects += len(them)
        key = str(owner)
        left.discard(key)
        said = states.of(label, key)
        if said is not None:
            if said != digest_together(them):
                found("row_edited", label, key)
            continue
        if not any(states.of(single, str(row.pk)) for row in them):
            found("row_inserted", label, key)  # nothing was ever said of them
            continue
        for row in them:
            said = states.of(single, str(row.pk))
            left_single.discard(str(row.pk))
            if said is None:
                found("row_inserted", single, str(row.pk))
            elif said != digest_of(row):
                found("row_edited", single, str(row.pk))
    for name, keys in ((label, left), (single, left_single)):
        for key in sorted(keys):
            found("row_deleted", name, key)

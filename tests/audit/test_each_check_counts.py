"""Seeded faults: a check with one of its parts left out lets a tamper pass that the whole check names.

The weaker checks are written out here from the same parts, so that each part is shown to be needed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db.models import F

from audit.tampering import named_by, shift, undone
from conftest import CONSOLE, City, at
from guantong.audit import signing
from guantong.audit.models import AuditEntry, Checkpoint
from guantong.audit.operations import leaf_of, record
from guantong.audit.sequencing import checkpoint, sequence, tiles
from guantong.audit.states import digest_of, states_of
from guantong.audit.tree import hasher, leaf_hash, tree_of
from guantong.audit.verification import read_note, verify_log
from guantong.obligations.models import Obligation


@pytest.fixture
def published(signed: City) -> City:
    sequence()
    checkpoint("daily", now=at(2, 3))
    return signed


def entries() -> list[AuditEntry]:
    return list(AuditEntry.objects.order_by(F("position").asc(nulls_last=True), "id"))


def hashes_fit() -> bool:
    return all(entry.leaf == leaf_of(entry) for entry in entries())


def seals_fit() -> bool:
    return all(entry.seal == signing.seal_of(entry.leaf) for entry in entries())


def chains_fit() -> bool:
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for entry in entries():
        key = (entry.object_type, entry.object_ref)
        if (entry.version - 1, entry.previous) != last.get(key, (0, "")):
            return False
        last[key] = (entry.version, entry.leaf)
    return True


def leaves_of_rows() -> list[bytes]:
    digest = hasher("sha256")
    return [leaf_hash(bytes.fromhex(entry.leaf), digest) for entry in entries() if entry.position is not None]


def tiles_fit() -> bool:
    return tiles().leaves() == leaves_of_rows()


def checkpoints_fit() -> bool:
    tree = tree_of(leaves_of_rows())
    notes = [read_note(note) for note in Checkpoint.objects.values_list("note", flat=True)]
    return all(size is not None and tree.root(size) == root for size, root in notes)


def test_without_business_rows_an_edited_score_passes(published: City) -> None:
    obligation = Obligation.objects.filter(state="open").order_by("pk")[0]
    with undone():
        Obligation.objects.filter(pk=obligation.pk).update(state="fulfilled")
        assert verify_log(business=False).clean
        assert named_by(verify_log()) == {f"obligations.obligation:{obligation.pk}"}


def test_without_hashes_an_edited_row_passes(published: City) -> None:
    entry = entries()[5]
    with undone():
        AuditEntry.objects.filter(pk=entry.pk).update(verb="test.other")
        assert seals_fit()
        assert chains_fit()
        assert tiles_fit()
        assert checkpoints_fit()
        assert named_by(verify_log()) == {f"id {entry.pk}"}


def test_without_seals_a_forged_row_passes(published: City) -> None:
    """At the end, with its hash and its predecessor right, before the worker takes it up – and after."""
    forged = entries()[-1]
    forged.pk, forged.position = None, None
    forged.version, forged.previous, forged.verb = forged.version + 1, forged.leaf, "test.forged"
    forged.leaf = leaf_of(forged)
    with undone():
        forged.save(force_insert=True)
        for _time in range(2):
            assert hashes_fit()
            assert chains_fit()
            assert checkpoints_fit()
            assert not seals_fit()
            assert named_by(verify_log()) == {f"id {forged.pk}"}
            sequence()
            assert tiles_fit()


def test_without_tiles_and_checkpoints_a_row_taken_out_of_the_middle_passes(published: City) -> None:
    entry = next(each for each in entries() if not AuditEntry.objects.filter(previous=each.leaf).exists())
    assert entry.position is not None
    with undone():
        AuditEntry.objects.filter(pk=entry.pk)._raw_delete("default")
        shift(AuditEntry.objects.filter(position__gt=entry.position), -1)
        assert hashes_fit()
        assert seals_fit()
        assert chains_fit()
        assert not tiles_fit()
        assert named_by(verify_log(business=False)) == {f"#{entry.position}"}


def test_without_chains_a_row_taken_out_before_it_was_published_passes(published: City) -> None:
    first, second = (
        record("test.done", target=published.cycle, actor=CONSOLE, at=at(3, 1)) for _time in (1, 2)
    )
    with undone():
        AuditEntry.objects.filter(pk=first.pk)._raw_delete("default")
        assert hashes_fit()
        assert seals_fit()
        assert tiles_fit()
        assert checkpoints_fit()
        assert named_by(verify_log()) == {f"id {second.pk}"}


def test_chains_in_the_order_of_versions_alone_let_two_unpublished_rows_change_places(
    published: City,
) -> None:
    """Then the older state of a business row would pass for its newest."""
    first, second = (
        record("test.done", target=published.cycle, actor=CONSOLE, at=at(3, 1)) for _time in (1, 2)
    )
    size = tiles().size()
    with undone():
        AuditEntry.objects.filter(pk=second.pk).update(position=size)
        AuditEntry.objects.filter(pk=first.pk).update(position=size + 1)
        sequence()
        by_version = list(AuditEntry.objects.filter(pk__in=[first.pk, second.pk]).order_by("version"))
        assert by_version[1].previous == by_version[0].leaf
        assert tiles_fit()
        assert {f"id {second.pk}", f"id {first.pk}"} == named_by(verify_log())


def test_without_notes_outside_the_database_a_forgotten_checkpoint_passes(published: City) -> None:
    with undone():
        Checkpoint.objects.all().delete()
        assert checkpoints_fit()
        assert [fault.kind for fault in verify_log().faults] == ["checkpoint"]


def test_without_the_signature_a_checkpoint_could_be_written_over(published: City) -> None:
    found = Checkpoint.objects.get()
    with undone():
        note = found.note.replace("daily", "hourly")
        Checkpoint.objects.filter(pk=found.pk).update(note=note)
        assert checkpoints_fit()
        assert "checkpoint" in {fault.kind for fault in verify_log().faults}


def test_the_columns_beside_a_note_count_too(published: City) -> None:
    for values in ({"size": F("size") - 1}, {"root": "0" * 64}):
        with undone():
            Checkpoint.objects.update(**values)
            assert checkpoints_fit()
            assert [fault.kind for fault in verify_log().faults] == ["checkpoint"]


def test_with_words_taken_from_any_row_a_forged_one_would_cover_an_edited_business_row(
    published: City,
) -> None:
    obligation = Obligation.objects.filter(state="open").order_by("pk")[0]
    where = f"obligations.obligation:{obligation.pk}"
    with undone():
        Obligation.objects.filter(pk=obligation.pk).update(state="fulfilled")
        obligation.refresh_from_db()
        forged = entries()[-1]
        forged.pk, forged.position, forged.version = None, None, forged.version + 1
        forged.payload = f'{{"states":{states_of([obligation])}}}'.replace("'", '"')
        forged.leaf = leaf_of(forged)
        forged.save(force_insert=True)
        assert digest_of(obligation) in entries()[-1].payload
        kinds = {fault.where: fault.kind for fault in verify_log().faults}
        assert kinds.pop(where) == "row_uncertain"
        assert set(kinds.values()) == {"inserted"}


def test_whatever_is_put_in_a_column_the_check_answers(published: City) -> None:
    entry = entries()[5]
    for payload in (
        "",
        "null",
        "[]",
        '{"states": 5}',
        '{"states": {"a": 5}}',
        '{"states": {"a": {"b": []}}}',
        "[" * 5000,
    ):
        with undone():
            AuditEntry.objects.filter(pk=entry.pk).update(payload=payload)
            assert named_by(verify_log(business=False)) == {f"id {entry.pk}"}
    for leaf in ("", "zz", "Ａ" * 10):
        with undone():
            AuditEntry.objects.filter(pk=entry.pk).update(leaf=leaf)
            assert named_by(verify_log(business=False)) == {f"id {entry.pk}"}


def test_damaged_tiles_are_seen(published: City, settings: LazySettings) -> None:
    """Not the thief's reach, but a disk's."""
    (tile,) = (Path(settings.LOG_FOLDER) / "tile/0/000000.p").iterdir()
    data = bytearray(tile.read_bytes())
    data[5 * 32] ^= 1
    tile.write_bytes(bytes(data))
    assert named_by(verify_log(business=False)) == {f"id {entries()[5].pk}"}

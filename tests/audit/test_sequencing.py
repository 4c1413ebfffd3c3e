from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from conftest import CONSOLE, at
from guantong.audit import triggers
from guantong.audit.models import AuditEntry
from guantong.audit.operations import record
from guantong.audit.sequencing import publish_tiles, sequence, tiles, tree_size
from guantong.audit.tree import hasher, leaf_hash
from guantong.audit.verification import verify_log
from guantong.organisation.models import Unit


def write(n: int, *, start: int = 1) -> list[AuditEntry]:
    with transaction.atomic():
        return [
            record("test.done", target=Unit(pk=10**6 + number), actor=CONSOLE, at=at(3, 1))
            for number in range(start, start + n)
        ]


def published_rows() -> list[bytes]:
    digest = hasher("sha256")
    leaves = (
        AuditEntry.objects.filter(position__isnull=False).order_by("position").values_list("leaf", flat=True)
    )
    return [leaf_hash(bytes.fromhex(leaf), digest) for leaf in leaves]


@pytest.mark.django_db
class TestSequence:
    def test_every_row_gets_the_next_place_and_its_hash_is_published(self) -> None:
        write(7)
        assert sequence() == 7
        assert list(AuditEntry.objects.order_by("id").values_list("position", flat=True)) == list(range(7))
        assert tiles().leaves() == published_rows()
        assert tree_size() == 7

    def test_a_row_with_a_lower_number_that_came_later_is_not_missed(self) -> None:
        late, *others = write(4)
        keep = AuditEntry(
            **{each.attname: getattr(late, each.attname) for each in late._meta.concrete_fields}
        )
        connection.check_constraints()
        with transaction.atomic():
            triggers.take_down(connection)  # stands in for a transaction that is still open
            AuditEntry.objects.filter(pk=late.pk).delete()
            triggers.set_up(connection)
        assert sequence() == 3
        keep.save(force_insert=True)
        assert sequence() == 1
        assert AuditEntry.objects.get(pk=keep.pk).position == 3
        assert keep.pk < min(each.pk for each in others)
        assert tiles().leaves() == published_rows()

    def test_repeating_it_changes_nothing(self) -> None:
        write(5)
        sequence()
        before = tiles().leaves(), published_rows()
        assert sequence() == 0
        publish_tiles()
        assert (tiles().leaves(), published_rows()) == before

    def test_rows_that_have_a_place_but_were_not_published_are_caught_up(self) -> None:
        write(3)
        for place, entry in enumerate(AuditEntry.objects.order_by("id")):
            AuditEntry.objects.filter(pk=entry.pk).update(position=place)
        assert tiles().size() == 0
        assert sequence() == 0
        assert tiles().leaves() == published_rows()

    def test_more_rows_than_a_batch_and_than_a_tile(self) -> None:
        write(1100)
        assert sequence() == 1100
        assert tiles().leaves() == published_rows()
        assert verify_log().clean

    def test_an_empty_log_publishes_nothing(self) -> None:
        assert sequence() == 0
        assert tiles().size() == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    def test_at_once_they_give_every_row_one_place_and_publish_it_once(self) -> None:
        write(600)
        together = threading.Barrier(3)
        failed: list[BaseException] = []

        def work() -> None:
            try:
                together.wait(20)
                for _time in range(4):
                    sequence()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _each in range(2)]
        for worker in workers:
            worker.start()
        together.wait(20)
        for start in range(1000, 1400, 50):
            write(50, start=start)
        for worker in workers:
            worker.join(60)
        sequence()
        assert failed == []
        assert sorted(AuditEntry.objects.values_list("position", flat=True)) == list(range(1000))
        assert tiles().leaves() == published_rows()
        assert verify_log().clean

from __future__ import annotations

import pytest
from django.db import transaction

from conftest import CONSOLE, City, at
from guantong.audit import signing
from guantong.audit.models import AuditEntry
from guantong.audit.operations import leaf_of, record
from guantong.audit.queries import history_of
from guantong.audit.states import digest_of
from guantong.obligations.models import Obligation
from guantong.obligations.timing import suspend
from guantong.organisation.models import Unit


class TestRecord:
    @pytest.mark.django_db(transaction=True)
    def test_outside_a_transaction_it_is_refused(self) -> None:
        with pytest.raises(RuntimeError, match="belongs to the transaction"):
            record("test.done", target=Unit(pk=1), actor=CONSOLE, at=at(3, 1))
        assert not AuditEntry.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_what_is_rolled_back_leaves_no_row(self) -> None:
        with transaction.atomic():
            record("test.done", target=Unit(pk=1), actor=CONSOLE, at=at(3, 1))
            transaction.set_rollback(True)
        assert not AuditEntry.objects.exists()

    def test_rows_of_one_object_follow_each_other(self, units: dict[str, Unit]) -> None:
        unit, other = units["1506"], units["150602"]
        for target in (unit, other, unit):
            record("test.done", target=target, actor=CONSOLE, at=at(3, 1))
        rows = list(history_of(unit))
        assert [row.version for row in rows] == [1, 2, 3]
        assert [row.previous for row in rows] == ["", rows[0].leaf, rows[1].leaf]
        assert history_of(other).count() == 2

    def test_every_row_carries_its_hash_and_its_seal(self, units: dict[str, Unit]) -> None:
        for row in AuditEntry.objects.all():
            assert row.leaf == leaf_of(row)
            assert row.seal == signing.seal_of(row.leaf)

    def test_the_same_act_twice_has_two_hashes(self, units: dict[str, Unit]) -> None:
        first, second = (
            record("test.done", target=Unit(pk=10**6 + time), actor=CONSOLE, at=at(3, 1)) for time in (1, 2)
        )
        second.object_ref = first.object_ref
        assert leaf_of(second) != first.leaf

    def test_the_actor_stands_there_without_a_name(self, signed: City) -> None:
        head = signed.head
        assert head.person is not None
        assert head.office is not None
        entry = record("test.done", target=signed.cycle, actor=head, at=at(3, 1))
        assert (entry.person_ref, entry.office_ref) == (head.person.pk, head.office.pk)
        assert head.person.sign_in_index not in entry.actor
        assert str(head.person) not in entry.actor


class TestStates:
    def test_a_tracked_row_has_the_same_digest_before_and_after_storing(self, signed: City) -> None:
        obligation = Obligation.objects.filter(unit__code="1506-MU-01", state="open")[0]
        order = suspend(obligation=obligation, excused=False, reason="…", actor=CONSOLE, now=at(3, 1))
        kept = digest_of(order)
        order.refresh_from_db()
        assert digest_of(order) == kept
        entry = history_of(obligation).last()
        assert entry is not None
        assert kept in entry.payload

    def test_what_is_derived_does_not_count_and_everything_else_does(self, signed: City) -> None:
        obligation = Obligation.objects.filter(unit__code="1506-MU-01", state="open")[0]
        before = digest_of(obligation)
        obligation.light, obligation.unit_path = "red", "/elsewhere/"
        assert digest_of(obligation) == before
        obligation.minutes += 1
        assert digest_of(obligation) != before

"""Where the log's protection ends, written down as tests: with the database alone, without keys and log folder.

The last minute's rows, before the worker publishes them, can be made undone together with what they changed;
tables and columns that are not tracked can be edited. Everything else is named.
"""

from __future__ import annotations

import pytest

from audit.tampering import named_by, undone
from conftest import CONSOLE, City, at
from guantong.audit.models import AuditEntry, Receipt
from guantong.audit.operations import issue_receipt
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.verification import verify_log
from guantong.obligations.models import Obligation, Suspension
from guantong.obligations.timing import suspend


@pytest.fixture
def suspended(signed: City) -> tuple[Obligation, Obligation, Suspension]:
    """An obligation as it was, as it is after an operation that is not published yet, and the order."""
    sequence()
    checkpoint("daily", now=at(2, 3))
    before = Obligation.objects.filter(unit__code="1506-MU-01", state="open").order_by("pk")[0]
    order = suspend(obligation=before, excused=True, reason="…", actor=CONSOLE, now=at(3, 1))
    return before, Obligation.objects.get(pk=before.pk), order


Suspended = tuple[Obligation, Obligation, Suspension]


def take_newest_log_row_out() -> None:
    newest = AuditEntry.objects.order_by("-id")[:1].get()
    AuditEntry.objects.filter(pk=newest.pk)._raw_delete("default")


class TestBeforeTheWorkerPublished:
    def test_a_log_row_taken_out_alone_is_seen_by_what_it_spoke_of(self, suspended: Suspended) -> None:
        _before, after, order = suspended
        with undone():
            take_newest_log_row_out()
            assert named_by(verify_log()) == {
                f"obligations.obligation:{after.pk}", f"obligations.suspension:{order.pk}",
            }  # fmt: skip

    def test_with_everything_it_changed_put_back_it_is_not_seen(self, suspended: Suspended) -> None:
        """The limit: an operation of the last minute, undone whole, is as if it had never been."""
        before, _after, order = suspended
        with undone():
            take_newest_log_row_out()
            Suspension.objects.filter(pk=order.pk)._raw_delete("default")  # type: ignore[attr-defined]
            before.save()
            assert verify_log().clean

    def test_once_published_the_same_is_seen(self, suspended: Suspended) -> None:
        before, _after, order = suspended
        sequence()
        newest = AuditEntry.objects.order_by("-id")[:1].get()
        with undone():
            take_newest_log_row_out()
            Suspension.objects.filter(pk=order.pk)._raw_delete("default")  # type: ignore[attr-defined]
            before.save()
            assert named_by(verify_log()) == {f"#{newest.position}"}


class TestPublished:
    def test_the_last_rows_of_an_object_are_missed(self, suspended: Suspended) -> None:
        sequence()
        with undone():
            last = (
                AuditEntry.objects.filter(object_type="obligations.obligation").order_by("-version")[:1].get()
            )
            AuditEntry.objects.filter(pk=last.pk)._raw_delete("default")
            assert f"#{last.position}" in named_by(verify_log())

    def test_an_earlier_state_of_a_business_row_is_seen(self, suspended: Suspended) -> None:
        before, _after, _order = suspended
        sequence()
        with undone():
            before.save()
            assert named_by(verify_log()) == {f"obligations.obligation:{before.pk}"}

    def test_a_forged_row_taken_up_by_the_worker_is_still_not_its_own(self, suspended: Suspended) -> None:
        sequence()
        forged = AuditEntry.objects.order_by("-id")[:1].get()
        forged.pk, forged.position, forged.version = None, None, forged.version + 1
        forged.previous = forged.leaf
        with undone():
            forged.save(force_insert=True)
            sequence()
            assert f"id {forged.pk}" in named_by(verify_log())

    def test_a_receipt_cannot_be_turned_to_another_row(self, suspended: Suspended) -> None:
        sequence()
        first, second = AuditEntry.objects.order_by("position")[:2]
        receipt = issue_receipt(first, now=at(3, 1))
        with undone():
            Receipt.objects.filter(pk=receipt.pk).update(entry=second)
            assert named_by(verify_log()) == {f"audit.receipt:{receipt.code}"}
        with undone():
            Receipt.objects.filter(pk=receipt.pk).update(code=receipt.code[::-1])
            assert named_by(verify_log()) == {f"audit.receipt:{receipt.code[::-1]}"}


class TestLimits:
    def test_a_derived_column_can_be_edited_and_is_not_seen(self, suspended: Suspended) -> None:
        sequence()
        with undone():
            Obligation.objects.update(light="green", relight_on=None, behind=False)
            assert verify_log().clean

    def test_a_receipt_that_is_taken_away_is_not_missed(self, suspended: Suspended) -> None:
        """Its row still is; the same code can be given again."""
        first = AuditEntry.objects.order_by("position")[:1].get()
        code = issue_receipt(first, now=at(3, 1)).code
        with undone():
            Receipt.objects.all().delete()
            assert verify_log().clean
            assert issue_receipt(first, now=at(3, 2)).code == code

"""The database itself refuses to rewrite the log; the one thing that may be set, once, is a place in the tree."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import CONSOLE, at
from guantong.audit import triggers
from guantong.audit.models import AuditEntry, Checkpoint, Receipt, Verification
from guantong.audit.operations import issue_receipt, record
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.verification import keep_verdict, verify_log
from guantong.organisation.models import Unit

MODELS = {model._meta.db_table: model for model in (AuditEntry, Checkpoint, Receipt, Verification)}
OTHERS = dict.fromkeys(
    [
        "person_ref",
        "office_ref",
        "version",
        "position",
        "size",
        "entry_id",
        "entries",
        "checkpoints",
        "objects_checked",
    ],
    "7000",
) | {"at": "'2026-01-01 00:00:00'", "issued_at": "'2026-01-01 00:00:00'", "faults": "'[]'"}
pytestmark = pytest.mark.usefixtures("kept")


@pytest.fixture
def kept(units: dict[str, Unit]) -> None:
    """A log with a checkpoint, a receipt, and one row without a place."""
    entries = AuditEntry.objects.order_by("id")
    sequence()
    checkpoint("daily", now=at(3, 1))
    issue_receipt(entries[0], now=at(3, 1))
    keep_verdict(verify_log(), now=at(3, 1))
    connection.check_constraints()


def refused(statement: str) -> bool:
    """Whether the log's own triggers refuse a statement."""
    said = ""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        said = str(error)
    assert not said or triggers.SAYS in said
    return bool(said)


def columns_of(table: str) -> list[str]:
    return [column.column for column in MODELS[table]._meta.concrete_fields]


@pytest.mark.parametrize("table", MODELS)
class TestEveryLogTable:
    def test_no_column_can_be_changed(self, table: str) -> None:
        for column in columns_of(table):
            other = "id + 1000" if column == "id" else OTHERS.get(column, "'x'")
            assert refused(f"UPDATE {table} SET {column} = {other}"), column

    def test_no_row_can_be_deleted(self, table: str) -> None:
        assert refused(f"DELETE FROM {table}")

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
    def test_it_cannot_be_emptied(self, table: str) -> None:
        assert refused(f"TRUNCATE {table} CASCADE")

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no OR REPLACE")
    def test_no_row_can_be_replaced(self, table: str) -> None:
        assert refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


class TestPlace:
    def test_it_is_set_once(self) -> None:
        entry = AuditEntry.objects.order_by("-position")[0]
        assert entry.position is not None
        assert refused(f"UPDATE audit_auditentry SET position = 9999 WHERE id = {entry.pk}")
        assert refused(f"UPDATE audit_auditentry SET position = NULL WHERE id = {entry.pk}")
        fresh = _fresh()
        assert not refused(f"UPDATE audit_auditentry SET position = 9999 WHERE id = {fresh.pk}")

    def test_setting_it_changes_nothing_else(self) -> None:
        fresh = _fresh()
        for column in ("payload", "verb", "seal", "leaf"):
            assert refused(
                f"UPDATE audit_auditentry SET position = 9999, {column} = 'x' WHERE id = {fresh.pk}"
            )

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no OR REPLACE")
    def test_a_place_that_is_taken_puts_nobody_out(self) -> None:
        fresh = _fresh()
        assert refused(f"UPDATE OR REPLACE audit_auditentry SET position = 0 WHERE id = {fresh.pk}")

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no OR REPLACE")
    def test_replacing_by_version_or_by_place_is_refused(self) -> None:
        columns = [each for each in columns_of("audit_auditentry") if each not in ("id", "position")]
        names = ", ".join(columns)
        assert refused(
            f"INSERT OR REPLACE INTO audit_auditentry ({names}) SELECT {names} FROM audit_auditentry LIMIT 1"
        )
        others = names.replace("version", "version + 50")
        assert refused(
            f"INSERT OR REPLACE INTO audit_auditentry ({names}, position) "
            f"SELECT {others}, position FROM audit_auditentry WHERE position = 0"
        )


def _fresh() -> AuditEntry:
    return record("test.done", target=Unit.objects.all()[0], actor=CONSOLE, at=at(3, 2))


def test_taking_the_triggers_down_and_up_again_restores_them() -> None:
    triggers.take_down(connection)
    assert not refused("DELETE FROM audit_receipt")
    triggers.set_up(connection)
    assert refused("DELETE FROM audit_receipt")
    assert verify_log().clean

"""Triggers that make the log append-only inside the database too, on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_auditentry", "audit_checkpoint", "audit_receipt")
# Columns of a log row that nothing may change; the position may be set once.
FIXED = (
    "id", "at", "person_ref", "office_ref", "actor", "verb", "object_type", "object_ref", "version", "payload",
    "salt", "previous", "leaf", "seal",
)  # fmt: skip
SAYS = "the log is append-only"


def statements(vendor: str) -> list[str]:
    """The statements that set the triggers up."""
    return _postgresql() if vendor == "postgresql" else _sqlite()


def _sqlite() -> list[str]:
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in FIXED)
    sequencing = f"OLD.position IS NULL AND NEW.position IS NOT NULL AND {same}"
    made = []
    for table in TABLES:
        unless = f"WHEN NOT ({sequencing}) " if table == "audit_auditentry" else ""
        made += [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {unless}"
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
        ]
    return made


def _postgresql() -> list[str]:
    same = " AND ".join(f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in FIXED)
    refuse = f"BEGIN RAISE EXCEPTION '{SAYS}'; END"
    made = [
        f"CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        "CREATE OR REPLACE FUNCTION audit_sequence_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF OLD.position IS NULL AND NEW.position IS NOT NULL AND {same} THEN RETURN NEW; END IF; "
        f"RAISE EXCEPTION '{SAYS}'; END $$",
    ]
    for table in TABLES:
        change = "audit_sequence_only" if table == "audit_auditentry" else "audit_refuse"
        made += [
            f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {change}()",
            f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        ]
    return made


def set_up(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Without triggers the log can be rewritten: for migrations backwards, and for tests that play the thief."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for name in ("no_update", "no_delete", "no_truncate"):
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")

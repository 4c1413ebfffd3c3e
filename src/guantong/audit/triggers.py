"""Triggers that make the log append-only inside the database too, on SQLite and PostgreSQL."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_auditentry", "audit_checkpoint", "audit_receipt", "audit_verification")
# Columns of a log row that nothing may change; the position may be set once.
FIXED = (
    "id", "at", "person_ref", "office_ref", "actor", "verb", "object_type", "object_ref", "version", "payload",
    "salt", "previous", "leaf", "seal",
)  # fmt: skip
SAYS = "the log is append-only"


def statements(vendor: str) -> list[str]:
    """The statements that set the triggers up."""
    return _postgresql() if vendor == "postgresql" else _sqlite()


# On SQLite, OR REPLACE deletes the row in its way without asking the triggers for deletion: what may be in the way.
UNIQUE = {
    "audit_auditentry": (
        "id = NEW.id",
        "position = NEW.position",
        "object_type = NEW.object_type AND object_ref = NEW.object_ref AND version = NEW.version",
    ),
    "audit_checkpoint": ("id = NEW.id",),
    "audit_receipt": ("id = NEW.id", "code = NEW.code", "entry_id = NEW.entry_id"),
    "audit_verification": ("id = NEW.id",),
}


def _sqlite() -> list[str]:
    same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in FIXED)
    free = "NOT EXISTS (SELECT 1 FROM audit_auditentry WHERE position = NEW.position)"
    sequencing = f"OLD.position IS NULL AND NEW.position IS NOT NULL AND {same} AND {free}"
    made = []
    for table in TABLES:
        taken = " OR ".join(
            f"EXISTS (SELECT 1 FROM {table} WHERE {each})"  # noqa: S608
            for each in UNIQUE[table]
        )
        unless = f"WHEN NOT ({sequencing}) " if table == "audit_auditentry" else ""
        made += [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {unless}"
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
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
            for name in ("no_update", "no_delete", "no_replace", "no_truncate"):
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")

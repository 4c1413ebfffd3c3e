"""Rule 1: which blocks, keys and types a package may have."""

from __future__ import annotations

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.schema import scoring, structure, work
from guantong.mechanisms.package.schema.kinds import (
    DAYS,
    FLAG,
    ID,
    NAME,
    TEXT,
    WORDS,
    Block,
    Rows,
    Table,
    Whole,
    Word,
)
from guantong.mechanisms.package.spots import Outline
from guantong.mechanisms.package.vocabulary import DOCUMENT_KINDS, FORMAT, LADDER

DOCUMENT = Block(
    {
        "id": ID,
        "name": NAME,
        "kind": Word(DOCUMENT_KINDS),
        "layout": TEXT,
        "prefill": WORDS,
        "fields": WORDS,
        "names_of_persons": Word(("never", "by_consent")),
        "max_chars": Whole(least=1),
    },
    ("id", "name", "kind"),
)
ACCOUNTABILITY = Block(
    {"duty_states": WORDS, "ladder": Rows(Word(LADDER)), "refer_to": TEXT, "human_only": FLAG}
)
PRIVACY = Block(
    {
        "assess": WORDS,
        "never_score": Rows(TEXT, least=1),
        "sensitive": Block({"block": Rows(TEXT, least=1)}, ("block",)),
        "retention_days": Table(DAYS),
    },
    ("never_score", "sensitive"),
)
BURDEN = Block(
    {
        "max_fields_per_report": Whole(least=1, most=200),
        "max_records_per_year": Whole(least=1, most=100_000),
        "minutes_per_issuer": Whole(least=1, most=100_000_000),
        "never": Rows(TEXT, least=1),
        "reuse": TEXT,
        "count_minutes": FLAG,
    },
    ("never", "max_fields_per_report"),
)
PACKAGE = Block(
    {
        "format": Word((FORMAT,)),
        "id": ID,
        "version": Whole(least=1, most=1_000_000),
        "name": NAME,
        "based_on": TEXT,
        "locale": TEXT,
        "calendar": TEXT,
        "levels": Rows(structure.LEVEL, least=1),
        "unit_kinds": Rows(structure.UNIT_KIND, least=1),
        "assets": Rows(structure.ASSET),
        "tiers": Rows(structure.TIER, least=1),
        "offices": Rows(structure.OFFICE, least=1),
        "duties": Rows(work.DUTY, least=1),
        "task_lists": Rows(work.TASK_LIST),
        "coverage": Rows(structure.COVERAGE),
        "pairing": Rows(work.PAIRING),
        "reception": Rows(work.RECEPTION),
        "patrol": work.PATROL,
        "problems": work.PROBLEMS,
        "supervision": work.SUPERVISION,
        "campaigns": Rows(work.CAMPAIGN),
        "demands": work.DEMANDS,
        "study": work.STUDY,
        "cycle": work.CYCLE,
        "appeal": work.APPEAL,
        "accountability": ACCOUNTABILITY,
        "indicators": Rows(scoring.INDICATOR),
        "scorecards": Rows(scoring.SCORECARD),
        "documents": Rows(DOCUMENT),
        "privacy": PRIVACY,
        "burden": BURDEN,
    },
    (
        "format",
        "id",
        "version",
        "name",
        "levels",
        "unit_kinds",
        "tiers",
        "offices",
        "duties",
        "cycle",
        "privacy",
        "burden",
    ),
)


def has_usable_shape(outline: Outline, findings: Findings) -> bool:
    """Report every unknown key, missing block and wrong type; True where a package can be built."""
    return PACKAGE.check(outline.top, findings)

"""Allowed keys of the blocks that say who is there: levels, kinds, assets, tiers, offices, coverage."""

from __future__ import annotations

from guantong.mechanisms.package.schema.kinds import (
    COUNT,
    DAYS,
    FLAG,
    ID,
    NAME,
    TEXT,
    WORDS,
    WORDS_OR_ONE,
    Anything,
    Block,
    Rows,
    Whole,
    Word,
)
from guantong.mechanisms.package.vocabulary import (
    DIVISION_LEVELS,
    EXCLUDE_CODES,
    PILLAR_SOURCES,
    RUNS,
)

LEVEL = Block({"id": ID, "name": NAME, "map": Word(DIVISION_LEVELS)}, ("id", "name", "map"))

UNIT_KIND = Block(
    {
        "id": ID,
        "name": NAME,
        "levels": WORDS_OR_ONE,
        "assessed": FLAG,
        "facility": FLAG,
        "subkinds": WORDS,
        "runs": Rows(Word(RUNS)),
    },
    ("id", "name"),
)

ASSET = Block(
    {
        "id": ID,
        "name": NAME,
        "fields": WORDS,
        "parent": TEXT,
        "belongs_to": Block({"level": WORDS_OR_ONE, "kind": WORDS_OR_ONE}),
        "boundary": Block({"shared_with": WORDS_OR_ONE, "rule": TEXT}),
    },
    ("id", "name"),
)

PILLAR = Block(
    {
        "id": ID,
        "name": NAME,
        "items": WORDS,
        "chain": WORDS,
        "display_only": FLAG,
        "served_by": Rows(Word(PILLAR_SOURCES), one=True),
    },
    ("id", "name"),
)
TIER = Block({"id": ID, "name": NAME, "pillars": Rows(PILLAR, least=1)}, ("id", "name", "pillars"))

AT = Block({"kind": TEXT, "asset": TEXT, "levels": WORDS_OR_ONE}, needs_one_of=("kind", "asset"))
OFFICE = Block(
    {
        "id": ID,
        "name": NAME,
        "at": AT,
        "also_at": AT,
        "level": TEXT,
        "seats": Block({"min": Whole(most=1000), "max": Whole(least=1, most=1000)}),
        "full_time": FLAG,
    },
    ("id", "name", "at"),
)

COVERAGE = Block(
    {
        "id": ID,
        "of": Block(
            {"level": TEXT, "kind": TEXT, "asset": TEXT, "exclude_codes": Word(EXCLUDE_CODES)},
            needs_one_of=("level", "kind", "asset"),
        ),
        "needs": Block(
            {
                "office": TEXT,
                "facility": TEXT,
                "field": TEXT,
                "min": COUNT,
                "full_time": FLAG,
                "equals": Anything(),
            },
            needs_one_of=("office", "facility", "field"),
        ),
        "gap_owner": Block({"office": TEXT, "level": TEXT}, ("office",)),
        "gap_due_days": DAYS,
    },
    ("id", "of", "needs"),
)

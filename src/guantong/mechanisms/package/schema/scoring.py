"""Allowed keys of the blocks that say what work is worth: indicators and scorecards."""

from __future__ import annotations

from guantong.mechanisms.package.schema.kinds import (
    FLAG,
    ID,
    NAME,
    TEXT,
    WORDS,
    WORDS_OR_ONE,
    Anything,
    Block,
    Either,
    Number,
    Rows,
    Table,
    Whole,
    Word,
)
from guantong.mechanisms.package.vocabulary import DIRECTIONS, MISSING, MISSING_ITEMS

PART = Block({"id": ID, "weight": Number(), "what": NAME}, ("id", "weight"))

INDICATOR = Block(
    {
        "id": ID,
        "of": TEXT,
        "group": TEXT,
        "title": NAME,
        "measure": Table(Anything()),
        "scoring": Either((Word(), Table(Anything()))),
        "missing": Word(MISSING),
        "direction": Word(DIRECTIONS),
        "bonus": FLAG,
        "penalty": FLAG,
        "human": FLAG,
        "target": FLAG,
        "parts": Rows(PART, least=1),
        "for": WORDS_OR_ONE,
        "scorer_from": TEXT,
    },
    ("id", "of", "title", "measure", "scoring"),
)

VETO = Block(
    {
        "id": ID,
        "when": Block({"finding": ID}, ("finding",)),
        "effect": Block({"max_grade": TEXT}, ("max_grade",)),
        "human_confirm": FLAG,
        "rule": NAME,
    },
    ("id", "when", "effect"),
)
GRADE = Block(
    {"id": ID, "name": NAME, "min": Number(), "share_max": Number(least=0.000001, most=1)}, ("id", "min")
)
REWARD = Block(
    {
        "id": ID,
        "name": NAME,
        "when": Block({"grade": TEXT}, ("grade",)),
        "give": Block({"slots": Rows(Number(), one=True)}),
    },
    ("id", "when"),
)
SCORECARD = Block(
    {
        "id": ID,
        "name": NAME,
        "of": Block(
            {"kind": TEXT, "levels": WORDS_OR_ONE, "office": TEXT, "offices": WORDS_OR_ONE},
            needs_one_of=("kind", "office", "offices"),
        ),
        "items": Rows(
            Block(
                {
                    "use": TEXT,
                    "weight": Number(),
                    "cap": Number(),
                    "scorer": Block({"kind": TEXT}, ("kind",)),
                },
                ("use",),
            ),
            least=1,
        ),
        "bonus_cap": Number(),
        "min_n": Whole(least=1, most=10_000),
        "groups": Rows(
            Block(
                {"id": ID, "name": NAME, "units": WORDS, "subkinds": WORDS},
                ("id", "name"),
                ("units", "subkinds"),
            ),
            least=1,
        ),
        "scale": Number(least=1),
        "missing_items": Word(MISSING_ITEMS),
        "vetoes": Rows(Either((Word(), VETO))),
        "grades": Either((Word(("inherit", "none")), Rows(GRADE, least=1))),
        "tie_break": WORDS,
        "ranked": FLAG,
        "rewards": Rows(REWARD),
        "publish": FLAG,
    },
    ("id", "of", "items"),
)

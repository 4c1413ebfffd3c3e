"""Allowed keys of the blocks that say what is done: duties, tasks, contact, reception, patrol, the year."""

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
    Either,
    Null,
    Number,
    Rows,
    Table,
    Whole,
    Word,
)
from guantong.mechanisms.package.vocabulary import EACH, EVIDENCE, LADDER, ORIGINS, PER, REVIEWERS, UPON

MONTHS = Rows(Whole(least=1, most=12), least=1)
CADENCE = Block(
    {
        "count": Whole(least=1, most=366),
        "per": Word(PER),
        "each": Word(tuple(EACH)),
        "due": TEXT,
        "due_day": Whole(),
        "months": MONTHS,
        "upon": Word(UPON),
        "due_workdays": COUNT,
    },
    needs_one_of=("per", "upon"),
)
DUTY = Block(
    {
        "id": ID,
        "pillar": TEXT,
        "who": TEXT,
        "what": NAME,
        "cadence": CADENCE,
        "months": MONTHS,
        "evidence": Rows(Word(EVIDENCE), least=1, one=True),
        "gate": Block({"needs": WORDS_OR_ONE}, ("needs",)),
        "scope": Block({"level": TEXT}, ("level",)),
        "pairing": TEXT,
        "reception": TEXT,
        "when": Table(Anything()),
        "minutes": Whole(most=10_000),
    },
    ("id", "pillar", "who", "what", "cadence", "evidence"),
)

TASK_LIST = Block(
    {
        "id": ID,
        "name": NAME,
        "import": Block(
            {
                "columns": WORDS,
                "merged_columns": WORDS,
                "default_unit_note": FLAG,
                "lead_rule": Block({"order": WORDS, "first_is_lead": FLAG}),
            }
        ),
        "forms": WORDS,
        "milestones": Word(("none", "monthly", "quarterly", "half-yearly", "yearly")),
        "report": Block({"due_day": Whole(), "per": Word(PER), "fields": WORDS}, ("per",)),
        "states": Either((Rows(ID, least=2), Word(("inherit",)))),
        "close_needs": WORDS,
    },
    ("id", "name"),
)

PAIRING = Block(
    {
        "id": ID,
        "who": TEXT,
        "partner_kinds": Rows(TEXT, least=1),
        "load": Block({"min": Whole(most=1000), "max": Whole(least=1, most=1000)}),
        "cadence": CADENCE,
        "record": Block({"fields": WORDS, "personal_fields": WORDS}),
        "partner_person": Block(
            {
                "consent": Word(("required",)),
                "fields": WORDS,
                "forbidden": WORDS,
                "retention_days": DAYS,
                "erase": TEXT,
            },
            ("consent",),
        ),
        "no_scoring_of_partners": FLAG,
        "visits": Block({"max": Whole(least=1, most=366), "per": Word(PER)}, ("max", "per")),
        "rotate_after_years": Whole(least=1, most=20),
    },
    ("id", "who", "partner_kinds"),
)

SHARE = Number(least=0, most=1)
CLOCK = Block(
    {
        "days": COUNT,
        "workdays": COUNT,
        "ask_days": COUNT,
        "answer_days": COUNT,
        "approve": TEXT,
        "tell": WORDS_OR_ONE,
    },
    needs_one_of=("days", "workdays", "ask_days", "answer_days"),
)
RECEPTION = Block(
    {
        "id": ID,
        "host": TEXT,
        "calendar": Either(
            (
                Null(),
                Block(
                    {
                        "monthly_day": Whole(),
                        "if_holiday": Word(("next_workday", "previous_workday", "skip")),
                        "publish_days_before": DAYS,
                    }
                ),
            )
        ),
        "appointment": Block({"any_time": FLAG, "walk_in": FLAG, "answer_within": CLOCK, "channels": WORDS}),
        "channel": WORDS_OR_ONE,
        "channels": WORDS,
        "personal_fields": WORDS,
        "consent": Word(("required",)),
        "case_flow": WORDS,
        "deadlines": Table(CLOCK),
        "conflict_rule": TEXT,
        "host_takes_over": Block({"when": WORDS_OR_ONE, "role": TEXT}),
        "rating": Block({"by": TEXT, "optional": FLAG, "counts_for": TEXT}),
        "hours": Block({"start": TEXT, "end": TEXT}, ("start", "end")),
        "slot": Block({"minutes": Whole(least=5, most=480), "places": Whole(least=1, most=100)}),
        "limits": Block({"per_contact": Whole(least=1, most=100), "within_days": Whole(least=1, most=366)}),
        "offer_hours": Whole(least=1, most=720),
        "call_back": Block({"agreed": SHARE, "one_sided": SHARE}),
        "retention": Block({"closed_days": DAYS, "then": Word(("anonymise", "delete"))}),
    },
    ("id", "host"),
)

OPTIONAL_NUMBER = Either((Null(), Number()))
PATROL = Block(
    {
        "record_fields": WORDS,
        "proof": TEXT,
        "substitutes": WORDS,
        "local_minimums": Block(
            {"minutes": OPTIONAL_NUMBER, "metres": OPTIONAL_NUMBER, "gap_hours": OPTIONAL_NUMBER}
        ),
    }
)
PROBLEMS = Block(
    {
        "kinds": WORDS,
        "grading": Table(Block({"who": TEXT, "workdays": COUNT, "days": COUNT}, ("who",))),
        "flow": WORDS,
        "escalate": Rows(
            Block(
                {"when": TEXT, "after_workdays": DAYS, "after_days": DAYS, "from": TEXT, "to": TEXT},
                ("when", "to"),
            )
        ),
        "close_needs": WORDS,
    }
)

WINDOW = Rows(TEXT, size=2)
REMINDER = Block(
    {
        "at": Block(
            {"workdays_before_due": DAYS, "workdays_overdue": DAYS},
            needs_one_of=("workdays_before_due", "workdays_overdue"),
        ),
        "to": WORDS_OR_ONE,
        "action": TEXT,
        "human_confirm": FLAG,
    },
    ("at",),
)
TERM = Block({"days": COUNT, "workdays": COUNT}, needs_one_of=("days", "workdays"))
MATTER = Block(
    {
        "id": ID,
        "name": NAME,
        "origins": Rows(Word(ORIGINS), least=1),
        "sign_within": TERM,
        "due": TERM,
        "reviews": Rows(Word(REVIEWERS), least=1),
        "verify": FLAG,
        "report_days": Whole(least=1, most=366),
    },
    ("id", "name", "sign_within", "due"),
)
SUPERVISION = Block(
    {
        "matters": Rows(MATTER, least=1),
        "visits": Block({"max_per_unit": Whole(least=1, most=366), "joint_within_days": COUNT}),
        "sampling": Block(
            {"share_false": Number(least=0.001, most=1), "confidence": Number(least=0.5, most=0.9999)}
        ),
        "stages": WORDS,
        "ladder": Rows(Word(LADDER)),
        "human_only": FLAG,
        "reminders": Rows(REMINDER),
        "extension": Block({"ask_before_due": FLAG, "approve": TEXT, "max": Whole(most=100)}),
        "rechecks": Table(Block({"ask_days": COUNT, "answer_days": COUNT, "not_by": WORDS_OR_ONE})),
        "campaign": Block(
            {
                "id": ID,
                "window": WINDOW,
                "scope": Block({"sample": Number(least=0, most=1)}),
                "max_per_year": Whole(most=366),
            }
        ),
    }
)
CAMPAIGN = Block(
    {
        "id": ID,
        "name": NAME,
        "over": WORDS_OR_ONE,
        "criteria": Rows(TEXT, least=1),
        "min_n": Whole(least=2, most=1000),
    },
    ("id", "name", "over", "criteria"),
)
DEMANDS = Block({"answer_days": Whole(least=1, most=366)}, ("answer_days",))
STUDY = Block({"compulsory": Rows(Block({"id": ID, "name": NAME}, ("id", "name")), least=1)}, ("compulsory",))
APPEAL = Block({"window_workdays": COUNT, "answer_workdays": COUNT, "by": TEXT})
CYCLE = Block(
    {
        "year": Word(("calendar",)),
        "phases": Rows(
            Block(
                {
                    "id": ID,
                    "name": NAME,
                    "window": WINDOW,
                    "does": WORDS_OR_ONE,
                    "exit": TEXT,
                    "overlaps": WORDS_OR_ONE,
                },
                ("id", "window"),
            ),
            least=1,
        ),
        "appeal": APPEAL,
        "self_score_due": TEXT,
        "results_due": TEXT,
    },
    ("phases",),
)

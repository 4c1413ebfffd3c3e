"""Taking out of a document what names a person or reaches one: names of holders, numbers of phones and identity cards.

Documents are written of offices, so names come in only with free words that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from guantong.accounts.models import Office, Person
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Value
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST
from guantong.privacy import keys

SOMEBODY, LEFT_OUT = "有关同志", "（略）"
LEAST_NAME = 2
REACHING = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|0\d{2,3}[-－—]?\d{7,8}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?!\d)", re.ASCII
)


def never_names(kind: str, cycle: Cycle) -> bool:
    """Whether the package says that this kind of document names nobody, ``names_of_persons: never``."""
    name = str(Kind(kind).label)
    return any(
        each.get("names_of_persons") == "never" and name in str(each.get("name", ""))
        for each in cycle.package.documents
    )


def names_in(cycle: Cycle) -> list[str]:
    """What people who hold or held an office in the cycle's territory are called, the longest first.

    A person called like an office is left out: that is no name.
    """
    inside = {"unit__path__gte": cycle.unit.path, "unit__path__lt": cycle.unit.path + PAST}
    people = list(
        Person.objects.filter(holdings__office__in=Office.objects.filter(**inside).values("pk")).distinct()
    )
    keys.load(each.subject_id for each in people)
    titles = set(Office.objects.filter(**inside).values_list("title", flat=True))
    names = {str(each.display_name).strip() for each in people if each.display_name}
    return sorted((each for each in names - titles if len(each) >= LEAST_NAME), key=len, reverse=True)


def redacted(content: Content, names: Iterable[str]) -> Content:
    """The content without names and without numbers that reach somebody."""
    names = list(names)
    found = re.compile("|".join(map(re.escape, names))) if names else None

    def clean(text: str) -> str:
        text = REACHING.sub(LEFT_OUT, text)
        return found.sub(SOMEBODY, text) if found else text

    def cleaned(value: Value) -> Value:
        if isinstance(value, str):
            return clean(value)
        return [{key: clean(each) for key, each in row.items()} for row in value]

    return replace(
        content,
        title=clean(content.title),
        values={key: cleaned(value) for key, value in content.values.items()},
        numbers=[replace(each, label=clean(each.label), value=clean(each.value)) for each in content.numbers],
    )

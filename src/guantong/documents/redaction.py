"""Taking out of a document what names a person or reaches one: names of holders, numbers of phones and identity cards.

Documents are written of offices, so names come in only with free words that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from guantong.accounts.models import Office, Person
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Value
from guantong.documents.kinds.paper import TITLE
from guantong.documents.layout.titles import broken
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import PAST
from guantong.privacy import keys

SOMEBODY, LEFT_OUT = "有关同志", "（略）"
LEAST_NAME = 2
# Figures may be cut by spaces or dashes and be of full width; a number without its area code is one after its word.
_D, _CUT = "[0-9０-９]", r"[ \u3000—－‐–-]?"
REACHING = re.compile(
    rf"(?<!{_D})(?:"
    rf"[1１]{_CUT}[3-9３-９](?:{_CUT}{_D}){{9}}"  # a mobile phone
    rf"|{_D}{{6}}{_CUT}{_D}{{4}}{_CUT}{_D}{{4}}{_CUT}{_D}{{3}}[0-9０-９Xx]"  # an identity card
    rf"|{_D}{{15}}"  # one of fifteen figures
    rf"|{_D}{{4}}(?:{_CUT}{_D}{{4}}){{3}}(?:{_CUT}{_D}{{3}})?"  # a bank card
    rf"|[（(]?[0０]{_D}{{2,3}}[）)]?{_CUT}{_D}{{3,4}}{_CUT}{_D}{{3,4}}"  # a telephone with its area code
    rf")(?!{_D})"
    rf"|(?<=电话|手机|传真|微信|号码)[:：为是 ]*{_D}(?:{_CUT}{_D}){{6,}}"
    r"|(?<=微信)(?:号)?[:：为是 ]*[A-Za-z][A-Za-z0-9_-]{5,}"
    r"|[A-Za-z0-9_.+-]+[@＠][A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+",
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
    clean = _cleaner(names)
    return replace(
        content,
        title=clean(content.title),
        values=_cleaned(content.values, clean),
        numbers=[replace(each, label=clean(each.label), value=clean(each.value)) for each in content.numbers],
    )


def without_names(values: Mapping[str, Value], names: Iterable[str]) -> Mapping[str, Value]:
    """The values alone, as `redacted` leaves them."""
    return _cleaned(values, _cleaner(names))


def _cleaner(names: Iterable[str]) -> Callable[[str], str]:
    """The names however their characters are spaced: two characters are often set apart to the width of three."""
    spaced = [r"[ \u3000]*".join(map(re.escape, "".join(each.split()))) for each in names]
    found = re.compile(f"(?:{'|'.join(spaced)})(?:同志)?") if spaced else None

    def clean(text: str) -> str:
        text = REACHING.sub(LEFT_OUT, text)
        return found.sub(SOMEBODY, text) if found else text

    return clean


def _cleaned(values: Mapping[str, Value], clean: Callable[[str], str]) -> dict[str, Value]:
    def cleaned(key: str, value: Value) -> Value:
        if isinstance(value, str):
            # a title is broken into lines, and a break may stand inside a name
            return broken(clean("".join(value.split("\n")))) if key == TITLE.name else clean(value)
        return [{name: clean(each) for name, each in row.items()} for row in value]

    return {key: cleaned(key, value) for key, value in values.items()}

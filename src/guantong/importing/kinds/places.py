"""Units named in a workbook: by their code, or by a name that only one of them has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from guantong.importing.kinds.reading import flat
from guantong.organisation.models import Unit


def by_code_or_name(units: Iterable[Unit]) -> dict[str, Unit]:
    held = list(units)
    names = Counter(flat(each.name) for each in held)
    by_name = {flat(each.name): each for each in held if names[flat(each.name)] == 1}
    return by_name | {each.code: each for each in held}

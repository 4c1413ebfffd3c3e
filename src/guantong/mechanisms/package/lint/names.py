"""What a package declares, by kind; and that nothing is declared twice (rule 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Outline, Spot

BLOCKS = (
    "levels",
    "unit_kinds",
    "assets",
    "tiers",
    "offices",
    "duties",
    "task_lists",
    "coverage",
    "pairing",
    "reception",
    "campaigns",
    "indicators",
    "scorecards",
    "documents",
)


def _ids(spots: Iterable[Spot]) -> frozenset[str]:
    return frozenset(spot.at("id").text or "" for spot in spots) - {""}


def pillars(outline: Outline) -> Iterator[Spot]:
    for tier in outline.top.at("tiers").each():
        yield from tier.at("pillars").each()


def veto_definitions(outline: Outline) -> Iterator[Spot]:
    for card in outline.top.at("scorecards").each():
        for veto in card.at("vetoes").each():
            if isinstance(veto.value, dict):
                yield veto


@dataclass(frozen=True)
class Names:
    """The identifiers there are to refer to."""

    levels: frozenset[str]
    unit_kinds: frozenset[str]
    facilities: frozenset[str]
    assets: frozenset[str]
    pillars: frozenset[str]
    offices: frozenset[str]
    coverage: frozenset[str]
    pairing: frozenset[str]
    reception: frozenset[str]
    phases: frozenset[str]
    indicators: frozenset[str]
    vetoes: frozenset[str]

    @classmethod
    def of(cls, outline: Outline) -> Names:
        top = outline.top
        kinds = list(top.at("unit_kinds").each())
        return cls(
            levels=_ids(top.at("levels").each()),
            unit_kinds=_ids(kinds),
            facilities=_ids(kind for kind in kinds if kind.at("facility").value is True),
            assets=_ids(top.at("assets").each()),
            pillars=_ids(pillars(outline)),
            offices=_ids(top.at("offices").each()),
            coverage=_ids(top.at("coverage").each()),
            pairing=_ids(top.at("pairing").each()),
            reception=_ids(top.at("reception").each()),
            phases=_ids(top.at("cycle", "phases").each()),
            indicators=_ids(top.at("indicators").each()),
            vetoes=_ids(veto_definitions(outline)),
        )


def each_declared_once(outline: Outline, findings: Findings) -> None:
    """No identifier twice in a block; pillars, phases, grades, parts and vetoes included."""
    top = outline.top
    groups = [list(top.at(block).each()) for block in BLOCKS]
    groups += [list(pillars(outline)), list(top.at("cycle", "phases").each())]
    groups.append(list(veto_definitions(outline)))
    groups += [list(each.at("grades").each()) for each in top.at("scorecards").each()]
    groups += [list(each.at("parts").each()) for each in top.at("indicators").each()]
    for group in groups:
        _once([spot.at("id") for spot in group], findings)
    for card in top.at("scorecards").each():
        _once([item.at("use") for item in card.at("items").each()], findings)


def _once(spots: list[Spot], findings: Findings) -> None:
    first: dict[str, int] = {}
    times = Counter(spot.text for spot in spots if spot.text)
    for spot in spots:
        if not spot.text or times[spot.text] < 2:
            continue
        if spot.text in first:
            findings.error(
                2,
                spot,
                _("标识“%(id)s”重复。") % {"id": spot.text},
                _("第 %(line)s 行已经用了“%(id)s”，请换一个标识或合并两处。")
                % {"line": first[spot.text], "id": spot.text},
            )
        first.setdefault(spot.text, spot.line)

"""From plain data of a checked shape to a :class:`Package`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guantong.kernel.bilingual import Text
from guantong.kernel.decimals import exact
from guantong.mechanisms.package import model
from guantong.mechanisms.package.vocabulary import MINUTES_BY_EVIDENCE, NOT_YET_USED

Plain = dict[str, Any]


def build(source: Mapping[str, Any]) -> model.Package:
    """The package of data that the schema has passed; references need not resolve."""
    cycle = source.get("cycle") or {}
    return model.Package(
        identifier=source["id"],
        version=source["version"],
        name=Text.read(source["name"]),
        levels=tuple(model.Level(row["id"], _name(row), row["map"]) for row in _rows(source, "levels")),
        unit_kinds=tuple(_unit_kind(row) for row in _rows(source, "unit_kinds")),
        tiers=tuple(_tier(row) for row in _rows(source, "tiers")),
        offices=tuple(_seat(row) for row in _rows(source, "offices")),
        duties=tuple(_duty(row) for row in _rows(source, "duties")),
        coverage=tuple(_coverage(row) for row in _rows(source, "coverage")),
        phases=tuple(_phase(row) for row in _rows(cycle, "phases")),
        indicators=tuple(_indicator(row) for row in _rows(source, "indicators")),
        scorecards=_scorecards(_rows(source, "scorecards")),
        task_lists=tuple(_rows(source, "task_lists")),
        documents=tuple(_rows(source, "documents")),
        pairing=tuple(_rows(source, "pairing")),
        reception=tuple(_rows(source, "reception")),
        campaigns=tuple(_rows(source, "campaigns")),
        assets=tuple(_rows(source, "assets")),
        supervision=dict(source.get("supervision") or {}),
        matters=tuple(_matter(row) for row in _rows(source.get("supervision") or {}, "matters")),
        accountability=dict(source.get("accountability") or {}),
        privacy=dict(source.get("privacy") or {}),
        burden=dict(source.get("burden") or {}),
        patrol=dict(source.get("patrol") or {}),
        problems=dict(source.get("problems") or {}),
        demands=dict(source.get("demands") or {}),
        study=dict(source.get("study") or {}),
        appeal=dict(source.get("appeal") or cycle.get("appeal") or {}),
        not_yet_used=tuple(block for block in NOT_YET_USED if source.get(block)),
        source=source,
    )


def _rows(block: Mapping[str, Any], key: str) -> list[Plain]:
    return list(block.get(key) or [])


def _name(row: Plain) -> Text:
    return Text.read(row.get("name") or row["id"])


def _words(value: Any) -> tuple[str, ...]:
    """A list of words, or the one word that stands in its place."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (value,)


def _number(value: Any) -> Decimal | None:
    return None if value is None else exact(value)


def _unit_kind(row: Plain) -> model.UnitKind:
    return model.UnitKind(
        id=row["id"],
        name=_name(row),
        levels=_words(row.get("levels")),
        assessed=bool(row.get("assessed", False)),
        facility=bool(row.get("facility", False)),
        subkinds=_words(row.get("subkinds")),
        runs=_words(row.get("runs")),
    )


def _tier(row: Plain) -> model.Tier:
    pillars = tuple(
        model.Pillar(each["id"], _name(each), _words(each.get("items")), _words(each.get("chain")))
        for each in _rows(row, "pillars")
    )
    return model.Tier(row["id"], _name(row), pillars)


def _seat(row: Plain) -> model.Seat:
    places = [row[key] for key in ("at", "also_at") if row.get(key)]
    seats = row.get("seats") or {}
    return model.Seat(
        id=row["id"],
        name=_name(row),
        places=tuple(
            model.Place(each.get("kind"), each.get("asset"), _words(each.get("levels"))) for each in places
        ),
        level=row.get("level"),
        seats_min=seats.get("min"),
        seats_max=seats.get("max"),
        full_time=bool(row.get("full_time", False)),
    )


def cadence_of(row: Plain) -> model.Cadence:
    """The cadence of a duty or a pairing; ``months`` may stand beside it."""
    said = row.get("cadence") or {}
    return model.Cadence(
        count=said.get("count"),
        per=said.get("per"),
        each=said.get("each"),
        due=said.get("due"),
        due_day=said.get("due_day"),
        months=_words(said.get("months") or row.get("months")),  # type: ignore[arg-type]
        upon=said.get("upon"),
        due_workdays=said.get("due_workdays"),
    )


def _duty(row: Plain) -> model.DutyTemplate:
    evidence = _words(row.get("evidence"))
    usual = max((MINUTES_BY_EVIDENCE[kind] for kind in evidence), default=0)
    return model.DutyTemplate(
        id=row["id"],
        pillar=row["pillar"],
        who=row["who"],
        what=Text.read(row["what"]),
        cadence=cadence_of(row),
        evidence=evidence,
        gate=row.get("gate"),
        scope_level=(row.get("scope") or {}).get("level"),
        pairing=row.get("pairing"),
        reception=row.get("reception"),
        when=row.get("when"),
        minutes=usual if row.get("minutes") is None else row["minutes"],
    )


def _coverage(row: Plain) -> model.CoverageRule:
    of, needs, owner = row["of"], row["needs"], row.get("gap_owner") or {}
    return model.CoverageRule(
        id=row["id"],
        of_level=of.get("level"),
        of_kind=of.get("kind"),
        of_asset=of.get("asset"),
        exclude_codes=of.get("exclude_codes"),
        needs_office=needs.get("office"),
        needs_facility=needs.get("facility"),
        needs_field=needs.get("field"),
        min=needs.get("min"),
        full_time=bool(needs.get("full_time", False)),
        gap_owner_office=owner.get("office"),
        gap_owner_level=owner.get("level"),
        gap_due_days=row.get("gap_due_days"),
    )


def _phase(row: Plain) -> model.Phase:
    starts, ends = row["window"]
    return model.Phase(row["id"], _name(row), starts, ends, _words(row.get("does")), row.get("exit"))


def _indicator(row: Plain) -> model.Indicator:
    return model.Indicator(
        id=row["id"],
        of=row["of"],
        title=Text.read(row["title"]),
        measure=row["measure"],
        scoring=row["scoring"],
        missing=row.get("missing"),
        direction=row.get("direction"),
        bonus=bool(row.get("bonus", False)),
        penalty=bool(row.get("penalty", False)),
        human=bool(row.get("human", False)),
        parts=tuple(_rows(row, "parts")),
        for_offices=_words(row.get("for")),
        target=bool(row.get("target", False)),
    )


def _matter(row: Plain) -> model.MatterKind:
    return model.MatterKind(
        id=row["id"],
        name=_name(row),
        sign_within=_term(row["sign_within"]),
        due=_term(row["due"]),
        origins=_words(row.get("origins")),
        reviews=_words(row.get("reviews")) or ("issuer",),
        verify=bool(row.get("verify", False)),
        report_days=row.get("report_days"),
    )


def _term(said: Plain) -> tuple[int, bool]:
    """(number, whether it counts working days)."""
    return (said["workdays"], True) if said.get("workdays") else (said["days"], False)


def _scorecards(rows: list[Plain]) -> tuple[model.Scorecard, ...]:
    vetoes = {veto["id"]: veto for row in rows for veto in row.get("vetoes") or [] if isinstance(veto, dict)}
    inherited = _grades(rows[0].get("grades"), ()) if rows else ()
    return tuple(_scorecard(row, vetoes, inherited) for row in rows)


def _grades(said: Any, inherited: tuple[model.Grade, ...]) -> tuple[model.Grade, ...]:
    """``inherit`` takes the first scorecard's grades, ``none`` has none."""
    if said == "inherit":
        return inherited
    if not isinstance(said, list):
        return ()
    return tuple(model.Grade(row["id"], exact(row["min"]), _number(row.get("share_max"))) for row in said)


def _scorecard(
    row: Plain, vetoes: Mapping[str, Plain], inherited: tuple[model.Grade, ...]
) -> model.Scorecard:
    grades = _grades(row.get("grades"), inherited)
    named = [each if isinstance(each, dict) else vetoes.get(each) for each in row.get("vetoes") or []]
    return model.Scorecard(
        id=row["id"],
        of=row["of"],
        items=tuple(
            model.Item(
                each["use"],
                _number(each.get("weight")),
                _number(each.get("cap")),
                (each.get("scorer") or {}).get("kind"),
            )
            for each in row["items"]
        ),
        scale=exact(row.get("scale", 100)),
        missing_items=row.get("missing_items"),
        vetoes=tuple(veto for veto in named if veto is not None),
        grades=grades,
        tie_break=_words(row.get("tie_break")),
        ranked=bool(row.get("ranked", bool(grades))),
        bonus_cap=_number(row.get("bonus_cap")),
        min_n=row.get("min_n", 3),
        groups=tuple(
            model.Group(each["id"], _name(each), _words(each.get("units")), _words(each.get("subkinds")))
            for each in _rows(row, "groups")
        ),
        rewards=tuple(_reward(each) for each in _rows(row, "rewards")),
    )


def _reward(row: Plain) -> model.Reward:
    return model.Reward(
        row["id"],
        Text.read(row["name"]) if row.get("name") else Text.read(row["id"].replace("_", " ")),
        row["when"]["grade"],
        tuple(exact(each) for each in _words((row.get("give") or {}).get("slots"))),
    )

"""Packages and snapshots drawn at random, for comparing two ways of computing the same scores."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

UNITS = [[1, "u1", "甲局", "key", "0000100001"], [2, "u2", "乙局", "key", "0000100002"],
         [3, "u3", "丙局", "", "0000100003"], [4, "u4", "丁局", "general", "0000100004"],
         [5, "u5", "戊局", "", "0000100005"]]  # fmt: skip
PATHS = [unit[4] for unit in UNITS] + ["000010000100001", "000010000300001", "0000100009"]
PILLARS = ["p1", "p2"]
CARDS = ["SC_A", "SC_B", "SC_O"]
INDICATORS = [f"I{number}" for number in range(6)]

small = st.integers(0, 5)
points = st.sampled_from([0.1, 0.5, 1, 1.5, 2, 3, 7])
limits = st.fixed_dictionaries(
    {},
    optional={"each": st.sampled_from([0.3, 1, 2]), "cap": points, "sub_cap": points,
              "per_unit_rounding": st.sampled_from(["floor", "exact", "ceil"])},
)  # fmt: skip
pillar = st.sampled_from([{}, {"pillar": "p1"}, {"pillar": ["p1", "p2"]}])
counts = st.one_of(
    st.builds(lambda word, p: {"tasks": word, **p}, st.sampled_from(["closed", "closed_on_time", "late"]), pillar),
    st.builds(lambda word, p: {"duties": word, **p}, st.sampled_from(["done", "done_on_time", "late"]), pillar),
    st.builds(lambda word: {"duties": word}, st.sampled_from(["signed", "signed_by_due"])),
    st.builds(lambda word: {"reports": word}, st.sampled_from(["late", "on_time", "done"])),
    st.just({"contacts": "done"}),
    st.just({"cases": "closed"}),
    st.builds(lambda state: {"coverage": {"rule": "C01", "state": state}}, st.sampled_from(["met", "gap"])),
    st.builds(lambda kind: {"findings": kind}, st.sampled_from(["k1", "k2", "confirmed"])),
    st.builds(lambda kind: {"recognitions": kind}, st.sampled_from(["k1", "confirmed"])),
)  # fmt: skip


def _ratio(count: dict[str, Any], whole: bool) -> dict[str, Any]:
    family = next(key for key in count if key != "pillar")
    den = {
        **count,
        family: {"rule": "C01", "state": "all"} if family == "coverage" else "all" if whole else "due",
    }
    return {"ratio": {"num": count, "den": den}}


ratios = st.builds(
    _ratio,
    counts.filter(lambda count: not {"findings", "recognitions"} & set(count)),
    st.booleans(),
)
by_value = st.one_of(
    st.just("proportional"),
    st.builds(lambda p, rest: {"deduct": p, **rest}, points, limits),
    st.builds(lambda p, rest: {"deduct": {"points": p, **rest}}, points, limits),
    st.builds(lambda p, rest: {"add": p, **rest}, points, limits),
    st.just({"bands": [[1.0, 1.0], [0.95, 0.8], [0.5, 0.53], [0, 0]]}),
    st.sampled_from([{"linear": {"from": 0.2, "to": 0.9}}, {"linear": {"from": 3, "to": 0}}]),
    st.builds(lambda step: {"rank": {"step": step}}, points),
    st.just({"escalate": [[1, 0.5], [3, 5]]}),
)
terms = st.lists(
    st.builds(
        lambda count, word, p, rest: {"count": count, word: p, **rest},
        counts, st.sampled_from(["deduct", "add"]), points, limits,
    ),
    min_size=1, max_size=3,
)  # fmt: skip
parts = [{"id": "a", "weight": 1}, {"id": "b", "weight": 3}, {"id": "c", "weight": 2.5}]
ways = st.one_of(
    st.builds(lambda m, s: {"measure": m, "scoring": s}, ratios, by_value),
    st.builds(lambda m, s: {"measure": {"count": m}, "scoring": s}, counts, by_value),
    st.builds(lambda t: {"measure": {"terms": True}, "scoring": {"terms": t}}, terms),
    st.just({"measure": {"rating": {"by": "x", "scale": 10}}, "scoring": "as_given", "human": True}),
    st.builds(
        lambda trim, least: {"measure": {"rating": {"by": "x", "scale": 10, "panel": {"trim": trim, "min": least}}},
                             "scoring": "as_given", "human": True},
        st.integers(0, 1), st.integers(1, 3),
    ),
    st.just({"measure": {"sum_of_parts": True}, "scoring": "as_given", "human": True, "parts": parts}),
)  # fmt: skip
kinds = st.sampled_from([{}, {}, {}, {"bonus": True}, {"penalty": True}])
extras = st.fixed_dictionaries(
    {},
    optional={
        "missing": st.sampled_from(["exclude", "zero", "full"]),
        "direction": st.sampled_from(["up", "down"]),
    },
)


@st.composite
def packages(draw: st.DrawFn) -> dict[str, Any]:
    """The blocks of a package that scores are made by, as its source has them."""
    indicators = [
        {"id": each, "of": "unit", "title": {"zh": f"指标{each}", "en": each}, **draw(ways), **draw(kinds), **draw(extras)}
        for each in INDICATORS
    ]  # fmt: skip
    by_id = {each["id"]: each for each in indicators}
    cards = []
    for card in CARDS:
        items = []
        for use in draw(st.lists(st.sampled_from(INDICATORS), min_size=1, max_size=6, unique=True)):
            item: dict[str, Any] = {"use": use}
            if not (by_id[use].get("bonus") or by_id[use].get("penalty")):
                item["weight"] = draw(st.sampled_from([1, 0.5, 7, 33, 40]))
            if draw(st.booleans()):
                item["cap"] = draw(points)
            items.append(item)
        of: dict[str, Any] = {"office": "head"} if card == "SC_O" else {"kind": "member_unit"}
        made: dict[str, Any] = {
            "id": card, "of": of, "items": items, "scale": draw(st.sampled_from([10, 40, 100])),
            "min_n": draw(st.integers(1, 4)), "vetoes": ["V1"],
            "tie_break": draw(st.lists(st.sampled_from([item["use"] for item in items]), max_size=2, unique=True)),
            "grades": [{"id": "excellent", "min": 90, "share_max": draw(st.sampled_from([0.3, 0.5]))},
                       {"id": "good", "min": 60, "share_max": 0.6}, {"id": "pass", "min": 5}, {"id": "fail", "min": 0}],
        }  # fmt: skip
        if draw(st.booleans()):
            made["bonus_cap"] = draw(points)
        if draw(st.booleans()):
            made["groups"] = [
                {"id": "g1", "name": "重点", "units": ["u3"]},
                {"id": "g2", "name": "其他", "subkinds": ["key"]},
            ]
        cards.append(made)
    cards[0]["vetoes"] = [
        {"id": "V1", "when": {"finding": "k1"}, "effect": {"max_grade": "pass"}, "human_confirm": True}
    ]
    cards[1]["grades"] = draw(st.sampled_from(["inherit", "none"]))
    if cards[1]["grades"] == "none":
        cards[1].pop("vetoes")
    return {
        "format": "mechanism/1", "id": "random", "version": 1, "name": "随机",
        "duties": [], "indicators": indicators, "scorecards": cards,
    }  # fmt: skip


days = st.sampled_from(["2026-03-01", "2026-06-30", "2026-07-01", "2026-07-02", "2026-12-31"])
maybe = st.one_of(st.none(), days)
obligations = st.tuples(
    st.sampled_from(["task", "duty", "matter", "report", "gap"]), st.sampled_from(PATHS), st.integers(11, 13),
    st.sampled_from(PILLARS), st.just("r"), st.sampled_from(["open", "fulfilled", "fulfilled", "excused", "suspended"]),
    maybe, maybe, maybe, st.booleans(),
)  # fmt: skip
units = st.integers(1, 5)
# Of whom a judgement speaks: a unit, or one of the three scored offices (office 11 is of unit 1, and so on).
subjects = st.one_of(
    units.map(lambda unit: (unit, None)), st.integers(1, 3).map(lambda unit: (unit, 10 + unit))
)


@st.composite
def snapshots(draw: st.DrawFn) -> dict[str, Any]:
    """Rows as `snapshot_of` gives them."""

    def rows(row: st.SearchStrategy[tuple[Any, ...]], most: int, start: int) -> list[list[Any]]:
        return [[start + at, *each] for at, each in enumerate(draw(st.lists(row, max_size=most)))]

    scales = {"a": "1", "b": "3", "c": "2.5", "": "10"}
    marks = [
        [ref, unit, indicator, part, str(min(float(value), float(scales[part]))), scales[part], office]
        for ref, (unit, office), indicator, part, value in rows(
            st.tuples(subjects, st.sampled_from(INDICATORS), st.sampled_from(list(scales)),
                      st.sampled_from(["0", "0.5", "1", "2.5", "8", "9.25"])), 25, 500)
    ]  # fmt: skip
    return {
        "format": "guantong-data/1", "cycle": {"unit": "1506", "year": 2026}, "as_of": "2026-07-01",
        "seen_on": "2026-07-01", "units": UNITS, "offices": [[11, "局长一"], [12, "局长二"], [13, "局长三"]],
        "subjects": {
            "SC_A": [[unit[0], None] for unit in UNITS], "SC_B": [[unit[0], None] for unit in UNITS[:3]],
            "SC_O": [[1, 11], [2, 12], [3, 13]],
        },
        "obligations": rows(obligations, 60, 1000),
        "duty_lists": rows(st.tuples(st.sampled_from(PATHS), days, maybe), 6, 100),
        "coverage": {"C01": [[90 + at, path, met] for at, (path, met) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(PATHS), st.booleans()), max_size=8)))]},
        "successions": draw(st.sampled_from([[], [["0000100009", "0000100003", "2026-06-30"]]])),
        "marks": marks,
        "facts": [[ref, unit, side, kind, office] for ref, (unit, office), side, kind in rows(
            st.tuples(subjects, st.sampled_from(["findings", "recognitions"]), st.sampled_from(["k1", "k2"])), 12, 200)],
        "findings": rows(st.tuples(units, st.sampled_from(["k1", "k2", ""])), 6, 300),
        "adjustments": [[400 + at, unit, "SC_O" if office else "SC_A", use, value, "核实后改定", source, office]
                        for at, (((unit, office), use), value, source) in enumerate(
            draw(st.lists(st.tuples(st.tuples(subjects, st.sampled_from(INDICATORS)), st.sampled_from(["0", "0.5", "3.333333"]),
                                    st.sampled_from(["appeal", "self_score", "other"])), max_size=4, unique_by=lambda e: e[0])))],
        "vetoes": [[450 + at, unit, card, "V1", "弄虚作假"] for at, (unit, card) in enumerate(
            draw(st.lists(st.tuples(units, st.sampled_from(CARDS)), max_size=2, unique=True)))],
    }  # fmt: skip

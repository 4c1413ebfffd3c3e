"""Rule 1 for measures and scoring: only words of the closed vocabularies, in shapes that can be computed."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.kernel.decimals import plain
from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.schema.kinds import (
    FLAG,
    ID,
    NAME,
    TEXT,
    WORDS_OR_ONE,
    Anything,
    Block,
    Kind,
    Number,
    Rows,
    Table,
    Whole,
    Word,
    key_of,
    near_miss,
)
from guantong.mechanisms.package.spots import Outline, Spot
from guantong.mechanisms.package.vocabulary import (
    FACT_FAMILIES,
    FAMILIES,
    FAMILY_STATES,
    MEASURE_FILTERS,
    MEASURES,
    PLAIN_SCORING,
    ROUNDING,
    RULED_SCORING,
)

SMALL = 1e-9
POINTS = Number()
PANEL = Block({"trim": Whole(most=100), "min": Whole(least=1, most=1000)}, ("min",))
RATING = Block({"by": TEXT, "scale": Number(least=SMALL), "panel": PANEL}, ("by", "scale"))
COVERAGE = Block({"rule": TEXT, "state": Word(FAMILY_STATES["coverage"])}, ("rule", "state"))
AMOUNT: dict[str, Kind] = {
    "points": POINTS,
    "each": Number(least=SMALL),
    "cap": POINTS,
    "sub_cap": POINTS,
    "floor": POINTS,
    "per_unit_rounding": Word(ROUNDING),
}
OPTIONS: dict[str, Kind] = {key: kind for key, kind in AMOUNT.items() if key != "points"}
SHAPES: dict[str, Block] = {
    "bands": Block({"bands": Rows(Rows(Number(least=-1_000_000), size=2), least=1)}),
    "linear": Block(
        {"linear": Block({"from": Number(least=-1_000_000), "to": Number(least=-1_000_000)}, ("from", "to"))}
    ),
    "rank": Block({"rank": Block({"step": Number(least=SMALL)}, ("step",))}),
    "escalate": Block({"escalate": Rows(Rows(POINTS, size=2), least=1)}),
}
# One of several counts that an indicator deducts or adds by, each with its own limits.
TERM = Block(
    {"count": Table(Anything()), "deduct": POINTS, "add": POINTS, "what": NAME, **OPTIONS},
    ("count",),
    needs_one_of=("deduct", "add"),
)


def declared_states(outline: Outline) -> dict[str, set[str]]:
    """The states each family may be counted by: the engine's, and those the package's blocks declare."""
    states = {family: set(words) for family, words in FAMILY_STATES.items()}
    top = outline.top
    for task_list in top.at("task_lists").each():
        states["tasks"].update(task_list.at("states").words())
    for reception in top.at("reception").each():
        states["cases"].update(reception.at("case_flow").words())
    states["problems"].update(top.at("problems", "flow").words())
    return states


def measures_are_known(outline: Outline, findings: Findings) -> None:
    states = declared_states(outline)
    for indicator in outline.top.at("indicators").each():
        measure = _Measure(indicator.at("measure"), states, findings)
        measure.check()
        _scoring(indicator.at("scoring"), findings)
        _terms(indicator, measure, findings)
        _given_by_people(indicator, findings)


class _Measure:
    def __init__(self, spot: Spot, states: dict[str, set[str]], findings: Findings) -> None:
        self.spot = spot
        self.states = states
        self.findings = findings

    def check(self) -> None:
        kind = _one_of(self.spot, MEASURES, _("计量方式"), self.findings)
        if kind == "ratio":
            self.ratio(self.spot.at("ratio"))
        elif kind == "count":
            self.family(self.spot.at("count"))
        elif kind == "rating":
            RATING.check(self.spot.at("rating"), self.findings)
            self.panel(self.spot.at("rating", "panel"))
        elif kind == "sum_of_parts":
            FLAG.check(self.spot.at("sum_of_parts"), self.findings)
        elif kind == "terms":
            FLAG.check(self.spot.at("terms"), self.findings)

    def panel(self, panel: Spot) -> None:
        """After the highest and the lowest are left out, somebody's mark must remain."""
        trim, least = panel.at("trim").number, panel.at("min").number
        if trim is not None and least is not None and least <= 2 * trim:
            self.findings.error(
                1,
                panel.at("min"),
                _("评委至少 %(least)s 人，去掉最高、最低各 %(trim)s 个后没有剩余的评分。")
                % {"least": plain(least), "trim": plain(trim)},
                _("请把 min 改为 %(wanted)s 以上，或减小 trim。") % {"wanted": plain(2 * trim + 1)},
            )

    def ratio(self, ratio: Spot) -> None:
        sides = {"num": Anything(), "den": Anything()}
        if not Block(sides, ("num", "den")).check(ratio, self.findings):
            return
        num, den = self.family(ratio.at("num")), self.family(ratio.at("den"))
        if num and den and num != den:
            self.findings.error(
                1,
                ratio.at("den"),
                _("分子用“%(num)s”，分母用“%(den)s”，两者不是同一类记录。") % {"num": num, "den": den},
                _("请让分子分母都取 %(num)s 或都取 %(den)s。") % {"num": num, "den": den},
            )

    def family(self, spot: Spot) -> str | None:
        """The family a side counts, checked with its state and filters."""
        if not isinstance(spot.value, dict):
            Block(dict.fromkeys(FAMILIES, Anything())).check(spot, self.findings)
            return None
        for key, each in spot.entries():
            if key not in (*FAMILIES, *MEASURE_FILTERS):
                self.unknown(each, key, (*FAMILIES, *MEASURE_FILTERS), _("记录类别"))
        named = [key for key, _each in spot.entries() if key in FAMILIES]
        if len(named) != 1:
            if len(named) > 1 or all(key in MEASURE_FILTERS for key, _each in spot.entries()):
                self.findings.error(
                    1,
                    spot,
                    _("%(path)s 要正好写一类记录。") % {"path": key_of(spot)},
                    near_miss("", FAMILIES),
                )
            return None
        if spot.has("pillar"):
            WORDS_OR_ONE.check(spot.at("pillar"), self.findings)
        self.state(named[0], spot.at(named[0]))
        return named[0]

    def state(self, family: str, spot: Spot) -> None:
        if family == "coverage":
            COVERAGE.check(spot, self.findings)
        elif family in FACT_FAMILIES:
            ID.check(spot, self.findings)
        elif spot.text is None:
            TEXT.check(spot, self.findings)
        elif spot.text not in self.states[family]:
            self.unknown(spot, spot.text, self.states[family], _("%(family)s 的状态") % {"family": family})

    def unknown(self, spot: Spot, word: str, known: Iterable[str], what: str) -> None:
        self.findings.error(
            1,
            spot,
            _("“%(word)s”不是可用的%(what)s。") % {"word": word, "what": what},
            near_miss(word, known),
        )


def _one_of(spot: Spot, known: tuple[str, ...], what: str, findings: Findings) -> str | None:
    """The one key of a mapping that says which way it goes."""
    if not isinstance(spot.value, dict):
        return None
    for key, each in spot.entries():
        if key not in known:
            findings.error(
                1,
                each,
                _("“%(word)s”不是可用的%(what)s。") % {"word": key, "what": what},
                near_miss(key, known),
            )
    named = [key for key in spot.value if key in known]
    if len(named) > 1 or not spot.value:
        findings.error(
            1,
            spot,
            _("%(path)s 要正好写一种%(what)s。") % {"path": key_of(spot), "what": what},
            near_miss("", known),
        )
        return None
    return named[0] if named else None


def _scoring(spot: Spot, findings: Findings) -> None:
    if spot.text is not None:
        if spot.text not in PLAIN_SCORING:
            findings.error(
                1,
                spot,
                _("“%(word)s”不是可用的%(what)s。") % {"word": spot.text, "what": _("计分方式")},
                near_miss(spot.text, (*PLAIN_SCORING, *RULED_SCORING)),
            )
        return
    if not isinstance(spot.value, dict):
        return
    ways = [key for key in spot.value if key in RULED_SCORING]
    if len(ways) != 1:
        known = (*RULED_SCORING, *PLAIN_SCORING)
        wrong = next((key for key in spot.value if key not in OPTIONS and key not in ways), "")
        findings.error(
            1, spot, _("%(path)s 要正好写一种计分方式。") % {"path": key_of(spot)}, near_miss(wrong, known)
        )
        return
    way = ways[0]
    if way == "terms":
        Block({"terms": Rows(TERM, least=1)}).check(spot, findings)
    elif way in SHAPES:
        rounding: dict[str, Kind] = {"per_unit_rounding": Word(ROUNDING)}
        Block({**SHAPES[way].keys, **rounding}).check(spot, findings)
    elif isinstance(spot.at(way).value, dict):
        Block({way: Block(AMOUNT, ("points",))}).check(spot, findings)
    else:
        Block({way: POINTS, **OPTIONS}).check(spot, findings)


def _terms(indicator: Spot, measure: _Measure, findings: Findings) -> None:
    """Each term counts one family; terms are both the measure and the scoring, or neither."""
    terms = indicator.at("scoring", "terms")
    if indicator.at("measure").has("terms") != terms.there:
        findings.error(
            1,
            indicator,
            _("指标“%(id)s”的 terms 要在 measure 和 scoring 里同时写。")
            % {"id": indicator.at("id").text or ""},
            _("请写 measure: {terms: true}，scoring: {terms: [{count: …, deduct: …}, …]}。"),
        )
    for term in terms.each():
        measure.family(term.at("count"))
        if term.has("deduct") and term.has("add"):
            findings.error(
                1, term, _("一个分项不能既加分又扣分。"), _("请拆成两个分项，各写 deduct 或 add。")
            )


def _given_by_people(indicator: Spot, findings: Findings) -> None:
    """A mark is given by a person, and only a mark is."""
    measure, scoring, human = indicator.at("measure"), indicator.at("scoring"), indicator.at("human")
    marked = measure.has("rating") or measure.has("sum_of_parts")
    if (marked or scoring.text == "as_given") and human.value is not True:
        findings.error(
            1,
            indicator,
            _("指标“%(id)s”由人评分，但没有标明。") % {"id": indicator.at("id").text or ""},
            _("请加上 human: true，评分人须写明理由。"),
        )
    if scoring.text == "as_given" and isinstance(measure.value, dict) and not marked:
        findings.error(
            1,
            scoring,
            _("as_given 是人评的分，不能用在从记录算出的计量上。"),
            _("请改用 proportional、bands 等计分方式，或把 measure 改为 rating。"),
        )

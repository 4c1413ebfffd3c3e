#!/usr/bin/env python3
"""Compute a score run of Guantong again without Guantong: standard library only, nothing else needed.

    python3 -I recompute.py [FOLDER]      the folder of the unpacked run; by default that of this program

Reads rules.json and data.json, computes the result by the rules, compares it with result.json byte for byte and
prints what differs, subject by subject and line by line. The last line printed is the SHA-256 of the result as
computed here. Exit code 0: every byte is the same; 1: something differs or cannot be read; 2: usage.

It is written apart from the program it checks, from the package format `mechanism/1`: the two share no code.
All numbers are decimals of 50 digits; a total is rounded half up, once, to two places.
"""

import hashlib
import json
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

getcontext().prec = 50
D = Decimal
ZERO, ONE, CENT = D(0), D(1), D("0.01")
FOUR, SIX, GUARD, Z = D("0.0001"), D("0.000001"), D("1e-30"), D("1.959964")


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


# --- numbers and how they are written ----------------------------------------------------------------


def rounded(value, places=CENT):
    return value.quantize(places, rounding=ROUND_HALF_UP) + 0


def plain(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value):
    text = plain(value + 0)
    return (text if len(text) <= 10 else plain(rounded(value, SIX))).replace("-", "−")


def kept(value, places):
    return None if value is None else plain(rounded(value, places))


def two(value):
    return None if value is None else format(rounded(value), "f")


def number(said):
    return said if said is None else D(str(said))


# --- rows: what is owed, and whether it is due, done, in time ----------------------------------------


class Row:
    def __init__(
        self, family, ref, path, office, due, done, on_time, excused=False, pillar="", rule="", report=False
    ):
        self.family, self.ref, self.path, self.office = family, ref, path, office
        self.due, self.done, self.on_time, self.excused = due, done, on_time, excused
        self.pillar, self.rule, self.report = pillar, rule, report

    def counts_as(self, word):
        """Whether the row is in a numerator that counts this word."""
        if word in ("closed_on_time", "done_on_time", "on_time", "signed_by_due", "closed_in_time"):
            return self.on_time
        if word in ("closed", "done", "signed", "met"):
            return self.done
        if word == "late":
            return self.due and not self.on_time
        return not self.done if word == "gap" else True


WORDS = {
    "tasks": {"closed_on_time", "closed", "late"},
    "duties": {"done", "done_on_time", "signed_by_due", "signed", "late"},
    "reports": {"late", "on_time", "done"},
    "contacts": {"done", "done_on_time", "late"},
    "cases": {"closed_in_time", "closed", "late"},
    "coverage": {"met", "gap", "all"},
}


class Data:
    def __init__(self, data, rules):
        self.data, day = data, data["as_of"]
        pairings = {duty["id"] for duty in rules.get("duties") or [] if duty.get("pairing")}
        owed = [self.owed(day, *row) for row in data["obligations"]]
        self.rows = {
            "tasks": [row for row in owed if row.family == "tasks"],
            "duties": [row for row in owed if row.family == "duties"],
            "reports": [row for row in owed if row.report and row.family != "tasks"],
            "contacts": [row for row in owed if row.family == "duties" and row.rule in pairings],
            "cases": [row for row in owed if row.family == "cases"],
            "duty_lists": [
                Row("duty_lists", ref, self.place(path, by), None, signed is not None or by <= day,
                    signed is not None, signed is not None and signed <= by)
                for ref, path, by, signed in data["duty_lists"]
            ],
        }  # fmt: skip
        for rule, units in data["coverage"].items():
            self.rows["coverage:" + rule] = [
                Row("coverage", ref, path, None, True, met, met) for ref, path, met in units
            ]
        self.sorted = {}

    def place(self, path, due):
        """A unit merged into another: what falls due from that day on counts there."""
        for before, after, on in self.data["successions"]:
            if path.startswith(before) and (due is None or due >= on):
                path = after + path[len(before) :]
        return path

    def owed(self, day, ref, source, path, office, pillar, rule, state, due, claimed, settled, report):
        families = {"task": "tasks", "matter": "tasks", "report": "reports", "case": "cases"}
        family = families.get(source, "duties")
        done = state == "fulfilled" and settled is not None and settled <= day
        on_time = done and (due is None or (claimed is not None and claimed <= due))
        past = done or (due is not None and due <= day)
        excused = state in ("excused", "suspended")
        report = report or source == "report"
        return Row(
            family, ref, self.place(path, due), office, past, done, on_time, excused, pillar, rule, report
        )

    def of(self, family, pillars, subject):
        """The subject's rows of a family: below its unit, or of its office; None where nobody keeps the family."""
        if family not in self.rows:
            return None
        key = (family, pillars)
        if key not in self.sorted:
            paths, offices = {}, {}
            for row in self.rows[family]:
                if pillars and row.pillar not in pillars:
                    continue
                for end in range(1, len(row.path) + 1):
                    paths.setdefault(row.path[:end], []).append(row)
                offices.setdefault(row.office, []).append(row)
            self.sorted[key] = paths, offices
        paths, offices = self.sorted[key]
        if subject.office is not None:
            return offices.get(subject.office, [])
        return paths.get(subject.path, [])


class Subject:
    def __init__(self, unit, title, office):
        self.unit, self.code, self.name, self.subkind, self.path = unit
        self.office, self.title = office, title


# --- measures: from rows to a number, or to one of the four kinds of none ------------------------------


class Reading:
    def __init__(self, status, value=None, num=None, den=None, refs=(), note="", terms=()):
        self.status, self.value, self.num, self.den = status, value, num, den
        self.refs, self.note, self.terms = refs, note, terms


def family_of(side):
    return next(key for key in side if key != "pillar")


def word_of(side):
    said = side[family_of(side)]
    return said["state"] if isinstance(said, dict) else said


def counted(data, side, subject, whole=False):
    """(rows in the denominator, how many of them are in the numerator), or a reading that is none."""
    family, word = family_of(side), word_of(side)
    pillars = side.get("pillar") or ()
    name = family
    if family == "duties" and word in ("signed_by_due", "signed", "issued"):
        name = "duty_lists"
    elif family == "coverage":
        name = "coverage:" + side["coverage"]["rule"]
    rows = data.of(name, (pillars,) if isinstance(pillars, str) else tuple(pillars), subject)
    if rows is None or word not in WORDS.get(family, ()):
        return Reading("no_data")
    if not rows:
        return Reading("not_applicable")
    rows = [row for row in rows if not row.excused]
    if not rows:
        return Reading("excused")
    if not (whole and name != "duty_lists"):
        rows = [row for row in rows if row.due]
    if not rows:
        return Reading("no_data")
    hits = D(sum(1 for row in rows if row.counts_as(word)))
    return Reading("measured", hits, hits, D(len(rows)), [(row.family, row.ref) for row in rows])


def measure_ratio(data, ratio, subject):
    whole = (
        word_of(ratio["den"]) in ("all", "issued")
        if family_of(ratio["den"]) == family_of(ratio["num"])
        else False
    )
    found = counted(data, ratio["num"], subject, whole)
    if found.status == "measured":
        found.value = found.num / found.den
    return found


def speaks_of(row, column, subject):
    """Whether a row is about the subject: its unit, and its office where one is named in the column."""
    return row[1] == subject.unit and (row[column] if len(row) > column else None) == subject.office


def measure_count(data, count, subject):
    family = family_of(count)
    if family not in ("recognitions", "findings"):
        return counted(data, count, subject)
    refs = [("facts", row[0]) for row in data.data["facts"]
            if speaks_of(row, 4, subject) and row[2] == family and count[family] in ("confirmed", row[3])]  # fmt: skip
    if family == "findings" and subject.office is None:
        refs += [("findings", row[0]) for row in data.data["findings"]
                 if row[1] == subject.unit and count[family] in ("confirmed", row[2])]  # fmt: skip
    return Reading("measured", D(len(refs)), D(len(refs)), None, refs)


def measure_terms(data, terms, subject):
    found = [measure_count(data, term["count"], subject) for term in terms]
    measured = [each for each in found if each.status == "measured"]
    if not measured:
        return Reading(found[0].status)
    total = sum((each.value for each in measured), ZERO)
    refs = {ref for each in found for ref in each.refs}
    return Reading("measured", total, total, None, refs, "", found)


def measure_mark(data, indicator, subject):
    marks = {}
    for row in data.data["marks"]:
        if speaks_of(row, 6, subject) and row[2] == indicator["id"]:
            marks.setdefault(row[3], []).append((row[0], D(row[4]), D(row[5])))
    rating = indicator["measure"].get("rating")
    panel = rating.get("panel") if isinstance(rating, dict) else None
    parts = [part["id"] for part in indicator.get("parts") or [] if part["id"] in marks]
    found = [one_mark(marks[part], panel) for part in parts or [""] if part in marks]
    usable = [each for each in found if each.num is not None and each.den]
    note = "；".join(each.note for each in found if each.note)
    if not usable:
        return Reading("no_data", note=note)
    num, den = sum((each.num for each in usable), ZERO), sum((each.den for each in usable), ZERO)
    return Reading("measured", num / den, num, den, [ref for each in usable for ref in each.refs], note)


def one_mark(marks, panel):
    """One person's mark, or a panel's mean without its highest and lowest."""
    if not panel:
        ref, value, scale = marks[-1]
        return Reading("measured", None, value, scale, [("marks", ref)])
    trim = panel.get("trim", 0)
    least = panel.get("min", 2 * trim + 1)
    if len(marks) < max(least, 2 * trim + 1):
        return Reading("no_data", note=f"评委 {len(marks)} 人，少于 {least} 人，暂不计分")
    scale = marks[0][2]
    order = sorted(marks, key=lambda mark: (mark[1] / mark[2], mark[0]))
    values = [value * scale / own for _ref, value, own in order[trim : len(order) - trim]]
    mean = sum(values, ZERO) / D(len(values))
    added = " + ".join(shown(value) for value in values)
    note = f"评委 {len(marks)} 人，去掉最高、最低各 {trim} 个：({added}) ÷ {len(values)} = {shown(mean)}"
    return Reading("measured", None, mean, scale, [("marks", ref) for ref, _value, _scale in marks], note)


def read(data, indicator, subject):
    measure = indicator["measure"]
    if "ratio" in measure:
        return measure_ratio(data, measure["ratio"], subject)
    if "count" in measure:
        return measure_count(data, measure["count"], subject)
    if "terms" in measure:
        return measure_terms(data, indicator["scoring"]["terms"], subject)
    return measure_mark(data, indicator, subject)


# --- scoring: from a number to points, with the formula ------------------------------------------------


def amount(rule, points, value):
    """points × units within the rule's limits, and how a formula writes it."""
    each, how = number(rule.get("each", 1)), rule.get("per_unit_rounding", "exact")
    units = value / each
    if how != "exact":
        units = units.to_integral_value(rounding=ROUND_FLOOR if how == "floor" else ROUND_CEILING)
    if each == ONE and units == value:
        written = shown(units)
    else:
        inner = shown(value) if each == ONE else f"{shown(value)} ÷ {plain(each)}"
        written = {"floor": "⌊{}⌋", "ceil": "⌈{}⌉", "exact": "({})"}[how].format(inner)
    made, formula = points * units, f"{plain(points)} × {written}"
    limits = [number(rule[key]) for key in ("sub_cap", "cap") if rule.get(key) is not None]
    if limits and made > min(limits):
        made = min(limits)
        formula += f" → 上限 {plain(made)}"
    return made, formula


def by_deduct_or_add(scoring, word, reading, weight):
    rule = scoring[word]
    options = rule if isinstance(rule, dict) else scoring
    points = number(rule["points"] if isinstance(rule, dict) else rule)
    made, formula = amount(options, points, reading.value)
    if word == "add":
        return made, f"+{formula} = {shown(made)}"
    if weight is None:
        return -made + 0, f"−{formula} = {shown(-made)}"
    floor, points = number(options.get("floor", 0)), weight - made
    text = f"{plain(weight)} − {formula} = {shown(points)}"
    return (points, text) if points >= floor else (floor, f"{text} → 扣完为止 {plain(floor)}")


def by_terms(scoring, reading, weight):
    points, parts = weight or ZERO, [] if weight is None else [plain(weight)]
    for rule, found in zip(scoring["terms"], reading.terms):  # noqa: B905 - as many as each other
        if found.status == "measured":
            word = "deduct" if "deduct" in rule else "add"
            made, formula = amount(rule, number(rule[word]), found.value)
            points += made if word == "add" else -made
            parts.append(f"{'+' if word == 'add' else '−'} ({formula})")
    return points, f"{' '.join(parts)} = {shown(points)}"


def by_share(reading, full):
    if reading.num is not None and reading.den:
        points = full * reading.num / reading.den
        return points, f"{plain(full)} × {plain(reading.num)} ÷ {plain(reading.den)} = {shown(points)}"
    points = full * reading.value
    return points, f"{plain(full)} × {shown(reading.value)} = {shown(points)}"


def by_bands(scoring, reading, full):
    for lower, part in sorted(((number(low), number(part)) for low, part in scoring["bands"]), reverse=True):
        if reading.value >= lower:
            points = full * part
            return (
                points,
                f"{shown(reading.value)} ≥ {shown(lower)}：{plain(full)} × {plain(part)} = {shown(points)}",
            )
    return ZERO, f"{shown(reading.value)}：0"


def by_line(scoring, reading, full):
    low, high = number(scoring["linear"]["from"]), number(scoring["linear"]["to"])
    part = (reading.value - low) / (high - low)
    if ZERO < part < ONE:
        ends = f"({shown(reading.value)} − {plain(low)}) ÷ ({plain(high)} − {plain(low)})"
        return full * part, f"{plain(full)} × {ends} = {shown(full * part)}"
    part = min(max(part, ZERO), ONE)
    return full * part, f"{shown(reading.value)}：{plain(full)} × {plain(part)} = {shown(full * part)}"


def by_place(scoring, place, full):
    step = number(scoring["rank"]["step"])
    points = max(full - step * (place - 1), ZERO)
    return points, f"{plain(full)} − {plain(step)} × ({place} − 1) = {shown(points)}"


def by_escalation(scoring, reading, weight):
    count, how = reading.value, scoring.get("per_unit_rounding", "exact")
    if how != "exact":
        count = count.to_integral_value(rounding=ROUND_FLOOR if how == "floor" else ROUND_CEILING)
    steps = sorted((number(nth), number(points)) for nth, points in scoring["escalate"])
    total, parts = ZERO, []
    for at, (nth, points) in enumerate(steps):
        until = min(count, steps[at + 1][0] - 1) if at + 1 < len(steps) else count
        times = until - (nth - 1)
        if times > 0:
            total += points * times
            parts.append(f"{plain(points)} × {shown(times)}")
    formula = " + ".join(parts) or "0"
    if weight is None:
        return -total + 0, f"−({formula}) = {shown(-total)}"
    return weight - total, f"{plain(weight)} − ({formula}) = {shown(weight - total)}"


def by_rule(scoring, reading, weight, place):
    full = ONE if weight is None else weight
    if scoring == "proportional" or (scoring == "as_given" and weight is not None):
        return by_share(reading, full)
    if scoring == "as_given":
        mark = reading.num if reading.num is not None else reading.value
        return mark, shown(mark)
    if "rank" in scoring:
        return by_place(scoring, place, full)
    if "terms" in scoring:
        return by_terms(scoring, reading, weight)
    if "deduct" in scoring or "add" in scoring:
        return by_deduct_or_add(scoring, "deduct" if "deduct" in scoring else "add", reading, weight)
    if "bands" in scoring:
        return by_bands(scoring, reading, full)
    return by_line(scoring, reading, full) if "linear" in scoring else by_escalation(scoring, reading, weight)


def points_of(item, indicator, reading, place):
    """(points or None, formula) of an item, within its weight and its own cap."""
    weight, missing = number(item.get("weight")), indicator.get("missing") or "exclude"
    points, formula = None, ""
    if reading.status == "measured":
        points, formula = by_rule(indicator["scoring"], reading, weight, place)
    elif reading.status == "no_data" and missing == "full" and weight is not None:
        points, formula = weight, f"暂无数据，按规则计满分 {plain(weight)}"
    elif reading.status == "no_data" and missing == "zero":
        points, formula = ZERO, "暂无数据，按规则计 0 分"
    return limited(item, indicator, points, formula)


def limited(item, indicator, points, formula):
    """Never below 0 nor above the weight, where there is one; never above the item's cap on this card."""
    weight, cap = number(item.get("weight")), number(item.get("cap"))
    if points is None:
        return points, formula
    if weight is not None and points > weight:
        points, formula = weight, f"{formula} → 上限 {plain(weight)}"
    elif weight is not None and points < ZERO:
        points, formula = ZERO, f"{formula} → 扣完为止 0"
    if cap is not None and (abs(points) if indicator.get("penalty") else points) > cap:
        points = cap if points > ZERO else -cap
        formula += f" → 本项上限 {shown(points)}"
    return points, formula


# --- how sure a ratio is -------------------------------------------------------------------------------


def ends_of_ratio(item, indicator, reading, points):
    """(points, lowest, highest) over Wilson's 95 % interval of the ratio, or None where the item is no sample."""
    sample = "ratio" in indicator["measure"] and number(item.get("weight")) and reading.status == "measured"
    ranked = isinstance(indicator["scoring"], dict) and "rank" in indicator["scoring"]
    if not sample or ranked or indicator.get("bonus") or indicator.get("penalty") or points is None:
        return None
    share, of, square = reading.num / reading.den, reading.den, Z * Z
    scale = 1 + square / of
    middle = (share + square / (2 * of)) / scale
    half = Z * (share * (1 - share) / of + square / (4 * of * of)).sqrt() / scale
    found = [points]
    for end in (max(middle - half, ZERO), min(middle + half, ONE)):
        found.append(points_of(item, indicator, Reading("measured", end), None)[0])
    return points, min(found), max(found)


# --- one card --------------------------------------------------------------------------------------------


class Line:
    def __init__(self, item, indicator, reading, place, adjusted):
        self.item, self.indicator, self.reading, self.status = item, indicator, reading, reading.status
        self.points, self.formula = points_of(item, indicator, reading, place)
        self.ends = ends_of_ratio(item, indicator, reading, self.points)
        if reading.note:
            self.formula = "；".join(text for text in (reading.note, self.formula) if text)
        if adjusted:
            source = {"appeal": "申诉改定", "self_score": "复核改定"}.get(adjusted[6], "改定")
            before = self.formula or "未计分"
            self.status, self.ends = "measured", None
            said = f"{source} {shown(D(adjusted[4]))}：{adjusted[5]}（原 {before}）"
            self.points, self.formula = limited(item, indicator, D(adjusted[4]), said)
        self.formula = self.formula[:500]

    def within(self):
        """Never below 0, never above the weight or the item's cap."""
        tops = [number(self.item.get(key)) for key in ("weight", "cap") if self.item.get(key) is not None]
        return min([max(ZERO if self.points is None else self.points, ZERO), *tops])

    def as_json(self):
        return {
            "indicator": self.indicator["id"],
            "title": zh(self.indicator["title"]),
            "status": self.status,
            "weight": kept(number(self.item.get("weight")), FOUR),
            "numerator": kept(self.reading.num, FOUR),
            "denominator": kept(self.reading.den, FOUR),
            "points": kept(self.points, SIX),
            "formula": self.formula,
            "records": len(self.reading.refs),
        }


def zh(name):
    return name["zh"] if isinstance(name, dict) else name


class Score:
    def __init__(self, card, grades, subject, lines, vetoes):
        self.card, self.subject, self.lines = card, subject, lines
        self.steps, self.total, self.grade, self.low, self.high = [], None, None, None, None
        self.rank = self.band = None
        self.group = group_of(card, subject)
        self.add_up(grades)
        self.veto(grades, vetoes)
        if self.low != self.high:
            self.steps.append(f"比率项按威尔逊 95% 区间合成：{two(self.low)}—{two(self.high)}")

    def add_up(self, grades):
        card, scale = self.card, number(self.card.get("scale", 100))
        plus = [line for line in self.lines if line.indicator.get("bonus")]
        minus = [line for line in self.lines if line.indicator.get("penalty")]
        weighted = [
            line for line in self.lines if number(line.item.get("weight")) and line not in plus + minus
        ]
        scored = [line for line in weighted if line.points is not None]
        if not scored:
            self.steps.append("没有可以计分的指标，不计总分。")
            return
        earned = sum((line.within() for line in scored), ZERO)
        applicable = sum((number(line.item["weight"]) for line in scored), ZERO)
        self.steps.append(
            f"各项得分合计 {' + '.join(shown(line.within()) for line in scored)} = {shown(earned)}"
        )
        subtotal, factor = earned, ONE
        if (card.get("missing_items") or "rescale") == "rescale" and applicable != scale:
            subtotal, factor = earned / applicable * scale, scale / applicable
            self.steps.append(
                f"按适用分值折算 {shown(earned)} ÷ {plain(applicable)} × {plain(scale)} = {shown(subtotal)}"
            )
        elif len(scored) < len(weighted):
            self.steps.append(f"有 {len(weighted) - len(scored)} 项不计入")
        bonus, cap = sum((line.within() for line in plus), ZERO), number(card.get("bonus_cap"))
        if cap is not None and bonus > cap:
            self.steps.append(f"加分 {shown(bonus)}，上限 {plain(cap)}")
            bonus = cap
        penalty = ZERO
        for line in minus:
            if line.points is not None:
                limit = number(line.item.get("cap"))
                penalty += abs(line.points) if limit is None else min(abs(line.points), limit)
        total = subtotal + bonus - penalty
        if bonus or penalty:
            self.steps.append(f"{shown(subtotal)} + {shown(bonus)} − {shown(penalty)} = {shown(total)}")
        top = scale + max(bonus if cap is None else cap, ZERO)
        self.total = self.clamped(total.quantize(GUARD), top)
        self.steps.append(f"四舍五入保留两位：{format(self.total, 'f')}")
        self.grade = next((grade["id"] for grade in grades if self.total >= number(grade["min"])), None)
        ends = [line.ends for line in self.lines if line.ends]
        below = sum(((points - low) ** 2 for points, low, _high in ends), ZERO).sqrt()
        above = sum(((high - points) ** 2 for points, _low, high in ends), ZERO).sqrt()
        self.low = rounded(max(self.total - factor * below, ZERO))
        self.high = rounded(min(self.total + factor * above, max(top, self.total)))

    def clamped(self, total, top):
        if total > top:
            self.steps.append(f"{shown(total)} → 上限 {plain(top)}")
            total = top
        if total < ZERO:
            self.steps.append(f"{shown(total)} → 扣完为止 0")
            total = ZERO
        return rounded(total)

    def veto(self, grades, vetoes):
        """A confirmed veto lowers the grade and never raises it. ``grades`` are from the best down."""
        order = [grade["id"] for grade in grades]
        for _veto, _reason, limit in vetoes:
            if self.grade in order and limit in order and order.index(self.grade) < order.index(limit):
                self.steps.append(f"一票否决事项：{self.grade} → {limit}")
                self.grade = limit
        for veto, reason, _limit in vetoes:
            self.steps.append(f"一票否决 {veto} 已确认：{reason}")

    def order(self):
        points = {line.indicator["id"]: line.points for line in self.lines}
        return self.total, [
            D(-1) if points.get(key) is None else points[key] for key in self.card.get("tie_break") or []
        ]

    def as_json(self):
        return {
            "scorecard": self.card["id"],
            "subject": [self.subject.unit, self.subject.office],
            "unit": self.subject.code,
            "unit_name": self.subject.name,
            "office": self.subject.title,
            "group": self.group,
            "total": two(self.total),
            "low": two(self.low),
            "high": two(self.high),
            "grade": self.grade or "",
            "rank": self.rank,
            "band": self.band,
            "steps": self.steps,
            "lines": [line.as_json() for line in self.lines],
        }


def group_of(card, subject):
    for key, own in (("units", subject.code), ("subkinds", subject.subkind)):
        for group in card.get("groups") or []:
            said = group.get(key) or []
            if own and own in ([said] if isinstance(said, str) else said):
                return group["id"]
    return ""


# --- cards beside each other -------------------------------------------------------------------------------


def place_group(card, grades, members):
    """Quotas, places and bands among those of one group who have a total."""
    if len(members) < card.get("min_n", 3):
        for each in members:
            each.steps.append(
                f"可比组内有得分的 {len(members)} 个，少于 {card.get('min_n', 3)} 个：不排位次、不分档、不按比例限制等次"
            )
        return
    before = [each.grade for each in members]
    for at, grade in enumerate(grades[:-1]):
        if grade.get("share_max") is None:
            continue
        quota = int((number(grade["share_max"]) * len(members)).to_integral_value(rounding=ROUND_FLOOR))
        holders = sorted(
            (each for each in members if each.grade == grade["id"]), key=Score.order, reverse=True
        )
        if len(holders) > quota:
            border = holders[quota].order()
            for each in holders:
                if each.order() <= border:
                    each.grade = grades[at + 1]["id"]
    for each, grade in zip(members, before):  # noqa: B905 - as many as each other
        if each.grade != grade:
            each.steps.append(f"等次比例限制：{grade} → {each.grade}")
    ordered = sorted(members, key=Score.order, reverse=True)
    band, above = 0, ZERO
    for at, each in enumerate(ordered):
        tied = at and each.order() == ordered[at - 1].order()
        each.rank = ordered[at - 1].rank if tied else at + 1
        if not band or each.high < above:
            band += 1
        each.band, above = band, each.low


def places_by_measure(subjects, readings, groups, direction):
    """The place of each by a measure within its group, for scoring by rank; equals share a place."""
    found = {}
    for at, group in enumerate(groups):
        rivals = [
            readings[n].value
            for n, other in enumerate(groups)
            if other == group and readings[n].status == "measured"
        ]
        own = readings[at].value
        if readings[at].status == "measured":
            found[at] = 1 + sum(
                1 for value in rivals if (value < own if direction == "down" else value > own)
            )
    return found


def score_card(card, rules, data):
    indicators = {each["id"]: each for each in rules["indicators"]}
    grades = grades_of(card, rules)
    units = {unit[0]: unit for unit in data.data["units"]}
    titles = dict(data.data["offices"])
    subjects = [
        Subject(units[unit], titles.get(office), office)
        for unit, office in data.data["subjects"].get(card["id"], [])
    ]
    groups = [group_of(card, subject) for subject in subjects]
    readings, places = {}, {}
    for item in card["items"]:
        indicator = indicators[item["use"]]
        readings[item["use"]] = [read(data, indicator, subject) for subject in subjects]
        if isinstance(indicator["scoring"], dict) and "rank" in indicator["scoring"]:
            direction = indicator.get("direction") or "up"
            places[item["use"]] = places_by_measure(subjects, readings[item["use"]], groups, direction)
    adjusted = [row for row in data.data["adjustments"] if row[2] == card["id"]]
    scores = []
    for at, subject in enumerate(subjects):
        mine = {row[3]: row for row in adjusted if speaks_of(row, 7, subject)}
        lines = [
            Line(item, indicators[item["use"]], readings[item["use"]][at], places.get(item["use"], {}).get(at),
                 mine.get(item["use"]))
            for item in card["items"]
        ]  # fmt: skip
        scores.append(Score(card, grades, subject, lines, vetoes_of(card, rules, data, subject)))
    if grades and card.get("ranked", True):
        for group in dict.fromkeys(groups):
            members = [each for each in scores if each.group == group and each.total is not None]
            if members:
                place_group(card, grades, members)
    return scores


def grades_of(card, rules):
    """From the best down; ``inherit`` takes those of the first card."""
    said = card.get("grades")
    if said == "inherit":
        said = rules["scorecards"][0].get("grades")
    return (
        sorted(said, key=lambda grade: number(grade["min"]), reverse=True) if isinstance(said, list) else []
    )


def vetoes_of(card, rules, data, subject):
    """(veto, reason, the best grade it leaves) of those in force against the subject."""
    known = {
        veto["id"]: veto
        for each in rules["scorecards"]
        for veto in each.get("vetoes") or []
        if isinstance(veto, dict)
    }
    named = [veto["id"] if isinstance(veto, dict) else veto for veto in card.get("vetoes") or []]
    return [
        (veto, reason, known[veto]["effect"]["max_grade"])
        for _ref, unit, of, veto, reason in data.data["vetoes"]
        if unit == subject.unit
        and of == card["id"]
        and veto in named
        and veto in known
        and subject.office is None
    ]


def result(rules_bytes, data_bytes, program):
    rules, content = json.loads(rules_bytes), json.loads(data_bytes)
    data = Data(content, rules)
    scores = [
        each.as_json() for card in rules.get("scorecards") or [] for each in score_card(card, rules, data)
    ]
    return {
        "format": "guantong-result/1",
        "program": program,
        "as_of": content["as_of"],
        "rules": sha256(rules_bytes),
        "data": sha256(data_bytes),
        "scores": scores,
    }


# --- comparing -----------------------------------------------------------------------------------------------


def differences(before, after):
    """What differs, in sentences: 文件所载 as the file says, 重算 as computed here."""
    for key in ("format", "as_of", "rules", "data"):
        if before.get(key) != after[key]:
            yield f"{key}: 文件所载 {before.get(key)}，重算 {after[key]}"
    old = {(each["scorecard"], *each["subject"]): each for each in before.get("scores", [])}
    new = {(each["scorecard"], *each["subject"]): each for each in after["scores"]}
    for key in [*new, *(key for key in old if key not in new)]:
        a, b = old.get(key), new.get(key)
        one = b or a
        where = f"{one['scorecard']} {one['unit']} {one['office'] or one['unit_name']}"
        if a is None or b is None:
            yield f"{where}: {'文件里没有' if a is None else '重算没有'}"
        elif a != b:
            yield from differences_of(where, a, b)


def differences_of(where, a, b):
    for key in b:
        if key != "lines" and a.get(key) != b[key]:
            yield f"{where} {key}: 文件所载 {a.get(key)}，重算 {b[key]}"
    lines = {line["indicator"]: line for line in a.get("lines", [])}
    for line in b["lines"]:
        for key in line:
            was = lines.get(line["indicator"], {}).get(key)
            if was != line[key]:
                yield f"{where} {line['indicator']} {key}: 文件所载 {was}，重算 {line[key]}"


def main(arguments):
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 2
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        rules, data, said = ((folder / f"{name}.json").read_bytes() for name in ("rules", "data", "result"))
    except OSError as error:
        print(error)
        return 1
    try:
        before = json.loads(said)
        made = result(rules, data, before["program"])
    except (ValueError, KeyError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        print(f"读不懂或算不出：{type(error).__name__}: {error}")
        print(sha256(said))
        return 1
    content = canonical(made)
    same = content == said
    for sentence in [] if same else differences(before, made):
        print(sentence)
    print(f"{len(made['scores'])} 个结果，{'与 result.json 完全一致' if same else '与 result.json 不一致'}")
    print(sha256(content))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

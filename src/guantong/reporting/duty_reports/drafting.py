"""The sentences of a duty report, in Chinese, each with the rows it was written from. Pure: facts in, sentences out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import translation

from guantong.assessment.standing import grade_name
from guantong.cases.choices import CaseStage, ClockKind
from guantong.cases.models import Case
from guantong.obligations.choices import State
from guantong.obligations.models import Obligation
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.reporting.duty_reports.facts import Facts

SECTIONS = {
    "overall": "总体情况",
    "duties": "履行职责情况",
    "tasks": "重点任务推进情况",
    "cases": "联系接待和解决难题情况",
    "coverage": "基层基础情况",
    "result": "考核结果",
    "missing": "存在的不足",
    "own": "下一步打算",
}
ALWAYS = ("overall", "missing", "own")
BY_PREFILL = {
    "duties": ("duties",),
    "tasks": ("tasks",),
    "cases": ("cases",),
    "coverage": ("coverage", "result"),
}
NAMED, MISSING_NAMED = 3, 8
Sources = dict[str, list[int]]


@dataclass(frozen=True)
class Drafted:
    """A sentence before it is stored. ``detail`` is what may be left out where the paper gets too long."""

    section: str
    key: str
    text: str
    sources: Sources
    detail: str = ""

    @property
    def full(self) -> str:
        return self.text[:-1] + self.detail + "。" if self.detail else self.text


def sections_of(package_prefill: Sequence[str]) -> list[str]:
    """The outline: what the package asks to be filled in, between the opening and what is missing."""
    wanted = {name for each in package_prefill for name in BY_PREFILL.get(each, ())}
    return [name for name in SECTIONS if name in wanted or name in ALWAYS]


def drafted(facts: Facts, *, prefill: Sequence[str], most: int) -> list[Drafted]:
    """The sentences within ``most`` characters: where there is no room, details go first, from the longest."""
    outline = sections_of(prefill)
    sentences = [each for each in _all(facts) if each.section in outline]
    while sum(len(each.full) for each in sentences) > most:
        longest = max(range(len(sentences)), key=lambda place: len(sentences[place].detail))
        if not sentences[longest].detail:
            break
        old = sentences[longest]
        sentences[longest] = Drafted(old.section, old.key, old.text, old.sources)
    return sentences


def _all(facts: Facts) -> Iterator[Drafted]:
    yield _overall(facts)
    yield from _duties(facts)
    yield from _chaired(facts)
    yield from _decided(facts)
    yield from _beyond(facts)
    yield from _tasks(facts)
    yield from _cases(facts)
    yield from _coverage(facts)
    yield from _result(facts)
    yield from _missing(facts)


def _on(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def _refs(rows: Iterable[object]) -> list[int]:
    return [each.pk for each in rows]  # type: ignore[attr-defined]


def _done(owed: Iterable[Obligation]) -> list[Obligation]:
    return [each for each in owed if each.state == State.FULFILLED]


def _standing(owed: Sequence[Obligation]) -> str:
    """已完成3项（其中逾期完成1项），待审核1项 – only what there is."""
    done = _done(owed)
    late = sum(each.was_late for each in done)
    waiting = sum(each.state == State.CLAIMED for each in owed)
    text = f"已完成{len(done)}项" + (f"（其中逾期完成{late}项）" if late else "")
    return text + (f"，已申报待审核{waiting}项" if waiting else "")


def _overall(facts: Facts) -> Drafted:
    owed = [*facts.due, *facts.tasks]
    day = f"{facts.as_of.year}年{_on(facts.as_of)}"
    if not owed:
        text = f"截至{day}，{facts.office.title}本年度没有到期的职责和任务。"
    else:
        left = len(facts.missing)
        text = f"截至{day}，{facts.office.title}本年度到期的职责和任务共{len(owed)}项，{_standing(owed)}"
        text += f"，未完成{left}项。" if left else "。"
    return Drafted("overall", "overall", text, {"obligation": _refs(owed)})


def _named(records: Sequence[Record]) -> str:
    """The first few records in words, the rest as a number."""
    unique = list({each.pk: each for each in records}.values())
    words = "；".join(f"{_on(each.happened_on)}，{_brief(each.summary)}" for each in unique[:NAMED])
    rest = len(unique) - NAMED
    return (f"：{words}" + (f"；等{len(unique)}次" if rest > 0 else "")) if words else ""


def _brief(summary: str) -> str:
    line = " ".join(summary.split()).rstrip("。；;.")
    return line if len(line) <= 40 else line[:39] + "…"


def _duties(facts: Facts) -> Iterator[Drafted]:
    for rule, owed in facts.by_duty.items():
        proofs = [record for each in owed for record in facts.proofs.get(each.pk, ())]
        subjects = {each.title for each in owed}
        name = owed[0].title if len(subjects) == 1 else f"{owed[0].title}等{len(subjects)}项"
        yield Drafted(
            "duties",
            f"duty-{rule}"[:60],
            f"“{name}”应完成{len(owed)}项，{_standing(owed)}。",
            {"obligation": _refs(owed), "record": sorted({each.pk for each in proofs})},
            _named(proofs),
        )


def _chaired(facts: Facts) -> Iterator[Drafted]:
    if facts.chaired:
        names = "、".join(f"{_on(each.day)}“{each.title}”" for each in facts.chaired[:NAMED])
        yield Drafted(
            "duties",
            "chaired",
            f"主持会议活动{len(facts.chaired)}次。",
            {
                "meeting": _refs(facts.chaired),
                "record": [each.record_id for each in facts.chaired if each.record_id],
            },
            f"：{names}" + ("等" if len(facts.chaired) > NAMED else ""),
        )


def _decided(facts: Facts) -> Iterator[Drafted]:
    """What was settled in the meetings it chaired, and how much of that was given out."""
    if facts.decided:
        given = sum(each.task_id is not None for each in facts.decided)
        text = f"主持会议议定事项{len(facts.decided)}项" + (f"，其中{given}项已列入任务。" if given else "。")
        yield Drafted(
            "duties", "decided", text, {"meeting": sorted({each.meeting_id for each in facts.decided})}
        )


def _beyond(facts: Facts) -> Iterator[Drafted]:
    """What was done though no duty asked for it."""
    used = {record.pk for records in facts.proofs.values() for record in records}
    used |= {each.record_id for each in facts.chaired if each.record_id}
    for kind in RecordKind.values:
        own = [each for each in facts.records if each.kind == kind and each.pk not in used]
        if own and kind not in (RecordKind.CASE, RecordKind.DUTY_REPORT):
            label = RecordKind(kind).label
            yield Drafted(
                "duties",
                f"beyond-{kind}",
                f"此外，有“{label}”工作记录{len(own)}条。",
                {"record": _refs(own)},
                _named(own),
            )


def _tasks(facts: Facts) -> Iterator[Drafted]:
    if facts.tasks:
        proofs = [record for each in facts.tasks for record in facts.proofs.get(each.pk, ())]
        yield Drafted(
            "tasks",
            "tasks",
            f"承担的重点任务到期节点{len(facts.tasks)}项，{_standing(facts.tasks)}。",
            {"obligation": _refs(facts.tasks), "record": sorted({each.pk for each in proofs})},
            _named(proofs),
        )


def _cases(facts: Facts) -> Iterator[Drafted]:
    receptions = [each for each in facts.records if each.kind == RecordKind.RECEPTION]
    if receptions:
        days = "、".join(_on(each.happened_on) for each in receptions[:12])
        yield Drafted(
            "cases",
            "receptions",
            f"接待来访{len(receptions)}次（{days}）。",
            {"record": _refs(receptions)},
        )
    if facts.cases:
        yield Drafted("cases", "cases", _cases_text(facts.cases), {"case": _refs(facts.cases)})
    rated = [rating for each in facts.cases for rating in each.ratings.all()]
    if rated:
        unsolved = sum(not each.solved for each in rated)
        yield Drafted(
            "cases",
            "ratings",
            f"当事人评价{len(rated)}次，其中表示已解决{len(rated) - unsolved}次、未解决{unsolved}次。",
            {"case": sorted({each.case_id for each in rated})},
        )


def _cases_text(cases: Sequence[Case]) -> str:
    closed = [each for each in cases if each.stage == CaseStage.CLOSED]
    on_time = sum(_closed_on_time(each) for each in closed)
    reopened = sum(each.reopened > 0 for each in cases)
    text = f"包案诉求{len(cases)}件，办结{len(closed)}件，其中按期办结{on_time}件"
    text += f"，重新办理{reopened}件" if reopened else ""
    oldest = min((each.received_on for each in cases if each.closed_on is None), default=None)
    return text + (f"；在办的最早一件为{_on(oldest)}受理登记。" if oldest else "。")


def _closed_on_time(case: Case) -> bool:
    clocks = [each for each in case.clocks.all() if each.kind == ClockKind.CLOSE]
    last = max(clocks, key=lambda each: each.round, default=None)
    return last is None or (last.met_on is not None and last.met_on <= last.due_on)


def _coverage(facts: Facts) -> Iterator[Drafted]:
    gaps = [each for each in facts.due if each.source == "gap"]
    if gaps:
        yield Drafted(
            "coverage",
            "gaps",
            f"负责补齐的人员和阵地空白{len(gaps)}处，{_standing(gaps)}。",
            {"obligation": _refs(gaps)},
        )


def _result(facts: Facts) -> Iterator[Drafted]:
    for score in facts.results:
        year = score.run.cycle.year
        grade = {each.id: each for card in score.run.cycle.package.scorecards for each in card.grades}
        known = grade.get(score.grade)
        words = f"，等次为“{_grade_name(score.grade)}”" if known else ""
        yield Drafted(
            "result",
            "result",
            f"{year}年度考核已公布得分{score.total:f}分{words}。"
            if score.total is not None
            else f"{year}年度考核没有得分。",
            {"score": [score.pk]},
        )


def _grade_name(grade: str) -> str:
    with translation.override("zh-hans"):
        return str(grade_name(grade))


def _missing(facts: Facts) -> Iterator[Drafted]:
    left = facts.missing
    if not left:
        yield Drafted("missing", "missing", "到期的职责和任务没有未完成的。", {})
        return
    names = "；".join(
        f"“{each.title}”{each.period_zh}（{_on(each.due_on)}到期）"
        for each in left[:MISSING_NAMED]
        if each.due_on
    )
    rest = f"；等{len(left)}项" if len(left) > MISSING_NAMED else ""
    yield Drafted(
        "missing",
        "missing",
        f"到期未完成{len(left)}项：{names}{rest}。",
        {"obligation": _refs(left)},
    )

"""What is due or overdue, what was returned, claims to review, extensions to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from guantong.calendars.queries import calendar_for
from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import Said, cut, say
from guantong.obligations.choices import CLAIMABLE, Reviewer, State, Verdict
from guantong.obligations.models import Claim, Extension, Obligation, Review
from guantong.supervision.addressing import Directory
from guantong.supervision.rules.ladder import reminder_days

OBLIGATION, CLAIM, EXTENSION = "obligations.obligation", "obligations.claim", "obligations.extension"
REVIEW_MINUTES, EXTENSION_MINUTES = 3, 3

MISSING: dict[str, Said] = {
    "progress_line": say("缺进展报告：填一条进展；没有变化的，点“本期无变化”。"),
    "meeting_ref": say("缺会议活动记录：填时间、主题和纪要文号。"),
    "document_ref": say("缺文件或学习记录：填名称和文号。"),
    "contact_note": say("缺走访记录：填时间、地点和解决的问题。"),
    "reception_session": say("缺接待记录：填时间和接待批次。"),
    "case_closure": say("缺办理结果：填一条办结情况。"),
    "duty_report": say("缺述职报告。"),
    "patrol_record": say("缺巡查记录。"),
    "sign_off": say("缺签收。"),
}
ANYTHING = say("缺完成情况：填一条工作记录。")
TO_REVIEW = say("请审核：通过，或者退回并写明要补什么。")
TO_ANSWER = say("请答复：同意，或者不同意并写明理由。")

# Where the obligation is a part of a matter: the unit that split it, or the office that issued the matter.
GIVER = ("matter_part__parent__unit", "matter_part__matter__issued_by")
NAME = ("title", "title_en", "period_zh", "period_en")
SHOWN = ("pk", "office", "evidence", "minutes", "state", "due_on", *NAME)


def named(title: str, title_en: str, period: str, period_en: str) -> Said:
    """An obligation's title with its period, in both languages."""
    chinese = " · ".join(filter(None, [cut(title, 220), period]))
    return {"zh": chinese, "en": " · ".join(filter(None, [cut(title_en or title, 220), period_en]))}


def missing_of(evidence: list[str]) -> Said:
    """What is missing, by the kind of evidence that is asked."""
    return next((MISSING[each] for each in evidence if each in MISSING), ANYTHING)


def asked_of_owners(cycle: Cycle, *, on: dt.date, already_asked: set[tuple[int, int]]) -> Iterator[Asked]:
    """The office that owes it: from the package's first reminder day until it is claimed. A return says its reason.

    ``already_asked`` are (office, obligation) that a confirmed step of the ladder asks in its own words.
    """
    horizon = calendar_for(cycle.year, cycle.unit_id).add_workdays(on, reminder_days(cycle.package))
    owed = Obligation.objects.filter(cycle=cycle, state__in=CLAIMABLE, starts_on__lte=on)
    reasons = _reasons_of_returns(cycle)
    urgent = owed.filter(Q(due_on__lte=horizon) | Q(state=State.RETURNED))
    for pk, office, evidence, minutes, state, due_on, *name in urgent.values_list(*SHOWN):
        if (office, pk) in already_asked:
            continue
        kind, missing = NoticeKind.DUE, missing_of(evidence)
        if state == State.RETURNED:
            kind, missing = NoticeKind.RETURNED, reasons.get(pk, missing)
        elif due_on is not None and due_on < on:
            kind = NoticeKind.OVERDUE
        url = reverse("obligation", args=[pk])
        yield Asked(office, kind, OBLIGATION, pk, named(*name), missing, minutes or 1, url, due_on)


def _reasons_of_returns(cycle: Cycle) -> dict[int, str]:
    """Why each obligation was returned last."""
    returned = Review.objects.filter(
        verdict=Verdict.RETURNED, claim__obligation__cycle=cycle, claim__obligation__state=State.RETURNED
    )
    return dict(returned.order_by("reviewed_at", "pk").values_list("claim__obligation", "reason"))


def asked_to_review(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The office whose step of the review it is, once for each claim that waits."""
    waiting = (
        Claim.objects.filter(obligation__cycle=cycle, obligation__state=State.CLAIMED)
        .exclude(reviews__verdict=Verdict.RETURNED)
        .order_by("obligation", "-claimed_at", "-pk")
    )
    shown = ("unit", "unit_path", "next_review", *GIVER, "unit__name", "unit__name_en", *NAME)
    rows = waiting.values_list("pk", "obligation", *(f"obligation__{name}" for name in shown))
    seen: set[int] = set()
    for pk, obligation, unit, path, step, upper, issuer, unit_name, unit_name_en, *name in rows:
        office = directory.reviewer(unit=unit, path=path, step=step)
        if step == Reviewer.ISSUER and (upper or issuer):
            office = next(iter(directory.heads(upper)), None) if upper else issuer
        if obligation in seen or office is None:
            continue
        seen.add(obligation)
        words = say("%(unit)s：%(title)s", unit=Text(unit_name, unit_name_en), title=named(*name))
        url = reverse("obligation", args=[obligation])
        yield Asked(office, NoticeKind.REVIEW, CLAIM, pk, words, TO_REVIEW, REVIEW_MINUTES, url)


def asked_to_answer_extensions(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The office that issued the matter, else the coordinating one: it alone moves a due day, of split parts too."""
    shown = ("unit_path", "due_on", "matter_part__matter__issued_by", "unit__name", "unit__name_en", *NAME)
    rows = Extension.objects.filter(obligation__cycle=cycle, granted__isnull=True).values_list(
        "pk", "obligation", *(f"obligation__{name}" for name in shown)
    )
    for pk, obligation, path, due_on, issuer, unit_name, unit_name_en, *name in rows:
        office = issuer or directory.runner(path)
        if office is None:
            continue
        words = say("%(unit)s：%(title)s", unit=Text(unit_name, unit_name_en), title=named(*name))
        url = reverse("obligation", args=[obligation])
        yield Asked(
            office, NoticeKind.EXTENSION, EXTENSION, pk, words, TO_ANSWER, EXTENSION_MINUTES, url, due_on
        )

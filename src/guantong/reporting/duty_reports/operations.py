"""Drafting, mending, redrafting and submitting a duty report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Verdict
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.obligations.models import Claim
from guantong.records.choices import RecordKind
from guantong.records.operations import enter_record
from guantong.reporting.duty_reports import drafting
from guantong.reporting.duty_reports.drafting import Drafted
from guantong.reporting.duty_reports.facts import Facts
from guantong.reporting.duty_reports.queries import REPORT, may_write, outline_of
from guantong.reporting.models import DutyReport, Sentence

LONGEST = 1000


def _refuse_unless_writer(actor: Actor, office: Office) -> None:
    if not may_write(actor, office):
        raise Refusal(_("述职报告由本岗位或本单位起草。"))


def _locked(report: DutyReport, actor: Actor) -> DutyReport:
    report = (
        DutyReport.objects.select_for_update(of=("self",))
        .select_related("office__unit", "cycle__stored", "cycle__unit", "record")
        .get(pk=report.pk)
    )
    _refuse_unless_writer(actor, report.office)
    if report.submitted_at:
        raise Refusal(_("述职报告已经提交，不能再改动。"))
    return report


def _draft(office: Office, cycle: Cycle, as_of: dt.date) -> list[Drafted]:
    prefill, most = outline_of(cycle.package)
    return drafting.drafted(Facts.of(office, cycle, as_of=as_of), prefill=prefill, most=most)


@transaction.atomic
def draft_report(
    *, office: Office, cycle: Cycle, as_of: dt.date, actor: Actor, now: dt.datetime
) -> DutyReport:
    """Write the first draft of an office's report for a year from what the records say by a day."""
    _refuse_unless_writer(actor, office)
    if not office.unit.path.startswith(cycle.unit.path):
        raise Refusal(_("这个岗位不在该年度周期的范围内。"))
    _refuse_bad_day(cycle, as_of, now)
    if DutyReport.objects.filter(office=office, cycle=cycle).exists():
        raise Refusal(_("本年度的述职报告已经有草稿，请在原稿上修改或重拟。"))
    report = DutyReport.objects.create(office=office, cycle=cycle, as_of=as_of, drafted_at=now)
    sentences = Sentence.objects.bulk_create(
        Sentence(
            report=report,
            section=each.section,
            order=order,
            key=each.key,
            text=each.full,
            drafted=each.full,
            sources=each.sources,
        )
        for order, each in enumerate(_draft(office, cycle, as_of))
    )
    audit.record(
        "reporting.duty_report_drafted",
        target=report,
        actor=actor,
        at=now,
        payload={"office": office.pk, "as_of": as_of, "sentences": len(sentences)},
        states=sentences,
    )
    return report


def _refuse_bad_day(cycle: Cycle, as_of: dt.date, now: dt.datetime) -> None:
    if as_of > clock.today(now):
        raise Refusal(_("数据截止日不能晚于今天。"))
    if as_of < cycle.starts_on:
        raise Refusal(_("数据截止日不能早于 %(day)s。") % {"day": cycle.starts_on})


@transaction.atomic
def edit_sentences(
    *,
    report: DutyReport,
    texts: Mapping[str, str],
    actor: Actor,
    now: dt.datetime,
    own: Mapping[str, str] | None = None,
) -> DutyReport:
    """Put the holder's words in place of drafted ones, by key; ``own`` adds a sentence to a section.

    An empty text leaves the sentence out of the paper; redrafting does not bring it back. Unknown keys are refused.
    """
    report = _locked(report, actor)
    there = {each.key: each for each in report.sentences.all()}
    if unknown := set(texts) - set(there):
        raise Refusal(_("草稿已被重拟，句子“%(key)s”不在了，请刷新后再改。") % {"key": min(unknown)})
    changed = []
    for key, text in texts.items():
        words = _tidy(text)
        if words != there[key].text:
            there[key].text, there[key].edited = words, words != there[key].drafted
            changed.append(there[key])
    Sentence.objects.bulk_update(changed, ["text", "edited"], batch_size=100)
    added = _added(report, own or {}, there)
    if changed or added:
        audit.record(
            "reporting.duty_report_edited",
            target=report,
            actor=actor,
            at=now,
            payload={"edited": sorted(each.key for each in (*changed, *added))},
            states=[*changed, *added],
        )
    return report


def _tidy(text: str) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST:
        raise Refusal(_("一句最多 %(most)s 字，现有 %(n)s 字。") % {"most": LONGEST, "n": len(words)})
    return words


def _added(report: DutyReport, own: Mapping[str, str], there: Mapping[str, Sentence]) -> list[Sentence]:
    if unknown := set(own) - set(drafting.SECTIONS):
        raise Refusal(_("没有“%(name)s”这一部分。") % {"name": min(unknown)})
    number = sum(key.startswith("own-") for key in there)
    order = max((each.order for each in there.values()), default=0)
    fresh = []
    for section, text in own.items():
        if words := _tidy(text):
            number += 1
            fresh.append(
                Sentence(
                    report=report,
                    section=section,
                    order=order + number,
                    key=f"own-{number}",
                    text=words,
                    edited=True,
                )
            )
    return Sentence.objects.bulk_create(fresh)


@transaction.atomic
def redraft_report(*, report: DutyReport, as_of: dt.date, actor: Actor, now: dt.datetime) -> DutyReport:
    """Read the records again. What was written by hand stays, marked where the records now say something else."""
    report = _locked(report, actor)
    _refuse_bad_day(report.cycle, as_of, now)
    there = {each.key: each for each in report.sentences.all()}
    draft = {each.key: each for each in _draft(report.office, report.cycle, as_of)}
    gone = [each for key, each in there.items() if key not in draft and not each.edited]
    rows = []
    for order, (key, each) in enumerate(draft.items()):
        row = there.get(key) or Sentence(report=report, key=key)
        row.section, row.order, row.drafted, row.sources = each.section, order, each.full, each.sources
        if not row.edited:
            row.text = each.full
        rows.append(row)
    kept = [each for key, each in there.items() if key not in draft and each.edited]
    for place, row in enumerate(kept):
        row.order, row.drafted, row.sources = len(draft) + place, "", {}
    for row in (*rows, *kept):
        row.save()
    Sentence.objects.filter(pk__in=[each.pk for each in gone]).delete()
    report.as_of, report.drafted_at = as_of, now
    report.save(update_fields=["as_of", "drafted_at"])
    audit.record(
        "reporting.duty_report_redrafted",
        target=report,
        actor=actor,
        at=now,
        payload={"as_of": as_of, "kept": sorted(each.key for each in (*rows, *kept) if each.edited)},
        states=[*rows, *kept, *gone],
    )
    return report


def length_of(sentences: Sequence[Sentence]) -> int:
    return sum(len(each.text) for each in sentences)


@transaction.atomic
def submit_report(*, report: DutyReport, actor: Actor, now: dt.datetime) -> DutyReport:
    """Hand it in: one record, and with it the duty to report is claimed. The text then stands as it is."""
    report = _locked(report, actor)
    sentences = [each for each in report.sentences.all() if each.text]
    most = outline_of(report.cycle.package)[1]
    if not sentences:
        raise Refusal(_("述职报告没有内容，不能提交。"))
    if (length := length_of(sentences)) > most:
        raise Refusal(_("述职报告最多 %(most)s 字，现有 %(n)s 字，请删减。") % {"most": most, "n": length})
    record = enter_record(
        kind=RecordKind.DUTY_REPORT,
        happened_on=clock.today(now),
        summary=_("%(office)s提交%(year)s年度述职报告。")
        % {"office": report.office.title, "year": report.cycle.year},
        entered_by=report.office,
        actor=actor,
        now=now,
        today=clock.today(now),
    )
    duties = [duty for duty in report.cycle.package.duties if REPORT in duty.evidence]
    claim_what_it_fulfils(
        record=record,
        offices=[report.office],
        pillars=[duty.pillar for duty in duties],
        rules=[duty.id for duty in duties],
        actor=actor,
        now=now,
    )
    report.submitted_at, report.record = now, record
    report.save(update_fields=["submitted_at", "record"])
    audit.record(
        "reporting.duty_report_submitted",
        target=report,
        actor=actor,
        at=now,
        payload={"record": record.pk, "characters": length},
    )
    return report


@transaction.atomic
def take_back_report(*, report: DutyReport, actor: Actor, now: dt.datetime) -> DutyReport:
    """Open it for mending again after the claim was returned. The record of the first submission stays."""
    report = (
        DutyReport.objects.select_for_update(of=("self",)).select_related("office__unit").get(pk=report.pk)
    )
    _refuse_unless_writer(actor, report.office)
    if report.submitted_at is None:
        raise Refusal(_("述职报告还没有提交。"))
    returned = Claim.objects.filter(record=report.record_id, reviews__verdict=Verdict.RETURNED).exists()
    if not returned:
        raise Refusal(_("只有审核退回的述职报告可以重新修改。"))
    report.submitted_at, report.record = None, None
    report.save(update_fields=["submitted_at", "record"])
    audit.record("reporting.duty_report_taken_back", target=report, actor=actor, at=now)
    return report

"""What a case makes offices owe: one obligation for each, which lives as long as the case.

A unit owes its part, the host carrying it to the end; both by the day the case is to be answered. They stand still
while the case does and while only the applicant can move, so that nobody's light turns red for somebody else's time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guantong.accounts.models import Office
from guantong.cases.models import Case
from guantong.cases.operations.acts import Act
from guantong.kernel.bilingual import Text
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package import Package
from guantong.mechanisms.package.model import DutyTemplate
from guantong.obligations.choices import CLAIMABLE, SETTLED, Part, Source, State, Verdict
from guantong.obligations.models import Claim, Obligation, Review, Suspension
from guantong.obligations.operations import claim_for, locked, open_obligations, save_relit
from guantong.records.models import Record

UPON = "case_assigned"
EVIDENCE = ["case_closure"]
MINUTES = 10


def duty_of_host(package: Package, seat: str = "") -> DutyTemplate | None:
    """The duty that a case brings to whoever carries it; of the seat where the package has several."""
    found = [each for each in package.duties if each.cadence.upon == UPON]
    return next((each for each in found if each.who == seat), found[0] if found else None)


def pillar_of_cases(package: Package) -> str:
    """The pillar that cases belong to: that of the duty they bring, of the reception day, or the first."""
    duty = duty_of_host(package) or next((each for each in package.duties if each.reception), None)
    if duty is not None:
        return duty.pillar
    return next((pillar.id for tier in package.tiers for pillar in tier.pillars), "")


def title_of(case: Case) -> Text:
    """How the case is called where others than its handlers may read it: without its title where somebody is
    complained of, so that nobody below a wide scope learns what about."""
    if case.against_id or not case.title:
        return Text(f"办理诉求 {case.reference}", f"Handle case {case.reference}")
    return Text(f"办理诉求 {case.reference}：{case.title}", f"Handle case {case.reference}: {case.title}")


def owe_part(act: Act, office: Office, *, part: str, due_on: dt.date, wording: str = "") -> Obligation:
    """A unit owes its part of the case."""
    return _owe(
        act, office, part=part, due_on=due_on, rule=f"case:{act.case.pk}", title=title_of(act.case),
        pillar=pillar_of_cases(act.case.cycle.package), evidence=EVIDENCE, minutes=MINUTES, wording=wording,
    )  # fmt: skip


def owe_as_host(act: Act, host: Office, *, due_on: dt.date) -> Obligation:
    """The leader owes carrying the case to its end: the package's own duty, where it has one."""
    package, case = act.case.cycle.package, act.case
    duty = duty_of_host(package, host.seat)
    if duty is None:
        return _owe(
            act, host, part=Part.SOLE, due_on=due_on, rule=f"case:{case.pk}", title=title_of(case),
            pillar=pillar_of_cases(package), evidence=EVIDENCE, minutes=MINUTES,
        )  # fmt: skip
    title = Text(f"{duty.what.zh}（诉求 {case.reference}）", f"{duty.what.en} (case {case.reference})")
    return _owe(
        act, host, part=Part.SOLE, due_on=due_on, rule=duty.id, title=title, pillar=duty.pillar,
        evidence=list(duty.evidence), minutes=duty.minutes or MINUTES,
    )  # fmt: skip


def _owe(
    act: Act,
    office: Office,
    *,
    part: str,
    due_on: dt.date,
    rule: str,
    title: Text,
    pillar: str,
    evidence: list[str],
    minutes: int,
    wording: str = "",
) -> Obligation:
    due_on = max(due_on, act.today)
    earlier = Obligation.objects.filter(
        source=Source.CASE, source_ref=act.case.pk, office=office, rule=rule
    ).first()
    if earlier is not None:
        return _brought_back(act, locked(earlier), due_on=due_on)
    wanted = Obligation(
        cycle=act.case.cycle, unit=office.unit, unit_path=office.unit.path, office=office, pillar=pillar,
        source=Source.CASE, source_ref=act.case.pk, rule=rule, title=title.zh[:500], title_en=title.en[:500],
        period_zh=wording[:60], part=part, evidence=evidence, minutes=minutes, starts_on=act.today, due_on=due_on,
    )  # fmt: skip
    opened = open_obligations([wanted], today=act.today, cycle=act.case.cycle)
    if not opened:
        raise Refusal(_("“%(office)s”已经承担这件诉求的另一项任务。") % {"office": office})
    act.changed(*opened)
    return opened[0]


def _brought_back(act: Act, row: Obligation, *, due_on: dt.date) -> Obligation:
    """The office owes it again, by another day; a claim nobody answered yet is answered by that."""
    if row.state == State.CLAIMED:
        for claim in Claim.objects.filter(obligation=row).exclude(reviews__verdict=Verdict.RETURNED):
            act.changed(
                Review.objects.create(
                    claim=claim,
                    step=claim.reviews.count() + 1,
                    verdict=Verdict.RETURNED,
                    reason=_("诉求重新办理。"),
                    reviewed_at=act.now,
                )
            )
    _end_stillness(act, row)
    row.state, row.due_on, row.next_review = State.OPEN, due_on, ""
    row.claimed_on = row.settled_on = None
    save_relit(row, today=act.today, fields=["state", "due_on", "next_review", "claimed_on", "settled_on"])
    act.changed(row)
    return row


def owed_for(case: Case) -> list[Obligation]:
    """What anybody owes for the case, held until the transaction ends."""
    return list(
        Obligation.objects.select_for_update(of=("self",))
        .filter(source=Source.CASE, source_ref=case.pk)
        .select_related("cycle", "office__unit")
        .order_by("pk")
    )


def stand_still(act: Act, reason: str) -> None:
    """Nobody can be late while the case itself stands still."""
    for row in owed_for(act.case):
        if row.state not in CLAIMABLE:
            continue
        order = Suspension.objects.create(
            obligation=row, reason=reason[:500], ordered_by=act.office, starts_on=act.today
        )
        row.state = State.SUSPENDED
        save_relit(row, today=act.today, fields=["state"])
        act.changed(row, order)


def run_again(act: Act, *, due_on: dt.date) -> list[Obligation]:
    """The time runs on, to the day the clock of the case says now."""
    rows = [each for each in owed_for(act.case) if each.state in (*CLAIMABLE, State.SUSPENDED)]
    for row in rows:
        if row.state == State.SUSPENDED:
            _end_stillness(act, row)
            row.state = State.RETURNED if row.returns else State.OPEN
        row.due_on = max(due_on, row.starts_on)
        save_relit(row, today=act.today, fields=["state", "due_on"])
        act.changed(row)
    return rows


def _end_stillness(act: Act, row: Obligation) -> None:
    for order in row.suspensions.filter(ends_on__isnull=True):
        order.ends_on = act.today
        order.save(update_fields=["ends_on"])
        act.changed(order)


def cancel(act: Act, obligations: Iterable[Obligation | None]) -> None:
    """The office is off the case: it owes nothing for it any more."""
    for each in obligations:
        row = locked(each) if each is not None else None
        if row is None or row.state in SETTLED:
            continue
        _end_stillness(act, row)
        row.state, row.next_review = State.CANCELLED, ""
        save_relit(row, today=act.today, fields=["state", "next_review"])
        act.changed(row)


def claim_all(act: Act, *, record: Record, done_on: dt.date) -> Sequence[Claim]:
    """The record of the closed case claims what everybody owed for it, as of the day the case was answered."""
    claims = []
    for row in run_again(act, due_on=act_due(act, done_on)):
        claim = claim_for(row, record=record, claimed_by=row.office, actor=act.actor, now=act.now)  # type: ignore[arg-type]
        row.claimed_on = done_on
        save_relit(row, today=act.today, fields=["claimed_on"])
        act.changed(row, claim)
        claims.append(claim)
    return claims


def act_due(act: Act, fallback: dt.date) -> dt.date:
    """The day the case is due in this round."""
    last = act.case.clocks.filter(kind="close", round=act.round).first()
    return last.due_on if last else fallback

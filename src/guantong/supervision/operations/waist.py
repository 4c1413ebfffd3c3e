"""What a part owes at the waist: its obligation opened, and cancelled when the part ends otherwise than by being done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guantong.accounts.acting import Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.kernel.workdays import WorkdayCalendar
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.package.model import MatterKind
from guantong.obligations.choices import SETTLED, Reviewer, Source, State
from guantong.obligations.models import Obligation
from guantong.obligations.operations import locked, open_obligations, save_relit
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.rules import matters as rules
from guantong.tasks.operations import REPORT_MINUTES

EVIDENCE = ["statement", "document_ref"]


def kind_of(matter: Matter) -> MatterKind:
    """The node template. A kind that a later version of the package dropped falls back on its first."""
    package = matter.cycle.package
    known = {each.id: each for each in package.matters}
    return known.get(matter.kind) or package.matters[0]


def end_of(term: tuple[int, bool], start: dt.date, calendar: WorkdayCalendar) -> dt.date:
    """The last day of a term that runs from ``start``, which is not counted; (number, whether working days)."""
    number, workdays = term
    return calendar.add_workdays(start, number) if workdays else start + dt.timedelta(days=number)


def open_for(parts: Sequence[MatterPart], *, cycle: Cycle, today: dt.date) -> list[Obligation]:
    """Open what each part owes from today to its due day, and bind it to the part."""
    wanted = [_owed(part, cycle=cycle, today=today) for part in parts]
    opened = {each.source_ref: each for each in open_obligations(wanted, today=today, cycle=cycle)}
    for part in parts:
        if part.pk not in opened:
            raise Refusal(
                _("“%(unit)s”今天已经有一项期限为 %(day)s 的同一事项，请另定期限。")
                % {"unit": part.unit, "day": part.due_on}
            )
        part.obligation = opened[part.pk]
        part.save(update_fields=["obligation"])
    return list(opened.values())


def _owed(part: MatterPart, *, cycle: Cycle, today: dt.date) -> Obligation:
    matter = part.matter
    reviews = rules.reviews_for(kind_of(matter), part.unit, split=part.parent_id is not None)
    office = rules.reporting_office(part.unit) if Reviewer.OWN_HEAD in reviews else None
    return Obligation(
        cycle=cycle,
        unit=part.unit,
        unit_path=part.unit.path,
        office=office or part.office,
        pillar=matter.pillar,
        source=Source.MATTER,
        source_ref=part.pk,
        rule=f"matter:{matter.pk}",
        title=matter.title,
        period_zh=part.wording[:60],
        part=part.part,
        evidence=EVIDENCE,
        minutes=REPORT_MINUTES[part.part],  # type: ignore[index]
        reviews=reviews,
        starts_on=today,
        due_on=part.due_on,
    )


def reports_still_owed(parts: Iterable[MatterPart]) -> list[Obligation]:
    """Progress reports of the parts that nobody has handed in yet, or that were returned or stopped."""
    return list(
        Obligation.objects.filter(source=Source.REPORT, source_ref__in=[each.pk for each in parts]).exclude(
            state__in=SETTLED
        )
    )


def cancel(
    obligations: Iterable[Obligation | None], *, reason: str, actor: Actor, now: dt.datetime
) -> list[Obligation]:
    """Cancel what is not settled, for a stated reason; each has a log row of its own."""
    ended = []
    for each in obligations:
        if each is None:
            continue
        row = locked(each)
        if row.is_settled:
            continue
        row.state, row.next_review = State.CANCELLED, ""
        save_relit(row, today=clock.today(now), fields=["state", "next_review"])
        each.state = row.state
        audit.record(
            "supervision.obligation_cancelled", target=row, actor=actor, at=now, payload={"reason": reason}
        )
        ended.append(row)
    return ended

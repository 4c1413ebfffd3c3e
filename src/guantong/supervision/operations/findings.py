"""A finding is written down, the unit is told, the unit replies. Nobody is held to account by a colour alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office, Person
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit
from guantong.supervision.choices import FindingStage
from guantong.supervision.models import Finding, FindingNotice, Matter, Reply
from guantong.supervision.rules import findings as rules


def office_of(actor: Actor) -> Office | None:
    return actor.office if isinstance(actor, Acting) else None


def person_of(actor: Actor) -> Person | None:
    return actor.person if isinstance(actor, Acting) else None


def locked(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",))
    return rows.select_related("unit", "cycle__stored", "found_by").get(pk=finding.pk)


def needed(text: str, *, else_say: str) -> str:
    if not text.strip():
        raise Refusal(else_say)
    return text.strip()


def move(finding: Finding, stage: str) -> None:
    finding.stage = stage
    finding.save(update_fields=["stage"])


@transaction.atomic
def draft_finding(
    *,
    cycle: Cycle,
    unit: Unit,
    text: str,
    basis: str,
    actor: Actor,
    now: dt.datetime,
    rule_cited: str = "",
    kind: str = "",
    matter: Matter | None = None,
    obligation: Obligation | None = None,
) -> Finding:
    """Write down what was found at a unit and what it rests on. The unit is not yet told, and nothing follows."""
    if not rules.may_find(actor, unit):
        raise Refusal(_("问题由统筹协调单位提出，且不能对本单位提出。"))
    words = _words(cycle, text=text, basis=basis, rule_cited=rule_cited, kind=kind)
    if obligation is not None and (obligation.unit_id != unit.pk or obligation.cycle_id != cycle.pk):
        raise Refusal(_("所关联的事项不是这个单位本年度的事项。"))
    if matter is not None and not matter.parts.filter(unit=unit).exists():
        raise Refusal(_("这个单位没有承办所关联的督办事项。"))
    finding = Finding.objects.create(
        cycle=cycle,
        unit=unit,
        matter=matter,
        obligation=obligation,
        found_by=office_of(actor),
        finder=person_of(actor),
        found_at=now,
        **words,
    )
    audit.record("supervision.finding_drafted", target=finding, actor=actor, at=now, payload=words)
    return finding


def _words(cycle: Cycle, *, text: str, basis: str, rule_cited: str, kind: str) -> dict[str, str]:
    if kind and kind not in rules.finding_kinds(cycle.package):
        raise Refusal(_("机制包里没有“%(kind)s”这类问题。") % {"kind": kind})
    return {
        "text": needed(text, else_say=_("请写明发现的问题。")),
        "basis": needed(basis, else_say=_("请写明依据，例如哪份材料、哪次检查。")),
        "rule_cited": rule_cited.strip(),
        "kind": kind,
    }


@transaction.atomic
def revise_finding(
    *, finding: Finding, text: str, basis: str, rule_cited: str, kind: str, actor: Actor, now: dt.datetime
) -> Finding:
    """Mend the words before the unit is told; afterwards they stand."""
    finding = locked(finding)
    if finding.stage != FindingStage.DRAFTED:
        raise Refusal(_("问题已经告知，不能再改动。"))
    if not rules.may_find(actor, finding.unit):
        raise Refusal(_("问题由统筹协调单位提出，且不能对本单位提出。"))
    words = _words(finding.cycle, text=text, basis=basis, rule_cited=rule_cited, kind=kind)
    for name, value in words.items():
        setattr(finding, name, value)
    finding.finder, finding.found_by, finding.found_at = person_of(actor), office_of(actor), now
    finding.save()
    audit.record("supervision.finding_revised", target=finding, actor=actor, at=now, payload=words)
    return finding


@transaction.atomic
def send_notice(
    *, finding: Finding, actor: Actor, now: dt.datetime, reply_by: dt.date | None = None
) -> FindingNotice:
    """Tell the unit what was found, and until when it may reply: ten working days unless said otherwise."""
    finding = locked(finding)
    today, cycle = clock.today(now), finding.cycle
    if finding.stage != FindingStage.DRAFTED:
        raise Refusal(_("这项问题已经告知过了。"))
    if not rules.may_find(actor, finding.unit):
        raise Refusal(_("问题由统筹协调单位告知。"))
    reply_by = reply_by or rules.default_reply_by(cycle, today)
    if reply_by < rules.earliest_reply_by(cycle, today):
        raise Refusal(
            _("答复期不能少于 %(n)s 个工作日，最早 %(day)s。")
            % {"n": rules.SHORTEST_REPLY_WORKDAYS, "day": rules.earliest_reply_by(cycle, today)}
        )
    notice = FindingNotice.objects.create(
        finding=finding, sent_by=office_of(actor), sent_at=now, reply_by=reply_by
    )
    move(finding, rules.stage_after(finding, "notify"))
    audit.record(
        "supervision.finding_notified",
        target=finding,
        actor=actor,
        at=now,
        payload={"reply_by": reply_by},
        states=[notice],
    )
    return notice


@transaction.atomic
def reply_to_finding(*, finding: Finding, text: str, actor: Actor, now: dt.datetime) -> Reply:
    """What the unit says to it. Heard as long as nobody has ruled, even after the day."""
    finding = locked(finding)
    if Reply.objects.filter(finding=finding).exists():
        raise Refusal(_("这项问题已经答复过了。"))
    after = rules.stage_after(finding, "reply")
    if not rules.may_answer(actor, finding):
        raise Refusal(_("只有被告知的单位可以答复。"))
    text = needed(text, else_say=_("请写明答复意见。"))
    reply = Reply.objects.create(finding=finding, text=text, replied_by=office_of(actor), replied_at=now)
    move(finding, after)
    audit.record(
        "supervision.finding_replied",
        target=finding,
        actor=actor,
        at=now,
        payload={"text": text},
        states=[reply],
    )
    return reply

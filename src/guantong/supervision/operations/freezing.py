"""Freezing a list of closed items, and announcing what seed will draw from it before that seed exists."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.supervision.models import Sample
from guantong.supervision.queries.samples import closed_items, ids_only, list_of
from guantong.supervision.rules import samples as rules
from guantong.supervision.sampling import discovery_size

ID_ONLY = "ids_sha256"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which closed items a list holds: below a unit, of an element, settled between two days, both included."""

    under: Unit
    pillar: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is announced with a list.

    ``share_false`` is the share of false items that must not be missed, ``confidence`` how surely. The seed is named
    before it exists, so that nobody can choose among seeds.
    """

    name: str
    share_false: Decimal
    confidence: Decimal
    seed_source: str
    seed_on: dt.date


@transaction.atomic
def freeze_list(*, cycle: Cycle, scope: Scope, terms: Terms, actor: Actor, now: dt.datetime) -> Sample:
    """Freeze the closed items and announce what seed will draw from them: both stand in the log from now on."""
    if not rules.may_freeze(actor, cycle, scope.under):
        raise Refusal(_("只有统筹协调单位可以在本级范围内组织抽查。"))
    _refuse_unfit(scope, terms)
    _refuse_seed(terms, today=clock.today(now))
    content, population = list_of(
        closed_items(
            cycle=cycle, under=scope.under, pillar=scope.pillar, since=scope.since, until=scope.until
        )
    )
    if not population:
        raise Refusal(_("这个范围内没有已办结的事项，没有可抽的名单。"))
    sample = _announced(cycle, terms, content, population)
    if earlier := _the_same(sample):
        return earlier
    sample.frozen_by = actor.office if isinstance(actor, Acting) else None
    sample.frozen_at = now
    sample.save()
    _record_freezing(sample, scope, actor=actor, now=now)
    return sample


def _announced(cycle: Cycle, terms: Terms, content: str, population: int) -> Sample:
    """The list with everything that is published about it, not yet stored."""
    return Sample(
        cycle=cycle,
        name=terms.name.strip(),
        list_csv=content,
        list_digest=hashlib.sha256(content.encode()).hexdigest(),
        population=population,
        size=discovery_size(population, share=terms.share_false, confidence=terms.confidence),
        share_false=terms.share_false,
        confidence=terms.confidence,
        seed_source=rules.source_text(terms.seed_on, terms.seed_source),
    )


def _the_same(sample: Sample) -> Sample | None:
    """The same form sent twice."""
    same = {name: getattr(sample, name) for name in ("cycle", "name", "list_digest", "seed_source")}
    return Sample.objects.filter(**same, seed="").first()


def _record_freezing(sample: Sample, scope: Scope, *, actor: Actor, now: dt.datetime) -> None:
    audit.record(
        "supervision.sample_frozen",
        target=sample,
        actor=actor,
        at=now,
        payload={
            "list_sha256": sample.list_digest,
            ID_ONLY: hashlib.sha256(ids_only(sample.list_csv).encode()).hexdigest(),
            "population": sample.population,
            "n": sample.size,
            "seed_source": sample.seed_source,
            "unit": scope.under.pk,
            "pillar": scope.pillar,
            "since": scope.since,
            "until": scope.until,
        },
    )


def _refuse_unfit(scope: Scope, terms: Terms) -> None:
    if not terms.name.strip() or len(terms.name.strip()) > 200:
        raise Refusal(_("请写明抽查名称，不超过 200 字。"))
    if not 0 < terms.share_false <= 1 or not Decimal("0.5") <= terms.confidence < 1:
        raise Refusal(_("不实占比应在 0 到 100% 之间，把握程度应在 50% 到 99.99% 之间。"))
    if scope.since and scope.until and scope.since > scope.until:
        raise Refusal(_("办结日期的起止颠倒了。"))


def _refuse_seed(terms: Terms, *, today: dt.date) -> None:
    if not terms.seed_source.strip():
        raise Refusal(_("请写明种子从哪里来，让任何人都查得到，例如某日某期彩票的开奖号码。"))
    if len(rules.source_text(terms.seed_on, terms.seed_source)) > 300:
        raise Refusal(_("种子来源最多写 280 字。"))
    if terms.seed_on <= today:
        raise Refusal(_("种子须在名单冻结之后产生，请选今天以后的日期。"))

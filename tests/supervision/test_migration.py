"""What was kept before proposals could be read in any language and following could end: nothing of it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from conftest import CONSOLE, START, YEAR
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.operations import read_valid_package, start_cycle
from guantong.obligations.models import Obligation
from guantong.organisation.models import Unit, step_of
from guantong.supervision import reasons
from guantong.supervision.models import Circular as Circulars
from guantong.supervision.models import Escalation, Figure, Matter, Subscription

BEFORE = ("supervision", "0001_follow_matters_to_their_end")
AFTER = ("supervision", "0002_say_why_in_any_language_and_stop_following")
SENTENCE = "“季度进展 · 第一季度”应于 2026-03-25 完成，提醒后仍未完成，已逾期 3 个工作日，建议约谈。"
DAY = dt.date(2026, 3, 30)


def all_migrated() -> None:
    """Every room to its newest, also those that went back because they stand on this one."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrated(to: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([to])
    return MigrationExecutor(connection).loader.project_state([to]).apps.get_model


@pytest.fixture
def cycle(transactional_db: None) -> Iterator[Cycle]:
    unit = Unit.objects.create(code="15", name="某市", level="city", path=step_of(1))
    yield start_cycle(
        package=read_valid_package("three-threes"), unit=unit, year=YEAR, actor=CONSOLE, now=START
    )
    all_migrated()


@pytest.fixture
def owed(cycle: Cycle) -> Obligation:
    office = Office.objects.create(
        unit=cycle.unit, seat="head", title="办公室", role=Role.COORDINATOR, scope=cycle.unit
    )
    return Obligation.objects.create(
        cycle=cycle, unit=cycle.unit, unit_path=cycle.unit.path, office=office, pillar="link_task", source="task",
        source_ref=1, rule="T", title="季度进展", starts_on=DAY, due_on=DAY,
    )  # fmt: skip


def test_a_proposal_keeps_its_sentence_word_for_word_and_is_read_in_any_language(owed: Obligation) -> None:
    earlier = migrated(BEFORE)("supervision", "Escalation")
    about = {
        "cycle_id": owed.cycle_id,
        "unit_id": owed.unit_id,
        "obligation_id": owed.pk,
        "proposed_at": START,
    }
    for step, sentence in (("talk", SENTENCE), ("refer", "从前另写的一句话。")):
        earlier.objects.create(**about, step=step, about=sentence)
    migrated(AFTER)
    talk, refer = Escalation.objects.order_by("pk")
    assert (talk.about, talk.said, refer.about) == (SENTENCE, {}, "从前另写的一句话。")
    with override("zh-hans"):
        assert (talk.sentence, refer.sentence) == (SENTENCE, "从前另写的一句话。")
    with override("en"):
        english = talk.sentence
    assert all(each in english for each in ("季度进展 · 第一季度", "2026-03-25", "3 working days"))
    assert "建议" not in english
    said = reasons.reason_for("remind", title="季度进展", due="2026-03-25", n=1)
    newer = Escalation.objects.create(**about, step="remind", said=said)
    with override("en"):
        assert "1 working day " in newer.sentence
    rows = (
        migrated(BEFORE)("supervision", "Escalation").objects.order_by("pk").values_list("about", flat=True)
    )
    assert list(rows) == [
        SENTENCE,
        "从前另写的一句话。",
        "“季度进展”应于 2026-03-25 完成，已逾期 1 个工作日，建议提醒。",
    ]


def test_who_follows_still_does_and_only_who_stopped_is_forgotten_on_the_way_back(owed: Obligation) -> None:
    get = migrated(BEFORE)
    matter = get("supervision", "Matter").objects.create(
        cycle_id=owed.cycle_id, kind="other", title="一件事", origin="check", basis="…", pillar="p",
        issued_by_id=owed.office_id, drafted_at=START, due_on=DAY, first_due_on=DAY, stage="registered", number=1,
    )  # fmt: skip
    follows = get("supervision", "Subscription").objects.create(
        matter_id=matter.pk, office_id=owed.office_id, since=START
    )
    migrated(AFTER)
    subscription = Subscription.objects.get(pk=follows.pk)
    assert subscription.ended_at is None
    subscription.ended_at = START
    subscription.save()
    again = Subscription.objects.create(matter=Matter.objects.get(), office=owed.office, since=START)
    left = migrated(BEFORE)("supervision", "Subscription").objects.values_list("pk", flat=True)
    assert list(left) == [again.pk]


def test_a_figure_s_value_is_cut_only_where_the_earlier_schema_cannot_hold_it(owed: Obligation) -> None:
    circular = Circulars.objects.create(
        cycle=owed.cycle, unit=owed.unit, title="通报", as_of=DAY, drafted_at=START
    )
    for key, value in (("due", "12"), ("m1", "《" + "长" * 60 + "》（督〔2026〕1号）")):
        Figure.objects.create(circular=circular, key=key, label="…", value=value)
    values = migrated(BEFORE)("supervision", "Figure").objects.order_by("key").values_list("value", flat=True)
    assert list(values) == ["12", "《" + "长" * 39]

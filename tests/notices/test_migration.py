"""Notices written before their words were kept for any reader lose nothing on the way there and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.notices.models import Notice
from guantong.organisation.models import Unit, step_of

BEFORE, AFTER = (
    ("notices", "0001_ask_whoever_moves_next"),
    ("notices", "0002_keep_what_is_said_for_any_reader"),
)
DAY = dt.date(2026, 3, 20)
# (kind, about, title, missing) as they were, and (kind, English is free of their Chinese words) as they are
WRITTEN = [
    (
        "due",
        "obligations.obligation",
        "季度进展 · 第一季度",
        "缺进展报告：填一条进展；没有变化的，点“本期无变化”。",
    ),
    ("returned", "obligations.obligation", "季度进展", "缺巡查记录。"),
    (
        "escalation",
        "mechanisms.cycle",
        "23 项建议措施等待确认",
        "请逐项确认或说明不采取的理由。系统不会自动采取措施。",
    ),
    (
        "escalation",
        "supervision.escalation",
        "约谈东胜区：季度进展",
        "请安排约谈，谈后登记时间、情况和商定的措施。",
    ),
    ("overdue", "supervision.escalation", "约谈：季度进展：其一", "请按通知参加约谈，并带上办理情况。"),
    ("overdue", "supervision.escalation", "提醒：季度进展", "缺述职报告。"),
    (
        "review",
        "supervision.finding",
        "东胜区：台账：不全",
        "单位已答复或答复期已满，请作出认定。提出问题的人回避。",
    ),
    ("review", "obligations.claim", "东胜区：季度进展", "请审核：通过，或者退回并写明要补什么。"),
    ("result", "assessment.score", "考核初步结果", "查看本单位各项得分；有不同意见，请在申诉期内逐项提出"),
    ("appeal", "assessment.appeal", "东胜区 · 按期率", "自己写的一句话 100%"),
]
KINDS = {3: "hold_talk", 4: "talk", 5: "reminded", 6: "rule"}


def all_migrated() -> None:
    """Every room to its newest, also those that went back because they stand on this one."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def migrated(to: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([to])
    return MigrationExecutor(connection).loader.project_state([to]).apps.get_model("notices", "Notice")


@pytest.fixture
def office(transactional_db: None) -> Iterator[Office]:
    unit = Unit.objects.create(code="15", name="某市", level="city", path=step_of(1))
    yield Office.objects.create(unit=unit, seat="head", title="办公室", role=Role.COORDINATOR, scope=unit)
    all_migrated()


def told(model: Any) -> list[tuple[str, str, str]]:
    rows = model.objects.order_by("pk")
    return [(each.about, str(each.title), str(each.missing)) for each in rows]


def test_there_and_back_every_notice_keeps_its_words(office: Office) -> None:
    earlier = migrated(BEFORE)
    for ref, (kind, about, title, missing) in enumerate(WRITTEN, 1):
        earlier.objects.create(
            office_id=office.pk, kind=kind, about=about, about_ref=ref, title=title, missing=missing, minutes=3,
            url="/", since=DAY, closed_on=DAY if ref == 1 else None,
        )  # fmt: skip
    was = told(earlier)
    migrated(AFTER)
    with override("zh-hans"):
        assert told(Notice) == was
    kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [KINDS.get(at, kind) for at, (kind, *_rest) in enumerate(WRITTEN)]
    with override("en"):
        english = told(Notice)
    kept = [at for at, (now, before) in enumerate(zip(english, was, strict=True)) if now[2] == before[2]]
    assert kept == [1, 9]  # what a reviewer or somebody else typed
    assert not any(
        "约谈" in title or "提醒" in title or "建议措施" in title for _about, title, _missing in english
    )
    earlier = migrated(BEFORE)
    assert told(earlier) == was
    assert list(earlier.objects.order_by("pk").values_list("kind", flat=True)) == [row[0] for row in WRITTEN]

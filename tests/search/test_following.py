"""The index follows the log, or is built from nothing; either way it comes to the same."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import connection

from conftest import CONSOLE, City, at
from guantong.audit.sequencing import sequence
from guantong.config.cli import main
from guantong.duties.models import DutyItem
from guantong.duties.operations import answer_objection, object_to_item
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit, rename_unit
from guantong.records.models import Record
from guantong.search import index
from guantong.search.following import Followed, behind_since, follow_log, reindex
from guantong.search.models import Standing
from guantong.search.sources import KINDS
from search.cast import play, record_at


def everything() -> dict[str, dict[int, frozenset[str]]]:
    return {kind.name: index.known(kind.number) for kind in KINDS}


def follow(day: int = 4) -> Followed:
    sequence()
    return follow_log(now=at(3, day))


@pytest.fixture
def followed(signed: City) -> City:
    """The index up to date with everything that was done so far."""
    follow(1)
    return signed


class TestFollowing:
    def test_the_first_time_builds_it(self, signed: City) -> None:
        done = follow()
        assert done.rebuilt
        assert done.indexed == sum(len(rows) for rows in everything().values()) > 20
        assert done.kinds["units"] == Unit.objects.count()

    def test_what_is_done_later_is_found_as_if_built_anew(self, followed: City) -> None:
        play_without_index(followed)
        done = follow()
        assert not done.rebuilt
        assert done.indexed >= 8
        by_log = everything()
        assert by_log["records"]
        assert by_log["matters"]
        assert by_log["cases"]
        reindex(now=at(3, 5))
        without_meetings = {name: rows for name, rows in everything().items() if name != "meetings"}
        assert without_meetings == {name: rows for name, rows in by_log.items() if name != "meetings"}

    def test_a_second_round_has_nothing_to_do(self, followed: City) -> None:
        record_at(followed, "150602", "走访企业")
        assert follow().read == 1
        before = everything()
        assert follow() == Followed()
        assert everything() == before

    def test_it_says_since_when_it_is_behind(self, followed: City) -> None:
        assert behind_since() is None
        record_at(followed, "150602", "走访企业")
        assert behind_since() == at(3, 1)
        follow(6)
        assert behind_since() is None
        assert Standing.objects.get().as_of == at(3, 6)

    def test_a_row_that_is_gone_goes_out(self, followed: City) -> None:
        record = record_at(followed, "150602", "走访企业")
        follow()
        assert record.pk in everything()["records"]
        record.participations.all().delete()
        Record.objects.filter(pk=record.pk).delete()
        reindex(now=at(3, 5))
        assert record.pk not in everything()["records"]

    def test_a_duty_that_was_taken_back_goes_out(self, city: City) -> None:
        reindex(now=at(1, 10))
        item = DutyItem.objects.filter(duty_list__unit__code="1506-MU-01").order_by("pk")[0]
        sequence()
        follow_log(now=at(1, 11))
        assert item.pk in everything()["duties"]
        objection = object_to_item(item=item, reason="不归我们", actor=CONSOLE, now=at(1, 12))
        answer_objection(objection=objection, upheld=True, answer="收回", actor=CONSOLE, now=at(1, 13))
        sequence()
        assert not follow_log(now=at(1, 14)).rebuilt
        assert item.pk not in everything()["duties"]

    def test_a_new_unit_is_added_and_a_renamed_one_builds_all_anew(self, followed: City) -> None:
        unit = open_unit(
            code="150602002", name="巴音街道", kind="territory", level="township", parent=followed.units["150602"],
            on=dt.date(2026, 1, 1), actor=CONSOLE, now=at(3, 2),
        )  # fmt: skip
        assert not follow().rebuilt
        assert "t巴音" in everything()["units"][unit.pk]
        record = record_at(followed, "150602", "走访企业")
        follow()
        rename_unit(
            unit=followed.units["150602"],
            name="新东区",
            on=dt.date(2026, 3, 3),
            actor=CONSOLE,
            now=at(3, 3),
            reason="更名",
        )
        assert follow().rebuilt
        assert "a新东" in everything()["records"][record.pk]


def play_without_index(city: City) -> None:
    standing = Standing.objects.get()
    before = everything()
    play(city)
    for kind in KINDS:
        index.take_out(kind.number, set(index.known(kind.number)) - set(before[kind.name]))
    Standing.objects.filter(pk=standing.pk).update(position=standing.position, as_of=standing.as_of)


class TestCommand:
    def test_reindex_says_what_it_indexed(self, signed: City, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["reindex"]) == 0
        assert "查找索引已重建" in capsys.readouterr().out
        assert everything()["units"].keys() == set(Unit.objects.values_list("pk", flat=True))


class Editor:
    """A schema editor inside the transaction of a test, which SQLite's own would not enter."""

    connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


class TestMigration:
    def test_it_can_be_taken_back_and_made_again(self, followed: City) -> None:
        migration = importlib.import_module("guantong.search.migrations.0001_index_words_by_twos")
        migration.take_down(apps, Editor())
        assert "search_words" not in connection.introspection.table_names()
        migration.set_up(apps, Editor())
        assert not any(everything().values())
        reindex(now=at(3, 5))
        assert any(everything().values())

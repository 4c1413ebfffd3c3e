from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import CONSOLE
from guantong.audit.models import AuditEntry
from guantong.importing.units.operations import Outcome, import_units_file
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.organisation.operations import (
    close_unit,
    merge_units,
    move_unit,
    open_unit,
    rename_unit,
    split_unit,
)
from guantong.organisation.queries import check_tree, lineage_of, rebuild_paths, successors_of

DATA = Path(__file__).parent / "data"
NOW = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 7, 1)
HEAD = "code,name,level,parent_code\n"


def run(path: Path, text: str | bytes) -> Outcome:
    file = path / "units.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_units_file(file, actor=CONSOLE, now=NOW)


@pytest.mark.django_db
class TestImportUnits:
    def test_the_real_tree_then_again_unchanged(self) -> None:
        first = import_units_file(DATA / "ordos_divisions.csv", actor=CONSOLE, now=NOW)
        assert (first.created, first.rejected) == (1110, [])
        assert check_tree() == []
        again = import_units_file(DATA / "ordos_divisions.csv", actor=CONSOLE, now=NOW)
        assert (again.created, again.updated, again.unchanged) == (0, 0, 1110)
        assert AuditEntry.objects.filter(verb="organisation.imported").count() == 1

    def test_padded_codes_mean_the_short_ones(self, tmp_path: Path) -> None:
        run(tmp_path, HEAD + "15,内蒙古,province,\n1506,鄂尔多斯市,city,15\n")
        again = run(tmp_path, HEAD + "150600000000,鄂尔多斯市,city,150000000000\n")
        assert again.unchanged == 1

    def test_a_city_without_counties_repeats_its_code_one_level_down(self, tmp_path: Path) -> None:
        rows = "44,省,province,\n4419,东莞市,city,44\n441900,东莞市,county,4419\n441900003,东城街道,township,441900\n"
        assert run(tmp_path, HEAD + rows).created == 4
        assert Unit.objects.get(code="441900003").parent.code == "441900"  # type: ignore[union-attr]
        assert Unit.objects.get(code="441900").parent.code == "4419"  # type: ignore[union-attr]
        assert run(tmp_path, HEAD + rows).unchanged == 4

    def test_update_is_by_code_and_a_new_parent_moves_the_subtree(self, tmp_path: Path) -> None:
        run(
            tmp_path,
            HEAD
            + "15,甲,province,\n1506,乙,city,15\n1507,丙,city,15\n150601,丁,county,1506\n150601001,戊,township,150601\n",
        )
        outcome = run(tmp_path, HEAD + "150601,丁区,county,1507\n")
        assert outcome.updated == 1
        assert Unit.objects.get(code="150601001").path.startswith(Unit.objects.get(code="1507").path)
        assert check_tree() == []

    @pytest.mark.parametrize(
        ("lines", "row", "column"),
        [
            ("1506,市,city,99\n", 2, "parent_code"),
            ("15,省,province,\n15,省,province,\n", 3, "code"),
            ("15,省,planet,\n", 2, "level"),
            ("15,省,city,\n", 2, "level"),
            ("15,,province,\n", 2, "name"),
            (",省,province,\n", 2, "code"),
            ("1.506E+11,市,city,\n", 2, "code"),
            ("15,省,province,15\n", 2, "parent_code"),
            ("A-1,甲,county,A-2\nA-2,乙,county,A-1\n", 2, "level"),
            ("15\n", 2, ""),
            ("15,省\x00,province,\n", 2, ""),
        ],
    )
    def test_a_bad_row_is_reported_by_row_and_column_and_nothing_is_written(
        self, tmp_path: Path, lines: str, row: int, column: str
    ) -> None:
        outcome = run(tmp_path, HEAD + lines)
        assert (row, column) in {(each.row, each.column) for each in outcome.rejected}
        assert not Unit.objects.exists()

    def test_a_circle_is_reported(self, tmp_path: Path) -> None:
        outcome = run(
            tmp_path,
            "code,name,level,parent_code,kind\nA-1,甲,city,A-2,member_unit\nA-2,乙,city,A-1,member_unit\n",
        )
        assert any("绕成了一圈" in each.reason for each in outcome.rejected)

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
    )
    def test_encodings_are_detected(self, tmp_path: Path, encoding: str) -> None:
        outcome = run(
            tmp_path, (HEAD + "15,内蒙古自治区,province,\n1506,鄂尔多斯市,city,15\n").encode(encoding)
        )
        assert outcome.created == 2
        assert Unit.objects.get(code="1506").name == "鄂尔多斯市"

    def test_unreadable_bytes_get_a_sentence_with_the_position(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="个字节"):
            run(tmp_path, HEAD.encode() + b"15,\xff\xff\xff,province,\n")

    def test_a_parent_may_come_after_its_child(self, tmp_path: Path) -> None:
        assert run(tmp_path, HEAD + "1506,市,city,15\n15,省,province,\n").created == 2
        assert Unit.objects.get(code="1506").parent.code == "15"  # type: ignore[union-attr]

    def test_member_units_and_homes_are_units_too(self, tmp_path: Path) -> None:
        outcome = run(
            tmp_path, "code,name,level,parent_code,kind\n15,省,province,,\n15-MU-1,省教育厅,,15,member_unit\n"
        )
        assert outcome.created == 2
        assert Unit.objects.get(code="15-MU-1").level == "province"

    def test_a_missing_header_gets_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="表头缺少"):
            run(tmp_path, "a,b\n1,2\n")


class TestChanges:
    def make(self, code: str, parent: Unit | None, level: str = "county") -> Unit:
        return open_unit(
            code=code, name=f"单位{code}", kind="territory", level=level, parent=parent, on=dt.date(2026, 1, 1),
            actor=CONSOLE, now=NOW,
        )  # fmt: skip

    def test_merging_moves_what_is_below_and_keeps_lineage(self, db: None) -> None:
        root = self.make("R", None, "city")
        a, b = self.make("A", root), self.make("B", root)
        child = self.make("C", a, "township")
        merge_units(units=[a], into=b, on=DAY, actor=CONSOLE, now=NOW, reason="撤并")
        child.refresh_from_db()
        a.refresh_from_db()
        assert child.parent_id == b.pk
        assert a.closed_on == DAY
        assert successors_of(a, on=DAY) == [b]
        assert successors_of(a, on=DAY - dt.timedelta(days=1)) == [a]
        assert [link.kind for link in lineage_of(b)] == ["merged"]
        assert check_tree() == []

    def test_splitting_opens_the_new_and_closes_the_old(self, db: None) -> None:
        root = self.make("R", None, "city")
        old = self.make("A", root)
        made = split_unit(
            unit=old, into=[("A1", "甲"), ("A2", "乙")], on=DAY, actor=CONSOLE, now=NOW, reason="拆分"
        )
        assert set(Unit.objects.open_on(DAY).children_of(root)) == set(made)

    @pytest.mark.parametrize("act", ["into_itself", "below_itself", "with_children", "twice"])
    def test_what_cannot_be_is_refused(self, db: None, act: str) -> None:
        root = self.make("R", None, "city")
        a = self.make("A", root)
        child = self.make("C", a, "township")
        acts = {
            "into_itself": lambda: merge_units(units=[a], into=a, on=DAY, actor=CONSOLE, now=NOW, reason="…"),
            "below_itself": lambda: move_unit(
                unit=a, under=child, on=DAY, actor=CONSOLE, now=NOW, reason="…"
            ),
            "with_children": lambda: close_unit(unit=a, on=DAY, actor=CONSOLE, now=NOW, reason="…"),
            "twice": lambda: close_unit(unit=child, on=DAY, actor=CONSOLE, now=NOW, reason="…"),
        }
        if act == "twice":
            acts[act]()
        with pytest.raises(Refusal):
            acts[act]()

    def test_renaming_keeps_the_old_name_in_its_changes(self, db: None) -> None:
        unit = self.make("R", None, "city")
        rename_unit(unit=unit, name="新名", on=DAY, actor=CONSOLE, now=NOW, reason="更名")
        assert unit.changes.get(kind="renamed").details["before"] == "单位R"

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=12))
    def test_random_moves_keep_every_path_right(self, db: None, moves: list[tuple[int, int]]) -> None:
        from django.db import transaction

        with transaction.atomic():
            units = [self.make("R", None, "city")]
            for number in range(12):
                units.append(self.make(f"U{number}", units[number // 2]))
            for source, target in moves:
                try:
                    move_unit(
                        unit=Unit.objects.get(pk=units[source].pk),
                        under=Unit.objects.get(pk=units[target].pk),
                        on=DAY, actor=CONSOLE, now=NOW, reason="划转",
                    )  # fmt: skip
                except Refusal:
                    continue
            assert check_tree() == []
            rebuild_paths()
            assert check_tree() == []
            transaction.set_rollback(True)

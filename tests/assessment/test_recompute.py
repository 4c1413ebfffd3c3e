"""A run is rules + data + program → result, and anybody computes it again with Python alone."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.random_runs import packages, snapshots
from assessment.test_score_run import worked
from conftest import CONSOLE, City, at
from guantong.assessment import recompute, results
from guantong.assessment.exporting import export_run, write_zip
from guantong.assessment.models import Run, RunData, Score, ScoreLine
from guantong.assessment.operations import run_scores
from guantong.assessment.results import kept_result
from guantong.assessment.scoring_run import score_snapshot
from guantong.assessment.snapshot import canonical, digest, snapshot_of, stored_snapshot
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package import Package
from guantong.obligations.models import Obligation

__all__ = ["worked"]
DAY = dt.date(2026, 7, 1)
UNIT = "1506-MU-01"


def run_of(city: City, month: int = 7) -> Run:
    return run_scores(cycle=city.cycle, as_of=DAY, actor=CONSOLE, now=at(month, 1))


def unpacked(run: Run, folder: Path) -> Path:
    write_zip(folder / "run.zip", export_run(run))
    with zipfile.ZipFile(folder / "run.zip") as archive:
        archive.extractall(folder / "run")
    return folder / "run"


def recomputed(folder: Path) -> tuple[int, list[str]]:
    """As somebody without this program runs it: isolated, standard library only."""
    done = subprocess.run(
        [sys.executable, "-I", "recompute.py"], cwd=folder, capture_output=True, check=False, encoding="utf-8"
    )
    assert not done.stderr
    return done.returncode, done.stdout.splitlines()


class TestTwoWaysOfComputing:
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(source=packages(), snapshot=snapshots())
    def test_the_program_and_the_stand_alone_one_give_the_same_bytes(
        self, source: dict[str, Any], snapshot: dict[str, Any]
    ) -> None:
        rules, data = canonical(source), canonical(snapshot)
        scores = results.computed(score_snapshot(Package.from_canonical(rules.decode()), snapshot))
        mine = results.result_bytes(
            scores, program="1", as_of=snapshot["as_of"], rules=digest(rules), data=digest(data)
        )
        theirs = recompute.result(rules, data, "1")
        assert theirs["scores"] == json.loads(mine)["scores"]
        assert recompute.canonical(theirs) == mine

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(source=packages(), snapshot=snapshots(), data=st.data())
    def test_a_snapshot_is_not_changed_by_scoring_it(
        self, source: dict[str, Any], snapshot: dict[str, Any], data: st.DataObject
    ) -> None:
        before = canonical(snapshot)
        package = Package.from_canonical(canonical(source).decode())
        first = results.computed(score_snapshot(package, snapshot))
        assert canonical(snapshot) == before
        assert results.computed(score_snapshot(package, json.loads(before))) == first


class TestRun:
    def test_it_is_rules_data_and_program_to_a_result(self, worked: City) -> None:
        run = run_of(worked)
        snapshot = stored_snapshot(run)
        assert run.rules_digest == worked.cycle.package.digest
        assert run.data_digest == digest(canonical(snapshot))
        assert snapshot == snapshot_of(worked.cycle, as_of=DAY)
        assert digest(kept_result(run)) == run.result_digest

    def test_a_run_changes_with_its_data_and_with_nothing_else(self, worked: City) -> None:
        first, second = run_of(worked, 7), run_of(worked, 7)
        assert (first.data_digest, first.result_digest) == (second.data_digest, second.result_digest)
        Obligation.objects.filter(source_ref=9100).update(claimed_on=dt.date(2026, 5, 30))
        third = run_of(worked)
        assert (first.data_digest, first.result_digest) != (third.data_digest, third.result_digest)

    def test_what_happens_later_changes_no_earlier_run(self, worked: City, tmp_path: Path) -> None:
        run = run_of(worked)
        before = kept_result(run)
        Obligation.objects.filter(unit__code=UNIT).delete()
        worked.units[UNIT].name = "更名后的单位"
        worked.units[UNIT].save()
        run_of(worked)
        assert kept_result(run) == before
        assert recomputed(unpacked(run, tmp_path))[0] == 0


class TestExport:
    def test_it_holds_rules_data_result_and_the_program(self, worked: City) -> None:
        files = export_run(run_of(worked))
        assert set(files) == {"rules.json", "data.json", "result.json", "recompute.py", "README.txt"}
        run = Run.objects.get()
        assert digest(files["rules.json"]) == run.rules_digest
        assert digest(files["data.json"]) == run.data_digest
        assert digest(files["result.json"]) == run.result_digest
        assert run.result_digest in files["README.txt"].decode()

    def test_the_same_run_gives_the_same_zip(self, worked: City, tmp_path: Path) -> None:
        run = run_of(worked)
        for name in ("a.zip", "b.zip"):
            write_zip(tmp_path / name, export_run(run))
        assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()

    def test_the_program_in_it_prints_the_result_digest_last(self, worked: City, tmp_path: Path) -> None:
        run = run_of(worked)
        code, lines = recomputed(unpacked(run, tmp_path))
        assert (code, lines[-1]) == (0, run.result_digest)

    @pytest.mark.parametrize("name", ["rules.json", "data.json", "result.json"])
    def test_one_changed_byte_anywhere_is_told(self, worked: City, tmp_path: Path, name: str) -> None:
        run = run_of(worked)
        folder = unpacked(run, tmp_path)
        content = (folder / name).read_bytes()
        for changed in (
            content + b"\n",
            content.replace(b'"version":1', b'"version":2').replace(b"7", b"6", 1),
        ):
            (folder / name).write_bytes(changed)
            code, lines = recomputed(folder)
            assert code == 1
            if name != "result.json":
                assert lines[-1] != run.result_digest

    def test_an_edited_figure_is_named_by_subject_and_line(self, worked: City, tmp_path: Path) -> None:
        folder = unpacked(run_of(worked), tmp_path)
        result = (folder / "result.json").read_text(encoding="utf-8")
        (folder / "result.json").write_text(
            result.replace('"points":"14"', '"points":"20"'), encoding="utf-8"
        )
        code, lines = recomputed(folder)
        assert code == 1
        assert f"SC_unit {UNIT} 市发展和改革委员会 I03 points: 文件所载 20，重算 14" in lines

    def test_an_edited_row_of_the_data_is_named_by_what_it_changes(
        self, worked: City, tmp_path: Path
    ) -> None:
        run = run_of(worked)
        folder = unpacked(run, tmp_path)
        data = json.loads((folder / "data.json").read_bytes())
        data["facts"] = data["facts"][:1]
        (folder / "data.json").write_bytes(canonical(data))
        code, lines = recomputed(folder)
        assert code == 1
        assert any(line.startswith("data: ") for line in lines)
        assert any(f"{UNIT} 市发展和改革委员会 X01 points: 文件所载 2，重算 1" in line for line in lines)

    def test_rows_changed_behind_the_programs_back_are_not_handed_out(self, worked: City) -> None:
        run = run_of(worked)
        Score.objects.filter(run=run, scorecard="SC_unit").update(total=99)
        with pytest.raises(Refusal, match="已被改动"):
            export_run(run)

    def test_data_changed_behind_the_programs_back_are_not_handed_out(self, worked: City) -> None:
        run = run_of(worked)
        RunData.objects.filter(run=run).update(content=zlib.compress(b"{}"))
        with pytest.raises(Refusal, match="快照"):
            export_run(run)
        RunData.objects.filter(run=run).update(content=b"no zlib")
        with pytest.raises(Refusal, match="快照"):
            export_run(run)

    def test_a_run_of_before_there_were_snapshots_cannot_be_exported(self, worked: City) -> None:
        run = run_of(worked)
        RunData.objects.filter(run=run).delete()
        with pytest.raises(Refusal, match="没有保存数据快照"):
            export_run(run)

    def test_lines_are_those_of_the_run(self, worked: City) -> None:
        run = run_of(worked)
        kept = json.loads(export_run(run)["result.json"])
        assert (
            sum(len(each["lines"]) for each in kept["scores"])
            == ScoreLine.objects.filter(score__run=run).count()
        )


def test_the_stand_alone_program_imports_nothing_but_the_standard_library() -> None:
    text = Path(recompute.__file__).read_text(encoding="utf-8")
    imported = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


class TestExportRunCommand:
    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        from guantong.config.cli import main

        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = main(["export-run", "--json", *arguments])
        return code, json.loads(out.getvalue() or "{}")

    def test_it_writes_the_latest_run_or_the_one_named(self, worked: City, tmp_path: Path) -> None:
        first = run_of(worked)
        Obligation.objects.filter(source_ref=9100).update(claimed_on=dt.date(2026, 5, 30))
        second = run_of(worked, 8)
        code, said = self.run(str(tmp_path / "run.zip"))
        assert (code, said["run"], said["result_digest"]) == (0, second.pk, second.result_digest)
        code, said = self.run(str(tmp_path / "run.zip"), "--run", str(first.pk))
        assert (code, said["run"], said["data_digest"]) == (0, first.pk, first.data_digest)
        with zipfile.ZipFile(tmp_path / "run.zip") as archive:
            assert digest(archive.read("result.json")) == first.result_digest

    def test_without_a_run_and_for_one_that_is_not_there_it_says_so(self, city: City, tmp_path: Path) -> None:
        assert self.run(str(tmp_path / "run.zip"))[0] == 1
        assert self.run(str(tmp_path / "run.zip"), "--run", "99")[0] == 1
        assert not (tmp_path / "run.zip").exists()

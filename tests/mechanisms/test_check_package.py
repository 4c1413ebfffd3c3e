"""``guantong check-package`` as a person and as a program sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guantong.config.cli import main
from guantong.organisation.models import Unit
from mechanisms.seeding import VALID

pytestmark = pytest.mark.django_db


class TestCheckPackage:
    def test_a_built_in_package_passes_and_shows_what_it_asks(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["check-package", "three-threes"]) == 0
        out = capsys.readouterr().out
        assert "领导干部：23 份" in out
        assert "D14 走访联系嘎查村（社区） 每个村（社区） 4 次" in out

    def test_what_waits_for_behaviour_is_named_in_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check-package", "river-chief"]) == 0
        assert "已读入、暂未启用：职责针对的对象、巡查、问题台账" in capsys.readouterr().out

    def test_villages_are_those_of_the_imported_units(self, capsys: pytest.CaptureFixture[str]) -> None:
        county = Unit.objects.create(code="150602", name="东胜区", level="county", path="00001")
        for number in range(2):
            town = Unit.objects.create(
                code=f"15060200{number}",
                name=f"街道{number}",
                level="township",
                parent=county,
                path=f"000010000{number}",
            )
            for village in range(11 + number):
                Unit.objects.create(
                    code=f"15060200{number}{village:03}", name=f"村{number}-{village}", level="village", parent=town,
                    path=f"{town.path}{village:05}",
                )  # fmt: skip
        assert main(["check-package", "three-threes"]) == 0
        assert "专职委员：46 份" in capsys.readouterr().out

    def test_villages_may_be_said(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["check-package", "three-threes", "--villages-per-township", "11.5"]) == 0
        assert "专职委员：46 份" in capsys.readouterr().out

    def test_a_fault_is_refused_with_file_line_rule_and_suggestion(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "faulty.yaml"
        file.write_text(VALID.replace("who: warden", "who: wardens"), encoding="utf-8")
        assert main(["check-package", str(file)]) == 1
        line = capsys.readouterr().out.splitlines()[0]
        assert line.startswith("faulty.yaml:40: [规则 2] ")
        assert "“warden”" in line.split(" — ")[1]

    def test_json_is_one_object_with_findings_and_forms(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "faulty.yaml"
        file.write_text(VALID.replace("weight: 40", "weight: 30"), encoding="utf-8")
        assert main(["check-package", str(file), "--json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert (answer["valid"], answer["id"], answer["version"]) == (False, "road-care", 2)
        assert len(answer["digest"]) == 64
        assert [(each["rule"], each["severity"], each["path"]) for each in answer["findings"]] == [
            (3, "error", "scorecards[0].items")
        ]
        assert {each["office"]: each["forms_per_year"] for each in answer["forms"]} == {
            "road_chief": 7,
            "warden": 0,
        }

    def test_an_unreadable_file_answers_without_a_package(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "broken.yaml"
        file.write_bytes(b"\xff\xfe\x00")
        assert main(["check-package", str(file), "--json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        assert (answer["valid"], answer["id"], answer["forms"]) == (False, None, [])
        assert answer["findings"][0]["rule"] == 0

    def test_a_file_that_is_not_there_is_refused_with_what_there_is(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["check-package", "nowhere.yaml"]) == 1
        assert "three-threes" in capsys.readouterr().err

    def test_a_number_of_villages_that_is_none_is_wrong_usage(self) -> None:
        with pytest.raises(SystemExit) as stopped:
            main(["check-package", "three-threes", "--villages-per-township", "nan"])
        assert stopped.value.code == 2

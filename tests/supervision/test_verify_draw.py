from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guantong.supervision import verify_draw
from guantong.supervision.verify_draw import CannotDraw, draw, identifiers_of, verify

PROGRAM = Path(verify_draw.__file__)
LIST = "id,unit,title,closed_on\n3,甲局,报告,2026-03-01\n10,乙局,培训,2026-03-02\n2,丙局,座谈,2026-03-03\n"
SEED = "2026-07-09 双色球 03 08 11 19 27 33 + 05"


def alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The file by itself, as somebody without this project would run it."""
    return subprocess.run(
        [sys.executable, "-I", str(PROGRAM), *arguments], capture_output=True, text=True, cwd="/", check=False
    )


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.encode())
    return path


class TestTheRule:
    def test_ids_are_ranked_by_the_hash_of_seed_newline_and_id(self) -> None:
        wanted = sorted(
            ["3", "10", "2"], key=lambda each: hashlib.sha256((SEED + "\n" + each).encode()).hexdigest()
        )
        assert draw(["3", "10", "2"], SEED, 3) == wanted

    def test_a_known_list_and_seed_give_the_same_ids_for_ever(self) -> None:
        ids = [str(number) for number in range(1, 101)]
        assert draw(ids, "20260709", 5) == ["60", "5", "12", "36", "71"]

    def test_the_order_of_the_list_does_not_matter(self) -> None:
        assert draw(["1", "2", "3"], "x", 2) == draw(["3", "2", "1"], "x", 2)

    def test_every_id_is_drawn_equally_often_over_many_seeds(self) -> None:
        ids = [str(number) for number in range(10)]
        first = [draw(ids, f"seed {number}", 1)[0] for number in range(2000)]
        assert all(150 < first.count(each) < 250 for each in ids)


class TestAlone:
    def test_it_prints_the_digest_and_the_ids_in_order(self, published: Path) -> None:
        answer = alone(str(published), SEED, "2")
        digest = hashlib.sha256(LIST.encode()).hexdigest()
        assert answer.returncode == 0
        assert answer.stdout.splitlines() == [f"SHA-256 {digest}", *draw(["3", "10", "2"], SEED, 2)]

    def test_json_is_one_object(self, published: Path) -> None:
        answer = alone(str(published), SEED, "3", "--json")
        assert json.loads(answer.stdout) == {
            "list_sha256": hashlib.sha256(LIST.encode()).hexdigest(),
            "seed": SEED,
            "n": 3,
            "population": 3,
            "drawn": draw(["3", "10", "2"], SEED, 3),
        }

    def test_more_than_the_list_holds_is_refused_with_a_sentence(self, published: Path) -> None:
        answer = alone(str(published), SEED, "4")
        assert (answer.returncode, answer.stdout) == (1, "")
        assert answer.stderr.strip() == "名单只有 3 项，抽不出 4 项。"

    @pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", "²"])
    def test_a_number_that_is_none_is_wrong_usage(self, published: Path, number: str) -> None:
        assert alone(str(published), SEED, number).returncode == 2

    @pytest.mark.parametrize("arguments", [(), ("list.csv",), ("list.csv", "seed")])
    def test_too_few_arguments_are_wrong_usage(self, arguments: tuple[str, ...]) -> None:
        assert alone(*arguments).returncode == 2

    def test_an_empty_seed_is_wrong_usage(self, published: Path) -> None:
        assert alone(str(published), " ", "1").returncode == 2

    def test_a_list_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        answer = alone(str(tmp_path / "no.csv"), SEED, "1")
        assert answer.returncode == 1
        assert "打不开名单" in answer.stderr

    def test_it_imports_nothing_but_the_standard_library(self) -> None:
        names = {
            line.split()[1].split(".")[0]
            for line in PROGRAM.read_text(encoding="utf-8").splitlines()
            if line.startswith(("import ", "from "))
        }
        assert names <= set(sys.stdlib_module_names) | {"__future__"}


class TestLists:
    @pytest.mark.parametrize(
        "content",
        [
            b"id\n1\n2\n",
            b"\xef\xbb\xbfid\r\n1\r\n2\r\n",
            "名称,ID\n甲,1\n乙,2\n".encode("gb18030"),
            b"title,id,more\na,1,\nb,2\n",
            b"id,title\n\n1,x\n,\n2,y\n",
            b'id,title\n1,"two\nlines"\n2,y\n',
        ],
    )
    def test_marks_line_ends_encodings_and_other_columns_do_not_matter(self, content: bytes) -> None:
        assert identifiers_of(content) == ["1", "2"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"number\n1\n", "没有名为 id"),
            (b"", "没有名为 id"),
            (b"id\n1\n2\n1\n", "“1”出现了不止一次"),
            (b"title,id\na,1\nb\n", "第 3 行没有 id"),
            (b"\xff\xfe\x00\x81", "读不出名单的文字"),
        ],
    )
    def test_a_list_that_cannot_be_drawn_from_says_why(self, content: bytes, sentence: str) -> None:
        with pytest.raises(CannotDraw, match=sentence):
            verify(content, SEED, 1)

    def test_ids_are_text(self) -> None:
        assert identifiers_of(b"id\n007\n7\n") == ["007", "7"]


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`guantong verify-draw` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "guantong.config.cli", "verify-draw", *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


class TestCommand:
    def test_it_answers_as_the_file_does_without_a_database(self, published: Path, tmp_path: Path) -> None:
        nowhere = {
            "GUANTONG_HOME": str(tmp_path / "home"),
            "GUANTONG_DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        }
        answer = program(str(published), SEED, "2", **nowhere)
        assert (answer.returncode, answer.stdout) == (0, alone(str(published), SEED, "2").stdout)
        as_json = program(str(published), SEED, "2", "--json", **nowhere)
        assert json.loads(as_json.stdout) == verify(LIST.encode(), SEED, 2)

    def test_refusals_and_wrong_usage_have_their_exit_codes(self, published: Path, tmp_path: Path) -> None:
        home = {"GUANTONG_HOME": str(tmp_path / "home")}
        refused = program(str(published), SEED, "9", "--json", **home)
        assert refused.returncode == 1
        assert json.loads(refused.stdout) == {"refused": True, "reasons": ["名单只有 3 项，抽不出 9 项。"]}
        assert program(str(published), SEED, "0", **home).returncode == 2

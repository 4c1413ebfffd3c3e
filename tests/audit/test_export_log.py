"""What leaves the installation – log, receipt, proof of continuation – and the verifier that needs nothing else."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from audit.test_sequencing import write
from conftest import City, at
from guantong.audit import verify_log
from guantong.audit.exporting import consistency_as_json, export_log, receipt_as_json
from guantong.audit.models import AuditEntry, Checkpoint, Receipt
from guantong.audit.operations import issue_receipt, record
from guantong.audit.sequencing import checkpoint, sequence, tiles
from guantong.audit.signing import verifier_key
from guantong.config.cli import main
from guantong.organisation.models import Unit

VERIFIER = Path(verify_log.__file__)


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """The verifier's copy in a process of its own, in an empty folder, without any installed package."""

    def verify(*arguments: object) -> tuple[int, str]:
        empty = tmp_path / "empty"
        empty.mkdir(exist_ok=True)
        script = tmp_path / "verify_log.py"
        shutil.copyfile(VERIFIER, script)
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(script), *map(str, arguments)],
            cwd=empty, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert list(empty.iterdir()) == []
        return done.returncode, done.stdout + done.stderr

    return verify


@pytest.fixture
def exported(units: dict[str, Unit], tmp_path: Path) -> Path:
    """Two checkpoints: one over the opened units, one over some rows more."""
    sequence()
    checkpoint("daily", now=at(2, 3))
    write(20)
    sequence()
    checkpoint("hourly", now=at(2, 3, 14))
    assert export_log(tmp_path / "exported") == {"entries": AuditEntry.objects.count(), "checkpoints": 2}
    return tmp_path / "exported"


class TestVerifier:
    def test_it_imports_only_the_standard_library_and_stays_short(self) -> None:
        text = VERIFIER.read_text(encoding="utf-8")
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [n.name for n in node.names]
            )
        }
        assert imported <= sys.stdlib_module_names
        assert len(text.splitlines()) <= 250

    @pytest.mark.parametrize("arguments", [(), ("log",), ("everything", "x"), ("receipt", "x")])
    def test_wrong_usage_ends_with_2(self, run: Any, arguments: tuple[str, ...]) -> None:
        assert run(*arguments)[0] == 2

    def test_a_folder_that_is_not_there_ends_with_1(self, run: Any) -> None:
        code, said = run("log", "nowhere")
        assert (code, "cannot be read" in said) == (1, True)


class TestExport:
    def test_the_command_takes_rows_up_signs_and_writes(
        self, signed: City, tmp_path: Path, run: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = tmp_path / "out"
        assert main(["export-log", str(folder), "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer == {"entries": AuditEntry.objects.count(), "checkpoints": 1, "key": verifier_key()}
        assert {each.name for each in folder.iterdir()} == {
            "entries.jsonl",
            "checkpoints",
            "key.txt",
            "verify_log.py",
        }
        code, said = run("log", folder, "--key", answer["key"])
        assert (code, "in order" in said) == (0, True)

    def test_an_exported_log_is_in_order_with_the_key_as_text_as_a_file_or_beside_it(
        self, exported: Path, run: Any
    ) -> None:
        n = AuditEntry.objects.count()
        for key in ([], ["--key", verifier_key()], ["--key", exported / "key.txt"]):
            code, said = run("log", exported, *key)
            assert (code, said.splitlines()) == (
                0, [f"{n} rows, 2 checkpoints, the first {n} rows signed", "in order"],
            )  # fmt: skip

    def test_no_name_of_a_person_leaves_with_it(self, signed: City, tmp_path: Path) -> None:
        person = signed.head.person
        assert person is not None
        with transaction.atomic():
            record("test.done", target=person, actor=signed.head, at=at(3, 1))
        sequence()
        export_log(tmp_path / "out")
        text = (tmp_path / "out" / "entries.jsonl").read_text(encoding="utf-8")
        assert f"person:{person.pk}" in text
        assert str(person) not in text


def rewrite(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = folder / "entries.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def close_the_gap(rows: list[dict[str, Any]]) -> None:
    del rows[4]
    for place, row in enumerate(rows):
        row["position"] = place


def forge(rows: list[dict[str, Any]], *, place: int = 4) -> None:
    """With the hash that fits: only the tree can tell."""
    rows[place]["verb"] = "test.forged"
    digest = verify_log.Hash("sha256")
    rows[place]["leaf"] = verify_log.leaf_of(rows[place], digest).hex()


def swap(rows: list[dict[str, Any]]) -> None:
    rows[2], rows[9] = rows[9], rows[2]


class TestDamagedLog:
    @pytest.mark.parametrize("field", [*verify_log.FIELDS, "leaf", "position"])
    def test_a_field_of_a_row_is_located(self, exported: Path, run: Any, field: str) -> None:
        def change(rows: list[dict[str, Any]]) -> None:
            value = rows[4][field]
            if field == "leaf":
                rows[4][field] = "0" * 64
            else:
                rows[4][field] = (value or 0) + 1 if value is None or isinstance(value, int) else f"{value}x"

        rewrite(exported, change)
        code, said = run("log", exported)
        assert code == 1
        assert "row 4 " in said
        assert "NOT IN ORDER" in said

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            (lambda rows: rows.pop(4), "a row before it was deleted or moved"),
            (close_the_gap, "the log is not the one signed"),
            (forge, "the log is not the one signed"),
            (swap, "deleted or moved"),
            (lambda rows: rows.insert(4, rows[4]), "does not follow the row before it"),
            (lambda rows: rows.pop(), "rows were signed, only"),
            (lambda rows: rows.clear(), "rows were signed, only 0 are here"),
        ],
        ids=["deleted", "deleted and closed", "forged", "swapped", "doubled", "cut off", "emptied"],
    )
    def test_rows_taken_out_put_in_or_moved(self, exported: Path, run: Any, change: Any, says: str) -> None:
        rewrite(exported, change)
        code, said = run("log", exported)
        assert (code, says in said) == (1, True), said

    def test_of_a_forged_row_it_says_between_which_checkpoints(self, exported: Path, run: Any) -> None:
        first = Checkpoint.objects.order_by("size")[0].size
        rewrite(exported, lambda rows: forge(rows, place=first + 3))
        assert f"rows {first} to {first + 19} changed" in run("log", exported)[1]

    @pytest.mark.parametrize(
        ("text", "says"),
        [("not json\n", "cannot be read"), ("[]\n", "cannot be read"), ("null\n", "cannot be read"),
         ("{}\n", "cannot be read"), ('"x"\n', "cannot be read")],
    )  # fmt: skip
    def test_what_is_no_log_is_said_to_be_unreadable(
        self, exported: Path, run: Any, text: str, says: str
    ) -> None:
        (exported / "entries.jsonl").write_text(text, encoding="utf-8")
        code, said = run("log", exported)
        assert (code, says in said) == (1, True)

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [("\n\n—", "x\n\n—", "does not hold"), ("daily", "hourly", "does not hold"),
         ("guantong ", "other ", "not signed with this key"), ("— ", "- ", "not signed with this key"),
         (None, "", "not signed with this key")],
    )  # fmt: skip
    def test_a_damaged_checkpoint(
        self, exported: Path, run: Any, old: str | None, new: str, says: str
    ) -> None:
        path = min((exported / "checkpoints").iterdir())
        text = path.read_text(encoding="utf-8")
        path.write_text("" if old is None else text.replace(old, new), encoding="utf-8")
        code, said = run("log", exported)
        assert (code, f"{path.name}: " in said, says in said) == (1, True, True), said

    def test_without_any_checkpoint_nothing_is_shown(self, exported: Path, run: Any) -> None:
        shutil.rmtree(exported / "checkpoints")
        code, said = run("log", exported)
        assert (code, "no signed checkpoint is here" in said) == (1, True)

    def test_a_log_signed_with_another_key_is_not_this_one(
        self, exported: Path, run: Any, settings: LazySettings, tmp_path: Path
    ) -> None:
        settings.KEYS_FOLDER = tmp_path / "another"
        code, said = run("log", exported, "--key", verifier_key())
        assert (code, "not signed with this key" in said) == (1, True)

    @pytest.mark.parametrize("key", ["", "guantong", "guantong+00000000+AQAA", "guantong+zz+zz"])
    def test_a_damaged_key(self, exported: Path, run: Any, key: str) -> None:
        (exported / "key.txt").write_text(key, encoding="ascii")
        assert run("log", exported)[0] == 1


def save(path: Path, found: dict[str, Any]) -> Path:
    path.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return path


class TestReceipt:
    @pytest.fixture
    def proof(self, exported: Path) -> dict[str, Any]:
        entry = AuditEntry.objects.get(position=11)
        return receipt_as_json(issue_receipt(entry, now=at(2, 4)))

    def test_every_row_stands(self, exported: Path, run: Any, tmp_path: Path) -> None:
        size = AuditEntry.objects.count()
        for place in (0, 1, size // 2, size - 1):
            receipt = Receipt(code="x", entry=AuditEntry.objects.get(position=place), issued_at=at(2, 4))
            path = save(tmp_path / "receipt.json", receipt_as_json(receipt))
            assert run("receipt", path, "--key", verifier_key()) == (0, "in order\n")

    @pytest.mark.parametrize("field", [*verify_log.FIELDS, "leaf", "position"])
    def test_no_field_can_be_changed(
        self, proof: dict[str, Any], run: Any, tmp_path: Path, field: str
    ) -> None:
        value = proof["entry"][field]
        proof["entry"][field] = (value or 0) + 1 if value is None or isinstance(value, int) else f"{value}0"
        code, said = run("receipt", save(tmp_path / "r.json", proof), "--key", verifier_key())
        assert (code, "NOT IN ORDER" in said) == (1, True)

    def test_no_place_outside_the_tree(self, proof: dict[str, Any], run: Any, tmp_path: Path) -> None:
        for place in (11 + 2**20, 11 - 2**20):
            proof["entry"]["position"] = place
            code, said = run("receipt", save(tmp_path / "r.json", proof), "--key", verifier_key())
            assert (code, "does not stand" in said) == (1, True)

    @pytest.mark.parametrize(
        ("part", "value", "says"),
        [("proof", [], "does not stand"), ("proof", ["00" * 32], "does not stand"), ("proof", "no", "cannot be read"),
         ("proof", None, "cannot be read"), ("checkpoint", None, "no checkpoint covers"),
         ("checkpoint", 5, "cannot be read"), ("checkpoint", "x", "cannot be read"), ("checkpoint", "x\n\n— y AAAA\n", "not signed with this key"),
         ("entry", None, "cannot be read"), ("entry", {}, "cannot be read")],
    )  # fmt: skip
    def test_no_part_can_be_missing_or_another(
        self, proof: dict[str, Any], run: Any, tmp_path: Path, part: str, value: object, says: str
    ) -> None:
        proof[part] = value
        code, said = run("receipt", save(tmp_path / "r.json", proof), "--key", verifier_key())
        assert (code, says in said) == (1, True), said

    def test_another_key_or_an_older_checkpoint_does_not_prove_it(
        self, proof: dict[str, Any], run: Any, tmp_path: Path, settings: LazySettings
    ) -> None:
        key = verifier_key()
        older = proof | {"checkpoint": Checkpoint.objects.order_by("size")[0].note}
        assert "does not stand" in run("receipt", save(tmp_path / "r.json", older), "--key", key)[1]
        settings.KEYS_FOLDER = tmp_path / "another"
        assert run("receipt", save(tmp_path / "r.json", proof), "--key", verifier_key())[0] == 1

    def test_what_is_no_receipt_is_unreadable(self, run: Any, tmp_path: Path) -> None:
        for text in ("", "[]", "5", "{}"):
            path = tmp_path / "r.json"
            path.write_text(text, encoding="utf-8")
            code, said = run("receipt", path, "--key", "guantong+00000000+AQAA")
            assert (code, "cannot be read" in said) == (1, True)


class TestConsistency:
    @pytest.fixture
    def pair(self, exported: Path) -> dict[str, Any]:
        old, new = Checkpoint.objects.order_by("size")
        return consistency_as_json(old, new)

    def test_the_newer_continues_the_older(self, pair: dict[str, Any], run: Any, tmp_path: Path) -> None:
        assert run("consistency", save(tmp_path / "c.json", pair), "--key", verifier_key()) == (
            0,
            "in order\n",
        )

    def test_a_checkpoint_continues_itself(self, pair: dict[str, Any], run: Any, tmp_path: Path) -> None:
        pair |= {"new": pair["old"], "proof": []}
        assert run("consistency", save(tmp_path / "c.json", pair), "--key", verifier_key())[0] == 0

    @pytest.mark.parametrize("damage", ["swapped", "shortened", "lengthened", "changed", "empty", "unsigned"])
    def test_damage(self, pair: dict[str, Any], run: Any, tmp_path: Path, damage: str) -> None:
        proof = pair["proof"]
        if damage == "swapped":
            pair["old"], pair["new"] = pair["new"], pair["old"]
        elif damage == "unsigned":
            pair["new"] = pair["new"].replace("hourly", "daily")
        else:
            pair["proof"] = {
                "shortened": proof[:-1], "lengthened": [*proof, proof[0]], "changed": ["00" * 32, *proof[1:]],
                "empty": [],
            }[damage]  # fmt: skip
        code, said = run("consistency", save(tmp_path / "c.json", pair), "--key", verifier_key())
        assert (code, "NOT IN ORDER" in said) == (1, True)

    def test_a_log_that_was_begun_again_does_not_continue_the_older_one(
        self, pair: dict[str, Any], run: Any, tmp_path: Path, settings: LazySettings
    ) -> None:
        """The same rows but one, as after a rollback, signed with the same key: a witness of the older note sees it."""
        settings.LOG_FOLDER = tmp_path / "begun again"
        digest = verify_log.Hash("sha256")
        leaves = [
            digest(b"\x00" + bytes.fromhex(each.leaf)) for each in AuditEntry.objects.order_by("position")
        ]
        tiles().append([digest(b"another"), *leaves[1:]])
        new = checkpoint("daily", now=at(2, 5))
        assert new is not None
        old = Checkpoint.objects.order_by("size", "id")[0]
        path = save(tmp_path / "c.json", consistency_as_json(old, new))
        code, said = run("consistency", path, "--key", verifier_key())
        assert (code, "does not continue" in said) == (1, True)

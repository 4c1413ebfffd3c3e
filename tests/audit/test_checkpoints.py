from __future__ import annotations

import base64
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import LazySettings

from audit.test_sequencing import write
from conftest import at
from guantong.audit import signing
from guantong.audit.exporting import consistency_as_json
from guantong.audit.models import Checkpoint
from guantong.audit.sequencing import checkpoint, keep_log, newest_note_path, sequence, tiles
from guantong.audit.verification import read_note
from guantong.audit.verify_log import check_consistency
from guantong.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


def round_at(now: dt.datetime) -> None:
    keep_log(now=now, today=now.date())


def made() -> list[tuple[str, int]]:
    return list(Checkpoint.objects.order_by("id").values_list("kind", "size"))


def signed_now() -> Checkpoint:
    sequence()
    found = checkpoint("daily", now=at(3, 1))
    assert found is not None
    return found


class TestWhen:
    def test_once_a_day_also_where_nothing_came(self) -> None:
        write(3)
        for day in (1, 2, 3):
            for hour in (1, 9, 17):
                round_at(at(3, day, hour))
        assert made() == [("daily", 3)] * 3

    def test_every_hour_in_which_rows_came(self) -> None:
        write(3)
        round_at(at(3, 1, 1))
        write(1, start=100)
        round_at(at(3, 1, 1) + dt.timedelta(minutes=59))
        assert made() == [("daily", 3)]
        round_at(at(3, 1, 2))
        round_at(at(3, 1, 5))
        write(2, start=200)
        round_at(at(3, 1, 6))
        assert made() == [("daily", 3), ("hourly", 4), ("hourly", 6)]

    def test_none_over_an_empty_log(self) -> None:
        round_at(at(3, 1))
        assert made() == []
        assert not newest_note_path().exists()


class TestNote:
    def test_it_has_the_lines_of_a_checkpoint_and_is_signed(self, settings: LazySettings) -> None:
        settings.LOG_ORIGIN = "log.example"
        write(300)
        found = signed_now()
        text, _blank, signature = found.note.rpartition("\n\n")
        origin, size, root, *rest = text.split("\n")
        assert (origin, size, base64.b64decode(root)) == ("log.example", "300", tiles().tree().root(300))
        assert found.root == base64.b64decode(root).hex()
        assert rest == ["daily 2026-03-01T02:00:00+00:00", "suite ed25519-sha256"]
        dash, name, encoded = signature.removesuffix("\n").split(" ")
        assert (dash, name) == ("—", "log.example")
        raw = base64.b64decode(encoded)
        _origin, number, key = signing.verifier_key().split("+", 2)
        public = base64.b64decode(key)
        assert public[:1] == b"\x01"
        assert raw[:4].hex() == number == hashlib.sha256(b"log.example\n" + public).hexdigest()[:8]
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(raw[4:], f"{text}\n".encode())

    def test_any_other_text_is_not_signed(self) -> None:
        write(3)
        note = signed_now().note
        assert signing.note_is_signed(note)
        assert not signing.note_is_signed(note.replace("\n3\n", "\n4\n"))
        assert not signing.note_is_signed(note.replace("daily", "hourly"))
        assert not signing.note_is_signed(note.partition("\n\n")[0])
        assert not signing.note_is_signed("")
        head, _dash, signature = note.rpartition(" ")
        assert not signing.note_is_signed(f"{head} AAAA{signature[4:]}")

    def test_another_installation_s_key_does_not_sign_for_this_one(
        self, settings: LazySettings, tmp_path: Path
    ) -> None:
        write(3)
        note = signed_now().note
        settings.KEYS_FOLDER = tmp_path / "other keys"
        assert not signing.note_is_signed(note)
        _origin, _number, key = signing.verifier_key().split("+", 2)
        with pytest.raises(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(base64.b64decode(key)[1:]).verify(
                base64.b64decode(note.rpartition(" ")[2])[4:], (note.rpartition("\n\n")[0] + "\n").encode()
            )

    def test_it_is_kept_outside_the_database_too_and_the_newest_by_itself(
        self, settings: LazySettings
    ) -> None:
        write(3)
        first = signed_now()
        write(2, start=50)
        sequence()
        second = checkpoint("hourly", now=at(3, 1, 12))
        assert second is not None
        kept = [path.read_text() for path in sorted((Path(settings.LOG_FOLDER) / "checkpoints").iterdir())]
        assert kept == [first.note, second.note]
        assert newest_note_path().read_text() == second.note

    @pytest.mark.parametrize("text", ["", "one\ntwo\nthree\n", "origin\n5\n!!\n", "origin\n5"])
    def test_what_is_no_note_has_no_size(self, text: str) -> None:
        assert read_note(text)[0] is None

    def test_the_keys_are_the_owner_s_alone(self, settings: LazySettings) -> None:
        write(1)
        signed_now()
        for name in ("log-signing-key", "log-sealing-key"):
            assert (Path(settings.KEYS_FOLDER) / name).stat().st_mode & 0o777 == 0o600

    def test_an_unknown_suite_is_refused(self, settings: LazySettings) -> None:
        settings.LOG_SUITE = "rot13"
        with pytest.raises(Refusal, match="rot13"):
            signing.suite()


class TestConsistency:
    def test_each_checkpoint_continues_those_before(self) -> None:
        found = []
        for size in (1, 2, 5, 250, 3):
            write(size, start=len(found) * 1000 + 1)
            found.append(signed_now())
        for at_old, old in enumerate(found):
            for new in found[at_old:]:
                assert check_consistency(consistency_as_json(old, new), signing.verifier_key()) == []

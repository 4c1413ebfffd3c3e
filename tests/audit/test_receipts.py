from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from audit.test_sequencing import write
from conftest import at
from guantong.audit.codes import ALPHABET, LENGTH, check_character, code_from, grouped, tidy
from guantong.audit.exporting import receipt_as_json
from guantong.audit.operations import issue_receipt, receipt_code
from guantong.audit.sequencing import checkpoint, sequence

codes = st.binary(min_size=8, max_size=8).map(
    lambda data: code_from(lambda time: hashlib.sha256(data + bytes([time])).digest())
)


class TestCode:
    @given(codes)
    def test_every_single_slip_is_caught(self, code: str) -> None:
        slips = {
            code[:spot] + letter + code[spot + 1 :]
            for spot, letter in itertools.product(range(len(code)), ALPHABET)
        } - {code}
        assert len(slips) == (LENGTH + 1) * 31
        assert {tidy(slip) for slip in slips} == {""}

    @given(codes)
    def test_every_swap_of_neighbours_is_caught(self, code: str) -> None:
        swaps = {
            code[:spot] + code[spot + 1] + code[spot] + code[spot + 2 :] for spot in range(len(code) - 1)
        } - {code}
        assert {tidy(swap) for swap in swaps} <= {""}

    @pytest.mark.parametrize("body", ["0" * LENGTH, "Z" * LENGTH, "0123456789", "ABCDEFGHJK"])
    def test_no_two_letters_of_a_place_share_a_check(self, body: str) -> None:
        for spot in range(LENGTH):
            checks = {check_character(body[:spot] + letter + body[spot + 1 :]) for letter in ALPHABET}
            assert len(checks) == len(ALPHABET)

    @given(codes)
    def test_what_is_typed_from_paper_is_understood(self, code: str) -> None:
        assert tidy(grouped(code)) == tidy(f"  {grouped(code).lower()} ") == code
        assert tidy(code.replace("1", "l").replace("0", "o")) == code
        assert tidy(code.replace("1", "I").replace("0", "O")) == code

    @pytest.mark.parametrize("typed", ["", "abc", "U" * 11, "0" * 12, "０" * 11, "'; --", "é" * 11])
    def test_what_cannot_be_a_code_is_empty(self, typed: str) -> None:
        assert tidy(typed) == ""


@pytest.mark.django_db
class TestReceipt:
    def test_it_has_no_proof_before_a_checkpoint_covers_its_row(self) -> None:
        (entry,) = write(1)
        receipt = issue_receipt(entry, now=at(3, 1))
        assert receipt_as_json(receipt)["checkpoint"] is None
        sequence()
        receipt.entry.refresh_from_db()
        assert receipt_as_json(receipt)["checkpoint"] is None
        note = checkpoint("daily", now=at(3, 1))
        assert note is not None
        assert receipt_as_json(receipt)["checkpoint"] == note.note

    def test_a_row_has_one(self) -> None:
        (entry,) = write(1)
        issue_receipt(entry, now=at(3, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            issue_receipt(entry, now=at(3, 1))

    def test_no_two_rows_and_no_two_installations_give_the_same_code(
        self, settings: LazySettings, tmp_path: Path
    ) -> None:
        here = {receipt_code(f"row {number}") for number in range(1000)}
        assert len(here) == 1000
        assert {tidy(code) for code in here} == here
        settings.KEYS_FOLDER = tmp_path / "another"
        assert receipt_code("row 1") not in here

    def test_its_page_says_that_the_row_stands_and_nothing_of_what_it_holds(self) -> None:
        (entry,) = write(1)
        receipt = issue_receipt(entry, now=at(3, 1))
        page = Client().get(f"/receipts/{receipt.code}/")
        assert page.status_code == 200
        text = page.content.decode()
        assert grouped(receipt.code) in text
        assert entry.verb not in text
        assert entry.payload not in text

    def test_a_slip_and_an_unknown_code_find_nothing(self) -> None:
        (entry,) = write(1)
        code = issue_receipt(entry, now=at(3, 1)).code
        slip = code[:3] + ALPHABET[(ALPHABET.index(code[3]) + 1) % 32] + code[4:]
        for typed in (slip, receipt_code("another row")):
            assert Client().get(f"/receipts/{typed}/").status_code == 404

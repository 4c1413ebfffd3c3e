"""The stand-alone verifier's own Ed25519 and SM2, held against others."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import LazySettings
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.test_sequencing import write
from conftest import at
from guantong.audit import signing
from guantong.audit.exporting import export_log
from guantong.audit.sequencing import checkpoint, sequence
from guantong.audit.verification import verify_log
from guantong.audit.verify_log import ORDER, check_log, ed25519_is_valid, sm2_is_valid

needs_sm3 = pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")

# RFC 8032, 7.1, tests 1 to 3: public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip

# GB/T 32918.5-2017, Annex A (also GM/T 0003.5-2012): the recommended curve, the default identity "1234567812345678".
SM2_PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
SM2_SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
SM2_ORDER = signing.SM2_ORDER


def cryptography_says(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class TestEd25519:
    @pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
    def test_published_vectors(self, public: str, message: str, signature: str) -> None:
        key, text, mark = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
        assert ed25519_is_valid(key, text, mark)
        assert not ed25519_is_valid(key, text + b"x", mark)

    @settings(max_examples=30, deadline=None)
    @given(
        st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511), st.integers(0, 255)
    )
    def test_it_says_what_cryptography_says(
        self, secret: bytes, message: bytes, bit: int, key_bit: int
    ) -> None:
        private = Ed25519PrivateKey.from_private_bytes(secret)
        public, signature = private.public_key().public_bytes_raw(), private.sign(message)
        assert ed25519_is_valid(public, message, signature)
        other = bytearray(signature)
        other[bit // 8] ^= 1 << bit % 8
        other_key = bytearray(public)
        other_key[key_bit // 8] ^= 1 << key_bit % 8
        for candidate in (
            (public, message, bytes(other)),
            (bytes(other_key), message, signature),
            (public, message + b"\n", signature),
        ):
            assert ed25519_is_valid(*candidate) is cryptography_says(*candidate) is False

    def test_a_signature_in_another_form_is_refused(self) -> None:
        private = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
        public, signature = private.public_key().public_bytes_raw(), private.sign(b"text")
        scalar = int.from_bytes(signature[32:], "little")
        for candidate in (
            signature[:32] + (scalar + ORDER).to_bytes(32, "little"),
            signature[:-1],
            signature + b"\x00",
            b"",
            b"\xff" * 64,
        ):
            assert (
                ed25519_is_valid(public, b"text", candidate)
                is cryptography_says(public, b"text", candidate)
                is False
            )


@needs_sm3
class TestSm2:
    def test_published_vector(self) -> None:
        assert sm2_is_valid(SM2_PUBLIC, b"message digest", SM2_SIGNATURE)

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 511))
    def test_no_bit_can_be_changed(self, bit: int) -> None:
        for target in (0, 1):
            given_ones = [bytearray(SM2_PUBLIC), bytearray(SM2_SIGNATURE)]
            given_ones[target][bit // 8] ^= 1 << bit % 8
            assert not sm2_is_valid(bytes(given_ones[0]), b"message digest", bytes(given_ones[1]))

    def test_another_text_or_form_is_refused(self) -> None:
        r, s = SM2_SIGNATURE[:32], SM2_SIGNATURE[32:]
        assert not sm2_is_valid(SM2_PUBLIC, b"message digests", SM2_SIGNATURE)
        order = SM2_ORDER.to_bytes(32, "big")
        complement = (SM2_ORDER - int.from_bytes(r, "big")).to_bytes(32, "big")
        for candidate in (
            b"",
            SM2_SIGNATURE[:-1],
            bytes(64),
            r + bytes(32),
            bytes(32) + s,
            r + order,
            order + s,
            r + complement,
        ):
            assert not sm2_is_valid(SM2_PUBLIC, b"message digest", candidate)


@needs_sm3
@pytest.mark.django_db
class TestSm2Suite:
    @pytest.fixture(autouse=True)
    def _suite(self, settings: LazySettings) -> None:
        pytest.importorskip("gmssl", reason="the sm extra is not installed")
        settings.LOG_SUITE = "sm2-sm3"

    def test_signing_and_the_stand_alone_verifier_agree(self) -> None:
        key = signing.signer()
        signature = key.sign("检查点\n".encode())
        assert key.verify("检查点\n".encode(), signature)
        assert sm2_is_valid(key.public, "检查点\n".encode(), signature)
        assert not sm2_is_valid(key.public, "检查点".encode(), signature)

    def test_a_log_is_written_signed_checked_and_exported(self, tmp_path: Path) -> None:
        write(5)
        sequence()
        made = checkpoint("daily", now=at(3, 1))
        assert made is not None
        assert made.note.count("suite sm2-sm3") == 1
        assert verify_log().faults == []
        export_log(tmp_path / "out")
        assert check_log(tmp_path / "out", signing.verifier_key()) == []

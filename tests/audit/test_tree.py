"""Roots and proofs of RFC 6962, against its published vectors and against its definitions written out."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.audit.tree import hasher, leaf_hash, tree_of
from guantong.audit.verify_log import Hash

# The leaves and roots that Certificate Transparency implementations are tested with.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
             "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"],
    (5, 8): ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
}  # fmt: skip
CONSISTENCY = {
    (1, 1): [],
    (6, 8): ["0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
             "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
             "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"],
    (2, 5): ["5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
             "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"],
}  # fmt: skip

SHA256 = hasher("sha256")
ALONE = Hash("sha256")
sizes = st.integers(min_value=1, max_value=300)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode(), SHA256) for number in range(size)]


def published_leaves() -> list[bytes]:
    return [leaf_hash(bytes.fromhex(each), SHA256) for each in LEAVES]


# RFC 6962, 2.1, word for word, over a list of leaf hashes.


def split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d: list[bytes]) -> bytes:
    if len(d) <= 1:
        return d[0] if d else hashlib.sha256().digest()
    k = split(len(d))
    return hashlib.sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: list[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = split(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: list[bytes], b: bool) -> list[bytes]:
    if m == len(d):
        return [] if b else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], b), mth(d[k:])]
    return [*subproof(m - k, d[k:], False), mth(d[:k])]


class TestPublishedVectors:
    def test_roots(self) -> None:
        tree = tree_of(published_leaves())
        assert [tree.root(size).hex() for size in range(9)] == ROOTS
        assert [ALONE.root(published_leaves()[:size]).hex() for size in range(9)] == ROOTS

    @pytest.mark.parametrize(("index", "size"), INCLUSION)
    def test_inclusion(self, index: int, size: int) -> None:
        proof = tree_of(published_leaves()).inclusion(index, size)
        assert [step.hex() for step in proof] == INCLUSION[index, size]

    @pytest.mark.parametrize(("old", "new"), CONSISTENCY)
    def test_consistency(self, old: int, new: int) -> None:
        proof = tree_of(published_leaves()).consistency(old, new)
        assert [step.hex() for step in proof] == CONSISTENCY[old, new]


class TestAgainstTheDefinition:
    @given(sizes)
    def test_roots(self, size: int) -> None:
        assert tree_of(leaves(300)).root(size) == mth(leaves(size)) == ALONE.root(leaves(size))

    @given(sizes, st.data())
    def test_inclusion(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        assert tree_of(leaves(300)).inclusion(index, size) == path(index, leaves(size))

    @given(sizes, st.data())
    def test_consistency(self, new: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, new))
        assert tree_of(leaves(300)).consistency(old, new) == subproof(old, leaves(new), True)

    def test_leaves_and_nodes_are_hashed_apart(self) -> None:
        left, right = leaves(2)
        assert leaf_hash(left + right, SHA256) != mth([left, right])

    @pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
    def test_no_path_for_a_leaf_outside(self, index: int, size: int) -> None:
        with pytest.raises(ValueError, match="no leaf"):
            tree_of(leaves(4)).inclusion(index, size)

    @pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
    def test_a_smaller_tree_continues_nothing(self, old: int, new: int) -> None:
        with pytest.raises(ValueError, match="cannot continue"):
            tree_of(leaves(4)).consistency(old, new)


class TestStandAloneVerifier:
    """The other side of the proofs: written apart, so each holds the other."""

    @given(sizes, st.data())
    def test_every_path_leads_to_the_root_and_no_other(self, size: int, data: st.DataObject) -> None:
        index = data.draw(st.integers(0, size - 1))
        made = leaves(size)
        proof = path(index, made)
        assert ALONE.root_by_inclusion(made[index], index, size, proof) == mth(made)
        other = data.draw(st.integers(-size, 4 * size).filter(lambda each: each != index))
        assert ALONE.root_by_inclusion(made[index], other, size, proof) != mth(made)
        assert ALONE.root_by_inclusion(SHA256(b"?"), index, size, proof) != mth(made)
        assert ALONE.root_by_inclusion(made[index], index, size, [*proof, made[0]]) is None
        if proof:
            assert ALONE.root_by_inclusion(made[index], index, size, proof[:-1]) != mth(made)

    @given(sizes, st.data())
    def test_every_continuation_leads_to_both_roots(self, new: int, data: st.DataObject) -> None:
        old = data.draw(st.integers(1, new))
        made = leaves(new)
        roots = (mth(made[:old]), mth(made))
        proof = subproof(old, made, True)
        assert ALONE.roots_by_consistency(old, new, roots[0], proof) == roots
        if proof:
            spot = data.draw(st.integers(0, len(proof) - 1))
            proof[spot] = SHA256(proof[spot])
            assert ALONE.roots_by_consistency(old, new, roots[0], proof) != roots

    @pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4)])
    def test_sizes_that_cannot_be_lead_nowhere(self, old: int, new: int) -> None:
        made = leaves(5)
        assert ALONE.roots_by_consistency(old, new, mth(made), made[:2]) is None

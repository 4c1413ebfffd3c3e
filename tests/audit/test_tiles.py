from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.test_tree import mth
from guantong.audit.tiles import BYTES, WIDTH, TileFolder
from guantong.audit.tree import tree_of

HASHES = [hashlib.sha256(f"leaf {number}".encode()).digest() for number in range(WIDTH * WIDTH + 700)]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


class TestAppend:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.integers(0, 400), min_size=1, max_size=6), st.booleans())
    def test_batches_give_what_one_batch_gives(self, batches: list[int], reopening: bool) -> None:
        with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
            folder = TileFolder(Path(first))
            at = 0
            for size in batches:
                if reopening:
                    folder = TileFolder(Path(first))
                folder.append(HASHES[at : at + size])
                at += size
                assert folder.size() == at
            whole = TileFolder(Path(second))
            whole.append(HASHES[:at])
            assert contents(Path(first)) == contents(Path(second))
            assert folder.leaves() == HASHES[:at]

    def test_a_partial_tile_gives_way_to_the_longer_one(self, tmp_path: Path) -> None:
        folder = TileFolder(tmp_path)
        names = []
        for start, end in [(0, 3), (3, WIDTH - 1), (WIDTH - 1, WIDTH), (WIDTH, WIDTH + 5)]:
            folder.append(HASHES[start:end])
            names.append(sorted(contents(tmp_path)))
        assert names == [
            ["tile/0/000000.p/3"],
            ["tile/0/000000.p/255"],
            ["tile/0/000000", "tile/1/000000.p/1"],
            ["tile/0/000000", "tile/0/000001.p/5", "tile/1/000000.p/1"],
        ]
        assert not (tmp_path / "tile/0/000000.p").exists()

    def test_a_level_above_holds_the_roots_of_full_tiles(self, tmp_path: Path) -> None:
        folder = TileFolder(tmp_path)
        folder.append(HASHES)
        assert folder.read(1, 0)[:BYTES] == mth(HASHES[:WIDTH])
        assert folder.read(2, 0) == mth(HASHES[: WIDTH * WIDTH])
        assert len(folder.read(1, 1)) == 2 * BYTES

    def test_nothing_appended_writes_nothing(self, tmp_path: Path) -> None:
        TileFolder(tmp_path).append([])
        assert contents(tmp_path) == {}
        assert TileFolder(tmp_path).size() == 0


class TestTree:
    @pytest.mark.parametrize("size", [1, 255, 256, 257, 700, WIDTH * WIDTH, WIDTH * WIDTH + 700])
    def test_roots_and_proofs_are_those_of_all_leaves(self, tmp_path: Path, size: int) -> None:
        folder = TileFolder(tmp_path)
        folder.append(HASHES[:size])
        tree, other = folder.tree(), tree_of(HASHES[:size])
        assert tree.root(size) == other.root(size)
        for index in {0, size // 2, size - 1}:
            assert tree.inclusion(index, size) == other.inclusion(index, size)
        for old in {1, (size + 1) // 2, size}:
            assert tree.root(old) == other.root(old)
            assert tree.consistency(old, size) == other.consistency(old, size)

    def test_a_leaf_that_is_not_published_has_no_root(self, tmp_path: Path) -> None:
        folder = TileFolder(tmp_path)
        folder.append(HASHES[:5])
        with pytest.raises(LookupError, match="leaf 5"):
            folder.tree().root(6)


class TestAfterThePowerWent:
    def test_what_a_broken_off_write_left_is_passed_over(self, tmp_path: Path) -> None:
        folder = TileFolder(tmp_path)
        folder.append(HASHES[:260])
        (tmp_path / "tile/0/.000002.new").write_bytes(b"half")
        (tmp_path / "tile/0/000001.p/.9.new").write_bytes(b"half")
        folder = TileFolder(tmp_path)
        folder.append(HASHES[260:300])
        assert folder.leaves() == HASHES[:300]

    def test_a_level_left_behind_is_caught_up(self, tmp_path: Path) -> None:
        folder = TileFolder(tmp_path)
        folder.append(HASHES[: 2 * WIDTH])
        (tmp_path / "tile/1/000000.p/2").unlink()
        (tmp_path / "tile/1/000000.p/1").write_bytes(mth(HASHES[:WIDTH]))
        folder = TileFolder(tmp_path)
        folder.append(HASHES[2 * WIDTH : 4 * WIDTH])
        assert folder.read(1, 0) == b"".join(
            mth(HASHES[at : at + WIDTH]) for at in range(0, 4 * WIDTH, WIDTH)
        )
        assert folder.tree().root(4 * WIDTH) == mth(HASHES[: 4 * WIDTH])

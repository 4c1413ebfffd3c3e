"""The published tree: hash tiles in a folder outside the database, laid out as C2SP tlog-tiles.

``tile/<level>/<index>`` holds 256 hashes of 32 bytes; ``tile/<level>/<index>.p/<width>`` the beginning of one
that is not full yet. Entry ``i`` of level ``n`` is the root of the ``256**n`` leaves from ``i * 256**n``.
Whoever can write to the database alone cannot change what stands here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from guantong.audit.tree import Tree, hasher, node_hash

WIDTH, BYTES = 256, 32


class TileFolder:
    """Reads and continues the tiles below a folder."""

    def __init__(self, folder: Path, *, algorithm: str = "sha256") -> None:
        self.folder = folder
        self.algorithm = algorithm
        self._digest = hasher(algorithm)
        self._full: dict[tuple[int, int], bytes] = {}

    def size(self) -> int:
        """How many leaves are published."""
        return self._size(0)

    def _size(self, level: int) -> int:
        last = self._last(level)
        return last * WIDTH + len(self.read(level, last)) // BYTES

    def leaves(self) -> list[bytes]:
        """Every published leaf hash in order."""
        size = self.size()
        whole = b"".join(self.read(0, index) for index in range((size + WIDTH - 1) // WIDTH))
        return [whole[at : at + BYTES] for at in range(0, len(whole), BYTES)]

    def read(self, level: int, index: int) -> bytes:
        """The tile as far as it is published: full, else its longest beginning."""
        if (level, index) in self._full:
            return self._full[level, index]
        path = self._path(level, index)
        if path.is_file():
            self._full[level, index] = path.read_bytes()
            return self._full[level, index]
        partial = path.with_name(path.name + ".p")
        while widths := _numbers(partial):
            try:
                return (partial / str(max(widths))).read_bytes()
            except FileNotFoundError:  # a longer one took its place just now
                if path.is_file():
                    return self.read(level, index)
        return b""

    def append(self, hashes: Sequence[bytes]) -> None:
        """Continue the tree with leaf hashes; fills the tiles above as they become complete."""
        self._append(0, hashes)

    def _append(self, level: int, hashes: Sequence[bytes]) -> None:
        if not hashes:
            return
        index, width = divmod(self._size(level), WIDTH)
        data = (self.read(level, index) if width else b"") + b"".join(hashes)
        while data:
            tile, data = data[: WIDTH * BYTES], data[WIDTH * BYTES :]
            self._write(level, index, tile)
            index += 1
        # Counted from what lies there: the level above may have been left behind when the power went.
        full = range(self._size(level + 1), self._size(level) // WIDTH)
        self._append(level + 1, [self._root_of(self.read(level, index)) for index in full])

    def _last(self, level: int) -> int:
        return max(_numbers(self.folder / "tile" / str(level)), default=0)

    def _write(self, level: int, index: int, tile: bytes) -> None:
        """Written beside and moved into place, so that a reader never sees half a tile."""
        path = self._path(level, index)
        partial = path.with_name(path.name + ".p")
        if len(tile) < WIDTH * BYTES:
            path = partial / str(len(tile) // BYTES)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        with beside.open("wb") as file:
            file.write(tile)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        if partial.is_dir():
            for each in partial.iterdir():
                if each != path:
                    each.unlink()
            if path.parent != partial:
                partial.rmdir()

    def _path(self, level: int, index: int) -> Path:
        return self.folder / "tile" / str(level) / f"{index:06d}"

    def _root_of(self, tile: bytes) -> bytes:
        hashes = [tile[at : at + BYTES] for at in range(0, len(tile), BYTES)]
        while len(hashes) > 1:
            hashes = [
                node_hash(left, right, self._digest)
                for left, right in zip(hashes[::2], hashes[1::2], strict=True)
            ]
        return hashes[0]

    def tree(self) -> Tree:
        """The tree over what is published."""
        known: dict[tuple[int, int], bytes] = {}

        def perfect(level: int, index: int) -> bytes:
            if level % 8 == 0:
                tile = self.read(level // 8, index // WIDTH)
                at = index % WIDTH * BYTES
                if len(tile) >= at + BYTES:
                    return tile[at : at + BYTES]
            if level == 0:
                raise LookupError(f"leaf {index} is not published")
            if (level, index) not in known:
                left, right = perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1)
                known[level, index] = node_hash(left, right, self._digest)
            return known[level, index]

        return Tree(perfect, algorithm=self.algorithm)


def _numbers(folder: Path) -> list[int]:
    """The numbers of the tiles in a folder, past what a broken-off write left beside them."""
    if not folder.is_dir():
        return []
    names = (entry.name.removesuffix(".p") for entry in folder.iterdir())
    return [int(name) for name in names if name.isdigit()]

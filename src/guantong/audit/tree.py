"""The Merkle tree of RFC 6962: leaf and node hashes, roots, inclusion and consistency proofs.

A tree is asked for *perfect subtrees* only (``perfect(level, index)``: the ``2**level`` leaves from
``index * 2**level``), so whoever keeps tiles answers them without reading every leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Perfect = Callable[[int, int], bytes]


def hasher(algorithm: str) -> Callable[[bytes], bytes]:
    """SHA-256 or SM3 as a function from bytes to 32 bytes. Raises ValueError where it is not available."""
    hashlib.new(algorithm)
    return lambda data: hashlib.new(algorithm, data).digest()


class Tree:
    """Roots and proofs over the first ``size`` leaves (RFC 6962, 2.1)."""

    def __init__(self, perfect: Perfect, *, algorithm: str = "sha256") -> None:
        self._perfect = perfect
        self._hash = hasher(algorithm)

    def root(self, size: int) -> bytes:
        return self._range(0, size) if size else self._hash(b"")

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of a leaf, from the leaf upwards."""
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} in a tree of {size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """That the first ``old`` leaves of the tree of ``new`` are the old tree."""
        if not 0 < old <= new:
            raise ValueError(f"a tree of {new} cannot continue one of {old}")
        return [] if old == new else self._subproof(old, 0, new, whole=True)

    def _range(self, start: int, end: int) -> bytes:
        width = end - start
        if width & (width - 1) == 0 and start % width == 0:
            return self._perfect(width.bit_length() - 1, start // width)
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end), self._hash)

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if index < middle:
            return [*self._path(index, start, middle), self._range(middle, end)]
        return [*self._path(index, middle, end), self._range(start, middle)]

    def _subproof(self, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if whole else [self._range(start, end)]
        width = _split(end - start)
        middle = start + width
        if old <= width:
            return [*self._subproof(old, start, middle, whole=whole), self._range(middle, end)]
        return [*self._subproof(old - width, middle, end, whole=False), self._range(start, middle)]


def _split(width: int) -> int:
    """The largest power of two below the width."""
    return 1 << ((width - 1).bit_length() - 1)


def leaf_hash(data: bytes, digest: Callable[[bytes], bytes]) -> bytes:
    return digest(b"\x00" + data)


def node_hash(left: bytes, right: bytes, digest: Callable[[bytes], bytes]) -> bytes:
    return digest(b"\x01" + left + right)


def tree_of(leaves: Sequence[bytes], *, algorithm: str = "sha256") -> Tree:
    """A tree over leaf hashes held in memory."""
    digest = hasher(algorithm)
    known: dict[tuple[int, int], bytes] = {}

    def perfect(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        if (level, index) not in known:
            left, right = perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1)
            known[level, index] = node_hash(left, right, digest)
        return known[level, index]

    return Tree(perfect, algorithm=algorithm)

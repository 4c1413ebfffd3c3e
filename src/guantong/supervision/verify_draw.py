"""Repeat a draw that was made in public: ``python3 -I verify_draw.py LIST.csv SEED N [--json]``.

Needs nothing but Python: no database, no other file of this project. The rule (docs/decisions/0009): every id of
the list is ranked by SHA-256(seed + "\\n" + id) in hexadecimal, equal ones by id; the first N are drawn.
Exit 0 drawn, 1 the list cannot be drawn from, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class CannotDraw(Exception):  # noqa: N818 - said to a person, as a sentence
    """The list is not one that can be drawn from; the sentence says why."""


def rank(seed: str, identifier: str) -> tuple[str, str]:
    """What an id is sorted by."""
    return hashlib.sha256(f"{seed}\n{identifier}".encode()).hexdigest(), identifier


def draw(identifiers: Iterable[str], seed: str, number: int) -> list[str]:
    """The ids drawn, in the order drawn."""
    return sorted(identifiers, key=lambda each: rank(seed, each))[:number]


def identifiers_of(content: bytes) -> list[str]:
    """The column ``id`` of a CSV file: UTF-8 with or without mark, or GB 18030 as spreadsheets save it."""
    try:
        return _identifiers(csv.reader(io.StringIO(_text(content), newline="")))
    except csv.Error as error:
        raise CannotDraw(f"名单不是一份 CSV 文件：{error}。") from error


def _identifiers(rows: Any) -> list[str]:
    head = [name.strip().lower() for name in next(rows, [])]
    if "id" not in head:
        raise CannotDraw("名单里没有名为 id 的一列。")
    place, found = head.index("id"), []
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        identifier = row[place].strip() if place < len(row) else ""
        if not identifier:
            raise CannotDraw(f"名单第 {rows.line_num} 行没有 id。")
        found.append(identifier)
    seen: set[str] = set()
    for identifier in found:
        if identifier in seen:
            raise CannotDraw(f"名单里的 id“{identifier}”出现了不止一次。")
        seen.add(identifier)
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotDraw("读不出名单的文字，请用 UTF-8 编码保存后再试。")


def verify(content: bytes, seed: str, number: int) -> dict[str, Any]:
    """The draw over the bytes of a list, with the list's SHA-256."""
    known = identifiers_of(content)
    if number > len(known):
        raise CannotDraw(f"名单只有 {len(known)} 项，抽不出 {number} 项。")
    return {
        "list_sha256": hashlib.sha256(content).hexdigest(),
        "seed": seed,
        "n": number,
        "population": len(known),
        "drawn": draw(known, seed, number),
    }


def verify_file(path: str, seed: str, number: int) -> dict[str, Any]:
    """The same over a file."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise CannotDraw(f"打不开名单 {path}：{error.strerror}。") from error
    return verify(content, seed, number)


def lines(answer: dict[str, Any]) -> list[str]:
    """What is printed: the digest of the list, then the ids in the order drawn."""
    return [f"SHA-256 {answer['list_sha256']}", *answer["drawn"]]


def at_least_one(text: str) -> int:
    """A whole number from 1 up; anything else is wrong usage."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"抽取数量须为正整数：{text}")
    return number


def seed_text(text: str) -> str:
    """A seed that is not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError("种子不能为空")
    return text


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("list", metavar="LIST.csv", help="名单，含 id 列")
    parser.add_argument("seed", metavar="SEED", type=seed_text, help="公开的种子，与公布的一字不差")
    parser.add_argument("number", metavar="N", type=at_least_one, help="抽取数量")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_draw.py", description="重做一次公开抽签")
    add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
    given = parser.parse_args(argv)
    try:
        answer = verify_file(given.list, given.seed, given.number)
    except CannotDraw as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(answer, ensure_ascii=False) if given.json else "\n".join(lines(answer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

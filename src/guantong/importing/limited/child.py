"""``python -m guantong.importing.limited.child read|mark …``: one file, limited in memory, time and what it writes.

``read FILE NAME``: the file as JSON lines. ``mark FILE MARKS OUT``: the workbook with remarks as cell comments.
A file that is not read is said in the last line, as ``{"unreadable": code, …}``.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

MEGABYTE = 1024 * 1024


def limit(*, seconds: int, megabytes: int, file_megabytes: int) -> None:
    """From here on: processor time, address space, size of any file written; no core files, no other programs."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_megabytes * MEGABYTE,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def main(given: list[str]) -> int:
    seconds, megabytes, mode, *rest = given
    limit(seconds=int(seconds), megabytes=int(megabytes), file_megabytes=100)
    from guantong.importing.limited.unreadable import Unreadable

    try:
        if mode == "read":
            _read(Path(rest[0]), rest[1])
        else:
            from guantong.importing.limited.marking import mark

            mark(Path(rest[0]), Path(rest[1]), Path(rest[2]))
    except Unreadable as error:
        _say({"unreadable": error.code, **error.figures})
    except (MemoryError, OverflowError):
        _say({"unreadable": "too_much"})
    return 0


def _read(path: Path, name: str) -> None:
    from guantong.importing.limited.books import lines_of

    write = sys.stdout.write
    encode = json.JSONEncoder(separators=(",", ":")).encode
    for line in lines_of(path.read_bytes(), name):
        write(encode(line) + "\n")
    write('{"end":true}\n')


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

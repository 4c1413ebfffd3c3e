"""Looking for planted values in every byte an installation keeps, in every form they could have taken."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from psycopg import sql

from config.installation import ON_POSTGRESQL, Installation, connect

Places = Iterator[tuple[str, bytes]]


def forms_of(value: str | bytes) -> dict[str, bytes]:
    """The value as it could stand in a file: encodings of text, hexadecimal, and base64 at each of three offsets."""
    raw = value if isinstance(value, bytes) else value.encode()
    forms = {"bytes": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    for offset in range(3):
        padded = base64.b64encode(b"\0" * offset + raw)
        # The first characters mix with what stands before, the last with what follows.
        kept = padded[(0, 2, 3)[offset] : len(padded) // 4 * 4 - (4 if (offset + len(raw)) % 3 else 0)]
        forms[f"base64+{offset}"] = kept
        forms[f"base64url+{offset}"] = kept.replace(b"+", b"-").replace(b"/", b"_")
    if isinstance(value, str):
        forms |= {
            "utf-16-le": value.encode("utf-16-le"),
            "utf-16-be": value.encode("utf-16-be"),
            "casefolded": value.casefold().encode(),
            "quoted": quote(value).encode(),
            "json": json.dumps(value)[1:-1].encode(),
        }
    return {name: form for name, form in forms.items() if len(form) >= 6}


def found(places: Places, values: Mapping[str, str | bytes]) -> set[tuple[str, str]]:
    """(value, place) of everything found; the forms it was found in do not matter."""
    wanted = {name: set(forms_of(value).values()) for name, value in values.items()}
    return {
        (name, place)
        for place, content in places
        for name, forms in wanted.items()
        if any(form in content for form in forms)
    }


def everything(installation: Installation, *others: Path) -> Places:
    """All that is kept: every file of the home and of other folders, every row of every table, sessions decoded."""
    for folder in (installation.home, *others):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield f"{folder.name}/{path.relative_to(folder)}", path.read_bytes()
                if path.name == "database.dump":
                    yield f"{folder.name}/{path.relative_to(folder)} in clear", _in_clear(path)
    if ON_POSTGRESQL:
        yield from _tables(installation.database_url)
        yield from _tables(installation.keys_url)
    yield (
        "sessions decoded",
        json.dumps(installation.call("privacy.planting:decoded_sessions"), ensure_ascii=False).encode(),
    )


def _in_clear(dump: Path) -> bytes:
    return subprocess.run(["pg_restore", "--file=-", str(dump)], check=True, capture_output=True).stdout


def _tables(url: str) -> Places:
    with connect(url) as server:
        names = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            copied = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
            with server.cursor().copy(copied) as copy:
                yield f"table {name}", b"".join(bytes(block) for block in copy)

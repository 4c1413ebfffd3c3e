"""multipart/form-data by hand: one JSON part and files. No Django here."""

from __future__ import annotations

import secrets
from collections.abc import Sequence


def form(name: str, told: bytes, files: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """(the body, its content type)."""
    boundary = secrets.token_hex(20)
    parts = [_part(f'name="{name}"', "application/json", told)]
    for file_name, content in files:
        disposition = f'name="file"; filename="{_quoted(file_name)}"'
        parts.append(_part(disposition, "application/octet-stream", content))
    line = f"--{boundary}\r\n".encode()
    body = b"".join(line + each + b"\r\n" for each in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def _part(disposition: str, content_type: str, content: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {disposition}\r\nContent-Type: {content_type}\r\n\r\n"
    return head.encode() + content


def _quoted(name: str) -> str:
    """A quote or a line's end in a name cannot break out of the header."""
    plain = " ".join(name.splitlines())
    return plain.replace("\\", "\\\\").replace('"', '\\"')

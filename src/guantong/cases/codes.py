"""The code by which somebody follows their case, and the mark by which the same contact is known again.

Neither can be read back: of the code only a keyed hash is kept, of the contact a keyed hash beside the sealed text.
"""

from __future__ import annotations

import secrets
import unicodedata

from guantong.audit.codes import code_from, grouped, tidy
from guantong.privacy.keys import index_of

__all__ = ["contact_mark", "digest_of_code", "grouped", "new_code", "tidy"]


def new_code(submission_key: str = "") -> str:
    """Ten characters without look-alikes (50 bits) and a check character.

    The same form sent twice, as over a bad network, gives the same code: it follows from the form's own random key and
    a key of the installation.
    """
    if not submission_key:
        return code_from(lambda time: secrets.token_bytes(8))
    return code_from(lambda time: bytes.fromhex(index_of(f"case form {time} {submission_key}")))


def digest_of_code(code: str) -> str:
    """What is kept of a code: its keyed hash."""
    return index_of(f"case code {code}")


def contact_mark(contact: str) -> str:
    """The same for the same telephone number or address however it was typed; empty for none."""
    text = unicodedata.normalize("NFKC", contact).casefold()
    text = "".join(each for each in text if each.isalnum() or each in "@._+").removeprefix("+86")
    return index_of(f"contact {text}") if text else ""

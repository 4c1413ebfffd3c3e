"""Short codes for paper: no look-alike letters, and a check character that catches a slip of the pen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
CHECKS = ALPHABET + "*~$=U"
LENGTH = 10


def check_character(body: str) -> str:
    """Crockford's check symbol: the number modulo 37."""
    number = 0
    for letter in body:
        number = number * 32 + ALPHABET.index(letter)
    return CHECKS[number % 37]


def code_from(draw: Callable[[int], bytes]) -> str:
    """Ten characters (50 bits) of the first draw whose check symbol is a letter or digit, with that symbol."""
    for time in count():
        number = int.from_bytes(draw(time)[:8], "big")
        body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
        if check_character(body) in ALPHABET:
            return body + check_character(body)
    raise AssertionError


def tidy(typed: str) -> str:
    """What somebody typed from paper, as the code it means; empty if it cannot be one."""
    code = "".join(typed.upper().split()).replace("-", "")
    code = code.translate(str.maketrans("ILO", "110"))
    if len(code) != LENGTH + 1 or any(letter not in ALPHABET for letter in code):
        return ""
    return code if check_character(code[:-1]) == code[-1] else ""


def grouped(code: str) -> str:
    """In groups of four, for reading aloud."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))

"""The place in a list, signed: it names the list and its filters, and is good for no other."""

from __future__ import annotations

import hashlib

from django.core import signing
from django.utils.translation import gettext as _

from guantong.api.contract.problems import Malformed
from guantong.api.shapes.common import Fault

SALT = "guantong.api.cursor"


def _list_of(path: str, filters: object) -> str:
    return hashlib.sha256(f"{path} {filters!r}".encode()).hexdigest()[:16]


def cursor_after(path: str, filters: object, last: int) -> str:
    """For those after the row with this key."""
    return signing.Signer(salt=SALT).sign_object([_list_of(path, filters), last])


def place_of(path: str, filters: object, cursor: str) -> int:
    """The key of the last row that was given. Raises Malformed for what was not signed for this list."""
    try:
        where, last = signing.Signer(salt=SALT).unsign_object(cursor)
        if where == _list_of(path, filters):
            return int(last)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    raise Malformed([Fault("cursor", _("游标不属于这个列表，请从第一页重新开始。"))])

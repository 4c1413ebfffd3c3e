"""Acting by a token: never more than its person may do that day for that office, and of that only what was chosen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from guantong.accounts.acting import Acting
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.queries import seats_of
from guantong.api.models import Token


@dataclass(frozen=True)
class TokenActing(Acting):
    """``chosen`` are the functions the token was made for."""

    token_ref: int = 0
    chosen: frozenset[str] = frozenset()
    read_only: bool = True

    @cached_property
    def functions(self) -> frozenset[str]:
        return FUNCTIONS.get(self.office.role, frozenset()) & self.chosen if self.office else frozenset()

    @property
    def reference(self) -> str:
        """For the log: that it was done by a token, and which."""
        return f"{super().reference} token:{self.token_ref}"


def acting_by(token: Token, *, on: dt.date) -> TokenActing | None:
    """As in a session: the office must be held or stood in for on the day. None where it is not."""
    seat = next((each for each in seats_of(token.person, on=on) if each.office.pk == token.office_id), None)
    if seat is None:
        return None
    return TokenActing(
        person=token.person,
        office=seat.office,
        standing_in_for=seat.standing_in_for,
        token_ref=token.pk,
        chosen=frozenset(token.functions),
        read_only=token.read_only,
    )

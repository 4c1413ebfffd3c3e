"""What the operations of every chain share: who acts, when, and which rows the one log row must speak of."""

from __future__ import annotations

import datetime as dt

from django.db import models

from guantong.accounts.acting import Acting
from guantong.accounts.models import Office, Person
from guantong.audit.operations import Actor
from guantong.kernel import clock


class Doing:
    """For a dataclass with ``actor``, ``now`` and ``_changed``, an empty dict."""

    actor: Actor
    now: dt.datetime
    _changed: dict[tuple[str, int], models.Model]

    @property
    def today(self) -> dt.date:
        return clock.today(self.now)

    @property
    def office(self) -> Office | None:
        return self.actor.office if isinstance(self.actor, Acting) else None

    @property
    def person(self) -> Person | None:
        return self.actor.person if isinstance(self.actor, Acting) else None

    def changed(self, *rows: models.Model) -> None:
        """Every tracked row the operation adds or changes."""
        for row in rows:
            self._changed[row._meta.label_lower, row.pk] = row

    def besides(self, target: models.Model) -> list[models.Model]:
        """The rows changed besides the one the log row is about."""
        return [row for row in self._changed.values() if row != target]

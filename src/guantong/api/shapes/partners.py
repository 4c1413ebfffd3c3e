"""Partner organisations. A representative is a person, and no person is told of here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from guantong.api.shapes.common import UnitRef

OrganisationKind = Literal["organisation", "enterprise", "chamber"]


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation by its registered name, and in whose territory it is."""

    id: int
    kind: OrganisationKind
    name: str
    name_en: str
    area: UnitRef
    closed_on: dt.date | None

"""Partners of the small city: organisations the coordinating office registered, people who agreed themselves."""

from __future__ import annotations

import datetime as dt

from conftest import City, at
from guantong.partners.models import ConsentRequest, Partner
from guantong.partners.operations import agree, ask_consent, register_organisation


def organisation(
    city: City, name: str = "蒙西商贸公司", *, kind: str = "enterprise", area: str = "150602"
) -> Partner:
    return register_organisation(
        kind=kind, name=name, area=city.units[area], actor=city.coordinator, now=at(1, 10)
    )


def asked(
    city: City, *, area: str = "150602", days: int = 365, now: dt.datetime | None = None
) -> tuple[ConsentRequest, str]:
    return ask_consent(
        area=city.units[area], retention_days=days, actor=city.coordinator, now=now or at(1, 10)
    )


def representative(
    city: City,
    name: str = "苏和",
    contact: str = "139 0000 0001",
    *,
    area: str = "150602",
    now: dt.datetime | None = None,
) -> Partner:
    consent, _code = asked(city, area=area, now=now)
    return agree(consent=consent, name=name, contact=contact, now=now or at(1, 11))

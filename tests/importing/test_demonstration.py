"""The demonstration shows an import that was applied, one with wrong rows that waits, and one that was taken back."""

from __future__ import annotations

import random

from conftest import City, SignIn, at
from guantong.audit.verification import verify_log
from guantong.config.demo.imports import REGISTER, TWICE, WRONG, play_imports
from guantong.importing.choices import Stage
from guantong.organisation.models import Unit
from guantong.partners.models import Partner


def districts(city: City) -> None:
    """The districts of the demonstration that the small city lacks."""
    for at_, code in enumerate(sorted({row[2] for row in (*REGISTER, *WRONG, *TWICE)} - {"15064"})):
        Unit.objects.get_or_create(
            code=code,
            defaults={"name": code, "level": "county", "parent": city.units["1506"], "depth": 2,
                      "path": f"{city.units['1506'].path}0Z{at_:03}"},
        )  # fmt: skip


def test_three_imports_stand_in_the_centre(city: City, as_: SignIn) -> None:
    districts(city)
    client = as_(city.coordinator)
    applied, undone, waiting = play_imports(city.cycle, at(3, 10), random.Random(1))  # noqa: S311
    for each in (applied, undone, waiting):
        each.refresh_from_db()
    assert (applied.stage, applied.n_applied) == (Stage.APPLIED, len(REGISTER))
    assert undone.stage == Stage.UNDONE
    assert (waiting.stage, waiting.n_good, waiting.n_errors) == (Stage.CHECKED, 2, len(WRONG) - 2)
    assert set(Partner.objects.values_list("name", flat=True)) == {row[1] for row in REGISTER}
    assert verify_log().clean
    assert "登记名称：与第 2 行重复。" in client.get(f"/imports/{waiting.pk}/").content.decode()
    page = client.get("/imports/").content.decode()
    assert all(each.file_name in page for each in (applied, undone, waiting))

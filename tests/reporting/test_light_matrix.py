"""Units against elements: the same counts as the board, by child and by pillar."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from conftest import City, SignIn, at
from guantong.obligations.choices import Light
from guantong.obligations.models import Obligation
from guantong.reporting import board as boards
from guantong.reporting.tallies import recount

DAY = at(3, 2).date()


class TestMatrix:
    @pytest.mark.parametrize("large", [4_000, 1])
    def test_each_cell_counts_the_subtree_live_or_kept(
        self, signed: City, monkeypatch: pytest.MonkeyPatch, large: int
    ) -> None:
        recount(signed.cycle, on=DAY, now=at(3, 2))
        monkeypatch.setattr(boards, "LARGE", large)
        unit = signed.units["1506"]
        rows = boards.matrix(signed.cycle, unit)
        counted = {
            (row.unit.code, pillar, light): number
            for row in rows
            for pillar, tally in row.cells.items()
            for light, number in tally.lights.items()
            if number
        }
        expected: dict[tuple[str, str, str], int] = {}
        children = {each.path: each.code for each in (row.unit for row in rows) if each.pk != unit.pk}
        for each in Obligation.objects.filter(cycle=signed.cycle).select_related("unit"):
            code = next(
                (code for path, code in children.items() if each.unit.path.startswith(path)), unit.code
            )
            key = code, each.pillar, each.light
            expected[key] = expected.get(key, 0) + 1
        assert counted == expected

    def test_the_worst_light_stands_in_the_cell(self, signed: City, as_: SignIn) -> None:
        owed = Obligation.objects.filter(unit__code="1506-MU-01")[0]
        Obligation.objects.filter(pk=owed.pk).update(light=Light.RED)
        page = as_(signed.coordinator).get(
            reverse("light-matrix", args=[signed.cycle.pk, signed.units["1506"].pk])
        )
        assert "逾期 1" in page.content.decode()

    def test_a_fixed_number_of_queries(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        browser = as_(signed.coordinator)
        with django_assert_max_num_queries(14):
            browser.get(reverse("light-matrix", args=[signed.cycle.pk, signed.units["1506"].pk]))

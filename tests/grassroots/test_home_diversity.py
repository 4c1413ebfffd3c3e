"""How varied what goes on at a home is: against a plain reference, with the minimum number, with its counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, getcontext

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from conftest import City, SignIn
from grassroots.home_cast import NOW, TODAY, keeper_of, recorded, registered
from guantong.grassroots.choices import ContentKind
from guantong.grassroots.home_terms import LEAST, least_told, pillars_of_homes
from guantong.grassroots.models import Activity, Home
from guantong.grassroots.queries.activities import held_between
from guantong.grassroots.queries.use import diversity_of
from guantong.grassroots.rules.diversity import diversity, normalised_entropy
from guantong.kernel import clock
from guantong.mechanisms.package import builtin_packages, read_package_file

COUNTS = some.lists(some.integers(0, 60), min_size=2, max_size=9)
KINDS = ("a", "b", "c", "d")


def reference(counts: list[int]) -> Decimal | None:
    """The textbook's formula, in decimals of forty digits and with nothing left out."""
    getcontext().prec = 40
    total = Decimal(sum(counts))
    if total == 0:
        return None
    entropy = Decimal(0)
    for count in counts:
        share = Decimal(count) / total
        if share > 0:
            entropy -= share * share.ln()
    return entropy / Decimal(len(counts)).ln()


class TestEntropy:
    @given(COUNTS)
    def test_it_is_the_textbooks(self, counts: list[int]) -> None:
        ours, theirs = normalised_entropy(counts), reference(counts)
        if theirs is None or ours is None:
            assert (ours, theirs) == (None, None)
        else:
            assert abs(Decimal(ours) - theirs) < Decimal("1e-12")
            assert 0 <= ours <= 1

    @given(COUNTS, some.randoms(use_true_random=False), some.integers(2, 5))
    def test_neither_order_nor_scale_matters(self, counts: list[int], chance: object, times: int) -> None:
        shuffled = list(counts)
        chance.shuffle(shuffled)  # type: ignore[attr-defined]
        ours = normalised_entropy(counts)
        assert normalised_entropy(shuffled) == pytest.approx(ours)
        assert normalised_entropy(n * times for n in counts) == pytest.approx(ours)

    @given(some.integers(1, 50), some.integers(2, 9))
    def test_one_kind_alone_is_nought_all_alike_is_one(self, n: int, kinds: int) -> None:
        assert normalised_entropy([n] + [0] * (kinds - 1)) == 0
        assert normalised_entropy([n] * kinds) == pytest.approx(1)

    def test_with_one_kind_to_have_there_is_nothing_to_tell(self) -> None:
        assert normalised_entropy([5]) is None


class TestMinimum:
    @given(some.lists(some.lists(some.sampled_from(KINDS), max_size=4), max_size=12), some.integers(1, 6))
    def test_below_it_nothing_is_told_and_the_counts_stand_beside(
        self, rows: list[list[str]], least: int
    ) -> None:
        found = diversity(rows, kinds=KINDS, least=least)
        named = [set(row) for row in rows if row]
        assert dict(found.counts) == {kind: sum(kind in row for row in named) for kind in KINDS}
        assert found.of == len(named)
        assert found.is_too_few == (len(named) < least)
        assert (found.share is None) == found.is_too_few

    def test_unknown_kinds_are_left_out(self) -> None:
        assert diversity([["x"], ["a", "x"]], kinds=KINDS, least=1).of == 1

    def test_the_package_says_the_number(self) -> None:
        packages = {name: read_package_file(path).package for name, path in builtin_packages().items()}
        three = packages["three-threes"]
        assert three is not None
        assert least_told(three) == max(card.min_n for card in three.scorecards) >= LEAST
        assert pillars_of_homes(three) == ["base_home"]
        river = packages["river-chief"]
        assert river is not None
        assert pillars_of_homes(river) == []


@pytest.fixture
def april(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.mark.usefixtures("april")
class TestOfAHome:
    def test_hosts_contents_and_results_of_what_was_held(self, city: City) -> None:
        home = registered(city)
        for n, (content, results) in enumerate(
            [("study", ["learnt"]), ("study", []), ("culture", ["practice", "learnt"]), ("charity", [])]
        ):
            recorded(city, home, title=f"第 {n} 次", content=content, results=results, host_kinds=["school"])
        found = diversity_of(
            list(held_between(Home.objects.filter(pk=home.pk), dt.date(2026, 1, 1), TODAY)), least=3
        )
        assert found.hosts.percent == 0
        assert {kind: n for kind, n in found.contents.counts if n} == {"study": 2, "culture": 1, "charity": 1}
        assert found.contents.share == pytest.approx(float(reference([2, 1, 1, 0, 0, 0, 0]) or 0))
        assert (found.results.of, found.results.is_too_few, found.results.share) == (2, True, None)

    def test_the_page_tells_too_few_and_then_a_figure_with_its_counts(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client, address = as_(keeper_of(city)), reverse("home-diversity", args=[home.pk])
        recorded(city, home, host_kinds=["school"])
        assert client.get(address).content.decode().count("太少，说不准") == 3
        least = least_told(city.cycle.package)
        for n in range(least):
            recorded(city, home, title=f"第 {n} 次", content=ContentKind.values[n % 7], host_kinds=["school"])
        page = client.get(address).content.decode()
        assert page.count("太少，说不准") == 1  # results, which nobody named
        assert "数字只看分布匀不匀，不说好坏" in page
        assert "7 类中出现" in page
        assert Activity.objects.count() == least + 1

    def test_a_neighbour_does_not_open_it(self, city: City, as_: SignIn) -> None:
        home = registered(city)
        client = as_(city.acting("150602001002", "liaison"))
        assert client.get(reverse("home-diversity", args=[home.pk])).status_code == 404

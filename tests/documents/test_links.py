"""Each paper is reached from the page on which people are, by exactly those who may make it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from assessment.round_cast import UNIT, assessor, published, settled
from conftest import City, SignIn
from documents.cast import made_of
from guantong.accounts.acting import Acting
from guantong.assessment.models import Score
from guantong.documents.kinds import PAPERS

KINDS = sorted(PAPERS)


def everybody(city: City) -> dict[str, Acting]:
    return {
        "coordinator": city.coordinator,
        "assessor": city.acting("1506-LGO", "assessor"),
        "leader": city.acting("1506-LG", "leader", 1),
        "another leader": city.acting("1506-LG", "leader", 2),
        "head": city.head,
        "head of another": city.acting("1506-MU-02", "unit_head"),
        "district": city.acting("150602", "first_responsible"),
        "another district": city.acting("150622", "first_responsible"),
        "audit": city.acting("1506-LGO", "audit_admin"),
    }


def papers_on(page: str) -> set[str]:
    return set(re.findall(r'href="(/papers/[^"]+)"', page))


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_of_the_object_leads_there_for_exactly_those_who_may_make_it(
    kind: str, signed: City, as_: SignIn
) -> None:
    paper, item = PAPERS[kind], made_of(kind, signed)
    page, address = reverse(paper.page, args=[item.pk]), reverse("paper", args=[kind, item.pk])
    offered, made = set(), set()
    for name, actor in everybody(signed).items():
        client = as_(actor)
        answer = client.get(page)
        if answer.status_code == 200 and address in papers_on(answer.content.decode()):
            offered.add(name)
        if client.post(reverse("paper-issue", args=[kind, item.pk])).status_code == 302:
            made.add(name)
    assert offered == made
    assert made
    assert "audit" not in made


class TestRound:
    def test_after_publication_the_own_part_leads_to_the_units_own_papers_alone(
        self, signed: City, as_: SignIn
    ) -> None:
        round = published(signed)
        own = Score.objects.get(run=round.final, unit__code=UNIT, office=None)
        page = as_(signed.head).get(reverse("round")).content.decode()
        assert papers_on(page) == {
            reverse("paper", args=[kind, own.pk]) for kind in ("score_sheet", "result_notice")
        }

    def test_before_publication_it_does_not(self, signed: City, as_: SignIn) -> None:
        settled(signed)
        assert papers_on(as_(signed.head).get(reverse("round")).content.decode()) == set()

    def test_whoever_assesses_gets_there_from_each_unit(self, signed: City, as_: SignIn) -> None:
        round = settled(signed)
        score = Score.objects.get(run=round.final, unit__code=UNIT, office=None)
        address = reverse("round-unit", args=[round.pk, signed.units[UNIT].pk])
        page = as_(assessor(signed)).get(address).content.decode()
        assert papers_on(page) == {reverse("paper", args=["score_sheet", score.pk])}  # no notice yet

    def test_the_runner_gets_both_once_it_is_published(self, signed: City, as_: SignIn) -> None:
        round = published(signed)
        score = Score.objects.get(run=round.final, unit__code=UNIT, office=None)
        address = reverse("round-unit", args=[round.pk, signed.units[UNIT].pk])
        page = as_(assessor(signed)).get(address).content.decode()
        assert reverse("paper", args=["result_notice", score.pk]) in papers_on(page)

"""Cases whose titles may be about the same thing."""

from __future__ import annotations

from dataclasses import dataclass

from guantong.cases.alike import LEAST, bigrams, likeness
from guantong.cases.applicant import Doer
from guantong.cases.models import Case
from guantong.cases.queries.visible import cases_visible_to

LOOKED_AT = 3000


@dataclass(frozen=True, slots=True)
class Like:
    case: Case
    score: float


def alike_cases(case: Case, *, seen_by: Doer, limit: int = 5) -> list[Like]:
    """Cases of the year with a title like this one's, likeliest first; only what the office may open."""
    wanted = bigrams(case.title)
    if not case.title or not wanted:
        return []
    others = cases_visible_to(seen_by).filter(cycle=case.cycle_id).exclude(pk=case.pk).exclude(title="")
    # a case already gathered with this one is not offered again
    if case.proposal_id is not None:
        others = others.exclude(proposal=case.proposal_id)
    titles = others.order_by("-number").values_list("pk", "title")[:LOOKED_AT]
    scored = [(likeness(wanted, bigrams(title)), pk) for pk, title in titles]
    best = sorted((each for each in scored if each[0] >= LEAST), key=lambda each: (-each[0], each[1]))[:limit]
    found = {each.pk: each for each in others.filter(pk__in=[pk for _score, pk in best])}
    return [Like(found[pk], round(score, 2)) for score, pk in best]

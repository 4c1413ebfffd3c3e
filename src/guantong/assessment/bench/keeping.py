"""Drawn weights of a whole city take longer than a page may: the worker draws, the cache keeps what came out.

The cache may lose it at any time; it is computed again from the same seed. Nothing is written to the results.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.core.cache import cache
from django_tasks import task

from guantong.assessment.bench.loading import trial_of
from guantong.assessment.bench.stability import DRAWS, Stability, Steadiness, draw
from guantong.assessment.models import Run

AT_ONCE = 400_000  # entrants × draws that take well under a second
KEPT_SECONDS = 7 * 24 * 3600
ASKED_SECONDS = 10 * 60


def is_quick(entrants: int) -> bool:
    """Whether the draws fit into a request: about a third of a second at most."""
    return entrants * DRAWS <= AT_ONCE


def kept_stability(run: Run, scorecard: str, *, spread: int, seed: int) -> Stability | None:
    """What was drawn before, or None."""
    found = cache.get(_key(run, scorecard, spread, seed))
    if found is None:
        return None
    return Stability(
        found["draws"],
        found["spread"],
        found["seed"],
        tuple(Steadiness(key, tuple(levels), *rest) for key, levels, *rest in found["entrants"]),
    )


def stability(run: Run, scorecard: str, *, spread: int, seed: int) -> Stability:
    """Draw, and keep what comes out for a week."""
    found = draw(trial_of(run, scorecard), spread=spread, seed=seed)
    cache.set(_key(run, scorecard, spread, seed), _plain(found), KEPT_SECONDS)
    return found


def is_asked(run: Run, scorecard: str, *, spread: int, seed: int) -> bool:
    """Whether the worker was asked in the last ten minutes."""
    return cache.get(_asked(run, scorecard, spread, seed)) is not None


def ask_stability(run: Run, scorecard: str, *, spread: int, seed: int) -> bool:
    """Ask the worker to draw. False where it was asked already or has drawn."""
    if kept_stability(run, scorecard, spread=spread, seed=seed) is not None:
        return False
    if not cache.add(_asked(run, scorecard, spread, seed), True, ASKED_SECONDS):
        return False
    draw_weights.enqueue(run.pk, scorecard, spread, seed)
    return True


@task()
def draw_weights(run: int, scorecard: str, spread: int, seed: int) -> bool:
    """Draw in the worker; the page finds the result in the cache."""
    found = Run.objects.select_related("cycle__stored", "cycle__unit").get(pk=run)
    stability(found, scorecard, spread=spread, seed=seed)
    cache.delete(_asked(found, scorecard, spread, seed))
    return True


def _key(run: Run, scorecard: str, spread: int, seed: int) -> str:
    return f"bench:{run.pk}:{run.result_digest[:16]}:{scorecard}:{spread}:{seed}"


def _asked(run: Run, scorecard: str, spread: int, seed: int) -> str:
    return f"{_key(run, scorecard, spread, seed)}:asked"


def _plain(found: Stability) -> dict[str, Any]:
    """Numbers only: small, and readable whatever the classes become."""
    return {
        **{key: value for key, value in asdict(found).items() if key != "entrants"},
        "entrants": [
            (each.key, each.levels, each.kept, each.median, each.low, each.high) for each in found.entrants
        ],
    }

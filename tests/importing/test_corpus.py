"""Whatever file comes, its fate is a sentence: nothing crashes, nothing is half-written, memory and time are bounded."""

from __future__ import annotations

import resource
import time

import pytest

from conftest import City, at
from guantong.importing.choices import Stage
from guantong.importing.kinds import kind_by_id
from guantong.importing.models import FilePiece, Import, RowPage
from guantong.importing.operations import check_import, read_import, receive_file
from guantong.importing.queries import preview_of
from guantong.importing.staged import verdicts_of
from guantong.importing.views.imports import _facts
from guantong.kernel.cells import as_meant, harmless
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from importing.corpus import CLASSES, NOTED, READ, REFUSED, WRONG, Sample, corpus

SAMPLES = corpus()
SECONDS = 45


def fate(city: City, sample: Sample) -> tuple[str, list[str], Import | None]:
    """(outcome, what was said, the import)."""
    actor = city.coordinator
    try:
        found = receive_file(content=sample.make(), name=sample.name, kind="units", actor=actor, now=at(3, 1))
        found = read_import(imported=found, actor=actor)
        if found.stage == Stage.UNREADABLE:
            return REFUSED, list(found.why), found
        found = check_import(imported=found, actor=actor, now=at(3, 1))
    except Refusal as refusal:
        return REFUSED, refusal.reasons, None
    said = [
        text
        for page in RowPage.objects.all()
        for _v, rows in verdicts_of(page).values()
        for _n, text, *_ in rows
    ]
    if said:
        return WRONG, said, found
    notes = list(_facts(found)["notes"])
    return (NOTED if notes else READ), notes, found


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_its_fate_is_as_expected(city: City, sample: Sample) -> None:
    units = Unit.objects.count()
    begun = time.monotonic()
    outcome, said, found = fate(city, sample)
    assert time.monotonic() - begun < SECONDS
    assert (outcome, sample.says in " ".join(said)) == (sample.outcome, True), said
    assert all(len(each) < 600 for each in said)
    assert Unit.objects.count() == units
    if outcome == REFUSED:
        assert said
        if found:
            assert not RowPage.objects.exists()
            assert not FilePiece.objects.exists()
    elif found:
        kind = kind_by_id("units")
        assert preview_of(found, kind, start=0).lines
        if outcome in (READ, NOTED):
            assert (found.n_errors, found.n_good) == (0, found.n_rows)


def test_there_are_enough_of_them() -> None:
    assert len(SAMPLES) >= 60
    assert len(CLASSES) >= 20
    assert len({str(each) for each in SAMPLES}) == len(SAMPLES)


@pytest.mark.drill  # of all children of the process: only where no other test has started any
def test_no_child_ever_needed_more_memory_than_it_is_allowed() -> None:
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 640 * 1024


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "＝1", "'=1", "''+x", "-5", "+3.5", "plain", "'quoted'", ""],
)
def test_a_cell_comes_back_as_it_went_out_and_starts_no_formula(cell: str) -> None:
    out = harmless(cell)
    assert as_meant(out) == cell
    assert out[:1] not in ("=", "@", "\t", "＝")
    assert out[:1] not in ("+", "-") or out in ("-5", "+3.5")

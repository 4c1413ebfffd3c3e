"""The client reads and writes as whoever holds its token, and needs no Django."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal

import pytest
from pytest_django.live_server_helper import LiveServer

from api.calling import token_for
from conftest import CONSOLE, City, at
from guantong.api.addresses import ADDRESSES
from guantong.api.client import Guantong, ProblemAnswer
from guantong.api.connection import Connection
from guantong.api.shapes.work import NewClaim, NewRecord
from guantong.assessment.operations import run_scores
from guantong.kernel import clock
from guantong.obligations.models import Obligation
from guantong.records.models import Record

TODAY = clock.today()


def test_it_stands_alone() -> None:
    said = (
        "import sys, guantong.api.client; print(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def test_every_operation_has_a_method() -> None:
    acts = {act.name for _route, _name, acts in ADDRESSES for act in acts}
    made = [
        vars(each) for each in Guantong.__mro__ if issubclass(each, Connection) and each is not Connection
    ]
    own = {name for each in made for name in each if not name.startswith("_")}
    assert len(own) == len(acts)


class TestAgainstALiveServer:
    def test_what_was_read_and_entered(self, signed: City, live_server: LiveServer) -> None:
        program = Guantong(live_server.url, token_for(signed.head)[1])
        assert program.me().unit.code == "1506-MU-01"
        assert {each.id for each in program.obligations(limit=9)} == set(
            Obligation.objects.filter(unit__code="1506-MU-01").values_list("pk", flat=True)
        )
        record = program.enter_record(
            NewRecord(kind="progress", happened_on=TODAY, summary="完成了"), key="run-2026-01"
        )
        again = program.enter_record(
            NewRecord(kind="progress", happened_on=TODAY, summary="完成了"), key="run-2026-01"
        )
        assert record == again == program.record(record.id)
        assert (record.happened_on, Record.objects.count()) == (TODAY, 1)
        assert next(program.records(happened_from=TODAY, kind="progress")).id == record.id

    def test_what_was_not_done_says_why(self, signed: City, live_server: LiveServer) -> None:
        program = Guantong(live_server.url, token_for(signed.head)[1], language="en")
        other = Obligation.objects.filter(unit__code="150622")[0]
        with pytest.raises(ProblemAnswer) as raised:
            program.claim(other.pk, NewClaim(nothing_new=True))
        assert (raised.value.problem.status, raised.value.problem.type) == (404, "/api/v1/#problem-not-found")
        with pytest.raises(ProblemAnswer):
            list(program.units(colour="red"))

    def test_figures_are_exact(self, signed: City, live_server: LiveServer) -> None:
        run_scores(cycle=signed.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        program = Guantong(live_server.url, token_for(signed.coordinator)[1])
        totals = [each.total for each in program.scores() if each.total is not None]
        assert totals
        assert all(isinstance(each, Decimal) for each in totals)
        one = program.score(next(iter(program.scores())).id)
        assert all(list(program.score_rows(line.id)) is not None for line in one.lines)
        board = program.board(signed.cycle.pk, signed.units["1506"].pk)
        assert board.unit.code == "1506"


def test_an_address_is_of_the_web() -> None:
    with pytest.raises(ValueError, match="https"):
        Guantong("file:///etc", "gt_x")

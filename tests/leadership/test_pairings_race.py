"""Two offices after the last visit a partner may have: one of them gets it, on both databases."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.kernel.refusals import Refusal
from guantong.leadership.models import PartnerContact
from guantong.leadership.operations import contacts as operations
from guantong.leadership.queries.contacts import cap_of
from guantong.leadership.rules.pairings import Cap
from guantong.mechanisms.package import Package
from guantong.partners.models import Partner
from leadership.pairings_cast import leader, planned, spend
from partners.cast import organisation

ONE_OFFICE = """
import datetime as dt, sys, time
import django; django.setup()
from django.utils import timezone
from guantong.accounts.acting import Console
from guantong.accounts.models import Office
from guantong.kernel.refusals import Refusal
from guantong.leadership.operations.contacts import plan_contact
from guantong.mechanisms.models import Cycle
from guantong.partners.models import Partner
partner, office, start = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
given = dict(cycle=Cycle.objects.get(), partner=Partner.objects.get(pk=partner), office=Office.objects.get(pk=office),
             mode="visit", day=dt.date(2026, 11, 10), purpose="抢最后一次", actor=Console("race"),
             now=dt.datetime(2026, 2, 2, 10, tzinfo=timezone.get_default_timezone()))
time.sleep(max(start - time.time(), 0))
try:
    plan_contact(**given)
    print("planned")
except Refusal:
    print("refused")
"""


def all_but_one(city: City) -> Partner:
    """A partner that bears one more visit this year."""
    company = organisation(city)
    *_rest, last = spend(city, company)
    operations.cancel_contact(contact=last, actor=city.coordinator, now=at(2, 3))
    assert cap_of(company, city.cycle.package, day=dt.date(2026, 11, 10)).left == 1
    return company


def at_once(city: City, company: Partner, offices: list[Acting]) -> list[str]:
    """Each office in a thread and connection of its own."""
    said: list[str] = []

    def work(actor: Acting) -> None:
        try:
            planned(city, company, actor, 11, 10, purpose=f"抢最后一次 {actor.office_ref}")
            said.append("planned")
        except Refusal:
            said.append("refused")
        except BaseException as error:
            said.append(repr(error))
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[actor]) for actor in offices]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    return sorted(said)


def meeting_after_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has counted waits for the other to have counted too, for as long as a lock would keep it out."""
    together = threading.Barrier(2)

    def counted(partner: Partner, package: Package, *, day: dt.date) -> Cap:
        cap = cap_of(partner, package, day=day)
        with contextlib.suppress(threading.BrokenBarrierError):
            together.wait(2)
        return cap

    monkeypatch.setattr(operations, "cap_of", counted)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite: see the processes below")
@pytest.mark.django_db(transaction=True)
class TestRowLock:
    def test_one_of_two_gets_the_last_visit(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        company, offices = all_but_one(city), [leader(city, 1), leader(city, 2)]
        meeting_after_counting(monkeypatch)
        assert at_once(city, company, offices) == ["planned", "refused"]
        assert cap_of(company, city.cycle.package, day=dt.date(2026, 11, 10)).taken == 6

    def test_without_the_lock_both_would(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        """The control: the same race, the partner's row not held."""
        company, offices = all_but_one(city), [leader(city, 1), leader(city, 2)]
        meeting_after_counting(monkeypatch)

        def unlocked(partner: Partner) -> Partner:
            return Partner.objects.select_related("area").get(pk=partner.pk)

        monkeypatch.setattr(operations, "locked_partner", unlocked)
        assert at_once(city, company, offices) == ["planned", "planned"]

    def test_of_many_offices_exactly_as_many_as_there_is_room(self, city: City) -> None:
        company = organisation(city)
        offices = [leader(city, n) for n in (1, 2, 3)] * 4
        said = []

        def work(actor: Acting, n: int) -> None:
            try:
                planned(city, company, actor, 11, 10, purpose=f"第 {n} 件事")
                said.append("planned")
            except Refusal:
                said.append("refused")
            finally:
                connection.close()

        workers = [threading.Thread(target=work, args=(actor, n)) for n, actor in enumerate(offices)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(60)
        assert sorted(said) == ["planned"] * 6 + ["refused"] * 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL: see the threads above")
@pytest.mark.django_db(transaction=True)
class TestTwoProcesses:
    def test_one_of_four_gets_the_last_visit(self, city: City, tmp_path: Path) -> None:
        """On a database file, each office in a program of its own."""
        company = all_but_one(city)
        file = tmp_path / "race.sqlite3"
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(file)])
        surroundings = os.environ | {
            "DJANGO_SETTINGS_MODULE": "guantong.config.settings",
            "GUANTONG_DATABASE_URL": f"sqlite:///{file}",
            "GUANTONG_HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        start = dt.datetime.now(tz=dt.UTC).timestamp() + 8
        racers = [
            subprocess.Popen(
                [sys.executable, "-c", ONE_OFFICE, str(company.pk), str(leader(city, number).office_ref), str(start)],
                env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for number in (1, 2, 3, 1)
        ]  # fmt: skip
        ended = [racer.communicate(timeout=90) for racer in racers]
        assert "\n".join(error for _said, error in ended if "Traceback" in error) == ""
        said = sorted(out.strip() for out, _error in ended)
        # two of the four are the same office with the same words: the first visit, given back
        assert said in (
            ["planned", "refused", "refused", "refused"],
            ["planned", "planned", "refused", "refused"],
        )
        assert PartnerContact.objects.count() == 6  # the copy was raced over, not this one

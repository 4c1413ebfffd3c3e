"""Many people book one slot at the same moment, over HTTP, each from an address of their own; then what is there is
held against what they were told."""

from __future__ import annotations

import datetime as dt
import http.client
import re
import threading
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.installation import Installation
from config.serving import Web, hidden

CROWD, CAPACITY = 64, 5
BOOKED, WAITS, FULL = "booked", "waiting", "full"


@dataclass(eq=False)
class Somebody(threading.Thread):
    """One person: opens the form, waits for everybody else, sends it."""

    port: int
    slot: int
    round: int
    number: int
    together: threading.Barrier
    answer: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        try:
            self.answer = self._book()
        except Exception as error:  # whatever went wrong is the answer
            self.together.abort()
            self.answer = f"{type(error).__name__}: {error}"

    def _book(self) -> str:
        path = f"/reception/slots/{self.slot}/booking/"
        status, page, cookies = self._ask("GET", path, {})
        if status != 200:
            return f"{status} instead of the form"
        form = {
            "kind": "difficulty", "wording": f"第 {self.round} 轮第 {self.number} 人反映供暖问题。",
            "name": f"来访人{self.number}", "contact": f"13{self.round:04}{self.number:05}", "consent": "on",
            "submission_key": hidden(page, "submission_key"), "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        }  # fmt: skip
        self.together.wait(timeout=120)
        status, page, _cookies = self._ask("POST", path, {"Cookie": cookies}, urllib.parse.urlencode(form))
        return told(status, page)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: str | None = None
    ) -> tuple[int, str, str]:
        address = (f"127.{1 + self.round % 200}.{1 + self.number // 200}.{1 + self.number % 200}", 0)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120, source_address=address)
        if body is not None:
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            cookies = "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") or [])
            return answer.status, answer.read().decode("utf-8", "replace"), cookies
        finally:
            connection.close()


def told(status: int, page: str) -> str:
    """What the answer says, in one word; everything unexpected as it is."""
    heading = re.search(r"<h1>([^<]*)</h1>", page)
    said = heading[1].strip() if heading else ""
    if status == 200 and said == "已经约上":
        return BOOKED
    if status == 200 and said == "已进入候补":
        return WAITS
    if status == 422 and "约满" in page:
        return FULL
    words = re.sub(r"<[^>]+>|\s+", " ", page)
    return f"{status} {said} {words[:200]}"


@dataclass
class Drill:
    """Rounds of a crowd on an installation that is served as in real life; ``found`` says what went wrong."""

    installation: Installation
    answers: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def run(self, rounds: int) -> None:
        slots: list[int] = self.installation.call("reception.booking_drill:open_slots", number=rounds)
        web = Web.of(self.installation)
        web.start()
        try:
            for number, slot in enumerate(slots):
                last = number + 1 == len(slots)
                self._round(
                    int(web.address.rpartition(":")[2]), slot, number, check_log=last or number % 10 == 9
                )
        finally:
            web.kill()
        log = (self.installation.home.parent / "serve.log").read_text(encoding="utf-8")
        self.found += [f"the server said: {line}" for line in log.splitlines() if "locked" in line.lower()]

    def _round(self, port: int, slot: int, number: int, *, check_log: bool) -> None:
        together = threading.Barrier(CROWD)
        crowd = [Somebody(port, slot, number, each, together) for each in range(CROWD)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        answers = Counter(each.answer for each in crowd)
        self.answers += answers
        there = self.installation.call("reception.booking_drill:facts", slot=slot, check_log=check_log)
        self.found += [f"round {number}: {each}" for each in faults(answers, there)]


def faults(answers: Counter[str], there: dict[str, Any]) -> list[str]:
    """In sentences, whatever is not as it must be."""
    found = [f"{n} were answered: {each}" for each, n in answers.items() if each not in (BOOKED, WAITS, FULL)]
    if answers[BOOKED] != CAPACITY:
        found.append(f"{answers[BOOKED]} were told that they are booked")
    if there["seats"] != list(range(1, CAPACITY + 1)):
        found.append(f"the places taken are {there['seats']}")
    wanted = {BOOKED: answers[BOOKED], WAITS: answers[WAITS]}
    if there["stages"] != {stage: n for stage, n in wanted.items() if n}:
        found.append(f"{there['stages']} are there")
    if there["cases"] != sum(wanted.values()):
        found.append(f"{there['cases']} cases are there")
    return found + [f"the log: {each}" for each in there["faults"]]


# --- called in a process of the installation ----------------------------------------------------------


def open_slots(number: int) -> list[int]:
    """Slots of a public reception day to come, each with five places; through the log, like everything else."""
    from django.db import transaction

    from conftest import CONSOLE
    from guantong.accounts.models import Office
    from guantong.audit import operations as audit
    from guantong.kernel import clock
    from guantong.mechanisms.models import Cycle
    from guantong.reception.models import ReceptionDay, Slot

    now = clock.now()
    with transaction.atomic():
        day = ReceptionDay.objects.create(
            cycle=Cycle.objects.get(), rule="R01", host=Office.objects.get(seat="leader", number=1),
            day=clock.today(now) + dt.timedelta(days=10), planned_on=clock.today(now) + dt.timedelta(days=10),
            starts_at=dt.time(0), ends_at=dt.time(23, 59), place="接待室", published_at=now,
        )  # fmt: skip
        slots = [
            Slot.objects.create(
                day=day, starts_at=dt.time(*divmod(each * 10, 60)), ends_at=dt.time(*divmod(each * 10 + 9, 60)),
                capacity=CAPACITY,
            )
            for each in range(number)
        ]  # fmt: skip
        audit.record("reception.day_published", target=day, actor=CONSOLE, at=now, states=slots)
    return [each.pk for each in slots]


def facts(slot: int, check_log: bool) -> dict[str, Any]:
    """Who has a place, who waits, and, if asked, whether the log knows of all of it."""
    from guantong.audit.verification import verify_log
    from guantong.reception.models import Booking

    bookings = Booking.objects.filter(slot=slot)
    return {
        "seats": sorted(bookings.filter(seat__isnull=False).values_list("seat", flat=True)),
        "stages": dict(Counter(bookings.values_list("stage", flat=True))),
        "cases": bookings.values("case").distinct().count(),
        "faults": [each.sentence for each in verify_log().faults] if check_log else [],
    }


WITHOUT_THE_LOCK = '''
"""A seeded fault: the slot is not held while its places are counted."""
from django.db.models.query import QuerySet

from guantong.config import databases

held, options = QuerySet.select_for_update, databases.sqlite_options


def not_held(rows, *args, **kwargs):
    return rows._chain() if rows.model.__name__ == "Slot" else held(rows, *args, **kwargs)


def deferred(**kwargs):
    return options(**kwargs) | {"transaction_mode": "DEFERRED"}


QuerySet.select_for_update = not_held
databases.sqlite_options = deferred
'''


def without_the_lock(folder: Path) -> str:
    """A folder of Python that comes before the program's own and takes the lock away."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT_THE_LOCK)
    return str(folder)

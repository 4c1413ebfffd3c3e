"""Several offices book one room for overlapping hours at the same moment, each in a thread of its own."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

BOOKED, TAKEN = "booked", "taken"
CROWD = 12

WITHOUT_THE_LOCK = '''
"""A seeded fault: the room is not held while its bookings are compared."""
from django.db.models.query import QuerySet

from guantong.config import databases

held, options = QuerySet.select_for_update, databases.sqlite_options


def not_held(rows, *args, **kwargs):
    return rows._chain() if rows.model.__name__ == "Room" else held(rows, *args, **kwargs)


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


def faults(answers: dict[str, int], spans: list[list[str]], log: list[str]) -> list[str]:
    """In sentences, whatever is not as it must be."""
    found = [f"{n} were answered: {each}" for each, n in answers.items() if each not in (BOOKED, TAKEN)]
    if len(spans) != answers.get(BOOKED, 0) or not spans:
        found.append(f"{answers.get(BOOKED, 0)} were told that they are booked, {len(spans)} are")
    found += [
        f"{one} and {other} overlap"
        for one, other in combinations(sorted(spans), 2)
        if max(one[0], other[0]) < min(one[1], other[1])
    ]
    return found + [f"the log: {each}" for each in log]


# --- called in a process of the installation ----------------------------------------------------------


def race(rounds: int) -> list[str]:
    """Rounds on a room each; what went wrong."""
    from guantong.audit.verification import verify_log
    from guantong.grassroots.models import RoomBooking

    found = []
    for number in range(rounds):
        room = _room(number)
        answers = _crowd(room)
        rows = RoomBooking.objects.filter(room=room, cancelled_at=None).values_list("starts_at", "ends_at")
        spans = [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in rows]
        log = [each.sentence for each in verify_log().faults] if number + 1 == rounds else []
        found += [f"round {number}: {each}" for each in faults(dict(answers), spans, log)]
    return found


def _room(number: int) -> Any:
    from conftest import CONSOLE
    from guantong.grassroots.operations.homes import register_home
    from guantong.grassroots.operations.rooms import open_room
    from guantong.grassroots.rules.hours import hours_of, read_day
    from guantong.kernel import clock
    from guantong.organisation.models import Unit

    hours = hours_of({day: read_day("8:00-20:00") for day in range(1, 8)})
    unit = Unit.objects.get(code="150602001-H1")
    home = register_home(unit=unit, actor=CONSOLE, now=clock.now(), hours=hours)
    return open_room(home=home, name=f"{number} 号房", places=10, actor=CONSOLE, now=clock.now())


def _crowd(room: Any) -> Counter[str]:
    together, answers = threading.Barrier(CROWD), Counter[str]()
    crowd = [
        threading.Thread(target=_book, args=(room, each, together, answers), daemon=True)
        for each in range(CROWD)
    ]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    return answers


def _book(room: Any, number: int, together: threading.Barrier, answers: Counter[str]) -> None:
    """Two hours from nine, ten or eleven: each overlaps with every other but nine with eleven."""
    from django.db import connection

    from conftest import CONSOLE
    from guantong.accounts.models import Office
    from guantong.grassroots.operations.rooms import book_room
    from guantong.kernel import clock
    from guantong.kernel.refusals import Refusal

    start = 9 + number % 3
    try:
        office = Office.objects.select_related("unit").get(unit__code="150602001-H1", seat="home_keeper")
        together.wait(timeout=60)
        book_room(
            room=room, day=clock.today(clock.now()) + dt.timedelta(days=3), starts_at=dt.time(start),
            ends_at=dt.time(start + 2), purpose=f"第 {number} 场", booked_by=office, actor=CONSOLE, now=clock.now(),
        )  # fmt: skip
        answer = BOOKED
    except Refusal as refusal:
        answer = TAKEN if "已有人预订" in str(refusal) else str(refusal)
    except Exception as error:  # whatever went wrong is the answer
        answer = f"{type(error).__name__}: {error}"
    finally:
        connection.close()
    answers[answer] += 1

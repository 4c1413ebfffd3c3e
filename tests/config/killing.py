"""The kill drill: real processes killed under real writes, and what the clients were told held against what is there.

A client counts a write as done only when the answer said so. Whatever was cut off is sent again with the same
key, or given up; given up, it may be there or not, but never in part and never twice.
"""

from __future__ import annotations

import copy
import hashlib
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from config.installation import ON_POSTGRESQL, Installation
from config.serving import CUT_OFF, Browser, Web, Worker, hidden
from config.small_city import PASSWORD, picture

TASKS_IN_A_TABLE = 9


@dataclass
class Sent:
    """One write as its client knows it."""

    what: str
    done: bool = False
    tries: int = 0
    claims: int = 0
    file: str = ""


@dataclass
class Ledger:
    """What the clients sent and were told. Shared by the threads, so changed and copied under the lock."""

    records: dict[str, Sent] = field(default_factory=dict)
    imports: dict[str, Sent] = field(default_factory=dict)
    signed_in: Counter[str] = field(default_factory=Counter)
    cut_off: int = 0
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def copied(self) -> Ledger:
        with self.lock:
            return Ledger(
                copy.deepcopy(self.records),
                copy.deepcopy(self.imports),
                self.signed_in.copy(),
                self.cut_off,
                list(self.failed),
            )

    @property
    def done(self) -> dict[str, int]:
        return {
            "records": sum(each.done for each in self.records.values()),
            "imports": sum(each.done for each in self.imports.values()),
            "sign-ins": sum(self.signed_in.values()),
            "cut off": self.cut_off,
        }


class Client(threading.Thread):
    """Somebody at a browser who goes on whatever happens, and sends again what got no answer."""

    def __init__(self, name: str, address: Callable[[], str], ledger: Ledger, *, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.browser = Browser("")
        self.address = address
        self.ledger = ledger
        self.chooser = random.Random(f"{seed} {name}")  # noqa: S311 - repeatable
        self.stopped = threading.Event()
        self.signed_in = False
        self.number = 0

    def run(self) -> None:
        while not self.stopped.is_set():
            self.browser.address = self.address()
            try:
                if self.signed_in or self._sign_in():
                    self.step()
            except CUT_OFF:
                with self.ledger.lock:
                    self.ledger.cut_off += 1
                self.stopped.wait(0.1)
            self.stopped.wait(self.chooser.uniform(0.02, 0.2))

    def _sign_in(self) -> bool:
        self.signed_in = self.browser.sign_in(self.name, PASSWORD)
        if self.signed_in:
            with self.ledger.lock:
                self.ledger.signed_in[self.name] += 1
        return self.signed_in

    def step(self) -> None:
        raise NotImplementedError

    def answered(self, status: int, location: str, text: str) -> bool:
        """Whether it was done; a lost session is remembered, everything else unexpected is written down."""
        if status == 302 and not location.startswith("/sign-in/"):
            return True
        if status == 302:
            self.signed_in = False
            return False
        with self.ledger.lock:
            said = re.sub(r"<[^>]+>|\s+", " ", text)[:400]
            self.ledger.failed.append(f"{self.name}: {status} {said}")
        return False


class Recorder(Client):
    """Enters records of work: some with evidence, some claiming an obligation."""

    pending: tuple[str, dict[str, str], tuple[str, str, bytes] | None] | None = None

    def step(self) -> None:
        if self.pending is None:
            self._fill_in()
        if self.pending is None:
            return
        key, values, file = self.pending
        with self.ledger.lock:
            sent = self.ledger.records[key]
            sent.tries += 1
        try:
            answer = self.browser.send("/records/new/", values, file=file)
        except CUT_OFF:
            if self.chooser.random() < 0.4:
                self.pending = None
            raise
        if self.answered(answer.status, answer.location, answer.text):
            assert re.fullmatch(r"/records/\d+/", answer.location)
            with self.ledger.lock:
                sent.done = True
            self.pending = None
        elif self.signed_in:
            self.pending = None

    def _fill_in(self) -> None:
        page = self.browser.open("/records/new/?kind=progress")
        key = hidden(page.text, "submission_key")
        if not key:
            self.signed_in = page.status == 200
            return
        self.number += 1
        what = f"{self.name} 第 {self.number} 件"
        offered = re.findall(r'name="obligations" value="(\d+)"', page.text)
        claim = self.chooser.choice(offered) if offered and self.chooser.random() < 0.3 else ""
        day = re.search(r'name="happened_on"[^>]*value="([0-9-]+)"', page.text)
        assert day
        values = {
            "kind": "progress", "happened_on": day[1], "summary": what, "reference": "台账", "submission_key": key
        }  # fmt: skip
        if claim:
            values["obligations"] = claim
        file = None
        if self.chooser.random() < 0.3:
            file = ("file", "照片.png", picture(self.chooser.randrange(60_000)))
        with self.ledger.lock:
            self.ledger.records[key] = Sent(what, claims=bool(claim), file="照片.png" if file else "")
        self.pending = (key, values, file)


class Importer(Client):
    """Imports task tables: the file, the preview, the whole of it or nothing."""

    pending: bytes | None = None

    def step(self) -> None:
        if self.pending is None:
            self.number += 1
            rows = [
                f"{row},第 {self.number} 表任务 {row},市发展和改革委员会,市教育体育局,12月{10 + row}日前"
                for row in range(1, TASKS_IN_A_TABLE + 1)
            ]
            self.pending = "\n".join(["序号,任务,牵头单位,配合单位,完成时限", *rows, ""]).encode()
        digest = hashlib.sha256(self.pending).hexdigest()
        page = self.browser.send("/cycles/1/tasks/import/", {}, file=("file", "任务.csv", self.pending))
        held = hidden(page.text, "held")
        if not held:
            self.answered(page.status, page.location, page.text)
            return
        with self.ledger.lock:
            sent = self.ledger.imports.setdefault(digest, Sent(f"第 {self.number} 表"))
            sent.tries += 1
        token = hidden(page.text, "csrfmiddlewaretoken")
        answer = self.browser.send("/cycles/1/tasks/import/", {"held": held}, token=token)
        # Sent again after it had been stored: the program says so instead of storing it twice.
        again = sent.tries > 1 and answer.status == 422 and "没有重复导入" in answer.text
        if again or self.answered(answer.status, answer.location, answer.text):
            with self.ledger.lock:
                sent.done = True
            self.pending = None
        self.stopped.wait(self.chooser.uniform(0.2, 0.8))


# --- what is there -----------------------------------------------------------------------------------


def facts() -> dict[str, Any]:
    """What an installation holds, read in one transaction; called in a process of that installation."""
    from django.db import connection, transaction

    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _facts()


def _facts() -> dict[str, Any]:
    import json

    from django.db.models import Count

    from guantong.accounts.models import Person
    from guantong.audit.models import AuditEntry
    from guantong.obligations.models import Claim, Obligation
    from guantong.records.files import path_of
    from guantong.records.models import Evidence, Participation, Record
    from guantong.tasks.models import Assignment, Task, TaskList

    def counted(model: Any, name: str) -> dict[int, int]:
        return dict(model.objects.order_by().values_list(name).annotate(n=Count("pk")))

    log: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for verb, ref, payload in AuditEntry.objects.filter(
        verb__in=("records.entered", "tasks.issued")
    ).values_list("verb", "object_ref", "payload"):
        log.setdefault((verb, ref), []).append(json.loads(payload))
    parts, claims = counted(Participation, "record"), counted(Claim, "record")
    evidence: dict[int, list[tuple[str, bool]]] = {}
    for each in Evidence.objects.select_related("file"):
        there = each.file is None or path_of(each.file.digest).is_file()
        evidence.setdefault(each.record_id, []).append((each.file_name or each.reference, there))
    tasks, assigned = counted(Task, "task_list"), counted(Assignment, "task__task_list")
    list_of = dict(Assignment.objects.values_list("pk", "task__task_list"))
    owed = Counter(
        list_of.get(ref)
        for ref in Obligation.objects.filter(source="task").values_list("source_ref", flat=True)
    )
    return {
        "records": [
            {
                "key": each.submission_key,
                "what": each.summary,
                "offices": parts.get(each.pk, 0),
                "claims": claims.get(each.pk, 0),
                "evidence": evidence.get(each.pk, []),
                "logged": len(log.get(("records.entered", str(each.pk)), [])),
            }
            for each in Record.objects.all()
        ],
        "imports": [
            {
                "digest": each.digest,
                "tasks": tasks.get(each.pk, 0),
                "assignments": assigned.get(each.pk, 0),
                "obligations": owed.get(each.pk, 0),
                "logged": log.get(("tasks.issued", str(each.pk)), []),
            }
            for each in TaskList.objects.all()
        ],
        "sign_ins": {
            str(person.sign_in): AuditEntry.objects.filter(
                verb="accounts.password_given", person_ref=person.pk
            ).count()
            for person in Person.objects.all()
        },
        "names": sorted(str(person) for person in Person.objects.all()),
        "integrity": _integrity(),
    }


def _integrity() -> list[str]:
    from django.db import connections

    found = []
    for name in ("default", "keys"):
        connection = connections[name]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                for check in ("integrity_check", "foreign_key_check"):
                    cursor.execute(f"PRAGMA {check}")
                    found += [f"{name}: {row}" for row in cursor.fetchall() if row != ("ok",)]
    return found


def faults(ledger: Ledger, there: dict[str, Any]) -> list[str]:
    """In sentences, where what is there is not what the clients were told; and whatever is there in part."""
    found = [f"database: {each}" for each in there["integrity"]]
    found += _faults_of_records(ledger, there["records"])
    found += _faults_of_imports(ledger, there["imports"])
    found += [
        f"sign-ins of {name}: {told} were told, {there['sign_ins'].get(name, 0)} are logged"
        for name, told in ledger.signed_in.items()
        if there["sign_ins"].get(name, 0) < told
    ]
    found += [f"unreadable name: {name}" for name in there["names"] if not name.endswith(" 同志")]
    return found


def _faults_of_records(ledger: Ledger, there: list[dict[str, Any]]) -> list[str]:
    times = Counter(each["what"] for each in there)
    known = {each["key"]: each for each in there}
    found = [f"record “{what}” is there {n} times" for what, n in times.items() if n > 1]
    found += [
        f"record “{sent.what}” was acknowledged and is not there"
        for key, sent in ledger.records.items()
        if sent.done and key not in known
    ]
    for key, each in known.items():
        if (sent := ledger.records.get(key)) is None:
            continue
        names = {name for name, _there in each["evidence"]}
        whole = {
            "log row": each["logged"] == 1,
            "office": each["offices"] == 1,
            "claim": each["claims"] == sent.claims,
            "reference": "台账" in names,
            "file": not sent.file or sent.file in names,
            "bytes of the file": all(there for _name, there in each["evidence"]),
        }
        found += [f"record “{sent.what}”: wrong {part}" for part, right in whole.items() if not right]
    return found


def _faults_of_imports(ledger: Ledger, there: list[dict[str, Any]]) -> list[str]:
    known = {each["digest"]: each for each in there}
    found = [f"{n} imports of {digest}" for digest, n in Counter(e["digest"] for e in there).items() if n > 1]
    found += [
        f"import “{sent.what}” was acknowledged and is not there"
        for digest, sent in ledger.imports.items()
        if sent.done and digest not in known
    ]
    for each in there:
        if len(each["logged"]) != 1:
            found.append(f"import {each['digest'][:8]}: {len(each['logged'])} log rows")
            continue
        said = each["logged"][0]
        whole = {
            "tasks": (TASKS_IN_A_TABLE, said["tasks"]),
            "assignments": (2 * TASKS_IN_A_TABLE,) * 2,
            "obligations": (said["obligations"],) * 2,
        }
        found += [
            f"import {each['digest'][:8]} is there in part: {each[part]} {part}"
            for part, numbers in whole.items()
            if set(numbers) != {each[part]}
        ]
    return found


# --- the drill ---------------------------------------------------------------------------------------


@dataclass
class Drill:
    """One installation under traffic. ``kills`` counts what was killed; ``seconds`` how long it took."""

    installation: Installation
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    kills: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.chooser = random.Random(self.seed)  # noqa: S311 - repeatable
        self.web = Web.of(self.installation)
        self.worker = Worker.of(self.installation)
        self.clients: list[Client] = []

    def run(self, rounds: int, *, full_check_every: int = 10) -> None:
        """So many kills, each followed by a restart and a check; stops at the first fault."""
        started = time.monotonic()
        try:
            self._open()
            for number in range(1, rounds + 1):
                time.sleep(self.chooser.uniform(0.2, 2.5))
                self._kill()
                self.check()
                if number % full_check_every == 0 or number == rounds:
                    self._close()
                    self.check_log()
                    if number < rounds and not self.found:
                        self._open()
                if self.found:
                    self.found.insert(0, f"round {number} of {rounds}, seed {self.seed}")
                    return
        finally:
            self._close(graceful=False)
            self.seconds = time.monotonic() - started

    def write_for(self, seconds: float) -> None:
        """Traffic without kills."""
        try:
            self._open()
            time.sleep(seconds)
            self._close()
        finally:
            self._close(graceful=False)

    def _open(self) -> None:
        self.web.start()
        self.worker.start()
        made = len(self.clients)
        for kind, name in ((Recorder, "unit"), (Recorder, "school"), (Importer, "office")):
            client = kind(name, lambda: self.web.address, self.ledger, seed=self.seed + made)
            # Numbers go on, so that no two things ever sent are alike.
            client.number = 100_000 * (made // 3)
            client.start()
            self.clients.append(client)

    def _close(self, *, graceful: bool = True) -> None:
        for client in self.clients:
            client.stopped.set()
        for client in self.clients:
            client.join(timeout=60)
        for program in (self.web, self.worker):
            if program.process is None:
                continue
            if graceful and program is self.worker:
                code = program.stop()
                if code:
                    self.found.append(f"the worker ended with {code} when asked to stop")
            else:
                program.kill()

    def _kill(self) -> None:
        victims = self.chooser.choice([("web",), ("worker",), ("web", "worker")])
        for name in victims:
            getattr(self, name).kill()
            self.kills[name] += 1
        if "worker" in victims:
            self.worker.start()
        if "web" in victims:
            self.web.start()

    def check(self) -> None:
        """The clients' ledger against the database; the ledger first, so that all it says must be there."""
        told = self.ledger.copied()
        self.found += faults(told, self.installation.call("config.killing:facts"))
        self.found += told.failed
        for program in (self.web, self.worker):
            if program.process and program.process.poll() is not None:
                self.found.append(f"{program.arguments[0]} ended by itself")

    def check_log(self) -> None:
        """Once everything stands still: the worker takes all rows up, and the whole log verifies."""
        self.installation.guantong("worker", "--once")
        waiting = self.installation.execute("SELECT COUNT(*) FROM audit_auditentry WHERE position IS NULL")
        if waiting != [(0,)]:
            self.found.append(f"{waiting[0][0]} log rows were not taken up")
        verdict = self.installation.call("config.killing:verified")
        self.found += [f"log: {each}" for each in verdict["faults"]]
        self.check()

    def summary(self, rounds: int) -> str:
        name = "PostgreSQL" if ON_POSTGRESQL else "SQLite"
        counts = ", ".join(f"{n} {what}" for what, n in {**self.kills, **self.ledger.done}.items())
        return f"{name}, seed {self.seed}: {rounds} rounds in {self.seconds:.0f} s: {counts}"


def verified() -> dict[str, Any]:
    """The verdict on the log and every business row."""
    from guantong.audit.verification import verify_log

    verdict = verify_log()
    return {"entries": verdict.entries, "faults": [fault.sentence for fault in verdict.faults]}

"""One record, sent many times at the same moment over HTTP on an installation served as in real life."""

from __future__ import annotations

import http.client
import json
import threading
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.installation import Installation
from config.serving import Browser, Web
from config.small_city import PASSWORD

SENDINGS = 12
STORED, AGAIN = "201", "200"


@dataclass
class Sending(threading.Thread):
    """Sends the record once everybody else is ready."""

    port: int
    cookies: str
    body: str
    together: threading.Barrier
    answer: str = ""
    led_to: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Cookie": self.cookies,
        }
        try:
            self.together.wait(timeout=60)
            connection.request("POST", "/quick/", body=self.body, headers=headers)
            answer = connection.getresponse()
            told = answer.read().decode("utf-8", "replace")
            self.answer = str(answer.status)
            self.led_to = json.loads(told).get("led_to", "")
        except Exception as error:  # whatever went wrong is the answer
            self.answer += f" {type(error).__name__}: {error}"
        finally:
            connection.close()


@dataclass
class Drill:
    """Rounds of one record each; ``found`` says in sentences what went wrong."""

    installation: Installation
    answers: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def run(self, rounds: int) -> None:
        web = Web.of(self.installation)
        web.start()
        try:
            browser = Browser(web.address)
            assert browser.sign_in("unit", PASSWORD)
            for number in range(rounds):
                self._round(browser, web.port, number)
        finally:
            web.kill()

    def _round(self, browser: Browser, port: int, number: int) -> None:
        who = json.loads(browser.open("/quick/token/").text)
        page = browser.open("/quick/?kind=meeting").text
        form = {name: _hidden(page, name) for name in ("key", "who", "office", "whose", "kind")}
        words = f"第 {number} 次会议"
        form |= {"summary": words, "happened_on": _day(page), "csrfmiddlewaretoken": who["token"]}
        cookies = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
        together = threading.Barrier(SENDINGS)
        crowd = [Sending(port, cookies, urllib.parse.urlencode(form), together) for _each in range(SENDINGS)]
        for each in crowd:
            each.start()
        for each in crowd:
            each.join()
        answers = Counter(each.answer for each in crowd)
        self.answers += answers
        there = self.installation.call("grassroots.quick_drill:stored", words=words)
        self.found += [
            f"round {number}: {each}" for each in faults(answers, {each.led_to for each in crowd}, there)
        ]


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def _day(page: str) -> str:
    return page.split('name="happened_on" value="')[1].split('"')[0]


def faults(answers: Counter[str], led_to: set[str], there: dict[str, Any]) -> list[str]:
    """In sentences, whatever is not as it must be."""
    found = [f"{n} were answered: {each}" for each, n in answers.items() if each not in (STORED, AGAIN)]
    if answers[STORED] != 1:
        found.append(f"{answers[STORED]} were told that they stored it")
    if len(led_to) != 1:
        found.append(f"the answers lead to {sorted(led_to)}")
    if there["records"] != 1:
        found.append(f"{there['records']} records are there")
    return found + [f"the log: {each}" for each in there["faults"]]


def stored(words: str) -> dict[str, Any]:
    """Called in a process of the installation: how often the record is there, and what the log says."""
    from guantong.audit.verification import verify_log
    from guantong.records.models import Record

    return {
        "records": Record.objects.filter(summary=words).count(),
        "faults": [each.sentence for each in verify_log().faults],
    }


WITHOUT_THE_KEY = '''
"""A seeded fault: whether the key was used is not looked at."""
import importlib.abc, importlib.util, sys


class Hook(importlib.abc.MetaPathFinder):
    """Takes the key away when the module is first asked for."""

    def find_spec(self, name, path, target=None):
        if name != "guantong.accounts.idempotency":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        plain = spec.loader.exec_module

        def changed(module):
            plain(module)
            from django.db import transaction

            def once(*, person, key, body, now, do):
                with transaction.atomic():
                    return do()

            module.once = once

        spec.loader.exec_module = changed
        return spec


sys.meta_path.insert(0, Hook())
'''


def without_the_key(folder: Path) -> str:
    """A folder of Python that comes before the program's own: there the key is ignored."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(WITHOUT_THE_KEY)
    return str(folder)

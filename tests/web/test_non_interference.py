"""What district B does unpublished changes no byte of anything district A can fetch."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from itertools import count
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import CONSOLE, City, at, undone
from guantong.accounts.models import Person
from guantong.accounts.operations import hold_office
from guantong.assessment.operations import confirm_fact, give_mark, run_scores
from guantong.duties.models import DutyItem, DutyList
from guantong.duties.operations import answer_objection, issue_duty_lists, object_to_item, sign_duty_list
from guantong.kernel.refusals import Refusal
from guantong.obligations import operations, timing
from guantong.obligations.choices import Part, State
from guantong.obligations.models import Claim, Extension, Obligation
from guantong.organisation.operations import rename_unit
from guantong.records.operations import enter_record
from guantong.reporting.tallies import recount
from guantong.supervision.operations import sweep_lights
from guantong.tasks.drafts import PartDraft, QuestionDraft, TaskDraft
from guantong.tasks.models import Assignment
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due
from guantong.tasks.splitting import split_assignment

DAY, NOW = dt.date(2026, 7, 1), at(7, 1)
A_SIGHT = (("150602", "first_responsible"), ("150602001", "commissioner"), ("150602001001", "liaison"))
B_PATH = "150622"
# What is new in every answer, whoever does nothing: the token and key of a form, the nonce of a page.
FRESH = re.compile(
    r'(name="(?:csrfmiddlewaretoken|submission_key|key)" value=|"X-CSRFToken": ?|nonce=)"[^"]*"'
)
LINK = re.compile(r'(?:href|hx-get|action)="([^"#]+)"')
# Not about anybody's work: assets, samples, and pages that show a fresh secret of one's own.
NOT_ASKED = ("/static/", "/styleguide", "/account/second-factor/")
MOST_PAGES = 60


@pytest.fixture
def both(city: City) -> City:
    """A year under way in both districts: lists signed in one and out in the other, a shared task, a run."""
    issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 15))
    for each in DutyList.objects.filter(cycle=city.cycle).exclude(unit__code__startswith=B_PATH):
        sign_duty_list(duty_list=each, actor=CONSOLE, now=at(2, 2))
    sign_duty_list(duty_list=city.list_of(B_PATH), actor=CONSOLE, now=at(2, 2))
    issue_task_list(
        cycle=city.cycle, name="要点", file_name="t.xlsx", digest="0" * 64, actor=CONSOLE, now=at(2, 10),
        drafts=[
            TaskDraft(
                sheet="1", row=1, title="两个旗区一起办的任务", due=Due("due", (dt.date(2026, 11, 30),)),
                parts=[PartDraft(city.units[code], Part.COOPERATING, code) for code in ("150602", B_PATH)],
                questions=[QuestionDraft("lead", "unknown_unit", "某局", "不认得的单位")],
            )
        ],
    )  # fmt: skip
    for code, seat in (*A_SIGHT, (B_PATH, "first_responsible"), ("150622100", "commissioner")):
        city.acting(code, seat)
    run_scores(cycle=city.cycle, as_of=DAY, actor=CONSOLE, now=NOW)
    sweep_lights(actor=CONSOLE, on=DAY, now=NOW, cycle=city.cycle)
    recount(city.cycle, on=DAY, now=NOW)
    return city


def clients_of(city: City) -> list[Client]:
    made = []
    for code, seat in A_SIGHT:
        client = Client()
        client.force_login(city.acting(code, seat).person)  # type: ignore[arg-type]
        made.append(client)
    return made


def fetched(client: Client, path: str) -> str:
    answer = client.get(path)
    content = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.status_code} {answer.get('Location', '')}\n" + FRESH.sub("", words_of(content))


def words_of(content: bytes) -> str:
    """Of a workbook what its parts say: its packing and its properties carry the time of day."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = sorted(each for each in book.namelist() if not each.startswith("docProps/"))
        return "\n".join(f"{each}\n{book.read(each).decode('utf-8', 'replace')}" for each in parts)


def crawled(client: Client) -> list[str]:
    """Every address that can be reached from the home page by following links, in the order found."""
    seen, waiting = {"/": None}, ["/", "/account/data.json", "/healthz"]
    for path in waiting:
        if len(seen) > MOST_PAGES:
            break
        for target in LINK.findall(fetched(client, path)):
            found = urlsplit(urljoin(path, unescape(target)))
            whole = found.path + (f"?{found.query}" if found.query else "")
            if not found.netloc and whole not in seen and not found.path.startswith(NOT_ASKED):
                seen[whole] = None
                waiting.append(whole)
    return waiting[:MOST_PAGES]


# --- what district B may do ----------------------------------------------------------------------------

Act = Callable[[City, int], None]
numbers = count(1)


def _owed(city: City, turn: int, **which: object) -> Obligation:
    found = Obligation.objects.filter(cycle=city.cycle, unit__code__startswith=B_PATH, **which).order_by("pk")
    return found[turn % found.count()]


def record_and_claim(city: City, turn: int) -> None:
    owed = _owed(city, turn, state=State.OPEN)
    record = enter_record(
        kind="meeting", happened_on=DAY, summary=f"研究了第 {turn} 件事", entered_by=owed.office, actor=CONSOLE,
        now=NOW, today=DAY,
    )  # fmt: skip
    operations.claim_fulfilment(
        obligation=owed, record=record, claimed_by=owed.office, actor=CONSOLE, now=NOW
    )


def review(city: City, turn: int) -> None:
    record_and_claim(city, turn)
    claim = Claim.objects.filter(reviews=None, obligation__unit__code__startswith=B_PATH).order_by("-pk")[0]
    verdict = ("accepted", "returned")[turn % 2]
    operations.review_claim(claim=claim, verdict=verdict, reason="缺结果", actor=CONSOLE, now=NOW)


def extend(city: City, turn: int) -> None:
    owed = _owed(city, turn, state=State.OPEN, due_on__gt=DAY)
    until = owed.due_on + dt.timedelta(days=turn + 1)  # type: ignore[operator]
    timing.ask_extension(
        obligation=owed, until=until, reason="—", asked_by=owed.office, actor=CONSOLE, now=NOW
    )
    timing.decide_extension(
        extension=Extension.objects.get(obligation=owed), granted=True, decision="", actor=CONSOLE, now=NOW
    )


def suspend(city: City, turn: int) -> None:
    owed = _owed(city, turn, state=State.OPEN)
    timing.suspend(obligation=owed, excused=bool(turn % 2), reason="机构改革", actor=CONSOLE, now=NOW)


def sign(city: City, turn: int) -> None:
    lists = DutyList.objects.filter(unit__code__startswith=B_PATH, state="issued").order_by("pk")
    sign_duty_list(duty_list=lists[turn % lists.count()], actor=CONSOLE, now=NOW)


def object_and_win(city: City, turn: int) -> None:
    items = DutyItem.objects.filter(
        duty_list__unit__code__startswith=B_PATH, duty_list__state="issued", withdrawn=False
    ).order_by("pk")
    objection = object_to_item(item=items[turn % items.count()], reason="不归我", actor=CONSOLE, now=NOW)
    answer_objection(objection=objection, upheld=True, answer="撤回", actor=CONSOLE, now=NOW)


def split(city: City, turn: int) -> None:
    part = Assignment.objects.get(unit__code=B_PATH)
    split_assignment(assignment=part, units=[city.units["150622100"]], actor=CONSOLE, now=NOW)


def mark(city: City, turn: int) -> None:
    for indicator in city.cycle.package.indicators:
        try:
            give_mark(
                cycle=city.cycle, unit=city.units[B_PATH], indicator=indicator.id, value=turn % 3, reason="—",
                actor=CONSOLE, now=NOW,
            )  # fmt: skip
            return
        except Refusal:
            continue
    raise AssertionError("no indicator takes a mark")


def find(city: City, turn: int) -> None:
    from guantong.assessment.rules import fact_kinds

    kinds = [(side, kind) for side in ("findings", "recognitions") for kind in fact_kinds(city.cycle, side)]
    side, kind = kinds[turn % len(kinds)]
    confirm_fact(
        cycle=city.cycle, unit=city.units[B_PATH], side=side, kind=kind, basis="通报", text="—", actor=CONSOLE,
        now=NOW,
    )  # fmt: skip


def score_again(city: City, turn: int) -> None:
    run_scores(cycle=city.cycle, as_of=DAY + dt.timedelta(days=turn), actor=CONSOLE, now=NOW)


def appoint(city: City, turn: int) -> None:
    office = city.office("150622100200", "liaison")
    person = Person.objects.create_person(sign_in=f"b{next(numbers)}", password=None, display_name="联络员")
    hold_office(person=person, office=office, starts_on=DAY, actor=CONSOLE, now=NOW)


def rename(city: City, turn: int) -> None:
    rename_unit(
        unit=city.units["150622100200"], name=f"改名村{turn}", on=DAY, actor=CONSOLE, now=NOW, reason="—"
    )


ACTS: tuple[Act, ...] = (
    record_and_claim, review, extend, suspend, sign, object_and_win, split, mark, find, score_again, appoint, rename,
)  # fmt: skip
plans = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 20)), min_size=1, max_size=5)


def differences(city: City, acts: list[tuple[Act, int]], before: dict[tuple[int, str], str]) -> Iterator[str]:
    """Addresses of district A whose answer changed after the acts and the worker's round."""
    done = 0
    for act, turn in acts:
        try:
            with transaction.atomic():
                act(city, turn)
            done += 1
        except (Refusal, ZeroDivisionError):  # nothing left to do it to
            continue
    sweep_lights(actor=CONSOLE, on=DAY, now=NOW + dt.timedelta(minutes=5), cycle=city.cycle)
    recount(city.cycle, on=DAY, now=NOW + dt.timedelta(minutes=5), through=done)
    for number, client in enumerate(clients_of(city)):
        for (whose, path), answer in before.items():
            if whose == number and fetched(client, path) != answer:
                yield f"{A_SIGHT[number][0]} {path}"


def pages_before(city: City) -> dict[tuple[int, str], str]:
    clients = clients_of(city)
    found = {
        (number, path): fetched(client, path)
        for number, client in enumerate(clients)
        for path in crawled(client)
    }
    again = {key: fetched(clients[key[0]], key[1]) for key in found}
    assert again == found, "a page differs from itself"
    return found


@pytest.mark.parametrize("examples", [5, pytest.param(100, marks=pytest.mark.drill)])
def test_nothing_that_one_district_does_shows_in_another(examples: int, both: City) -> None:
    before = pages_before(both)
    assert len(before) > 120
    changed: list[list[str]] = []

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(plans)
    def one_example(acts: list[tuple[Act, int]]) -> None:
        with undone():
            changed.append(list(differences(both, acts, before)))
        assert changed[-1] == [], f"{[act.__name__ for act, _turn in acts]} showed in {changed[-1]}"

    one_example()
    assert len(changed) >= examples


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_each_act_can_be_done_and_shows_in_the_district_that_did_it(act: Act, both: City) -> None:
    """What is never done, or shows nowhere, would prove nothing."""
    client = Client()
    client.force_login(both.acting("1506-LGO", "coordinator").person)  # type: ignore[arg-type]
    paths = crawled(client)
    before = {path: fetched(client, path) for path in paths}
    act(both, 1)
    sweep_lights(actor=CONSOLE, on=DAY, now=NOW, cycle=both.cycle)
    recount(both.cycle, on=DAY, now=NOW + dt.timedelta(minutes=5))
    assert any(fetched(client, path) != answer for path, answer in before.items())


def test_a_page_that_counts_without_scope_is_caught(both: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeded fault: the duty lists of the whole cycle, counted for everybody."""
    from guantong.duties import queries

    monkeypatch.setattr(
        queries, "duty_lists_visible_to", lambda acting: DutyList.objects.select_related("unit", "cycle")
    )
    before = pages_before(both)
    with undone():
        found = list(differences(both, [(sign, 0)], before))
    assert any("/duty-lists/" in each for each in found)

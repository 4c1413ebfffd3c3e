"""One demand in a real browser, from a booking on a phone to the score: met, handled by two units, extended, answered,
rated 2, reopened, solved – and every figure of it opens to the case.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.accounts.approvals import decide_approval
from guantong.assessment.models import ScoreLine
from guantong.assessment.operations import ask_publication, run_scores
from guantong.audit.verification import verify_log
from guantong.cases.models import Case, Clock
from guantong.kernel import clock
from guantong.obligations.models import Obligation
from guantong.reporting.models import DutyReport
from reception.cast import public_day, slots_of
from web.test_loop_in_browser import open_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The server's clock, which the test sets."""

    def set_to(month: int, day: int, hour: int = 10) -> None:
        monkeypatch.setattr(clock, "now", lambda: at(month, day, hour))

    return set_to


class Desk:
    """A browser of one office; signs in anew on every day of the story."""

    def __init__(self, chromium: Browser, base: str) -> None:
        self.chromium, self.base = chromium, base

    def of(self, acting: Acting, path: str, *, width: int = 1440) -> Page:
        page = open_for(self.chromium, self.base, acting, width=width)
        page.goto(path)
        return page


def send(page: Page, action: str, **fields: str) -> None:
    """Fill the form that goes to the address and send it, as somebody does who opens it first."""
    form = page.locator(f"form[action='{action}']").first
    form.evaluate("form => { const box = form.closest('details'); if (box) box.open = true }")
    for name, value in fields.items():
        field = form.locator(f"[name='{name}']").first
        kind = field.evaluate("field => field.tagName + ':' + field.type")
        if kind.startswith("SELECT"):
            field.select_option(value)
        elif kind.endswith((":radio", ":checkbox")):
            form.locator(f"[name='{name}'][value='{value}']").check()
        else:
            field.fill(value)
    form.locator("button").last.click()
    page.wait_for_load_state()


def tracked(chromium: Browser, base: str, code: str) -> Page:
    page = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=base).new_page()
    page.set_default_timeout(15_000)
    page.goto("/track/")
    page.fill("[name=code]", code)
    page.click("main form button.btn")
    page.wait_for_load_state()
    return page


def test_a_demand_from_a_phone_to_the_score(
    chromium: Browser, live_server: Any, signed: City, watch: Any
) -> None:
    base, desk = live_server.url, Desk(chromium, live_server.url)
    leader = signed.acting("1506-LG", "leader", 1)
    head, other = signed.acting("1506-MU-01", "unit_head"), signed.acting("1506-MU-02", "unit_head")
    day = public_day(signed)
    [slot, *_rest] = slots_of(day)

    # a person books on a phone, without an account
    watch(3, 3)
    phone = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=base).new_page()
    phone.set_default_timeout(15_000)
    phone.goto(f"/reception/slots/{slot.pk}/booking/")
    phone.check("[name=kind][value=difficulty]")
    phone.fill("[name=wording]", "楼道漏水，找了几次没人修。")
    phone.fill("[name=name]", "赵先生")
    phone.fill("[name=contact]", "13900002222")
    phone.check("[name=consent]")
    phone.click("main form button.btn")
    code = phone.inner_text(".slip__code")
    case = Case.objects.get()
    page_of_case = f"/cases/{case.pk}/"
    assert case.host_id == leader.office_ref

    # the office accepts and gives it to two units
    watch(3, 5)
    page = desk.of(signed.coordinator, page_of_case)
    send(
        page, f"{page_of_case}acceptance/", title="楼道漏水维修", kind="difficulty", told="已受理，先行办理。"
    )
    for acting, part in ((head, "lead"), (other, "cooperating")):
        page.goto(page_of_case)
        send(page, f"{page_of_case}assignments/", unit=str(acting.office.unit_id), part=part)  # type: ignore[union-attr]
    assert set(case.handlings.values_list("unit__code", flat=True)) == {"1506-MU-01", "1506-MU-02"}

    # they meet; the day is written down once
    watch(day.day.month, day.day.day, 11)
    page = desk.of(leader, f"/reception/days/{day.pk}/")
    page.locator("form[action$='/check-in/'] button[value=yes]").first.click()
    page.wait_for_load_state()
    page.goto(f"/reception/days/{day.pk}/")
    send(page, f"/reception/days/{day.pk}/record/")
    day.refresh_from_db()
    assert day.record is not None

    # more time, with the reason told
    watch(4, 20)
    page = desk.of(signed.coordinator, page_of_case)
    send(page, f"{page_of_case}extension/", days="20", reason="需要等待材料到货。")
    assert Clock.objects.get(case=case, kind="close").extended_days == 20
    assert "需要等待材料到货" in tracked(chromium, base, code).inner_text("main")

    # answered, rated 2 and not solved: it is open again
    watch(4, 28)
    page = desk.of(head, page_of_case)
    send(page, f"{page_of_case}answer/", wording="已更换一处管件。", outcome="solved")
    page = tracked(chromium, base, code)
    assert "已更换一处管件" in page.inner_text("main")
    send(page, "/track/rating/", solved="no", stars="2", wording="还在漏。")
    case.refresh_from_db()
    assert (case.stage, case.reopened) == ("handling", 1)

    # solved, at the applicant's word
    watch(5, 12)
    page = desk.of(head, page_of_case)
    send(page, f"{page_of_case}answer/", wording="已更换整段立管。", outcome="solved")
    send(tracked(chromium, base, code), "/track/rating/", solved="yes", stars="5", wording="")
    case.refresh_from_db()
    assert case.stage == "closed"

    # the leader's ledger holds the reception, and the case's page says who carries it
    watch(6, 30)
    page = desk.of(leader, f"/ledgers/{leader.office_ref}/")
    assert page.locator(f"a[href='/records/{day.record_id}/']").count() == 1

    # the board's cell opens to what was owed, and that to the case
    owed = Obligation.objects.get(source="case", office=head.office)
    assert owed.state in ("claimed", "fulfilled")
    page = desk.of(signed.coordinator, f"/obligations/{owed.pk}/")
    page.locator(f"a[href='{page_of_case}']").first.click()
    page.wait_for_load_state()
    assert "楼道漏水维修" in page.inner_text("h1")
    page.goto(f"/board/{signed.cycle.pk}/{signed.units['1506'].pk}/{owed.pillar}/")
    assert page.locator(f"a[href*='pillar={owed.pillar}']").count() > 0

    # accepted by the office above, scored, and the line opens down to it
    if owed.state == "claimed":
        page.goto("/reviews/")
        page.locator(
            f"form[action='/claims/{owed.claims.latest('pk').pk}/review/'] button[value=accepted]"
        ).first.click()
        page.wait_for_load_state()
    run = run_scores(cycle=signed.cycle, as_of=dt.date(2026, 6, 30), actor=signed.coordinator, now=at(6, 30))
    asked = ask_publication(
        run=run, reason="年中", actor=signed.acting("1506-LGO", "assessor"), now=at(6, 30)
    )
    decide_approval(approval=asked, granted=True, decision="", actor=signed.coordinator, now=at(6, 30))
    line = ScoreLine.objects.get(score__run=run, score__unit=owed.unit, score__office=None, indicator="I06")
    assert list(line.provenance.values_list("object_ref", "counted")) == [(owed.pk, True)]
    page = desk.of(head, f"/score-lines/{line.pk}/")
    assert page.locator(f"a[href='/obligations/{owed.pk}/']").count() == 1

    # the duty report says it, and its sentence opens to the case
    page = desk.of(leader, f"/ledgers/{leader.office_ref}/")
    page.click(f"form[action='/ledgers/{leader.office_ref}/duty-report/'] button")
    page.wait_for_url("**/duty-reports/*/")
    report = DutyReport.objects.get()
    assert "包案诉求1件，办结1件" in page.inner_text("article")
    sentence = report.sentences.get(key="cases")
    page.goto(f"/duty-reports/{report.pk}/sentences/{sentence.pk}/")
    assert page.locator(f"a[href='{page_of_case}']").count() == 1
    assert verify_log().clean

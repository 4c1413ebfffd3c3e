"""Quick records in a real browser on a phone, against the program as it is really served: three taps, no network, lost
replies, another person on the same phone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Route

from config.installation import Installation, small_city
from config.serving import Web
from config.small_city import PASSWORD
from grassroots.quick_drill import without_the_key
from web.test_loop_in_browser import assert_no_violation

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@dataclass
class Served:
    """An installation with its server, and what is stored there."""

    installation: Installation
    base: str
    offices: dict[str, int]

    def stored(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = self.installation.call("grassroots.quick_cast:stored")
        return found

    def times(self, words: str) -> int:
        return len(self.stored().get(words, []))


def serve(home: Path, modules: str = "") -> Iterator[Served]:
    with small_city(home) as installation:
        offices = installation.call("grassroots.quick_cast:prepare")
        web = Web.of(replace(installation, modules=modules))
        web.start()
        try:
            yield Served(installation, web.address, offices)
        finally:
            web.kill()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    yield from serve(tmp_path_factory.mktemp("quick") / "home")


@pytest.fixture(autouse=True)
def phones_are_put_away(chromium: Browser) -> Iterator[None]:
    """A page left open would go on sending."""
    yield
    for context in chromium.contexts:
        context.close()


def phone(chromium: Browser, base: str, *, scripts: bool = True, workers: Any = "allow") -> BrowserContext:
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, base_url=base, java_script_enabled=scripts,
        service_workers=workers, has_touch=True,
    )  # fmt: skip
    context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": base}])
    context.set_default_timeout(15_000)
    return context


def sign_in(context: BrowserContext, name: str = "liaison") -> Page:
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=sign_in]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_selector(".kinds")
    return page


def until(page: Page, truth: str) -> None:
    """Ask again and again; the pages' policy lets no waiting be built from text inside them."""
    for _again in range(150):
        if page.evaluate(truth):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {truth}\n{page.inner_text('body')}")


class Thumb:
    """Taps, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, what: str) -> None:
        self.page.locator(what).first.tap()
        self.taps += 1


def write_visit(page: Page, words: str) -> None:
    page.goto("/quick/?kind=visit")
    page.fill("form[data-quick=visit] [name=summary]", words)
    page.click("form[data-quick=visit] button.btn")
    page.wait_for_selector(f"[data-item] >> text={words}")


def states(page: Page) -> dict[str, str]:
    """What the page shows of each record on this phone."""
    rows = page.locator("[data-item]").all()
    return {row.locator("[data-what]").inner_text(): str(row.get_attribute("data-item")) for row in rows}


class TestThreeTaps:
    @pytest.mark.parametrize(
        ("scripts", "item"),
        [(True, "走访看望"), pytest.param(False, "矛盾纠纷调解", marks=pytest.mark.drill)],
    )
    def test_a_service_is_kind_what_save(
        self, chromium: Browser, served: Served, scripts: bool, item: str
    ) -> None:
        page = sign_in(phone(chromium, served.base, scripts=scripts))
        thumb = Thumb(page)
        thumb.tap("main a[href*='kind=service']")
        page.wait_for_selector("form[data-quick]")
        thumb.tap(f"form[data-quick] label:has-text('{item}')")
        thumb.tap("form[data-quick] button.btn")
        page.wait_for_selector("[data-item=sent]" if scripts else f"h1:has-text('{item}')")
        assert thumb.taps == 3
        assert served.stored()[f"{item}（联丰社区），1 人次"] == [served.offices["liaison"]]

    @pytest.mark.drill
    @pytest.mark.parametrize("kind", ["demand", "visit", "meeting"])
    def test_a_sentence_is_one_field_and_two_taps(self, chromium: Browser, served: Served, kind: str) -> None:
        page = sign_in(phone(chromium, served.base))
        thumb = Thumb(page)
        thumb.tap(f"main a[href*='kind={kind}']")
        page.wait_for_selector("form[data-quick]")
        until(page, "document.activeElement.tagName === 'TEXTAREA'")
        page.keyboard.type(f"{kind}：路灯不亮，希望修好。")
        thumb.tap("form[data-quick] button.btn")
        page.wait_for_selector("[data-item=sent]")
        assert (served.times(f"{kind}：路灯不亮，希望修好。"), thumb.taps) == (1, 2)

    @pytest.mark.drill
    def test_one_field_is_open_and_the_rest_is_filled_in(self, chromium: Browser, served: Served) -> None:
        page = sign_in(phone(chromium, served.base))
        for kind, asked in (("service", {"item"}), ("demand", {"wording"}), ("study", {"summary"})):
            page.goto(f"/quick/?kind={kind}")
            fields = page.locator("form[data-quick] :is(input:not([type=hidden]), select, textarea)").all()
            assert {str(each.get_attribute("name")) for each in fields if each.is_visible()} == asked
            assert_no_violation(page)

    @pytest.mark.drill
    def test_pressing_twice_stores_once(self, chromium: Browser, served: Served) -> None:
        page = sign_in(phone(chromium, served.base))
        page.goto("/quick/?kind=visit")
        page.fill("[name=summary]", "按了三下。")
        page.evaluate(
            "() => { const b = document.querySelector('form[data-quick] button'); b.click(); b.click(); b.click() }"
        )
        page.wait_for_selector("[data-item=sent]")
        assert served.times("按了三下。") == 1

    @pytest.mark.drill
    def test_a_draft_survives_a_closed_tab(self, chromium: Browser, served: Served) -> None:
        context = phone(chromium, served.base)
        page = sign_in(context)
        page.goto("/quick/?kind=visit")
        page.fill("[name=summary]", "写到一半")
        page.close()
        page = context.new_page()
        page.goto("/quick/?kind=visit")
        assert page.input_value("[name=summary]") == "写到一半"
        page.click("form[data-quick] button.btn")
        page.wait_for_selector("[data-item=sent]")
        page.goto("/quick/?kind=visit")
        assert page.input_value("[name=summary]") == ""


def ready_for_offline(page: Page) -> None:
    page.goto("/quick/")
    until(page, "navigator.serviceWorker.ready.then(at => !!at.active)")
    until(page, "caches.match('/quick/offline/').then(Boolean)")
    until(page, "caches.keys().then(k => caches.open(k[0])).then(c => c.keys()).then(k => k.length > 5)")


class TestWithoutNetwork:
    def test_written_offline_and_sent_by_itself_when_the_network_is_back(
        self, chromium: Browser, served: Served
    ) -> None:
        context = phone(chromium, served.base)
        page = sign_in(context)
        ready_for_offline(page)
        context.set_offline(True)
        write_visit(page, "离线走访一户。")
        assert "没有网络" in page.inner_text("main")
        assert states(page) == {"离线走访一户。": "waiting"}
        assert "联网后自动发送" in page.inner_text("[data-note]")
        assert_no_violation(page)
        page.goto("/")  # the home page is not there; quick records are
        page.click("a[data-kind=service]")
        page.tap("label:has-text('惠企服务对接')")
        page.click("form[data-quick=service] button.btn")
        until(page, "document.querySelectorAll('[data-item=waiting]').length === 2")
        assert served.times("离线走访一户。") == 0
        context.set_offline(False)
        until(page, "document.querySelectorAll('[data-item=sent]').length === 2")
        stored = served.stored()
        assert (len(stored["离线走访一户。"]), len(stored["惠企服务对接（联丰社区），1 人次"])) == (1, 1)
        page.goto("/")
        assert page.locator(".quick-entry__unsent").is_hidden()
        assert served.installation.call("grassroots.quick_cast:faults") == []

    @pytest.mark.drill
    def test_written_offline_and_closed_it_is_sent_when_the_page_is_opened_again(
        self, chromium: Browser, served: Served
    ) -> None:
        context = phone(chromium, served.base)
        page = sign_in(context)
        ready_for_offline(page)
        context.set_offline(True)
        write_visit(page, "离线后关掉。")
        page.close()
        context.set_offline(False)
        page = context.new_page()
        page.goto("/")
        until(page, "!localStorage.getItem('unsent:' + document.body.dataset.who)")
        assert served.times("离线后关掉。") == 1

    @pytest.mark.drill
    def test_what_is_refused_is_said_and_kept_and_can_be_mended(
        self, chromium: Browser, served: Served
    ) -> None:
        page = sign_in(phone(chromium, served.base))
        page.goto("/quick/?kind=service")
        page.tap("label:has-text('安全和防灾提醒')")
        served.installation.call("grassroots.quick_cast:stop", name="安全和防灾提醒")
        page.click("form[data-quick] button.btn")
        page.wait_for_selector("[data-item=refused]")
        assert "做了什么" in page.inner_text("[data-why]")
        assert states(page) == {"安全和防灾提醒": "refused"}
        page.goto("/")
        until(page, "document.querySelector('.quick-entry__unsent').innerText.includes('（1）')")
        page.goto("/quick/")
        page.click("[data-edit]")
        page.wait_for_selector("form[data-quick=service]")
        page.tap("label:has-text('就业和技能信息')")
        page.click("form[data-quick] button.btn")
        page.wait_for_selector("[data-item=sent]")
        assert states(page) == {"就业和技能信息": "sent"}
        stored = served.stored()
        assert len(stored["就业和技能信息（联丰社区），1 人次"]) == 1
        assert not any("安全和防灾提醒" in each for each in stored)


class Network:
    """Drops, doubles and holds back what passes, by a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - repeatable
        self.held: list[tuple[Route, Any]] = []
        self.faulty, self.seen = True, 0

    def __call__(self, route: Route) -> None:
        if route.request.method != "POST" or not self.faulty:
            route.continue_()
            return
        self.seen += 1
        fate = self.chance.choice(["dropped", "lost", "doubled", "held", "held twice"])
        if fate == "dropped":
            route.abort()
        elif fate == "lost":
            route.fetch()
            route.abort()
        elif fate == "doubled":
            route.fetch()
            route.fulfill(response=route.fetch())
        else:
            self.held.append((route, route.fetch()))
            if fate == "held twice":
                route.fetch()

    def release(self) -> None:
        """What was held comes now, in another order."""
        self.chance.shuffle(self.held)
        while self.held:
            route, answer = self.held.pop()
            if self.chance.random() < 0.5:
                route.abort()
            else:
                route.fulfill(response=answer)


def words(seed: int, number: int) -> str:
    return f"天气 {seed} 第 {number} 件。"


def weather(context: BrowserContext, page: Page, seed: int, written: int) -> Network:
    """Records written and sent from two tabs through a network with faults, then through a good one."""
    network = Network(seed)
    context.route("**/quick/", network)
    other = context.new_page()
    other.goto("/quick/")
    for number in range(written):
        page.goto("/quick/?kind=visit")
        page.fill("[name=summary]", words(seed, number))
        page.evaluate("document.querySelector('form[data-quick] button').click()")
        other.evaluate("void window.quickQueue.send()")
        page.wait_for_timeout(250)
        network.release()
        page.evaluate("void window.quickQueue.send()")
        other.wait_for_timeout(150)
        network.release()
    network.faulty = False
    network.release()
    for _again in range(3):
        page.goto("/quick/")
        page.wait_for_timeout(500)
    until(page, "!document.querySelector('[data-item=waiting]')")
    return network


class TestLostReplies:
    WRITTEN = 6

    @pytest.mark.parametrize(
        "seed", [1, *(pytest.param(each, marks=pytest.mark.drill) for each in (2, 3, 4))]
    )
    def test_each_record_is_stored_exactly_once(self, chromium: Browser, served: Served, seed: int) -> None:
        context = phone(chromium, served.base, workers="block")
        page = sign_in(context)
        network = weather(context, page, seed, self.WRITTEN)
        assert network.seen > self.WRITTEN
        stored = served.stored()
        assert [len(stored[words(seed, number)]) for number in range(self.WRITTEN)] == [1] * self.WRITTEN
        assert set(states(page).values()) == {"sent"}

    @pytest.mark.drill
    def test_where_the_key_is_ignored_this_test_notices(self, chromium: Browser, tmp_path: Path) -> None:
        for faulty in serve(tmp_path / "home", without_the_key(tmp_path / "fault")):
            context = phone(chromium, faulty.base, workers="block")
            weather(context, sign_in(context), 1, self.WRITTEN)
            stored = faulty.stored()
            assert sum(len(stored[words(1, number)]) for number in range(self.WRITTEN)) > self.WRITTEN


class TestSharedPhone:
    def waiting_of(self, context: BrowserContext, said: str) -> Page:
        """The liaison signed in and wrote one that could not be sent, and cannot yet."""
        page = sign_in(context)
        context.route(
            "**/quick/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        write_visit(page, said)
        until(page, "document.querySelector('[data-note]').innerText.includes('网络不通')")
        assert states(page) == {said: "waiting"}
        return page

    def test_another_person_neither_sees_nor_sends_it(self, chromium: Browser, served: Served) -> None:
        context = phone(chromium, served.base, workers="block")
        self.waiting_of(context, "我的走访。").close()
        context.clear_cookies(name="session")
        context.unroute("**/quick/")
        second = sign_in(context, "commissioner")
        second.goto("/quick/")
        assert second.evaluate("window.quickQueue.send()") == ""
        assert "我的走访" not in second.inner_text("body")
        assert served.times("我的走访。") == 0
        second.goto("/")
        second.click("summary[aria-label='我的账号']")
        second.click("button:has-text('退出登录')")
        second.wait_for_url("**/sign-in/")
        second.close()
        first = sign_in(context)
        first.goto("/quick/")
        first.wait_for_selector("[data-item=sent]")
        assert served.stored()["我的走访。"] == [served.offices["liaison"]]

    @pytest.mark.drill
    def test_signing_out_says_what_would_be_lost(self, chromium: Browser, served: Served) -> None:
        context = phone(chromium, served.base, workers="block")
        page = self.waiting_of(context, "还没发出的。")
        page.goto("/")
        page.click("summary[aria-label='我的账号']")
        page.click("button:has-text('退出登录')")
        assert "1 条记录还没有保存" in page.inner_text("#confirm-text")
        page.click("#confirm button[value=no]")
        assert page.url == f"{served.base}/"
        page.click("summary[aria-label='我的账号']")
        page.click("button:has-text('退出登录')")
        page.click("#confirm button[value=yes]")
        page.wait_for_url("**/sign-in/")
        page.close()
        context.unroute("**/quick/")
        again = sign_in(context)
        again.goto("/quick/")
        assert again.evaluate("window.quickQueue.send()") == ""
        assert states(again) == {}
        assert served.times("还没发出的。") == 0


def test_the_first_load_of_the_page_is_at_most_200_kb(chromium: Browser, served: Served) -> None:
    """Everything over the wire on an empty phone, as the server really sends it, the kept page and the worker included."""
    context = phone(chromium, served.base)
    signing = phone(chromium, served.base)
    sign_in(signing)
    context.add_cookies([each for each in signing.cookies() if each["name"] == "session"])  # type: ignore[misc]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    received: dict[str, float] = {}
    wire.on(
        "Network.loadingFinished",
        lambda told: received.update({told["requestId"]: told["encodedDataLength"]}),
    )
    wire.send("Network.enable")
    page.goto("/quick/?kind=service")
    until(page, "caches.match('/quick/offline/').then(Boolean)")
    page.wait_for_timeout(1000)
    worker = context.request.get("/service-worker.js")
    total = sum(received.values()) + len(worker.body())
    assert len(received) > 10
    assert 20_000 < total <= 200_000, total


def test_the_addresses_the_scripts_know_are_the_program_s() -> None:
    assert [reverse(name) for name in ("quick-record", "quick-token", "quick-offline", "service-worker")] == [
        "/quick/", "/quick/token/", "/quick/offline/", "/service-worker.js",
    ]  # fmt: skip

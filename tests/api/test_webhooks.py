"""Other systems are told that something has changed: kind, number, when; signed, within scope, again until taken."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.urls import reverse

from channels.servers import Robot, robot_here
from conftest import CONSOLE, City, SignIn, at
from guantong.api.choices import EventKind, SendOutcome
from guantong.api.models import Event, Send, Webhook
from guantong.api.operations.webhooks import MadeWebhook, ask_test, end_webhook, set_up_webhook
from guantong.api.webhooks.deriving import derive_events
from guantong.api.webhooks.sending import PAUSES, purge_sends, send_due
from guantong.audit.sequencing import sequence
from guantong.audit.verification import verify_log
from guantong.cases.choices import CaseKind, Channel
from guantong.cases.operations import register_case
from guantong.channels.choices import Reason
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_nothing_new

NOW = at(7, 1)
DAY = dt.date(2026, 7, 1)
ALL = sorted(set(EventKind.values) - {"test"})


@pytest.fixture
def robot(settings: object) -> object:
    settings.INNER_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    with robot_here() as robot:
        yield robot


def told_at(city: City, robot: Robot, *, kinds: list[str] | None = None) -> MadeWebhook:
    office = city.office("1506-LGO", "coordinator")
    return set_up_webhook(
        office=office, name="汇总平台", address=f"{robot.address}/hook", kinds=kinds or ALL,
        actor=city.coordinator, now=NOW,
    )  # fmt: skip


def derived(*, later: int = 1) -> int:
    sequence()
    return derive_events(on=DAY, now=NOW + dt.timedelta(minutes=later))


def a_claim(city: City) -> Obligation:
    item = next(
        each
        for each in Obligation.objects.filter(unit__code="1506-MU-01", state="open").order_by("pk")
        if "progress_line" in each.evidence and each.starts_on <= DAY
    )
    office = city.office("1506-MU-01", "unit_head")
    claim_nothing_new(obligation=item, claimed_by=office, actor=city.head, now=NOW + dt.timedelta(minutes=1))
    return item


class TestSettingUp:
    def test_by_the_coordinating_office_within_its_scope(self, signed: City, robot: Robot) -> None:
        made = told_at(signed, robot)
        assert made.webhook.scope == signed.units["1506"]
        assert made.secret not in str(list(Webhook.objects.values()))
        assert verify_log().faults == []
        with pytest.raises(Refusal):
            set_up_webhook(
                office=signed.head.office,
                name="x",
                address=robot.address,
                kinds=ALL,
                actor=signed.head,
                now=NOW,
            )  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "terms",
        [
            {"address": "http://example.org/"}, {"address": "ftp://example.org"}, {"address": "https://a:b@example.org/"},
            {"address": "https://example.org/?a=1"}, {"name": " "}, {"kinds": []}, {"kinds": ["test"]}, {"kinds": ["x"]},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused(self, signed: City, terms: dict[str, object]) -> None:
        told = {
            "office": signed.coordinator.office,
            "name": "x",
            "address": "https://example.org/",
            "kinds": ALL,
        }
        with pytest.raises(Refusal):
            set_up_webhook(**(told | terms), actor=signed.coordinator, now=NOW)  # type: ignore[arg-type]


class TestTelling:
    def test_a_claim_is_told_by_its_number_and_nothing_else(self, signed: City, robot: Robot) -> None:
        made = told_at(signed, robot)
        derived()
        item = a_claim(signed)
        assert derived() == 1
        assert derived() == 0
        assert send_due(now=NOW + dt.timedelta(minutes=2)) == 1
        [got] = robot.got
        assert got.told == {
            "type": "obligation.claimed",
            "timestamp": "2026-07-01T02:01:00Z",
            "data": {"object": "obligation", "id": item.pk, "address": f"/api/v1/obligations/{item.pk}/"},
        }
        assert Send.objects.get().outcome == SendOutcome.TAKEN
        signed_by = got.headers["webhook-signature"]
        key = base64.b64decode(made.secret.removeprefix("whsec_"))
        frame = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode()
        mine = base64.b64encode(hmac.digest(key, frame + got.body, hashlib.sha256)).decode()
        assert signed_by == f"v1,{mine}"
        assert verify_log().faults == []

    def test_red_lights_are_told_once_and_those_before_are_no_news(self, signed: City, robot: Robot) -> None:
        before, item = Obligation.objects.filter(unit__code="1506-MU-01").order_by("pk")[:2]
        red = {"light": "red", "due_on": DAY - dt.timedelta(days=1)}
        Obligation.objects.exclude(pk=before.pk).update(light="green")
        Obligation.objects.filter(pk=before.pk).update(**red)
        told_at(signed, robot)
        assert derived() == 0
        Obligation.objects.filter(pk=item.pk).update(**red)
        assert (derived(), derived()) == (1, 0)
        send = Send.objects.get()
        assert (send.event.kind, send.event.object_ref) == (EventKind.OBLIGATION_RED, item.pk)

    def test_a_case_is_told_without_a_word_of_it(self, signed: City, robot: Robot) -> None:
        told_at(signed, robot)
        derived()
        case, _code = register_case(
            cycle=signed.cycle, unit=signed.units["1506"], kind=CaseKind.DIFFICULTY, channel=Channel.PHONE,
            wording="家里没有水", name="张某", contact="13800000000", actor=CONSOLE, now=NOW + dt.timedelta(minutes=1),
        )  # fmt: skip
        derived()
        send_due(now=NOW + dt.timedelta(minutes=2))
        bodies = [json.loads(each.body) for each in robot.got]
        assert [(each["type"], each["data"]["id"]) for each in bodies] == [("case.moved", case.pk)]
        assert "水" not in robot.got[0].body.decode()

    def test_nothing_of_a_case_against_its_own_body(self, signed: City, robot: Robot) -> None:
        told_at(signed, robot)
        derived()
        register_case(
            cycle=signed.cycle, unit=signed.units["1506"], kind=CaseKind.COMPLAINT, channel=Channel.PHONE,
            wording="—", name="张某", contact="13800000000", against=signed.units["1506-LGO"], actor=CONSOLE,
            now=NOW + dt.timedelta(minutes=1),
        )  # fmt: skip
        assert derived() == 0

    def test_only_the_kinds_asked_for_and_since_it_was_set_up(self, signed: City, robot: Robot) -> None:
        told_at(signed, robot, kinds=["matter.moved"])
        a_claim(signed)
        assert derived() == 0

    def test_where_nobody_is_told_nothing_is_kept(self, signed: City, robot: Robot) -> None:
        a_claim(signed)
        assert derived() == 0
        assert not Event.objects.exists()


class TestSending:
    @pytest.fixture
    def waiting(self, signed: City, robot: Robot) -> Send:
        made = told_at(signed, robot)
        return ask_test(webhook=made.webhook, actor=signed.coordinator, now=NOW)

    def test_what_is_not_taken_is_sent_again_after_growing_pauses(self, waiting: Send, robot: Robot) -> None:
        robot.status = 500
        moment = NOW
        for pause in PAUSES:
            assert send_due(now=moment) == 1
            waiting.refresh_from_db()
            assert (waiting.outcome, waiting.next_at) == (SendOutcome.WAITING, moment + pause)
            assert send_due(now=moment + pause - dt.timedelta(seconds=1)) == 0
            moment += pause
        send_due(now=moment)
        waiting.refresh_from_db()
        assert (waiting.outcome, waiting.reason) == (SendOutcome.UNKNOWN, Reason.BROKEN_OFF)
        assert len({each.headers["webhook-id"] for each in robot.got}) == 1
        assert len(robot.got) == len(PAUSES) + 1

    @pytest.mark.parametrize(
        ("manner", "status", "reason"),
        [
            ("hang up", 200, Reason.NO_ANSWER),
            ("answer", 404, Reason.TURNED_DOWN),
            ("answer", 302, Reason.REDIRECTED),
        ],
    )
    def test_how_a_try_ended_is_said_as_far_as_it_is_known(
        self, waiting: Send, robot: Robot, manner: str, status: int, reason: Reason
    ) -> None:
        robot.manner, robot.status = manner, status
        send_due(now=NOW)
        waiting.refresh_from_db()
        assert (waiting.outcome, waiting.reason) == (SendOutcome.WAITING, reason)

    def test_inner_addresses_are_not_asked_unless_named(
        self, waiting: Send, robot: Robot, settings: object
    ) -> None:
        settings.INNER_HOSTS = []  # type: ignore[attr-defined]
        send_due(now=NOW)
        waiting.refresh_from_db()
        assert (waiting.reason, robot.got) == (Reason.FORBIDDEN, [])

    def test_a_try_that_was_interrupted_is_made_again(self, waiting: Send, robot: Robot) -> None:
        Send.objects.update(outcome=SendOutcome.SENDING, claimed_at=NOW, tries=1)
        assert send_due(now=NOW + dt.timedelta(minutes=1)) == 0
        assert send_due(now=NOW + dt.timedelta(minutes=9)) == 1
        waiting.refresh_from_db()
        assert (waiting.outcome, waiting.tries) == (SendOutcome.TAKEN, 2)

    def test_after_it_has_ended_nothing_is_sent(self, waiting: Send, robot: Robot, signed: City) -> None:
        for _twice in range(2):
            end_webhook(webhook=waiting.webhook, actor=signed.coordinator, now=NOW)
        send_due(now=NOW)
        waiting.refresh_from_db()
        assert (waiting.outcome, robot.got) == (SendOutcome.DROPPED, [])
        with pytest.raises(Refusal):
            ask_test(webhook=waiting.webhook, actor=signed.coordinator, now=NOW)

    def test_a_second_test_waits_with_the_first(self, waiting: Send, signed: City) -> None:
        assert ask_test(webhook=waiting.webhook, actor=signed.coordinator, now=NOW) == waiting

    def test_what_ended_long_ago_goes(self, waiting: Send) -> None:
        send_due(now=NOW)
        assert purge_sends(now=NOW + dt.timedelta(days=100)) == 0
        assert purge_sends(now=NOW + dt.timedelta(days=200)) == 2
        assert not Event.objects.exists()


class TestPages:
    def test_set_up_looked_at_tested_and_ended(self, signed: City, as_: SignIn, robot: Robot) -> None:
        client = as_(signed.coordinator)
        assert client.get(reverse("new-webhook")).status_code == 200
        form = {"name": "汇总平台", "address": f"{robot.address}/hook", "kinds": ["case.moved"]}
        made = client.post(reverse("new-webhook"), form)
        assert "whsec_" in made.content.decode()
        hook = Webhook.objects.get()
        for name in ("webhook-test", "webhook-ending", "webhook-ending"):
            assert client.post(reverse(name, args=[hook.pk])).status_code == 302
        for address in (reverse("webhooks"), reverse("webhook", args=[hook.pk])):
            page = client.get(address)
            assert page.status_code == 200
            assert "汇总平台" in page.content.decode()
            assert "whsec_" not in page.content.decode()

    def test_mistakes_are_said_on_the_form(self, signed: City, as_: SignIn) -> None:
        form = {"name": "汇总平台", "address": "http://10.0.0.1/", "kinds": ["case.moved"]}
        answer = as_(signed.coordinator).post(reverse("new-webhook"), form)
        assert answer.status_code == 422
        assert "GUANTONG_INNER_HOSTS" in answer.content.decode()

    def test_not_for_other_offices(self, signed: City, as_: SignIn) -> None:
        assert as_(signed.head).get(reverse("webhooks")).status_code == 403
        assert as_(signed.head).get(reverse("new-webhook")).status_code == 403

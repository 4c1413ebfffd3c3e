"""A digest goes out at most once through each channel, with title, due day and link and nothing else."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest

from channels.cast import ADDRESS, DAY, NOW, TOKEN, admin, ask_of, channel_to, choose, mail_through, planned
from channels.servers import Post, Robot
from conftest import City, at
from guantong.audit.verification import verify_log
from guantong.channels.choices import Outcome, Reason
from guantong.channels.limits import LOST_AFTER, OLD_AFTER, PAUSES
from guantong.channels.models import Delivery
from guantong.channels.operations.channels import ask_test_message, switch_channel
from guantong.channels.operations.delivering import claim_next, deliver, plan_deliveries, settle_lost
from guantong.channels.retention import purge_deliveries
from guantong.channels.rules import quiet_until
from guantong.notices.operations import close


def outcomes() -> list[tuple[str, str, int]]:
    return list(Delivery.objects.order_by("pk").values_list("outcome", "reason", "tries"))


class TestDigest:
    @pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu", "webhook"])
    def test_goes_out_once_with_title_due_day_and_link(self, city: City, robot: Robot, kind: str) -> None:
        choose(city.head, channel_to(city, robot, kind))
        ask_of(city.head, 1)
        ask_of(city.head, 2)
        planned()
        for _round in range(3):
            plan_deliveries(on=DAY, now=NOW)
            deliver(now=NOW)
        assert outcomes() == [(Outcome.SENT, "", 1)]
        [got] = robot.got
        text = str(got.told)
        assert "贯通：2 件待办，最近期限 2026-03-21" in text
        assert "清偿拖欠账款（期限 2026-03-21）" in text
        assert "https://gt.example.org/tasks/1/" in text
        assert verify_log().clean

    def test_carries_no_name_no_address_and_no_secret(self, city: City, robot: Robot) -> None:
        head = city.head
        assert head.person is not None
        head.person.display_name = "王标记"
        head.person.save()
        choose(head, channel_to(city, robot, "webhook"))
        ask_of(head, 1)
        planned()
        deliver(now=NOW)
        [got] = robot.got
        text = got.body.decode() + got.path
        assert set(got.told) == {"version", "title", "message", "attachments", "type"}
        for secret in ("王标记", ADDRESS, TOKEN, f"person:{head.person.pk}", "1506-MU-01-unit_head-1"):
            assert secret not in text
        assert got.headers["Authorization"] == f"Bearer {TOKEN}"
        assert re.fullmatch(r"[0-9a-f]{40}", got.headers["Idempotency-Key"])

    def test_what_may_be_called_after_somebody_is_said_by_its_kind_alone(
        self, city: City, robot: Robot
    ) -> None:
        choose(city.head, channel_to(city, robot, "webhook"))
        for number, about in enumerate(("cases.case", "reception.booking", "partners.partner"), 1):
            ask_of(city.head, number, about=about, title=f"张标记的诉求 {number}")
        planned()
        deliver(now=NOW)
        text = robot.got[0].told["message"]
        assert "标记" not in text
        assert text.count("· 临近到期（期限") == 3

    def test_many_are_cut_to_what_a_robot_takes_and_counted(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot))
        for number in range(1, 40):
            ask_of(city.head, number, title="很长的标题" * 30)
        planned()
        deliver(now=NOW)
        told = robot.got[0].told["text"]["content"]
        assert len(told.encode()) <= 2048
        assert re.search(r"还有 \d+ 件", told)
        assert told.endswith("https://gt.example.org/digest/")

    def test_is_in_the_language_chosen(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot, "webhook"), language="en")
        ask_of(city.head, 1)
        planned()
        deliver(now=NOW)
        assert not re.search("[一-龥]", robot.got[0].told["title"])

    def test_goes_by_mail_to_the_person_s_own_address(self, city: City, post: Post) -> None:
        choose(city.head, mail_through(city, post))
        ask_of(city.head, 1)
        planned()
        deliver(now=NOW)
        assert outcomes() == [(Outcome.SENT, "", 1)]
        [(sender, to, text)] = post.mails
        assert "gt@example.org" in sender
        assert ADDRESS in to
        assert re.search(r"Message-ID: <[0-9a-f]{40}@example.org>", text)

    def test_a_mail_turned_down_for_now_is_tried_again_and_one_that_hangs_is_not(
        self, city: City, post: Post
    ) -> None:
        choose(city.head, mail_through(city, post))
        ask_of(city.head, 1)
        planned()
        post.say_no, post.no = "RCPT", 450
        deliver(now=NOW)
        assert outcomes() == [(Outcome.WAITING, Reason.TURNED_DOWN, 1)]
        post.say_no, post.hang_up = "", True
        deliver(now=NOW + PAUSES[0])
        deliver(now=NOW + dt.timedelta(hours=3))
        assert outcomes() == [(Outcome.UNKNOWN, Reason.NO_ANSWER, 2)]
        assert len(post.mails) == 1


class TestNothingLeaves:
    def test_for_whom_chose_nothing(self, city: City, robot: Robot) -> None:
        channel_to(city, robot)
        ask_of(city.head, 1)
        assert planned() == []

    def test_through_a_channel_that_is_off(self, city: City, robot: Robot) -> None:
        channel = channel_to(city, robot)
        choose(city.head, channel)
        ask_of(city.head, 1)
        planned()
        switch_channel(channel=channel, on=False, actor=admin(city), now=NOW)
        deliver(now=NOW)
        assert outcomes() == [(Outcome.NOTHING, Reason.SWITCHED_OFF, 1)]
        assert robot.got == []

    def test_of_a_kind_that_is_kept_inside_or_that_is_done_meanwhile(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot, "webhook"), kinds=frozenset({"due", "review"}))
        ask_of(city.head, 1)
        ask_of(city.head, 2, kind="review")
        ask_of(city.head, 3, kind="overdue")
        planned()
        close(about="tasks.task", about_ref=1, on=DAY)
        deliver(now=NOW)
        told = robot.got[0].told["message"]
        assert "/tasks/2/" in told
        assert "/tasks/1/" not in told
        assert "/tasks/3/" not in told

    def test_when_everything_is_done(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot))
        ask_of(city.head, 1)
        planned()
        close(about="tasks.task", about_ref=1, on=DAY)
        deliver(now=NOW)
        assert outcomes() == [(Outcome.NOTHING, "", 1)]
        assert robot.got == []

    def test_of_offices_the_channel_is_not_for(self, city: City, robot: Robot) -> None:
        far = channel_to(city, robot, unit=city.units["150622"])
        near = channel_to(city, robot, "webhook", unit=city.units["1506-MU-01"])
        choice = choose(city.head, far, near)
        assert set(choice.channels.all()) == {near}

    def test_in_quiet_hours_it_waits(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot), quiet_from=8, quiet_to=13)
        ask_of(city.head, 1)
        [delivery] = planned()
        assert delivery.next_at == at(3, 20, 13)
        deliver(now=NOW)
        assert robot.got == []
        deliver(now=at(3, 20, 13))
        assert len(robot.got) == 1

    def test_on_a_later_day(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot))
        ask_of(city.head, 1)
        planned()
        deliver(now=NOW + OLD_AFTER + dt.timedelta(minutes=1))
        assert outcomes() == [(Outcome.FAILED, Reason.TOO_OLD, 1)]
        assert robot.got == []


class TestRetries:
    def test_come_after_growing_pauses_and_end(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot))
        ask_of(city.head, 1)
        [delivery] = planned()
        robot.status = 503
        moments, now = [], NOW
        for _try in range(len(PAUSES) + 1):
            deliver(now=now)
            deliver(now=now)  # too early: nothing
            delivery.refresh_from_db()
            moments.append(now)
            now = delivery.next_at
        assert [later - early for early, later in itertools.pairwise(moments)] == list(PAUSES)
        assert (delivery.outcome, delivery.reason) == (Outcome.FAILED, Reason.TURNED_DOWN)
        assert len(robot.got) == len(PAUSES) + 1

    def test_a_retry_that_falls_in_quiet_hours_waits_for_their_end(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot), quiet_from=9, quiet_to=12)
        ask_of(city.head, 1)
        [delivery] = planned(now=at(3, 20, 8))
        robot.status = 503
        just_before = at(3, 20, 9) - dt.timedelta(seconds=30)
        deliver(now=just_before)
        delivery.refresh_from_db()
        assert delivery.next_at == at(3, 20, 12)

    def test_succeed_once_the_other_side_takes_it(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot, "webhook"))
        ask_of(city.head, 1)
        planned()
        robot.status = 503
        deliver(now=NOW)
        robot.status = 204
        robot.body = b""
        deliver(now=NOW + PAUSES[0])
        deliver(now=NOW + dt.timedelta(hours=5))
        assert outcomes() == [(Outcome.SENT, "", 2)]
        assert len({each.headers["Idempotency-Key"] for each in robot.got}) == 1

    def test_an_answer_nobody_understands_is_not_repeated(self, city: City, robot: Robot) -> None:
        choose(city.head, channel_to(city, robot))
        ask_of(city.head, 1)
        planned()
        robot.manner = "hang up"
        deliver(now=NOW)
        robot.manner = "answer"
        deliver(now=NOW + dt.timedelta(hours=5))
        assert outcomes() == [(Outcome.UNKNOWN, Reason.NO_ANSWER, 1)]
        assert len(robot.got) == 1

    def test_a_crash_between_sending_and_marking_is_said_to_be_unknown_and_not_repeated(
        self, city: City, robot: Robot
    ) -> None:
        choose(city.head, channel_to(city, robot))
        ask_of(city.head, 1)
        planned()
        assert claim_next(now=NOW) is not None  # and then the machine stops
        assert deliver(now=NOW + dt.timedelta(minutes=1)) == 0
        later = NOW + LOST_AFTER + dt.timedelta(seconds=1)
        deliver(now=later)
        assert outcomes() == [(Outcome.UNKNOWN, Reason.INTERRUPTED, 1)]
        assert robot.got == []
        assert settle_lost(now=later) == 0


class TestTestMessage:
    def test_goes_out_once_even_while_off_and_says_why_it_failed(self, city: City, robot: Robot) -> None:
        channel = channel_to(city, robot, on=False)
        first = ask_test_message(channel=channel, actor=admin(city), now=NOW)
        assert ask_test_message(channel=channel, actor=admin(city), now=NOW) == first
        deliver(now=NOW)
        assert "测试消息" in str(robot.got[0].told)
        robot.body = b'{"errcode": 93000}'
        ask_test_message(channel=channel, actor=admin(city), now=NOW)
        deliver(now=NOW)
        assert outcomes() == [(Outcome.SENT, "", 1), (Outcome.FAILED, Reason.TURNED_DOWN, 1)]

    def test_of_a_mail_channel_goes_to_its_own_sender(self, city: City, post: Post) -> None:
        ask_test_message(channel=mail_through(city, post), actor=admin(city), now=NOW)
        deliver(now=NOW)
        assert "gt@example.org" in post.mails[0][1]


def test_what_is_old_goes_and_what_is_open_stays(city: City, robot: Robot) -> None:
    channel = channel_to(city, robot)
    old = NOW - dt.timedelta(days=200)
    for ended in (old, None):
        Delivery.objects.create(channel=channel, planned_at=old, next_at=old, ended_at=ended)
    assert purge_deliveries(now=NOW) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "until"),
    [(9, None, None, 9), (9, 8, 13, 13), (13, 8, 13, 13), (7, 8, 13, 7), (23, 22, 7, 24 + 7), (3, 22, 7, 7),
     (12, 22, 7, 12), (22, 22, 0, 24)],
)  # fmt: skip
def test_quiet_hours_also_across_midnight(
    hour: int, begins: int | None, ends: int | None, until: int
) -> None:
    expected = at(3, 20, 0) + dt.timedelta(hours=until)
    assert quiet_until(at(3, 20, hour), begins, ends) == expected


def test_planning_costs_the_same_for_many(
    city: City, robot: Robot, django_assert_max_num_queries: object
) -> None:
    channel = channel_to(city, robot)
    for acting in (
        city.head,
        city.acting("1506-MU-02", "unit_head"),
        city.acting("150602", "first_responsible"),
    ):
        choose(acting, channel)
        ask_of(acting, 1)
    planned()
    Delivery.objects.all().delete()
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        assert plan_deliveries(on=DAY, now=NOW) == 3

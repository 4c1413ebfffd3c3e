"""What leaves is chosen by the person alone; the address is sealed with their own key."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse

from channels.cast import ADDRESS, EVERY_KIND, NOW, admin, channel_to, choose, mail_through
from channels.servers import Post, Robot
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.operations import erase_person
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.channels.models import OutsideChoice
from guantong.channels.operations.channels import switch_channel
from guantong.channels.operations.choices import Wishes, choose_outside
from guantong.kernel.refusals import Refusal
from guantong.notices.queries import hour_of


class TestChoosing:
    def test_the_address_is_sealed_and_said_nowhere(self, city: City, post: Post) -> None:
        choice = choose(city.head, mail_through(city, post))
        with connection.cursor() as cursor:
            cursor.execute("SELECT address FROM channels_outsidechoice")
            [(kept,)] = cursor.fetchall()
        assert kept.startswith("v1.")
        assert "marked" not in kept
        assert ADDRESS not in "".join(AuditEntry.objects.values_list("payload", flat=True))
        assert str(choice.address) == ADDRESS
        choose(city.head, address="")
        assert not OutsideChoice.objects.get().address

    def test_the_same_again_writes_nothing_and_another_choice_writes_a_row(
        self, city: City, robot: Robot
    ) -> None:
        channel = channel_to(city, robot)
        chosen = AuditEntry.objects.filter(verb="channels.chosen")
        choose(city.head, channel)
        choose(city.head, channel)
        assert chosen.count() == 1
        choose(city.head, channel, kinds=EVERY_KIND - {"due"}, hour=17)
        assert chosen.count() == 2
        assert city.head.person is not None
        assert hour_of(city.head.person) == 17
        assert OutsideChoice.objects.get().silenced == ["due"]

    def test_erasing_the_person_takes_the_address_along(self, city: City, post: Post) -> None:
        head = city.head
        choose(head, mail_through(city, post))
        assert head.person is not None
        head.person.holdings.all().delete()
        erase_person(person=head.person, actor=CONSOLE, now=at(4, 1))
        assert not OutsideChoice.objects.get().address

    @pytest.mark.parametrize(
        ("wishes", "why"),
        [({"quiet_from": 22}, "开始和结束"), ({"quiet_from": 8, "quiet_to": 8}, "不能相同"), ({"hour": 24}, "整点"),
         ({"quiet_from": 30, "quiet_to": 2}, "整点"), ({"language": "xx"}, "语言"), ({"address": "nobody"}, "邮箱"),
         ({"address": ""}, "请填写接收提醒的邮箱")],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_is_kept(
        self, city: City, post: Post, wishes: dict[str, object], why: str
    ) -> None:
        channel = mail_through(city, post)
        with pytest.raises(Refusal, match=why):
            choose(city.head, channel, **wishes)
        assert not OutsideChoice.objects.exists()

    def test_nobody_chooses_for_another(self, city: City) -> None:
        other = city.acting("1506-MU-02", "unit_head").person
        assert other is not None
        wishes = Wishes(channels=frozenset(), kinds=EVERY_KIND, hour=8, language="en")
        with pytest.raises(Refusal, match="只有本人"):
            choose_outside(person=other, wishes=wishes, actor=city.head, now=NOW)


class TestPage:
    def test_shows_the_channels_open_to_one_and_keeps_what_is_ticked(
        self, city: City, robot: Robot, post: Post, as_: SignIn
    ) -> None:
        group, mail = channel_to(city, robot), mail_through(city, post)
        channel_to(city, robot, "feishu", unit=city.units["150622"])
        channel_to(city, robot, "dingtalk", on=False)
        client = as_(city.head)
        page = client.get(reverse("notice-settings"))
        assert {each.pk for each in page.context["channels"]} == {group.pk, mail.pk}
        sent = {
            "channels": [group.pk, mail.pk], "address": ADDRESS, "hour": "9", "quiet_from": "20", "quiet_to": "7",
            "language": "en", "kinds": ["due", "overdue"],
        }  # fmt: skip
        for _time in range(2):
            assert client.post(reverse("notice-choices"), sent).status_code == 302
        choice = OutsideChoice.objects.get()
        assert set(choice.channels.all()) == {group, mail}
        assert (choice.quiet_from, choice.quiet_to, choice.language) == (20, 7, "en")
        assert ADDRESS in client.get(reverse("notice-settings")).content.decode()
        assert ADDRESS in client.get(reverse("account")).content.decode()  # with everything else that is held
        assert verify_log().clean

    def test_a_foreign_channel_cannot_be_ticked(self, city: City, robot: Robot, as_: SignIn) -> None:
        far = channel_to(city, robot, unit=city.units["150622"])
        channel_to(city, robot, "feishu")
        answer = as_(city.head).post(
            reverse("notice-choices"), {"channels": [far.pk], "hour": "9", "language": "en"}
        )
        assert answer.status_code == 422
        assert not OutsideChoice.objects.exists()

    def test_without_channels_it_says_so_and_the_hour_can_still_be_chosen(
        self, city: City, as_: SignIn
    ) -> None:
        client = as_(city.head)
        assert "没有可用的外部渠道" in client.get(reverse("notice-settings")).content.decode()
        assert client.post(reverse("notice-choices"), {"hour": "6"}).status_code == 302
        assert city.head.person is not None
        assert hour_of(city.head.person) == 6
        assert OutsideChoice.objects.get().silenced == []

    def test_a_channel_that_is_off_for_a_while_stays_chosen(
        self, city: City, robot: Robot, as_: SignIn
    ) -> None:
        channel = channel_to(city, robot)
        choose(city.head, channel, kinds=frozenset({"due"}))
        switch_channel(channel=channel, on=False, actor=admin(city), now=NOW)
        assert as_(city.head).post(reverse("notice-choices"), {"hour": "6"}).status_code == 302
        choice = OutsideChoice.objects.get()
        assert (list(choice.channels.all()), str(choice.address)) == ([channel], ADDRESS)
        assert "due" not in choice.silenced

    def test_is_one_s_own_and_answers_to_its_methods(self, city: City, client: object, as_: SignIn) -> None:
        assert client.get(reverse("notice-settings")).status_code == 302  # type: ignore[attr-defined]
        mine = as_(city.head)
        assert mine.post(reverse("notice-settings")).status_code == 405
        assert mine.get(reverse("notice-choices")).status_code == 405

    def test_costs_the_same_for_many_deliveries(
        self, city: City, robot: Robot, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        from guantong.channels.models import Delivery
        from guantong.notices.models import Digest

        channel = channel_to(city, robot)
        choose(city.head, channel)
        for day in range(1, 15):
            digest = Digest.objects.create(person=city.head.person, day=dt.date(2026, 2, day), made_at=NOW)
            Delivery.objects.create(digest=digest, channel=channel, planned_at=NOW, next_at=NOW)
        client = as_(city.head)
        with django_assert_max_num_queries(16):  # type: ignore[operator]
            page = client.get(reverse("notice-settings"))
        assert len(page.context["deliveries"]) == 14

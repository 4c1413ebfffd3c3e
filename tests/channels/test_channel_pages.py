"""Channels are set up by the system administrator; what is secret goes in and never comes out."""

from __future__ import annotations

import random

import pytest
from django.conf import LazySettings
from django.db import connection
from django.urls import reverse

from channels.cast import NOW, TOKEN, admin, channel_to, mail_through
from channels.servers import Post, Robot
from conftest import City, SignIn
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.channels.models import Channel, Delivery
from guantong.channels.operations.channels import change_channel, set_up_channel, switch_channel
from guantong.channels.rules import Terms
from guantong.channels.senders.sending import secrets_of
from guantong.config.demo.channels import play_channels
from guantong.kernel.refusals import Refusal

ROBOT = {"name": "市直群", "server": "https://qyapi.weixin.qq.com", "link_base": "https://gt.example.org"}


class TestSecrets:
    def test_are_sealed_in_the_database_and_never_shown_again(
        self, city: City, as_: SignIn, inner: None
    ) -> None:
        client = as_(admin(city))
        sent = ROBOT | {"token": TOKEN}
        made = client.post(reverse("new-channel", args=["wecom"]), sent)
        channel = Channel.objects.get()
        assert made["Location"] == reverse("channel", args=[channel.pk])
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM channels_channel")
            assert TOKEN not in str(cursor.fetchall())
        for page in ("channels", "deliveries"):
            assert TOKEN not in client.get(reverse(page)).content.decode()
        page = client.get(made["Location"]).content.decode()
        assert TOKEN not in page
        assert "已保存，不再显示" in page
        assert TOKEN not in "".join(AuditEntry.objects.values_list("payload", flat=True))
        assert secrets_of(channel) == {"token": TOKEN}
        assert TOKEN not in repr(Terms(**ROBOT, secrets={"token": TOKEN}))

    def test_stay_when_the_field_is_left_empty_and_go_when_the_destination_changes(
        self, city: City, robot: Robot
    ) -> None:
        channel = channel_to(city, robot)
        same = Terms(name="新名称", server=robot.address, link_base="https://gt.example.org")
        change_channel(channel=channel, terms=same, actor=admin(city), now=NOW)
        channel.refresh_from_db()
        assert (channel.is_on, secrets_of(channel)) == (True, {"token": TOKEN})
        elsewhere = Terms(
            name="新名称", server="https://evil.example", link_base="https://gt.example.org", secrets={"token": "another-key-99"}
        )  # fmt: skip
        change_channel(channel=channel, terms=elsewhere, actor=admin(city), now=NOW)
        channel.refresh_from_db()
        assert (channel.is_on, secrets_of(channel)) == (False, {"token": "another-key-99"})

    def test_a_new_destination_without_its_secret_is_refused(self, city: City, robot: Robot) -> None:
        channel = channel_to(city, robot)
        elsewhere = Terms(name="x", server="https://evil.example", link_base="https://gt.example.org")
        with pytest.raises(Refusal, match="密钥"):
            change_channel(channel=channel, terms=elsewhere, actor=admin(city), now=NOW)


class TestTerms:
    @pytest.mark.parametrize(
        "server",
        ["http://qyapi.weixin.qq.com", "ftp://example.org", "https://user:pw@example.org", "https://example.org/?a=1",
         "https://", "javascript:alert(1)", "https://a b.org", "https://{token}.org", "//example.org", "https://x.org/#a",
         "https://example.org:99999", "http://127.0.0.1:80"],
    )  # fmt: skip
    def test_an_address_that_is_none_is_refused(
        self, city: City, server: str, settings: LazySettings
    ) -> None:
        settings.INNER_HOSTS = []
        terms = Terms(**ROBOT | {"server": server}, secrets={"token": TOKEN})
        for kind in ("wecom", "webhook"):
            with pytest.raises(Refusal):
                set_up_channel(kind=kind, terms=terms, actor=admin(city), now=NOW)
        assert not Channel.objects.exists()

    @pytest.mark.parametrize(
        "token", ["", "short", "with space here", "https://qyapi.weixin.qq.com/?key=abc"]
    )
    def test_a_key_that_is_none_is_refused(self, city: City, token: str) -> None:
        for kind in ("wecom", "dingtalk", "feishu"):
            with pytest.raises(Refusal, match="密钥"):
                set_up_channel(
                    kind=kind, terms=Terms(**ROBOT, secrets={"token": token}), actor=admin(city), now=NOW
                )

    def test_mail_without_encryption_is_for_inner_hosts_alone(
        self, city: City, settings: LazySettings
    ) -> None:
        terms = Terms(
            name="邮件", server="smtp.example.org", security="none", sender="a@example.org",
            link_base="https://gt.example.org",
        )  # fmt: skip
        with pytest.raises(Refusal, match="内网"):
            set_up_channel(kind="email", terms=terms, actor=admin(city), now=NOW)
        settings.INNER_HOSTS = ["smtp.example.org"]
        assert not set_up_channel(kind="email", terms=terms, actor=admin(city), now=NOW).is_on

    def test_two_channels_of_one_name_are_refused(self, city: City, robot: Robot, post: Post) -> None:
        mail_through(city, post, name="甲")
        with pytest.raises(Refusal, match="已有"):
            channel_to(city, robot, name="甲")

    def test_only_the_system_administrator_sets_up(self, city: City, robot: Robot) -> None:
        channel = channel_to(city, robot)
        for actor in (city.coordinator, city.head, city.acting("1506-LGO", "audit_admin")):
            with pytest.raises(Refusal, match="系统管理员"):
                switch_channel(channel=channel, on=False, actor=actor, now=NOW)


class TestPages:
    def test_a_fault_is_said_on_the_form_without_repeating_the_secret(self, city: City, as_: SignIn) -> None:
        sent = ROBOT | {"token": TOKEN, "unit": "no-such"}
        answer = as_(admin(city)).post(reverse("new-channel", args=["wecom"]), sent)
        assert answer.status_code == 422
        assert "没有代码为" in answer.content.decode()
        assert TOKEN not in answer.content.decode()

    def test_off_until_switched_on_and_twice_is_harmless(self, city: City, robot: Robot, as_: SignIn) -> None:
        channel = channel_to(city, robot, on=False)
        client = as_(admin(city))
        for on in ("1", "1", "0", "0"):
            assert client.post(reverse("channel-switch", args=[channel.pk]), {"on": on}).status_code == 302
        assert AuditEntry.objects.filter(verb__startswith="channels.switched").count() == 2
        for _time in range(2):
            assert client.post(reverse("channel-test", args=[channel.pk])).status_code == 302
        assert Delivery.objects.count() == 1
        assert verify_log().clean

    def test_change_by_the_form(self, city: City, robot: Robot, as_: SignIn) -> None:
        channel = channel_to(city, robot)
        sent = {
            "name": "改名",
            "server": robot.address,
            "link_base": "https://gt.example.org",
            "unit": "1506-MU-01",
        }
        assert as_(admin(city)).post(reverse("channel-terms", args=[channel.pk]), sent).status_code == 302
        channel.refresh_from_db()
        assert (channel.name, channel.unit, channel.is_on) == ("改名", city.units["1506-MU-01"], True)

    def test_others_are_kept_out(self, city: City, robot: Robot, as_: SignIn) -> None:
        channel = channel_to(city, robot)
        for acting in (city.head, city.coordinator, city.acting("1506-LGO", "audit_admin")):
            client = as_(acting)
            for name, given in (("channels", []), ("deliveries", []), ("channel", [channel.pk])):
                assert client.get(reverse(name, args=given)).status_code == 403
            for name in ("channel-terms", "channel-switch", "channel-test"):
                assert client.post(reverse(name, args=[channel.pk])).status_code == 403
        for name in ("channel-terms", "channel-switch", "channel-test"):
            assert as_(admin(city)).get(reverse(name, args=[channel.pk])).status_code == 405
            assert as_(admin(city)).post(reverse(name, args=[channel.pk + 99])).status_code == 404
        assert as_(admin(city)).get(reverse("new-channel", args=["pigeon"])).status_code == 404

    def test_the_log_of_many_costs_the_same_and_names_nobody(
        self, city: City, robot: Robot, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        channel = channel_to(city, robot)
        Delivery.objects.bulk_create(
            Delivery(channel=channel, planned_at=NOW, next_at=NOW, outcome="sent") for _each in range(80)
        )
        client = as_(admin(city))
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            page = client.get(reverse("deliveries"), {"outcome": "sent"})
        assert len(page.context["rows"]) == 50
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            client.get(reverse("channels"))


def test_the_demonstration_has_channels_that_are_off(city: City) -> None:
    for channel in play_channels(city.cycle, NOW, random.Random(1)):  # noqa: S311
        assert (channel.is_on, channel.sealed) == (False, "")
    assert not Delivery.objects.exists()

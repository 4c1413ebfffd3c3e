"""The field dictionary: one owner, one meaning; near ones are offered; nothing about a person."""

from __future__ import annotations

import pytest

from burden.cast import clerk_of, field, leader, liaison
from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.burden.alike import bigrams, likeness, near
from guantong.burden.models import Field
from guantong.burden.operations.fields import register_field, retire_field
from guantong.burden.queries.fields import fields_visible_to, named_like
from guantong.burden.rules.fields import Terms
from guantong.kernel.refusals import Refusal


class TestRegister:
    def test_the_registering_unit_owns_it(self, city: City) -> None:
        made = field(city, "活动室面积", by=city.head, kind="decimal", measure="平方米")
        assert (made.owner, made.domain, made.measure, made.minutes) == (
            city.units["1506-MU-01"], city.units["1506"], "平方米", 2,
        )  # fmt: skip
        assert AuditEntry.objects.filter(verb="burden.field_registered").count() == 1
        assert verify_log().faults == []

    def test_the_same_form_sent_twice_is_one_field(self, city: City) -> None:
        assert field(city, "活动室面积") == field(city, "活动室面积")
        assert Field.objects.count() == 1

    def test_a_name_that_is_there_is_refused_and_names_its_owner(self, city: City) -> None:
        field(city, "活动室面积")
        with pytest.raises(Refusal, match="归领导小组办公室管"):
            field(city, "活动室面积", by=city.head)

    def test_a_near_name_is_offered_instead_unless_it_says_how_it_differs(self, city: City) -> None:
        field(city, "活动场所面积")
        with pytest.raises(Refusal, match="“活动场所面积”相近"):
            field(city, "活动场所总面积", by=city.head, differs="", meaning="另说")
        assert (
            field(city, "活动场所总面积", by=city.head, differs="含室外", meaning="另说").differs == "含室外"
        )

    def test_a_near_meaning_under_another_name_is_offered_as_well(self, city: City) -> None:
        field(city, "活动次数", meaning="之家当年组织并有签到记录的各类活动场次")
        with pytest.raises(Refusal, match="相近"):
            field(city, "开展场次", meaning="之家当年组织的、有签到记录的活动场次", differs="")

    def test_a_field_that_is_like_no_other_needs_no_difference(self, city: City) -> None:
        field(city, "活动场所面积", meaning="室内可用建筑面积")
        assert field(city, "培训学时", meaning="当年参加专题培训的课时", differs="")

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"name": "民族"}, "涉及个人"),
            ({"name": "联络员政治面貌"}, "涉及个人"),
            ({"meaning": "负责人的身份证号码"}, "涉及个人"),
            ({"name_en": "religion of members"}, "涉及个人"),
            ({"kind": "choice", "options": ("党员", "宗教信仰者")}, "涉及个人"),
            ({"name": "每日打卡次数"}, "check_in"),
            ({"name": "登录次数"}, "login_ranking"),
            ({"meaning": "上传现场照片的张数"}, "forced_photo"),
            ({"name_en": "Check-ins a day"}, "check_in"),
            ({"name": "积分"}, "points"),
            ({"name": " "}, "英文名称"),
            ({"name_en": ""}, "英文名称"),
            ({"meaning": ""}, "含义"),
            ({"kind": "photo"}, "类型"),
            ({"kind": "choice", "options": ("有",)}, "选项"),
            ({"minutes": 0}, "分钟"),
            ({"name": "长" * 61}, "太长"),
        ],
    )
    def test_what_may_not_be_a_field_is_refused(
        self, city: City, wrong: dict[str, object], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            field(city, **{"name": "活动场次", **wrong})  # type: ignore[arg-type]
        assert not Field.objects.exists()

    @pytest.mark.parametrize(
        ("name", "english"),
        [("民族团结进步活动场次", "Unity activities"), ("便民服务点数", "Service points")],
    )
    def test_work_that_is_named_with_such_a_word_is_free(self, city: City, name: str, english: str) -> None:
        assert field(city, name, name_en=english)

    def test_only_those_who_ask_others_register(self, city: City) -> None:
        for actor in (liaison(city), leader(city)):
            with pytest.raises(Refusal, match="负责人、经办人"):
                field(city, "活动室面积", by=actor)
        assert field(city, "活动室面积", by=clerk_of(city, "150602"))


class TestRetire:
    def test_a_retired_field_frees_its_name_and_is_asked_no_more(self, city: City) -> None:
        old = field(city, "活动室面积")
        retire_field(field=old, actor=city.coordinator, now=at(3, 3))
        assert named_like("活动室", city.cycle) == []
        assert field(city, "活动室面积", now=at(3, 4)) != old
        assert verify_log().faults == []

    def test_by_its_owner_or_whoever_runs_the_year(self, city: City) -> None:
        other = city.acting("1506-MU-02", "unit_head")
        owned = field(city, "活动室面积", by=city.head)
        with pytest.raises(Refusal, match="归口单位"):
            retire_field(field=owned, actor=other, now=at(3, 3))
        assert not retire_field(field=owned, actor=city.coordinator, now=at(3, 3)).is_live

    def test_twice_is_harmless(self, city: City) -> None:
        owned = field(city, "活动室面积", by=city.head)
        for _time in range(2):
            retire_field(field=owned, actor=city.head, now=at(3, 3))
        assert AuditEntry.objects.filter(verb="burden.field_retired").count() == 1


class TestSeen:
    def test_a_field_holds_for_everybody_under_the_year(self, city: City) -> None:
        made = field(city, "活动室面积", by=city.head)
        for actor in (liaison(city), city.coordinator, city.acting("1506-MU-02", "unit_head")):
            assert set(fields_visible_to(actor)) == {made}

    def test_words_find_by_name_by_english_and_by_nearness(self, city: City) -> None:
        made = field(city, "活动室面积", name_en="Area of the room", meaning="室内可用建筑面积")
        for words in ("活动室", "area", "可用建筑", "活动室的面积"):
            assert named_like(words, city.cycle) == [made]
        assert named_like("  ", city.cycle) == named_like("培训学时", city.cycle) == []


class TestAlike:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("活动场次", "活动场次数"),
            ("联络员人数", "联络员数量"),
            ("之家面积（平方米）", "之家 面积 平方米"),
        ],
    )
    def test_words_of_forms_make_no_difference(self, one: str, other: str) -> None:
        assert likeness(bigrams(one), bigrams(other)) >= 0.6

    @pytest.mark.parametrize(("one", "other"), [("活动场次", "培训学时"), ("之家数量", "联络员数量")])
    def test_what_is_counted_does(self, one: str, other: str) -> None:
        assert likeness(bigrams(one), bigrams(other)) < 0.6

    def test_nothing_is_near_to_nothing(self) -> None:
        assert near(name="面积", meaning="", among=[]) == []

    def test_terms_say_every_text_that_is_looked_at(self) -> None:
        assert Terms("甲", "A", "乙", "choice", "丙", ("丁",)).texts == ("甲", "A", "乙", "丙", "丁")


def test_two_registering_the_same_name_at_once_are_one_refusal(city: City) -> None:
    """The database has the last word."""
    from guantong.burden.operations import fields as operations

    field(city, "活动室面积")
    proposed = Terms("活动室面积", "x", "y", "whole")
    with pytest.raises(Refusal, match="请直接取用"):
        operations._registered(city.cycle, proposed, city.coordinator.office, at(3, 2))  # type: ignore[arg-type]
    assert register_field is operations.register_field

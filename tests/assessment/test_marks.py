"""Marks part by part, from the form; and who may give one: the item's scorer, or else whom the rating names."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from assessment.plain_runs import package_of
from assessment.test_score_pages import run_of, score_of
from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.operations import open_office
from guantong.assessment import rules
from guantong.assessment.models import Mark
from guantong.assessment.operations import Given, give_mark, give_marks
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.operations import start_cycle
from guantong.mechanisms.package import Package
from guantong.obligations.models import Claim, Obligation

D = Decimal
UNIT = "1506-MU-01"
PARTS = {
    "id": "Q", "human": True, "measure": {"sum_of_parts": True}, "scoring": "as_given", "title": {"zh": "基础工作", "en": "Groundwork"},
    "parts": [{"id": "a", "weight": 1, "what": {"zh": "组织体系", "en": "Organisation"}}, {"id": "b", "weight": 4, "what": {"zh": "督导检查", "en": "Supervision"}}],
}  # fmt: skip
PANEL = {"id": "J", "human": True, "scoring": "as_given", "title": "评委打分",
         "measure": {"rating": {"by": "group_office", "scale": 10, "panel": {"trim": 0, "min": 1}}}}  # fmt: skip


def rated(by: str) -> dict[str, Any]:
    return {
        "id": "P",
        "title": "综合评价",
        "human": True,
        "measure": {"rating": {"by": by, "scale": 10}},
        "scoring": "as_given",
    }


def year(city: City, by: str = "group_office", **scorer: Any) -> City:
    items = [{"use": "P", "weight": 40, **scorer}, {"use": "Q", "weight": 30}, {"use": "J", "weight": 30}]
    made = package_of([rated(by), PARTS, PANEL], items=items)
    source = {
        **made.source,
        "levels": [{"id": "city", "name": "市", "map": "city"}],
        "unit_kinds": [
            {"id": "group_office", "name": "领导小组办公室"},
            {"id": "leading_group", "name": "领导小组"},
        ],
        "offices": [{"id": "chief_assessor", "name": "考核组长"}],
    }
    package = Package.from_canonical(
        Package(identifier="t", version=1, name=made.name, source=source).canonical_json()
    )
    cycle = start_cycle(package=package, unit=city.units["1506"], year=2026, actor=CONSOLE, now=at(1, 5))
    return City(cycle=cycle, units=city.units)


@pytest.fixture
def marked(city: City) -> City:
    return year(city)


def of_leading_group(city: City, seat: str = "assessor") -> Acting:
    """An assessing office outside the group office."""
    open_office(
        unit=city.units["1506-LG"], seat=seat, title="领导小组考核员", role=Role.ASSESSOR, scope=city.units["1506"],
        actor=CONSOLE, now=at(1, 5),
    )  # fmt: skip
    return city.acting("1506-LG", seat)


def give(city: City, actor: Any, indicator: str = "P", part: str = "") -> Mark:
    return give_mark(
        cycle=city.cycle, unit=city.units[UNIT], indicator=indicator, part=part, value=D(1), reason="现场核查",
        actor=actor, now=at(7, 1),
    )  # fmt: skip


def give_parts(city: City, *given: Given, actor: Any = None) -> list[Mark]:
    return give_marks(
        cycle=city.cycle,
        unit=city.units[UNIT],
        indicator="Q",
        given=given,
        actor=actor or city.coordinator,
        now=at(7, 1),
    )


class TestWhoMayRate:
    def test_an_office_of_the_kind_that_the_rating_names(self, marked: City) -> None:
        assert give(marked, marked.coordinator).value == 1
        with pytest.raises(Refusal, match="“综合评价”由机制包指定的单位评分（领导小组办公室），本单位不能评"):
            give(marked, of_leading_group(marked))
        assert Mark.objects.count() == 1

    def test_an_office_of_the_seat_that_the_rating_names(self, city: City) -> None:
        found = year(city, by="chief_assessor")
        with pytest.raises(Refusal, match="（考核组长）"):
            give(found, found.coordinator)
        assert give(found, of_leading_group(found, "chief_assessor")).value == 1

    def test_the_scorer_of_the_item_goes_before_it(self, city: City) -> None:
        found = year(city, scorer={"kind": "leading_group"})
        assert rules.raters_of(found.cycle, found.units[UNIT], "P") == {"leading_group"}
        with pytest.raises(Refusal, match="（领导小组）"):
            give(found, found.coordinator)
        assert give(found, of_leading_group(found)).value == 1

    def test_where_nobody_is_named_any_assessing_office_over_the_unit(self, marked: City) -> None:
        assert rules.raters_of(marked.cycle, marked.units[UNIT], "Q") == frozenset()
        assert give(marked, of_leading_group(marked), "Q", "a").part == "a"

    def test_the_console_may_always(self, marked: City) -> None:
        assert give(marked, CONSOLE).marker is None


class TestPartsTogether:
    def test_all_of_them_or_none(self, marked: City) -> None:
        with pytest.raises(Refusal, match="0 至 4"):
            give_parts(marked, Given("a", D(1), "好"), Given("b", D(5), "好"))
        assert not Mark.objects.exists()
        give_parts(marked, Given("a", D(1), "好"), Given("b", D(3), "缺一次"))
        assert set(Mark.objects.values_list("part", "value", "scale")) == {("a", 1, 1), ("b", 3, 4)}
        assert verify_log().clean

    def test_what_is_in_force_so_is_left_alone(self, marked: City) -> None:
        give_parts(marked, Given("a", D(1), "好"), Given("b", D(3), "缺一次"))
        entries = AuditEntry.objects.count()
        assert give_parts(marked, Given("a", D("1.00"), " 好 "), Given("b", D(3), "缺一次")) == []
        assert AuditEntry.objects.count() == entries
        [made] = give_parts(marked, Given("a", D(1), "好"), Given("b", D(2), "缺两次"))
        assert (made.part, made.value) == ("b", 2)

    def test_there_is_one_thing_to_mark_where_there_are_no_parts(self, marked: City) -> None:
        assert [(each.id, each.scale) for each in rules.parts_to_mark(marked.cycle, "P")] == [("", 10)]
        assert [(each.id, str(each.name), each.scale) for each in rules.parts_to_mark(marked.cycle, "Q")] == [
            ("a", "组织体系", 1), ("b", "督导检查", 4),
        ]  # fmt: skip
        assert rules.parts_to_mark(marked.cycle, "nothing") == []


class TestForm:
    def url(self, city: City) -> str:
        return reverse("marks", args=[city.cycle.pk, city.units[UNIT].pk])

    def page(self, city: City, as_: SignIn, actor: Acting) -> str:
        score = score_of(run_of(city), UNIT)
        text = as_(actor).get(reverse("score", args=[score.pk])).content.decode()
        return re.sub(r"\s+", " ", text)

    def test_the_page_has_a_field_for_each_part_with_what_is_in_force(
        self, marked: City, as_: SignIn
    ) -> None:
        give_parts(marked, Given("b", D(3), "缺一次"))
        page = self.page(marked, as_, marked.acting("1506-LGO", "assessor"))
        for name in ("value-a", "reason-a", "value-b", "reason-b"):
            assert f'name="{name}"' in page
        assert "组织体系" in page
        assert "评分（0—4）" in page
        assert re.search(r'name="value-b"[^>]* value="3"', page)
        assert re.search(r'name="reason-b"[^>]* value="缺一次"', page)
        assert "基础工作 · 督导检查：3/4 · 缺一次" in page

    def test_some_parts_now_and_some_later(self, marked: City, as_: SignIn) -> None:
        client = as_(marked.coordinator)
        first = {"indicator": "Q", "value-b": "3.5", "reason-b": "缺一次", "value-a": "", "reason-a": ""}
        assert client.post(self.url(marked), first).status_code == 302
        second = first | {"value-a": "1", "reason-a": "健全"}
        for _time in range(2):
            assert client.post(self.url(marked), second).status_code == 302
        assert set(Mark.objects.values_list("part", "value", "replaced")) == {
            ("a", 1, False),
            ("b", D("3.5"), False),
        }

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"value-a": "1", "reason-a": " "}, "请写明“组织体系”的评分理由"),
            ({"value-a": "2", "reason-a": "好"}, "组织体系"),
            ({"value-a": "", "reason-a": ""}, "请至少填写一项评分"),
            ({"value-a": "x", "reason-a": "好"}, "组织体系"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_kept(
        self, marked: City, as_: SignIn, given: dict[str, str], said: str
    ) -> None:
        answer = as_(marked.coordinator).post(self.url(marked), {"indicator": "Q", **given})
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Mark.objects.exists()

    def test_a_computed_or_unknown_indicator_takes_none(self, marked: City, as_: SignIn) -> None:
        answer = as_(marked.coordinator).post(
            self.url(marked), {"indicator": "Z", "value": "1", "reason": "…"}
        )
        assert answer.status_code == 422
        assert "不是人工评分指标" in answer.content.decode()

    def test_who_may_not_rate_reads_who_does(self, marked: City, as_: SignIn) -> None:
        page = self.page(marked, as_, of_leading_group(marked))
        assert "按机制包，这一项由领导小组办公室评分。" in page
        assert 'name="value-a"' in page
        assert 'name="value"' not in page

    def test_who_worked_on_the_units_matters_reads_why_not(self, city: City, as_: SignIn) -> None:
        found = year(city)
        office = found.office(UNIT, "unit_head")
        owed = Obligation.objects.create(
            cycle=found.cycle, unit=office.unit, unit_path=office.unit.path, office=office, pillar="p", source="duty",
            source_ref=1, rule="r", title="职责", evidence=["statement"], starts_on=at(1, 5).date(),
        )  # fmt: skip
        claim = Claim.objects.create(
            obligation=owed, nothing_new=True, claimed_by=office, claimed_at=at(3, 2)
        )
        claim.reviews.create(verdict="accepted", reviewer=found.coordinator.person, reviewed_at=at(3, 3))
        page = self.page(found, as_, found.coordinator)
        assert "请由其他人评分" in page
        assert 'name="value-a"' not in page

    def test_a_panel_member_finds_the_own_mark_and_not_anothers(self, marked: City, as_: SignIn) -> None:
        give(marked, marked.coordinator, "J")
        page = self.page(marked, as_, marked.acting("1506-LGO", "assessor"))
        form = page[page.index('value="J"') :]
        assert not re.search(r'name="value"[^>]* value="1"', form[: form.index("</form>")])

    def test_wrong_verb_outsider_and_no_right(self, marked: City, as_: SignIn) -> None:
        given = {"indicator": "Q", "value-a": "1", "reason-a": "好"}
        elsewhere = reverse("marks", args=[marked.cycle.pk, 99999])
        assert as_(marked.coordinator).get(self.url(marked)).status_code == 405
        assert as_(marked.coordinator).post(elsewhere, given).status_code == 404
        assert as_(marked.head).post(self.url(marked), given).status_code == 403
        assert not Mark.objects.exists()


class TestFacts:
    def test_only_kinds_that_count_on_the_card_are_offered_and_by_name(
        self, signed: City, as_: SignIn
    ) -> None:
        score = score_of(run_of(signed), UNIT)
        page = as_(signed.coordinator).get(reverse("score", args=[score.pk])).content.decode()
        assert "经验做法获推广" in page
        assert set(rules.fact_kinds(signed.cycle, "findings")) == {"false_report"}  # a veto rests on a ruling
        leader = signed.cycle.package.scorecard("SC_leader")
        assert rules.facts_counted(signed.cycle, leader) == []

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.urls import reverse

from assessment.round_cast import DISTRICT, OTHER, UNIT, assessor, line_of, opened, published, settled
from assessment.test_corrections import again, ask, grant
from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.assessment.models import Publication, Score, ScoreLine
from guantong.assessment.use_queries import (
    consequences,
    history_of,
    is_weak,
    previous_of,
    publications_visible_to,
    published_lines,
)
from guantong.assessment.views.uses import reward_in_words, sentences_of
from guantong.mechanisms.operations import read_valid_package


def shown_to(city: City, acting: Acting, share: str = "0.6") -> dict[str, object]:
    publication = publications_visible_to(acting).get()
    found = consequences(publication, acting, share=Decimal(share))
    return {each.score.unit.code: each for each in found}


class TestConsequences:
    def test_everybody_sees_their_own_subtree_and_the_assessor_all(self, signed: City) -> None:
        published(signed)
        assert set(shown_to(signed, assessor(signed))) == {UNIT, OTHER, DISTRICT, "150622"}
        assert set(shown_to(signed, signed.head)) == {UNIT}
        assert set(shown_to(signed, signed.acting(DISTRICT, "first_responsible"))) == {DISTRICT}

    def test_nothing_before_publication(self, signed: City) -> None:
        settled(signed)
        assert not publications_visible_to(assessor(signed)).exists()

    def test_weak_is_measured_weighted_and_below_the_share(self, signed: City) -> None:
        published(signed)
        lines = ScoreLine.objects.filter(score__run__publication__isnull=False, score__unit__code=UNIT)
        weak = {line.indicator for line in lines if is_weak(line, Decimal("0.86"))}
        assert weak == {"I03"}  # 17 of 20; I01 and I06 have no data, X01 has no weight
        assert not any(is_weak(line, Decimal("0.85")) for line in lines)

    def test_rewards_are_those_the_package_gives_for_the_grade(self, signed: City) -> None:
        package = read_valid_package("river-chief")
        [reward] = package.scorecard("SC_territory").rewards
        assert (reward.grade, reward.slots) == ("excellent", (2, 4))
        assert reward_in_words(reward) == "推荐为先进河长（名额 2—4）"
        assert signed.cycle.package.scorecard("SC_unit").rewards == ()

    def test_each_sentence_names_its_source(self, signed: City) -> None:
        published(signed)
        each = shown_to(signed, signed.head)[UNIT]
        sentences = sentences_of(each)  # type: ignore[arg-type]
        lines = {line.title_zh: line for line in each.lines}  # type: ignore[attr-defined]
        assert {
            "text": "进展报告及时性得 17 分（满分 20）。",
            "url": reverse("score-line", args=[lines["进展报告及时性"].pk]),
        } in sentences
        assert sentences[0]["url"] == reverse("score", args=[each.score.pk])  # type: ignore[attr-defined]
        assert len(sentences) == 3  # the total, I02 and I03: lines without data say nothing


class TestNextYear:
    def test_only_published_lines_of_ones_own_subtree(self, signed: City) -> None:
        round = published(signed)
        own, other = line_of(round, run="final"), line_of(round, code=OTHER, run="final")
        before = line_of(round)
        asked = [str(each.pk) for each in (own, other, before)] + ["x", "9" * 30]
        assert set(published_lines(signed.head, asked)) == {own}
        assert set(published_lines(assessor(signed), asked)) == {own, other}

    def test_the_ticked_lines_make_a_list_for_printing(self, signed: City, as_: SignIn) -> None:
        round = published(signed)
        client = as_(assessor(signed))
        page = client.get(reverse("result-uses"), {"below": "80"}).content.decode()
        assert "列入下一年度责任清单的建议" in page
        own = line_of(round, run="final")
        printed = client.get(reverse("next-year-list"), {"line": [own.pk]}).content.decode()
        assert "2027 年度责任清单建议项" in printed
        assert "市发展和改革委员会" in printed
        assert "市教育体育局" not in printed
        assert "没有勾选的项目" in client.get(reverse("next-year-list")).content.decode()
        assert client.post(reverse("next-year-list")).status_code == 405


class TestHistory:
    def test_a_units_results_with_the_version_that_was_corrected(self, signed: City, as_: SignIn) -> None:
        first = published(signed).final
        assert first
        grant(signed, ask(signed, first.publication, again(signed, at(10, 10))), at(10, 13))
        history = history_of(signed.units[UNIT], signed.head)
        assert [each.run.as_of for each in history] == [dt.date(2026, 6, 30)] * 2
        assert [hasattr(each.run.publication, "corrected_by") for each in history] == [False, True]
        page = as_(signed.head).get(reverse("unit-results", args=[signed.units[UNIT].pk])).content.decode()
        assert "已被更正" in page
        assert page.count("2026-06-30") >= 2

    def test_another_units_page_is_not_there(self, signed: City, as_: SignIn) -> None:
        published(signed)
        url = reverse("unit-results", args=[signed.units[OTHER].pk])
        assert as_(signed.head).get(url).status_code == 404
        assert as_(assessor(signed)).get(url).status_code == 200
        assert as_(assessor(signed)).post(url).status_code == 405


class TestPage:
    def test_before_anything_is_published_it_says_so(self, signed: City, as_: SignIn) -> None:
        opened(signed)
        page = as_(signed.head).get(reverse("result-uses")).content.decode()
        assert "还没有公布的结果" in page
        assert "进展报告及时性" not in page

    def test_it_costs_the_same_for_many(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        published(signed)
        client = as_(assessor(signed))
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            client.get(reverse("result-uses"))

    def test_a_version_that_is_not_there_is_not_shown(self, signed: City, as_: SignIn) -> None:
        published(signed)
        client = as_(signed.head)
        last = Publication.objects.get().pk
        assert client.get(reverse("result-uses"), {"publication": last}).status_code == 200
        assert client.get(reverse("result-uses"), {"publication": last + 1}).status_code == 404
        assert client.get(reverse("result-uses"), {"publication": "x", "below": "55"}).status_code == 200


class TestWhatTheResultChanged:
    def test_a_first_result_says_that_there_is_none_before(self, signed: City, as_: SignIn) -> None:
        published(signed)
        assert previous_of(publications_visible_to(signed.head).get(), signed.head) is None
        page = as_(signed.head).get(reverse("result-uses")).content.decode()
        assert "没有可以比较的上次结果" in page

    def test_a_correction_is_held_against_what_it_corrects(self, signed: City, as_: SignIn) -> None:
        first = published(signed).final
        assert first
        grant(signed, ask(signed, first.publication, again(signed, at(10, 10))), at(10, 13))
        newest = publications_visible_to(signed.head).first()
        assert newest
        assert previous_of(newest, signed.head) == first.publication
        [own] = consequences(newest, signed.head, previous=first.publication)
        assert own.before
        assert (own.before.run, own.before.unit, own.moved) == (first, signed.units[UNIT], 0)
        page = as_(signed.head).get(reverse("result-uses")).content.decode()
        assert "等次上升 0 个，下降 0 个，不变 1 个" in page
        assert reverse("score", args=[own.before.pk]) in page

    def test_a_grade_that_rose_and_one_that_fell(self, signed: City) -> None:
        first = published(signed).final
        assert first
        grant(signed, ask(signed, first.publication, again(signed, at(10, 10))), at(10, 13))
        newest = publications_visible_to(signed.head).first()
        assert newest
        Score.objects.filter(run=first, unit__code=UNIT).update(grade="fail")
        Score.objects.filter(run=first, unit__code=OTHER).update(grade="excellent")
        Score.objects.filter(run=newest.run, unit__code=OTHER).update(grade="pass")
        found = consequences(newest, assessor(signed), previous=first.publication)
        assert {each.score.unit.code: each.moved for each in found} == {
            UNIT: 1,
            OTHER: -1,
            DISTRICT: 0,
            "150622": 0,
        }

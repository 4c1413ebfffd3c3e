"""What is said is kept once and read in any language; what somebody typed is read as typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils.translation import override

from guantong.kernel.bilingual import Text
from guantong.notices.said import say, say_counted, words

PROPOSALS = say_counted("%(n)s 项建议措施等待确认", "%(n)s 项建议措施等待确认", 2)


def in_both(said: Any) -> tuple[str, str]:
    """Read after a round through the database, in Chinese and in English."""
    kept = json.loads(json.dumps(said))
    with override("zh-hans"):
        chinese = words(kept)
    with override("en"):
        return chinese, words(kept)


def test_a_text_of_the_catalogue_is_read_in_the_reader_s_language() -> None:
    assert in_both(say("缺巡查记录。")) == ("缺巡查记录。", "The patrol record is missing.")


def test_what_stands_in_its_places_is_read_in_it_too_and_typed_titles_as_typed() -> None:
    title = say("约谈%(unit)s：%(title)s", unit="准格尔旗", title=Text("季度进展", "Quarterly progress"))
    chinese, english = in_both(title)
    assert chinese == "约谈准格尔旗：季度进展"
    assert "准格尔旗" in english
    assert english.endswith("Quarterly progress")
    assert "约谈" not in english


def test_a_number_picks_its_wording() -> None:
    one = PROPOSALS | {"count": 1, "with": {"n": 1}}
    assert in_both(PROPOSALS)[0] == "2 项建议措施等待确认"
    assert in_both(one)[1] != in_both(PROPOSALS)[1].replace("2", "1")


def test_one_text_may_stand_in_another() -> None:
    chinese, english = in_both(say("%(act)s：%(what)s", act=say("安排超出年度次数的检查"), what="东胜区"))
    assert chinese == "安排超出年度次数的检查：东胜区"
    assert "安排" not in english


@pytest.mark.parametrize("typed", ["待审核", "完成 100%", "%(title)s", "", "缺巡查记录。"])
def test_words_that_somebody_typed_are_never_translated(typed: str) -> None:
    assert in_both(typed) == (typed, typed)


def test_a_name_without_english_is_read_in_chinese() -> None:
    assert in_both(Text("季度进展", "").as_json()) == ("季度进展", "季度进展")


def test_a_text_that_the_catalogue_lost_is_read_as_it_was_written() -> None:
    assert in_both(say("从前的说法：%(title)s", title="甲")) == ("从前的说法：甲", "从前的说法：甲")


@pytest.mark.parametrize(
    "broken", [{"say": "缺%(名字)s", "with": {"title": "甲"}}, {"say": "", "with": {}}, {"say": ""}]
)
def test_nothing_kept_breaks_a_page(broken: dict[str, Any]) -> None:
    assert in_both(broken)[0] == broken["say"]

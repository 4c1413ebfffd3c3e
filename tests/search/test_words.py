"""What is indexed and what is asked are cut alike, so that any two neighbouring characters find their text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guantong.search.excerpts import excerpt_of, marked
from guantong.search.folding import compact, fold, is_han, runs, simplified
from guantong.search.synonyms import built_in, widened
from guantong.search.words import Entry, Term, needed, terms_of

HAN = st.integers(0x4E00, 0x9FFF).map(chr)
ANY = st.one_of(st.integers(0, 0xD7FF), st.integers(0xE000, 0x323AF)).map(chr)
TEXTS = st.text(st.one_of(HAN, st.sampled_from(sorted(simplified())), ANY), max_size=40)


def words_of(text: str, title: str = "") -> frozenset[str]:
    return Entry(1, title, text, frozenset()).words()


def finds(question: str, text: str) -> bool:
    """Whether a row that says the text has all the words that the question needs."""
    words = words_of(text)
    return all(
        any(each.startswith("a" + word) for each in words) if begins else "a" + word in words
        for word, begins in needed(question)
    )


class TestFolding:
    def test_brackets_digits_and_case_make_no_difference(self) -> None:
        ways = [
            "鄂党发〔2026〕12号", "鄂党发[2026]12号", "鄂党发(2026)12号", "鄂党发［２０２６］１２号",
            "鄂党发（2026）12号", "鄂黨發【2026】12號", "鄂党发〔 2026 〕12 号",
        ]  # fmt: skip
        assert {compact(each) for each in ways} == {"鄂党发202612号"}
        assert {tuple(runs(each)) for each in ways[:-1]} == {("鄂党发", "2026", "12", "号")}
        assert fold("GDP（ＧＤＰ）") == "gdp gdp "

    def test_traditional_writing_is_simplified(self) -> None:
        assert fold("貫通職責、督辦任務、領導小組辦公室") == "贯通职责 督办任务 领导小组办公室"

    def test_the_table_is_settled_in_one_step(self) -> None:
        table = simplified()
        assert len(table) > 4000
        assert not set(table.values()) & set(table)

    @given(TEXTS)
    def test_folding_twice_changes_nothing(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestFinding:
    @given(TEXTS)
    def test_any_two_neighbouring_characters_find_their_text(self, text: str) -> None:
        pairs = [
            text[at : at + 2] for at in range(len(text) - 1) if is_han(text[at]) and is_han(text[at + 1])
        ]
        assert all(finds(pair, text) for pair in pairs)
        assert all(Term(pair).stands_in(compact(text)) for pair in pairs)

    @given(TEXTS)
    def test_any_single_character_finds_its_text(self, text: str) -> None:
        assert all(finds(each, text) for each in text if is_han(each))

    @given(TEXTS, st.integers(0, 40), st.integers(1, 40))
    def test_any_stretch_of_chinese_finds_its_text(self, text: str, start: int, length: int) -> None:
        stretch = text[start : start + length]
        if stretch and all(is_han(each) for each in stretch):
            assert finds(stretch, text)

    def test_two_characters_inside_a_sentence(self) -> None:
        assert finds("约访", "接待日以外可以随时约访领导")
        assert not finds("访随", "接待日以外可以随时约访领导")
        assert not finds("日以外以", "接待日以外可以")

    def test_the_number_of_a_document(self) -> None:
        text = "依据市委办公室通报〔2026〕12号办理"
        assert finds("通报[2026]12号", text)
        assert finds("2026", text)
        assert finds("202", text)
        assert not finds("20", text)
        assert not finds("通报[2026]1号", text)
        assert not finds("通报[2026]13号", text)
        assert not Term("〔2026〕2号").stands_in(compact("通报〔2026〕12号"))

    def test_marks_divide_what_is_asked_and_alone_ask_nothing(self) -> None:
        assert terms_of("督查，任务  会议") == ["督查", "任务", "会议"]
        assert terms_of("〔〕 ——、，") == []
        assert len(terms_of(" ".join(f"词{number}" for number in range(30)))) == 8

    def test_the_title_is_told_apart(self) -> None:
        words = words_of("正文", title="标题task")
        assert {"t标题", "ttask", "a标题", "atask", "a正文"} <= words
        assert "t正文" not in words


class TestSynonyms:
    def test_a_word_of_a_group_stands_for_every_other(self) -> None:
        (term,) = widened(["督查事项"], [("督查", "督办", "督察")])
        assert term.wordings == ("督查事项", "督办事项", "督察事项")

    def test_a_single_character_means_the_same_only_alone(self) -> None:
        groups = [("嘎查", "村")]
        assert widened(["村民"], groups)[0].others == ()
        assert widened(["村"], groups)[0].others == ("嘎查",)
        assert widened(["嘎查干部"], groups)[0].others == ("村干部",)

    def test_the_list_that_comes_along_names_each_word_once(self) -> None:
        words = [word for group in built_in() for word in group]
        assert len(words) == len(set(words))
        assert ("督查", "督办", "督察") in built_in()


class TestExcerpts:
    @given(TEXTS, TEXTS)
    def test_nothing_of_the_text_is_lost_or_added(self, text: str, question: str) -> None:
        terms = [Term(each) for each in terms_of(question)]
        assert "".join(piece for piece, _ in marked(text, terms, most=10_000)) == text

    def test_what_was_asked_is_marked_however_it_is_written(self) -> None:
        assert marked("關於督辦〔２０２６〕三号", [Term("督办[2026]三号")]) == [
            ("關於", False), ("督辦〔２０２６〕三号", True),
        ]  # fmt: skip

    def test_it_begins_with_a_whole_word_or_date(self) -> None:
        text = "第一批任务 2026-07-29 市工业和信息化局 市委宣传部、市委督查室"
        for cut in range(10):
            pieces = excerpt_of("甲" * 40 + " " + "乙" * cut + text, [Term("督查")])
            assert pieces[0] == ("…", False)
            shown = "".join(piece for piece, _mark in pieces[1:])
            assert shown.startswith(("第一批", "2026-07-29", "市工业", "市委", "乙" * cut + "第"))

    def test_a_long_text_is_cut_around_the_first_place(self) -> None:
        pieces = excerpt_of("前" * 300 + "约访" + "后" * 300, [Term("约访")])
        assert ("约访", True) in pieces
        assert pieces[0] == ("…", False)
        assert pieces[-1] == ("…", False)
        assert len("".join(piece for piece, _ in pieces)) < 130

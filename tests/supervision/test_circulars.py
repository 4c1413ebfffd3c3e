"""A circular is drafted from live data; every number is bound to the obligations it was counted from."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.organisation.operations import open_unit
from guantong.supervision.figures import Numbers
from guantong.supervision.mending import KEY, MAX_CHARACTERS, Paragraph, filled, keys_in, mended
from guantong.supervision.models import Circular, Escalation
from guantong.supervision.operations import circular_texts, sweep_lights
from guantong.supervision.operations import circulars as operations
from guantong.supervision.queries.circulars import circulars_visible_to

DAY = dt.date(2026, 7, 1)
UNITS = ("1506-MU-01", "1506-MU-02", "1506-MU-03", "1506-MU-04")
NAMES = ("市发展和改革委员会", "市教育体育局", "市科学技术局", "市商务局")


@pytest.fixture
def played(signed: City) -> City:
    """Four member units with five obligations of one kind each, due in May: 5, 3, 3 and 0 of them overdue."""
    for number, code in enumerate(UNITS):
        if code not in signed.units:
            signed.units[code] = open_unit(
                code=code, name=NAMES[number], kind="member_unit", level="city", parent=signed.units["1506"],
                on=dt.date(2025, 1, 1), actor=CONSOLE, now=at(1, 5),
            )  # fmt: skip
    Obligation.objects.filter(unit__code__in=UNITS).update(state="cancelled")
    office = signed.office(UNITS[0], "unit_head")
    for code, late in zip(UNITS, (5, 3, 3, 0), strict=True):
        unit = signed.units[code]
        for number in range(5):
            done = number >= late
            Obligation.objects.create(
                cycle=signed.cycle, unit=unit, unit_path=unit.path, office=office, pillar="link_task", source="task",
                source_ref=70_000 + unit.pk * 10 + number, rule="T", title=f"任务{number}", evidence=["progress_line"],
                starts_on=dt.date(2026, 1, 1), due_on=dt.date(2026, 5, 10 + number),
                original_due_on=dt.date(2026, 5, 10 + number), state="fulfilled" if done else "open",
                claimed_on=dt.date(2026, 5, 6) if done else None, relight_on=dt.date(2026, 5, 1),
            )  # fmt: skip
    sweep_lights(actor=CONSOLE, on=DAY, now=at(7, 1), cycle=signed.cycle)
    return signed


def draft(city: City, code: str = "1506", **changes: object) -> Circular:
    given = {
        "cycle": city.cycle,
        "unit": city.units[code],
        "as_of": DAY,
        "actor": city.coordinator,
        "now": at(7, 1),
    }
    return operations.draft_circular(**(given | changes))  # type: ignore[arg-type]


def text_of(circular: Circular, name: str) -> str:
    return next((each["text"] for each in circular.paragraphs if each["name"] == name), "")


def read(circular: Circular, name: str) -> str:
    return filled(text_of(circular, name), dict(circular.figures.values_list("key", "value")))


def edit(city: City, circular: Circular, **texts: str) -> Circular:
    circular.refresh_from_db()
    after = [texts.get(each["name"], each["text"]) for each in circular.paragraphs]
    return circular_texts.edit_circular(
        circular=circular, title=circular.title, texts=after, actor=city.coordinator, now=at(7, 2)
    )


def confirm(city: City, *obligations: Obligation, step: str = "circular") -> None:
    for each in obligations:
        Escalation.objects.create(
            cycle=city.cycle, unit=each.unit, obligation=each, step=step, about="…", proposed_at=at(6, 1),
            confirmed=True, decided_at=at(6, 2),
        )  # fmt: skip


class TestFigures:
    def test_every_number_in_the_text_is_a_figure_with_its_obligations(self, played: City) -> None:
        circular = draft(played)
        figures = {each.key: each for each in circular.figures.all()}
        assert set(keys_in(circular.paragraphs)) == set(figures)
        assert len(figures) > 10
        for each in circular.paragraphs:
            bare = KEY.sub("", each["text"]).replace(f"{DAY:%Y}年{DAY.month}月{DAY.day}日", "")
            assert not any(character.isdigit() for character in bare), bare

    def test_a_count_is_the_number_of_its_obligations(self, played: City) -> None:
        for figure in draft(played).figures.all():
            if figure.value.isdigit() and not figure.key.startswith(("all_on_time", "struck")):
                assert int(figure.value) == len(figure.refs), figure.key

    def test_they_count_what_the_rows_say_by_the_day(self, played: City) -> None:
        circular = draft(played)
        counted = Obligation.objects.filter(cycle=played.cycle, due_on__lte=DAY)
        counted = counted.exclude(state__in=["cancelled", "excused", "suspended"])
        wanted = {
            "due": counted,
            "done": counted.filter(state="fulfilled"),
            "overdue": counted.filter(light="red", claimed_on=None),
        }
        for key, rows in wanted.items():
            assert set(circular.figures.get(key=key).refs) == set(rows.values_list("pk", flat=True)), key

    def test_it_counts_its_own_subtree_alone(self, played: City) -> None:
        below = draft(played, "150602").figures.get(key="due").refs
        assert below
        paths = Obligation.objects.filter(pk__in=below).values_list("unit__code", flat=True)
        assert {code[:6] for code in paths} == {"150602"}

    def test_a_day_in_the_past_counts_what_was_done_by_then(self, played: City) -> None:
        item = Obligation.objects.filter(unit__code=UNITS[3], state="fulfilled")[0]
        Obligation.objects.filter(pk=item.pk).update(claimed_on=dt.date(2026, 6, 20))
        numbers = Numbers.of(played.cycle, played.units["1506"], as_of=dt.date(2026, 6, 1))
        overdue, done = numbers.figure("overdue"), numbers.figure("done")
        assert overdue is not None
        assert done is not None
        assert item.pk in overdue.refs
        assert item.pk not in done.refs

    def test_nothing_due_gives_no_rate_and_not_0(self, city: City) -> None:
        rate = Numbers.of(city.cycle, city.units["1506"], as_of=dt.date(2026, 1, 6)).figure("rate")
        assert rate is not None
        assert rate.value == "—"

    def test_the_number_of_queries_does_not_grow(
        self, played: City, django_assert_max_num_queries: object
    ) -> None:
        with django_assert_max_num_queries(28):  # type: ignore[operator]
            draft(played)


class TestComparison:
    def test_units_with_the_largest_share_overdue_are_named_with_the_number_it_rests_on(
        self, played: City
    ) -> None:
        words = read(draft(played), "behind")
        assert words.startswith("成员单位中，逾期事项占应完成事项比重较高的是：")
        assert "市发展和改革委员会（应完成5项，逾期5项）" in words
        assert "市商务局" not in words

    def test_fewer_than_three_units_make_no_ranking(self, played: City) -> None:
        Obligation.objects.filter(unit__code__in=UNITS[2:]).update(state="cancelled")
        words = text_of(draft(played), "behind")
        assert "成员单位" not in words

    def test_a_unit_with_fewer_than_three_due_is_compared_with_nobody(self, played: City) -> None:
        late = Obligation.objects.filter(unit__code=UNITS[0], state="open").values_list("pk", flat=True)
        Obligation.objects.filter(pk__in=list(late)[:3]).update(state="cancelled")
        assert "市发展和改革委员会" not in read(draft(played), "behind")

    def test_equal_shares_are_named_together_or_not_at_all(self, played: City) -> None:
        words = read(draft(played), "behind")
        assert ("市教育体育局（" in words, "市科学技术局（" in words) == (True, True)

    def test_who_did_all_in_time_is_said_too(self, played: City) -> None:
        assert "成员单位中，应完成事项全部按期完成的有1家，其中事项较多的有市商务局（5项）。" in read(
            draft(played), "good"
        )


class TestListed:
    def test_confirmed_circular_steps_are_listed_once(self, played: City) -> None:
        first, second = Obligation.objects.filter(unit__code=UNITS[0], light="red")[:2]
        confirm(played, first, second)
        circular = draft(played)
        assert read(circular, "listed") == "经确认，对2项逾期事项予以通报，涉及：市发展和改革委员会2项。"
        assert set(circular.figures.get(key="listed").refs) == {first.pk, second.pk}
        operations.issue_circular(circular=circular, actor=played.coordinator, now=at(7, 2))
        assert text_of(draft(played), "listed") == ""

    def test_what_was_done_meanwhile_is_not_listed_nor_what_nobody_confirmed(self, played: City) -> None:
        done, waiting = Obligation.objects.filter(unit__code=UNITS[0], light="red")[:2]
        confirm(played, done)
        Obligation.objects.filter(pk=done.pk).update(state="claimed")
        Escalation.objects.create(
            cycle=played.cycle, unit=waiting.unit, obligation=waiting, step="circular", about="…", proposed_at=at(6, 1)
        )  # fmt: skip
        assert text_of(draft(played), "listed") == ""

    def test_reminders_and_talks_are_counted(self, played: City) -> None:
        confirm(played, *Obligation.objects.filter(unit__code=UNITS[0], light="red")[:2], step="remind")
        assert "经确认提醒2项" in read(draft(played), "supervision")


class TestDraft:
    def test_only_the_coordinating_office_over_the_unit_drafts(self, played: City) -> None:
        for actor in (played.head, played.acting("1506-LG", "leader")):
            with pytest.raises(Refusal, match="统筹协调单位"):
                draft(played, actor=actor)
        with pytest.raises(Refusal, match="不能晚于今天"):
            draft(played, as_of=dt.date(2026, 7, 2))
        with pytest.raises(Refusal, match="不在该年度周期"):
            draft(played, "15", actor=CONSOLE)

    def test_names_units_and_never_persons_and_stays_short(self, played: City) -> None:
        circular = draft(played)
        values = dict(circular.figures.values_list("key", "value"))
        text = "".join(filled(each["text"], values) for each in circular.paragraphs)
        assert str(played.head.person) not in text
        assert 100 < len(text) <= MAX_CHARACTERS


class TestMending:
    KNOWN = {"due": "12", "overdue": "3"}
    OLD: Paragraph = {"name": "overall", "text": "应完成{due}项，逾期{overdue}项。", "edited": False}

    def test_words_change_and_figures_stay(self) -> None:
        new = mended(self.OLD, "共{due}项，其中逾期{overdue}项，请抓紧。", known=self.KNOWN)
        assert new == {"name": "overall", "text": "共{due}项，其中逾期{overdue}项，请抓紧。", "edited": True}

    def test_the_same_words_are_no_edit(self) -> None:
        assert mended(self.OLD, self.OLD["text"], known=self.KNOWN) is self.OLD

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("应完成{due}项，逾期{late}项。", "没有名为“{late}”的数字"),
            ("应完成{due}项，逾期{}项。", "没有名为“{}”的数字"),
            ("应完成{due}项。", "少了数字 {overdue}（3）"),
            ("应完成{due}项，逾期{overdue项。", "花括号不成对"),
            ("应完成{due}项，逾期{overdue}项，比上月少4项。", "“4项”是手写的数字"),
            ("应完成{due}项，逾期{overdue}项，占25%。", "“25%”是手写的数字"),
            ("应完成{due}项，逾期{overdue}项，涉及十二家。", "“十二家”是手写的数字"),
        ],
    )
    def test_a_missing_or_unknown_figure_or_a_number_by_hand_is_refused(self, text: str, why: str) -> None:
        with pytest.raises(Refusal, match=why.replace("{", r"\{").replace("}", r"\}")):
            mended(self.OLD, text, known=self.KNOWN)

    @pytest.mark.parametrize(
        "words", ["请于7月15日前办结", "按照《条例》第十七条", "进一步抓好每一项工作", "落实2026年要点"]
    )
    def test_days_articles_and_plain_words_count_nothing(self, words: str) -> None:
        text = f"应完成{{due}}项，逾期{{overdue}}项，{words}。"
        assert mended(self.OLD, text, known=self.KNOWN)["edited"]

    def test_a_paragraph_may_be_left_out_as_a_whole(self) -> None:
        assert mended(self.OLD, "", known=self.KNOWN)["text"] == ""


class TestEdit:
    def test_an_edited_paragraph_is_flagged_and_kept_when_redrawn_with_its_numbers_brought_up_to_date(
        self, played: City
    ) -> None:
        circular = draft(played)
        before = read(circular, "overall")
        mine = text_of(circular, "overall") + "请认真核对。"
        edit(played, circular, overall=mine)
        Obligation.objects.filter(unit__code=UNITS[0]).update(state="fulfilled", claimed_on=DAY)
        sweep_lights(actor=CONSOLE, on=DAY, now=at(7, 2), cycle=played.cycle)
        operations.redraw_circular(circular=circular, as_of=DAY, actor=played.coordinator, now=at(7, 2))
        circular.refresh_from_db()
        assert text_of(circular, "overall") == mine
        assert {each["name"] for each in circular.paragraphs if each["edited"]} == {"overall"}
        assert read(circular, "overall") != before + "请认真核对。"
        assert "市发展和改革委员会" not in text_of(circular, "behind")

    def test_a_paragraph_left_out_stays_out_and_one_that_lost_its_reason_stays_where_it_was_edited(
        self, played: City
    ) -> None:
        item = Obligation.objects.filter(unit__code=UNITS[0], light="red")[0]
        confirm(played, item)
        circular = draft(played)
        edit(played, circular, good="", listed=text_of(circular, "listed") + "请整改。")
        Obligation.objects.filter(pk=item.pk).update(state="claimed", claimed_on=DAY)
        operations.redraw_circular(circular=circular, as_of=DAY, actor=played.coordinator, now=at(7, 2))
        circular.refresh_from_db()
        assert text_of(circular, "good") == ""
        assert read(circular, "listed").startswith("经确认，对0项")
        assert circular.paragraphs[-1]["name"] == "request"

    def test_drawing_afresh_gives_up_what_was_edited(self, played: City) -> None:
        circular = draft(played)
        edit(played, circular, request="抓紧。")
        operations.redraw_circular(
            circular=circular, as_of=DAY, keep_edited=False, actor=played.coordinator, now=at(7, 2)
        )
        circular.refresh_from_db()
        assert not any(each["edited"] for each in circular.paragraphs)

    def test_too_long_is_refused(self, played: City) -> None:
        circular = draft(played)
        with pytest.raises(Refusal, match="不超过 2000 字"):
            edit(played, circular, request="抓紧办理。" * 500)

    def test_paragraphs_that_no_longer_match_are_refused(self, played: City) -> None:
        with pytest.raises(Refusal, match="请刷新"):
            circular_texts.edit_circular(
                circular=draft(played), title="通报", texts=["…"], actor=played.coordinator, now=at(7, 2)
            )

    def test_another_office_cannot_edit_redraw_or_issue(self, played: City) -> None:
        circular, actor = draft(played), played.acting("1506-LG", "leader")
        texts = [each["text"] for each in circular.paragraphs]
        with pytest.raises(Refusal, match="统筹协调单位"):
            circular_texts.edit_circular(circular=circular, title="…", texts=texts, actor=actor, now=at(7, 2))
        with pytest.raises(Refusal, match="统筹协调单位"):
            operations.redraw_circular(circular=circular, as_of=DAY, actor=actor, now=at(7, 2))
        with pytest.raises(Refusal, match="统筹协调单位"):
            operations.issue_circular(circular=circular, actor=actor, now=at(7, 2))


class TestIssue:
    def test_gets_the_next_number_of_the_year_and_is_frozen(self, played: City) -> None:
        first, second = draft(played), draft(played)
        for each in (second, first):
            operations.issue_circular(circular=each, actor=played.coordinator, now=at(7, 2))
        first.refresh_from_db()
        second.refresh_from_db()
        assert [operations.number_of(each) for each in (second, first)] == [
            "通报〔2026〕1号",
            "通报〔2026〕2号",
        ]
        assert first.issued_by == played.coordinator.office
        with pytest.raises(Refusal, match="已经印发"):
            operations.issue_circular(circular=first, actor=played.coordinator, now=at(7, 3))
        with pytest.raises(Refusal, match="已经印发"):
            edit(played, first, request="改")
        with pytest.raises(Refusal, match="已经印发"):
            operations.redraw_circular(circular=first, as_of=DAY, actor=played.coordinator, now=at(7, 3))

    def test_an_empty_one_is_refused(self, played: City) -> None:
        circular = draft(played)
        edit(played, circular, **{each["name"]: "" for each in circular.paragraphs})
        with pytest.raises(Refusal, match="没有内容"):
            operations.issue_circular(circular=circular, actor=played.coordinator, now=at(7, 2))

    def test_the_log_is_sound(self, signed: City) -> None:
        circular = draft(signed)
        edit(signed, circular, request="抓紧。")
        operations.redraw_circular(circular=circular, as_of=DAY, actor=signed.coordinator, now=at(7, 2))
        operations.issue_circular(circular=circular, actor=signed.coordinator, now=at(7, 2))
        verbs = set(AuditEntry.objects.filter(verb__startswith="supervision.").values_list("verb", flat=True))
        assert {
            f"supervision.circular_{each}" for each in ("drafted", "edited", "redrawn", "issued")
        } <= verbs
        assert verify_log().faults == []


class TestPages:
    @pytest.fixture
    def issued(self, played: City) -> Circular:
        return operations.issue_circular(circular=draft(played), actor=played.coordinator, now=at(7, 2))

    def test_drafts_are_seen_by_those_who_write_them_and_issued_ones_by_all(
        self, played: City, issued: Circular
    ) -> None:
        own = draft(played)
        assert set(circulars_visible_to(played.coordinator)) == {own, issued}
        for code, seat in ((UNITS[0], "unit_head"), ("150602001", "commissioner"), ("1506-LGO", "assessor")):
            assert set(circulars_visible_to(played.acting(code, seat))) == {issued}
        assert not circulars_visible_to(played.acting("1506-LGO", "system_admin")).exists()

    def test_each_number_links_to_its_obligations_as_far_as_one_may_see_them(
        self, played: City, issued: Circular, as_: SignIn
    ) -> None:
        figure = issued.figures.get(key="overdue")
        url = reverse("circular-figure", args=[issued.pk, "overdue"])
        page = as_(played.coordinator).get(reverse("circular", args=[issued.pk])).content.decode()
        assert f'href="{url}"' in page
        answer = as_(played.coordinator).get(url)
        assert (answer.context["listing"].total, answer.context["n_hidden"]) == (len(figure.refs), 0)
        mine = as_(played.head).get(url)
        own = set(Obligation.objects.filter(pk__in=figure.refs, unit__code=UNITS[0]))
        assert set(mine.context["listing"]) == own
        assert mine.context["n_hidden"] == len(figure.refs) - len(own) > 0

    def test_a_figure_that_is_not_there_is_404(self, played: City, issued: Circular, as_: SignIn) -> None:
        client = as_(played.coordinator)
        assert client.get(reverse("circular-figure", args=[issued.pk, "nothing"])).status_code == 404

    def test_the_pages_cost_the_same_for_many_rows(
        self, played: City, issued: Circular, as_: SignIn, django_assert_max_num_queries: object
    ) -> None:
        client = as_(played.coordinator)
        for url in (
            reverse("circulars"),
            reverse("circular", args=[issued.pk]),
            reverse("circular-figure", args=[issued.pk, "due"]),
        ):
            with django_assert_max_num_queries(17):  # type: ignore[operator]
                assert client.get(url).status_code == 200

    def test_drafting_mending_redrawing_and_issuing_through_the_pages(
        self, played: City, as_: SignIn
    ) -> None:
        client = as_(played.coordinator)
        assert client.post(reverse("new-circular"), {"as_of": "2026-07-01"}).status_code == 302
        circular = Circular.objects.get()
        text, issue = (
            reverse("circular-text", args=[circular.pk]),
            reverse("circular-issue", args=[circular.pk]),
        )
        rows = client.get(text).context["rows"]
        words = [row["paragraph"]["text"] for row in rows]
        edited = {"title": "半年情况通报", "text": [*words[:-1], "请抓紧。"]}
        assert client.post(text, edited).status_code == 302
        assert client.post(text, edited | {"text": ["应完成{due}项。", *words[1:]]}).status_code == 422
        drawing = reverse("circular-drawing", args=[circular.pk])
        assert client.post(drawing, {"as_of": "2026-06-30"}).status_code == 302
        assert [client.post(issue).status_code for _time in range(2)] == [302, 422]
        circular.refresh_from_db()
        assert (circular.title, circular.number, circular.as_of) == ("半年情况通报", 1, dt.date(2026, 6, 30))
        assert circular.paragraphs[-1] == {"name": "request", "text": "请抓紧。", "edited": True}

    def test_wrong_verb_outsider_and_no_right(self, played: City, as_: SignIn) -> None:
        circular = draft(played)
        office, head = as_(played.coordinator), as_(played.head)
        for name in ("circular-drawing", "circular-issue"):
            assert office.get(reverse(name, args=[circular.pk])).status_code == 405
            assert head.post(reverse(name, args=[circular.pk])).status_code == 403
        assert office.get(reverse("new-circular")).status_code == 405
        assert head.post(reverse("new-circular")).status_code == 403
        assert head.get(reverse("circular-text", args=[circular.pk])).status_code == 403
        assert head.get(reverse("circular", args=[circular.pk])).status_code == 404
        assert not head.get(reverse("circulars")).context["listing"].total

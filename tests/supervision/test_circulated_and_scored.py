"""The last steps of the chain: a circular that names a matter, a score run that reads it – dated, with a link each way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Approval
from guantong.accounts.operations import open_office
from guantong.assessment.models import Publication, Run
from guantong.assessment.operations import run_scores
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.supervision import chain
from guantong.supervision.models import Circular, Matter, Step
from guantong.supervision.operations import circular_texts, circulars, pauses, sweep_lights
from guantong.supervision.queries.matters import number_text
from supervision.matter_cast import (
    COOPERATING,
    DISTRICT,
    LEAD,
    completed,
    dispatched,
    drafted,
    head_of,
    now_of,
)

DAY = dt.date(2026, 7, 1)


@pytest.fixture
def overdue(city: City) -> Matter:
    """Due on 30 April, on 1 July still not done."""
    matter = dispatched(city)
    sweep_lights(actor=CONSOLE, on=DAY, now=at(7, 1), cycle=city.cycle)
    return matter


def draft(city: City, code: str = "1506") -> Circular:
    return circulars.draft_circular(
        cycle=city.cycle, unit=city.units[code], as_of=DAY, actor=city.coordinator, now=at(7, 1)
    )


def issue(city: City, circular: Circular) -> Circular:
    return circulars.issue_circular(circular=circular, actor=city.coordinator, now=at(7, 2))


def name(city: City, circular: Circular, matter: Matter) -> Circular:
    return circular_texts.name_matter(circular=circular, matter=matter, actor=city.coordinator, now=at(7, 1))


def texts(circular: Circular) -> dict[str, str]:
    circular.refresh_from_db()
    return {each["name"]: each["text"] for each in circular.paragraphs}


def circulated(matter: Matter) -> list[Step]:
    return list(Step.objects.filter(matter=matter, verb="circulate"))


def page(client: Any, name: str, *args: object) -> str:
    return str(client.get(reverse(name, args=args)).content.decode())


class TestNaming:
    def test_a_draft_names_the_matters_longest_overdue_each_bound_to_what_is_owed(
        self, city: City, overdue: Matter
    ) -> None:
        later = dispatched(city, title="后到期的一件", due_on=dt.date(2026, 6, 20))
        dispatched(city, title="还没到期的一件", due_on=dt.date(2026, 12, 20))
        sweep_lights(actor=CONSOLE, on=DAY, now=at(7, 1), cycle=city.cycle)
        made = draft(city)
        first, second = f"m{overdue.pk}", f"m{later.pk}"
        assert (
            texts(made)["matters"]
            == f"逾期时间较长的督办事项有：{{{first}}}、{{{second}}}，请承办单位抓紧办结。"
        )
        figure = made.figures.get(key=first)
        assert figure.value == f"《{overdue.title}》（{number_text(overdue)}）"
        assert set(figure.refs) == set(overdue.parts.values_list("obligation", flat=True))
        assert set(circulars.named_matters(made)) == {overdue, later}
        assert circulated(overdue) == []  # a draft is no circular yet

    def test_a_matter_of_other_units_alone_is_not_named_in_a_district_s_circular(
        self, city: City, overdue: Matter
    ) -> None:
        made = draft(city, DISTRICT)
        assert "matters" not in texts(made)
        with pytest.raises(Refusal, match="没有交给这个范围内的单位"):
            name(city, made, overdue)

    def test_one_more_is_named_by_hand_once_and_kept_when_the_draft_is_redrawn(self, city: City) -> None:
        matter = dispatched(city, due_on=dt.date(2026, 12, 20))
        made = draft(city)
        for _time in range(2):
            name(city, made, matter)
        key = f"m{matter.pk}"
        assert texts(made)[key] == f"请承办单位抓紧办理督办事项{{{key}}}。"
        assert list(texts(made))[-2:] == [key, "request"]
        circulars.redraw_circular(circular=made, as_of=DAY, actor=city.coordinator, now=at(7, 1))
        assert key in texts(made)
        assert verify_log().faults == []

    def test_a_draft_has_no_number_to_be_named_by_and_an_issued_circular_is_not_touched(
        self, city: City
    ) -> None:
        made, matter = draft(city), drafted(city)
        with pytest.raises(Refusal, match="不能在这期通报里点名"):
            name(city, made, matter)
        issue(city, made)
        with pytest.raises(Refusal, match="已经印发"):
            name(city, made, dispatched(city))

    def test_only_by_whoever_writes_circulars(self, city: City) -> None:
        made, matter = draft(city), dispatched(city)
        with pytest.raises(Refusal, match="统筹协调单位起草"):
            circular_texts.name_matter(circular=made, matter=matter, actor=city.head, now=at(7, 1))


class TestCirculate:
    def test_issuing_is_a_step_of_each_matter_named_and_of_no_other(
        self, city: City, overdue: Matter
    ) -> None:
        other = dispatched(city, title="还没到期的一件", due_on=dt.date(2026, 12, 20))
        made = issue(city, draft(city))
        [step] = circulated(overdue)
        assert (step.reason, step.taken_at, step.office) == (
            "通报〔2026〕1号",
            at(7, 2),
            city.coordinator.office,
        )
        assert (step.about, step.about_ref) == ("supervision.circular", made.pk)
        assert step.before == step.after == overdue.stage
        assert circulated(other) == []
        assert verify_log().faults == []

    def test_a_name_taken_out_of_the_text_is_no_step(self, city: City, overdue: Matter) -> None:
        made = draft(city)
        words = ["" if each["name"] == "matters" else each["text"] for each in made.paragraphs]
        circular_texts.edit_circular(
            circular=made, title=made.title, texts=words, actor=city.coordinator, now=at(7, 1)
        )
        issue(city, made)
        assert circulated(overdue) == []

    def test_one_cancelled_meanwhile_stops_the_issuing_and_says_which(
        self, city: City, overdue: Matter
    ) -> None:
        made = draft(city)
        pauses.cancel_matter(matter=overdue, reason="另有安排", actor=city.coordinator, now=at(7, 2))
        with pytest.raises(Refusal, match="“解决民营企业账款拖欠问题”现在是“已撤销”，不能通报"):
            issue(city, made)
        made.refresh_from_db()
        assert made.number is None

    @pytest.mark.parametrize("stage", ["draft", "merged", "cancelled"])
    def test_what_has_no_number_or_ended_otherwise_is_neither_circulated_nor_scored(self, stage: str) -> None:
        assert stage not in chain.MATTER["circulate"].before | chain.MATTER["score"].before

    def test_links_lead_both_ways(self, city: City, overdue: Matter, as_: SignIn) -> None:
        made = issue(city, draft(city))
        client = as_(city.coordinator)
        shown = page(client, "matter", overdue.pk)
        assert reverse("circular", args=[made.pk]) in shown
        assert "通报〔2026〕1号" in shown
        for back in (
            page(client, "circular", made.pk),
            page(client, "circular-figure", made.pk, f"m{overdue.pk}"),
        ):
            assert reverse("matter", args=[overdue.pk]) in back

    def test_who_may_not_see_the_matter_gets_no_link_to_it(
        self, city: City, overdue: Matter, as_: SignIn
    ) -> None:
        made = issue(city, draft(city))
        shown = page(as_(city.acting("150622", "first_responsible")), "circular", made.pk)
        assert overdue.title in shown
        assert reverse("matter", args=[overdue.pk]) not in shown


class TestCircularPages:
    def url(self, made: Circular) -> str:
        return reverse("circular-matters", args=[made.pk])

    def test_named_by_number_and_a_second_time_changes_nothing(self, city: City, as_: SignIn) -> None:
        matter = dispatched(city, due_on=dt.date(2026, 12, 20))
        made, client = draft(city), as_(city.coordinator)
        answers = [client.post(self.url(made), {"number": matter.number}) for _time in range(2)]
        assert {answer["Location"] for answer in answers} == {reverse("circular-text", args=[made.pk])}
        assert sum(key.startswith("m") and key[1:].isdigit() for key in texts(made)) == 1

    def test_an_unknown_number_and_none_are_refused(self, city: City, as_: SignIn) -> None:
        made, client = draft(city), as_(city.coordinator)
        assert [client.post(self.url(made), {"number": each}).status_code for each in ("99", "")] == [
            422,
            422,
        ]

    def test_wrong_verb_outsider_and_no_right(self, city: City, as_: SignIn) -> None:
        open_office(
            unit=city.units[DISTRICT], seat="coordinator", title="统筹", role=Role.COORDINATOR, actor=CONSOLE,
            now=at(1, 5),
        )  # fmt: skip
        made = draft(city)
        assert as_(city.coordinator).get(self.url(made)).status_code == 405
        assert (
            as_(city.acting(DISTRICT, "coordinator")).post(self.url(made), {"number": 1}).status_code == 404
        )
        assert as_(city.head).post(self.url(made), {"number": 1}).status_code == 403


class TestScore:
    @pytest.fixture
    def done(self, signed: City) -> Matter:
        return now_of(completed(signed))

    def run(self, city: City, month: int = 7) -> Run:
        return run_scores(
            cycle=city.cycle, as_of=dt.date(2026, month, 1), actor=city.coordinator, now=at(month, 1, 12)
        )

    def published(self, city: City, run: Run) -> Publication:
        approval = Approval.objects.create(
            kind="assessment.publish", object_ref=run.pk, scope=city.cycle.unit, reason="…", asked_at=at(7, 2),
            granted=True, decided_at=at(7, 3),
        )  # fmt: skip
        return Publication.objects.create(
            run=run, approval=approval, published_at=at(7, 3), digest=run.result_digest
        )

    def read(
        self, city: City, matter: Matter, acting: Acting, as_: SignIn
    ) -> list[tuple[str, dt.datetime, str]]:
        context = as_(acting).get(reverse("matter", args=[matter.pk])).context
        steps = [(each["what"], each["when"], each["url"]) for each in context["steps"]]
        link = context["band"][-1]
        found = [each for each in steps if each[0].startswith("考评")]
        assert link["name"] == "考评"
        assert (link["state"], link["when"]) == (
            ("done", max(each[1] for each in found)) if found else ("ahead", None)
        )
        return found

    def test_the_office_reads_the_newest_run_and_units_what_is_published(
        self, signed: City, done: Matter, as_: SignIn
    ) -> None:
        office, head = signed.coordinator, head_of(signed, LEAD)
        assert self.read(signed, done, office, as_) == []
        first, second = self.run(signed, 7), self.run(signed, 8)
        [(what, when, url)] = self.read(signed, done, office, as_)
        assert (what, when) == ("考评计入（截至 2026-08-01，未公布）", second.computed_at)
        assert as_(office).get(url).status_code == 200
        assert self.read(signed, done, head, as_) == []
        publication = self.published(signed, first)
        [(what, when, url)] = self.read(signed, done, head, as_)
        assert (what, when) == ("考评计入（截至 2026-07-01，已公布）", publication.published_at)
        assert as_(head).get(url).status_code == 200
        assert len(self.read(signed, done, office, as_)) == 2

    def test_the_line_leads_back_to_the_matter(self, signed: City, done: Matter, as_: SignIn) -> None:
        self.run(signed)
        client = as_(signed.coordinator)
        [(_what, _when, url)] = self.read(signed, done, signed.coordinator, as_)
        pages = [client.get(f"{url}?page={number}").content.decode() for number in (1, 2, 3)]
        assert any(reverse("matter", args=[done.pk]) in each for each in pages)

    def test_what_no_run_counted_shows_none(self, signed: City, done: Matter, as_: SignIn) -> None:
        later = dispatched(signed, title="年底才到期的一件", due_on=dt.date(2026, 12, 20))
        self.run(signed)
        assert self.read(signed, later, signed.coordinator, as_) == []

    def test_the_number_of_queries_of_the_page_does_not_grow_with_the_runs(
        self, signed: City, done: Matter, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        for month in (6, 7, 8):
            self.run(signed, month)
        client = as_(signed.coordinator)
        address = reverse("matter", args=[done.pk])
        client.get(address)
        with django_assert_max_num_queries(32):
            client.get(address)


class TestStopFollowingPage:
    def test_the_follower_is_offered_it_and_a_second_time_is_harmless(self, city: City, as_: SignIn) -> None:
        matter, client = dispatched(city, also=[]), as_(head_of(city, COOPERATING))
        client.post(reverse("matter-following"), {"number": matter.number, "reason": "与本单位有关"})
        address, end = reverse("matter", args=[matter.pk]), reverse("matter-unsubscription", args=[matter.pk])
        assert end in client.get(address).content.decode()
        assert [client.post(end)["Location"] for _time in range(2)] == [reverse("matters")] * 2
        assert client.get(address).status_code == 404
        assert list(client.get(reverse("matters")).context["listing"]) == []

    def test_wrong_verb_and_outsider(self, city: City, as_: SignIn) -> None:
        matter = dispatched(city, also=[])
        end = reverse("matter-unsubscription", args=[matter.pk])
        assert as_(city.head).get(end).status_code == 405
        assert as_(head_of(city, COOPERATING)).post(end).status_code == 404
        assert as_(city.acting("1506-LGO", "system_admin")).post(end).status_code == 403

"""Programs read what the pages show, in the same scope, page by page, and only what has changed."""

from __future__ import annotations

import datetime as dt
import re
import typing

import pytest
from django.db.models import Choices

from api.calling import Caller, problem_of
from conftest import CONSOLE, City, at
from guantong.api.addresses import ADDRESSES
from guantong.api.contract.acts import Many
from guantong.api.shapes import cases as handling
from guantong.api.shapes import duties, following, grassroots, meetings, results, tasks, work
from guantong.api.shapes import matters as supervising
from guantong.api.shapes import partners as outside
from guantong.assessment.models import LineStatus, Score
from guantong.assessment.operations import run_scores
from guantong.cases import choices as cases
from guantong.duties.models import ListState
from guantong.grassroots import choices as homes
from guantong.leadership import choices as leadership
from guantong.obligations import choices as obligations
from guantong.obligations.models import Obligation
from guantong.obligations.queries import obligations_visible_to
from guantong.organisation.models import Unit
from guantong.partners.choices import PartnerKind
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.supervision import choices as supervision
from guantong.tasks.models import TaskForm

WORDS: list[tuple[object, type[Choices]]] = [
    (work.Light, obligations.Light),
    (work.State, obligations.State),
    (work.Source, obligations.Source),
    (work.Part, obligations.Part),
    (work.Verdict, obligations.Verdict),
    (duties.ListState, ListState),
    (tasks.TaskForm, TaskForm),
    (work.RecordKind, RecordKind),
    (following.Origin, supervision.Origin),
    (following.MatterStage, supervision.MatterStage),
    (following.PartStage, supervision.PartStage),
    (following.CaseKind, cases.CaseKind),
    (following.CaseChannel, cases.Channel),
    (following.CaseStage, cases.CaseStage),
    (results.LineStatus, LineStatus),
    (grassroots.HostKind, homes.HostKind),
    (grassroots.ContentKind, homes.ContentKind),
    (grassroots.ResultKind, homes.ResultKind),
    (grassroots.ActivityStage, homes.ActivityStage),
    (grassroots.DemandStage, homes.DemandStage),
    (work.Reviewer, obligations.Reviewer),
    (following.ClockKind, cases.ClockKind),
    (handling.Outcome, cases.Outcome),
    (handling.PauseReason, cases.PauseReason),
    (handling.Elsewhere, cases.Elsewhere),
    (supervising.FindingStage, supervision.FindingStage),
    (meetings.MeetingKind, leadership.MeetingKind),
    (meetings.MeetingStage, leadership.MeetingStage),
    (meetings.LineKind, leadership.LineKind),
]


def test_the_words_of_the_shapes_are_those_of_the_rooms() -> None:
    assert [(set(typing.get_args(said)), known) for said, known in WORDS] == [
        (set(known.values), known) for _said, known in WORDS
    ]
    assert set(typing.get_args(following.CaseOutcome)) == {"", *cases.Outcome.values}
    assert set(typing.get_args(supervising.LadderStep)) == {"", *supervision.LadderStep.values}
    assert set(typing.get_args(outside.OrganisationKind)) == {*PartnerKind.values} - {"representative"}


@pytest.fixture
def office(signed: City) -> Caller:
    return Caller.acting(signed.coordinator)


class TestLists:
    def test_every_list_is_read(self, office: Caller, signed: City) -> None:
        for route, _name, acts in ADDRESSES:
            if isinstance(acts[0], Many) and "<" not in route:
                told = office.read(route)
                assert set(told) == {"items", "next"}, route

    def test_a_program_sees_what_the_page_shows(self, office: Caller, signed: City) -> None:
        county = signed.acting("150602", "first_responsible")
        for acting in (signed.coordinator, county, signed.head):
            caller = Caller.acting(acting)
            wanted = set(obligations_visible_to(acting).values_list("pk", flat=True))
            assert {each["id"] for each in everything(caller, "obligations/?limit=100")} == wanted

    def test_pages_lose_nothing_and_give_nothing_twice(self, office: Caller) -> None:
        seen = [each["id"] for each in everything(office, "obligations/?limit=7")]
        assert seen == list(Obligation.objects.order_by("pk").values_list("pk", flat=True))

    def test_rows_added_meanwhile_come_at_the_end(self, office: Caller, signed: City) -> None:
        first = office.read("units/?limit=5")
        Unit.objects.create(
            code="X1", name="新单位", level="village", path=signed.units["1506"].path + "0ZZZZ"
        )
        rest = everything(office, f"units/?limit=5&cursor={first['next']}")
        ids = [each["id"] for each in [*first["items"], *rest]]
        assert len(ids) == len(set(ids))
        assert rest[-1]["code"] == "X1"

    def test_a_cursor_is_good_for_its_own_list_only(self, office: Caller) -> None:
        cursor = office.read("units/?limit=2")["next"]
        for path in ("obligations/?limit=2", "units/?limit=2&level=village"):
            told = problem_of(office.get(f"{path}&cursor={cursor}"))
            assert (told["status"], told["errors"][0]["where"]) == (400, "cursor")
        assert problem_of(office.get("units/?cursor=abc"))["status"] == 400
        assert office.get(f"units/?limit=3&cursor={cursor}").status_code == 200

    def test_obligations_are_filtered_as_in_the_list(self, office: Caller, signed: City) -> None:
        unit = signed.units["150602"]
        below = Obligation.objects.filter(unit_path__startswith=unit.path)
        told = everything(office, f"obligations/?unit={unit.pk}&limit=100")
        assert {each["id"] for each in told} == set(below.values_list("pk", flat=True))
        some = everything(office, "obligations/?state=open&source=duty&due_to=2026-06-30&limit=100")
        wanted = Obligation.objects.filter(state="open", source="duty", due_on__lte=dt.date(2026, 6, 30))
        assert {each["id"] for each in some} == set(wanted.values_list("pk", flat=True))
        mine = everything(Caller.acting(signed.head), "obligations/?mine=true&limit=100")
        head = signed.office("1506-MU-01", "unit_head")
        assert {each["id"] for each in mine} == set(head.obligations.values_list("pk", flat=True))

    def test_what_is_asked_wrongly_is_named(self, office: Caller) -> None:
        for asked, where in (
            ("light=pink", "light"), ("lihgt=red", "lihgt"), ("limit=0", "limit"), ("limit=101", "limit"),
            ("limit=x", "limit"), ("due_to=2026-02-30", "due_to"), ("unit=1&unit=2", "unit"),
            ("unit=99999999999999999999", "unit"), ("pillar=%00", "pillar"), ("mine=yes", "mine"),
        ):  # fmt: skip
            told = problem_of(office.get(f"obligations/?{asked}"))
            assert (told["status"], [each["where"] for each in told["errors"]]) == (400, [where]), asked

    def test_lists_need_a_fixed_number_of_queries(
        self, office: Caller, django_assert_max_num_queries: object
    ) -> None:
        for path in ("units/", "offices/", "obligations/", "duty-lists/", "records/", "matters/", "cases/"):
            with django_assert_max_num_queries(9):  # type: ignore[operator]
                assert office.get(f"{path}?limit=100").status_code == 200, path


def everything(caller: Caller, path: str) -> list[dict[str, typing.Any]]:
    """All pages of a list."""
    told = caller.read(path)
    items = list(told["items"])
    while told["next"]:
        told = caller.read(re.sub(r"&cursor=.*", "", path) + f"&cursor={told['next']}")
        items += told["items"]
    return items


class TestOne:
    def test_a_record_says_who_took_part_and_what_shows_it(self, office: Caller, signed: City) -> None:
        entered_by = signed.office("1506-MU-01", "unit_head")
        made = enter_record(
            kind="meeting", happened_on=dt.date(2026, 3, 2), summary="研究了推进方案", entered_by=entered_by,
            references=["纪要〔2026〕1号"], actor=CONSOLE, now=at(3, 2), today=dt.date(2026, 3, 2),
        )  # fmt: skip
        told = office.read(f"records/{made.pk}/")
        assert (told["summary"], told["happened_on"]) == ("研究了推进方案", "2026-03-02")
        assert [each["reference"] for each in told["evidence"]] == ["纪要〔2026〕1号"]
        assert [each["id"] for each in told["participants"]] == [entered_by.pk]

    def test_what_is_out_of_sight_is_not_there(self, signed: City) -> None:
        county = Caller.acting(signed.acting("150602", "first_responsible"))
        other = Obligation.objects.filter(unit__code="150622")[0]
        for path in (
            f"obligations/{other.pk}/",
            f"units/{signed.units['150622'].pk}/",
            "obligations/999999/",
        ):
            assert problem_of(county.get(path))["status"] == 404
        assert problem_of(county.get(f"obligations/{2**70}/"))["status"] == 404
        assert problem_of(county.get(f"obligations/?unit={signed.units['150622'].pk}"))["status"] == 404

    def test_scores_open_down_to_the_rows(self, office: Caller, signed: City) -> None:
        run_scores(cycle=signed.cycle, as_of=dt.date(2026, 7, 1), actor=CONSOLE, now=at(7, 1))
        score = Score.objects.filter(scorecard="SC_unit").order_by("pk")[0]
        told = office.read(f"scores/{score.pk}/")
        assert [each["indicator"] for each in told["lines"]] == list(
            score.lines.values_list("indicator", flat=True)
        )
        for line in score.lines.all():
            rows = everything(office, f"score-lines/{line.pk}/rows/?limit=100")
            assert [each["id"] for each in rows] == list(
                line.provenance.order_by("pk").values_list("pk", flat=True)
            )
        assert Caller.acting(signed.head).read("scores/")["items"] == []  # not published

    def test_the_board_is_that_of_the_page(self, office: Caller, signed: City) -> None:
        told = office.read(f"boards/{signed.cycle.pk}/{signed.units['1506'].pk}/")
        lit = sum(sum(cell["lights"].values()) for tier in told["tiers"] for cell in tier["cells"])
        assert lit == Obligation.objects.filter(cycle=signed.cycle).count()

    def test_nothing_about_persons_in_offices(self, office: Caller) -> None:
        assert {key for each in office.read("offices/")["items"] for key in each} == {
            "id", "unit", "seat", "number", "title", "title_en", "role", "opened_on", "closed_on",
        }  # fmt: skip


class TestTags:
    def test_what_has_not_changed_is_not_sent_again(self, office: Caller, signed: City) -> None:
        item = Obligation.objects.filter(unit__code="1506-MU-01")[0]
        first = office.get(f"obligations/{item.pk}/")
        again = office.get(f"obligations/{item.pk}/", **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        Obligation.objects.filter(pk=item.pk).update(returns=3)
        assert office.get(f"obligations/{item.pk}/", **{"If-None-Match": first["ETag"]}).status_code == 200

    def test_nothing_between_keeps_it(self, office: Caller) -> None:
        assert office.get("units/")["Cache-Control"] == "private, no-cache"

    def test_head_is_get_without_the_content(self, office: Caller) -> None:
        got, headed = office.get("me/"), office.ask("HEAD", "/api/v1/me/")
        assert (headed.status_code, headed.content, headed["ETag"]) == (200, b"", got["ETag"])


def test_problems_are_told_in_the_language_asked_for(office: Caller) -> None:
    chinese, english = (
        problem_of(office.get("records/999/", **{"Accept-Language": language}))
        for language in ("zh-CN", "en-GB")
    )
    assert chinese["title"] == "没有找到"
    assert english["title"] == "Nothing found"
    assert Record.objects.count() == 0

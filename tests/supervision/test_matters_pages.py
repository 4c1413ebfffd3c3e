"""The pages of matters: the list, the draft, one matter, and every act on it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, SignIn
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.operations import open_office
from guantong.config.cli import main
from guantong.kernel import clock
from guantong.obligations.choices import Part
from guantong.obligations.models import Extension, Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.records.operations import enter_record
from guantong.supervision.models import Matter, MatterPart, Subscription
from guantong.supervision.operations import matter_drafts, matters, merging, more_time, parts, pauses
from guantong.supervision.operations.matter_drafts import PartPlan, Terms
from guantong.supervision.operations.parts import SplitTerms
from supervision.matter_cast import COOPERATING, DISTRICT, LEAD, head_of, part_of, stages

TOWN = "150602001"
OTHER_DISTRICT = "150622"


@pytest.fixture(autouse=True)
def the_cycle_is_of_this_year(city: City) -> None:
    """Pages ask the clock; what they act on is written as of today too."""
    assert city.cycle.year <= clock.today().year


def later(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def drafted(
    city: City, *, title: str = "解决账款拖欠", also: tuple[str, ...] = (COOPERATING,), kind: str = "other"
) -> Matter:
    plans = [PartPlan(city.units[LEAD], Part.LEAD)]
    plans += [PartPlan(city.units[each], Part.COOPERATING) for each in also]
    return matter_drafts.draft_matter(
        cycle=city.cycle, terms=Terms(kind, title, "meeting", "常务会议纪要3号", due_on=later(60)), parts=plans,
        actor=city.coordinator, now=clock.now(),
    )  # fmt: skip


def registered(city: City, **changes: Any) -> Matter:
    matter = drafted(city, **changes)
    return matters.register_matter(matter=matter, actor=city.coordinator, now=clock.now())


def dispatched(city: City, **changes: Any) -> Matter:
    return matters.dispatch_matter(matter=registered(city, **changes), actor=CONSOLE, now=clock.now())


def signed(city: City, **changes: Any) -> Matter:
    matter = dispatched(city, **changes)
    for part in matter.parts.all():
        parts.sign_for(part=part, actor=CONSOLE, now=clock.now())
    return matter


def reported(city: City, *, accept: bool = False, **changes: Any) -> Matter:
    matter = signed(city, **changes)
    for part in MatterPart.objects.filter(matter=matter).select_related("unit", "obligation"):
        acting = head_of(city, part.unit.code)
        assert acting.office is not None
        assert part.obligation is not None
        record = enter_record(
            kind="progress", happened_on=clock.today(), summary=f"{part.unit.name}清偿 320 万元",
            entered_by=acting.office, actor=acting, now=clock.now(), today=clock.today(),
        )  # fmt: skip
        claim = claim_fulfilment(
            obligation=part.obligation, record=record, claimed_by=acting.office, actor=acting, now=clock.now()
        )
        if accept:
            review_claim(claim=claim, verdict="accepted", reason="", actor=city.coordinator, now=clock.now())
    return matter


def closed(city: City) -> Matter:
    return matters.strike_off(matter=reported(city, accept=True), actor=CONSOLE, now=clock.now())


def suspended(city: City) -> Matter:
    return pauses.suspend_matter(matter=signed(city), reason="等待", actor=CONSOLE, now=clock.now())


def refused(city: City) -> MatterPart:
    return parts.refuse_part(
        part=part_of(dispatched(city), LEAD), reason="不属于", actor=city.head, now=clock.now()
    )


def asked(city: City) -> Extension:
    return more_time.ask_more_time(
        part=part_of(signed(city), LEAD), until=later(90), reason="材料多", actor=city.head, now=clock.now()
    )


def leader_of(city: City) -> Acting:
    return city.acting("1506-LG", "leader")


def typed(city: City, **changes: Any) -> dict[str, Any]:
    return {
        "title": "解决民营企业用电增容",
        "kind": "meeting",
        "origin": "meeting",
        "basis": "领导小组会议纪要第5号",
        "due_on": f"{later(20)}",
        "lead": city.units[LEAD].pk,
        "cooperating": [city.units[COOPERATING].pk],
        "report_days": 10,
    } | changes


class TestList:
    def test_it_shows_what_the_office_sees_and_counts_it(self, city: City, as_: SignIn) -> None:
        signed(city, title="第一件", also=())
        drafted(city, title="还是草稿")
        page = as_(city.coordinator).get(reverse("matters")).content.decode()
        assert "第一件" in page
        assert "还是草稿" in page
        assert f"督〔{city.cycle.year}〕1号" in page
        assert "第一件" not in as_(head_of(city, DISTRICT)).get(reverse("matters")).content.decode()
        assert "还是草稿" not in as_(city.head).get(reverse("matters")).content.decode()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("stage=assigned", {"乙"}),
            ("kind=meeting", {"乙"}),
            ("origin=meeting", {"甲", "乙"}),
            ("q=甲", {"甲"}),
            ("q=1", {"甲"}),
            ("late=on", {"乙"}),
            ("light=red", {"甲"}),
            ("light=nonsense", {"甲", "乙"}),
        ],
    )
    def test_filters(self, city: City, as_: SignIn, query: str, found: set[str]) -> None:
        signed(city, title="甲", also=())
        second = dispatched(city, title="乙", also=(), kind="meeting")
        Obligation.objects.filter(title="甲", source="matter").update(light="red")
        MatterPart.objects.filter(matter=second).update(sign_by=later(-1))
        answer = as_(city.coordinator).get(f"{reverse('matters')}?{query}")
        assert {each.title for each in answer.context["listing"]} == found

    def test_queries_do_not_grow_with_the_rows(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for n in range(12):
            dispatched(city, title=f"第 {n} 件")
        client = as_(city.coordinator)
        client.get(reverse("matters"))
        with django_assert_max_num_queries(14):
            client.get(reverse("matters"))

    def test_wrong_verb_and_no_right(self, city: City, as_: SignIn) -> None:
        assert as_(city.coordinator).post(reverse("matters")).status_code == 405
        assert as_(city.acting("1506-LGO", "system_admin")).get(reverse("matters")).status_code == 403


class TestDraftPage:
    def test_the_kind_proposes_and_what_is_typed_counts(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        page = client.get(reverse("new-matter") + "?kind=demand")
        assert page.context["form"].initial["report_days"] == 14
        assert "办结后核查" in page.content.decode()
        answer = client.post(reverse("new-matter"), typed(city))
        matter = Matter.objects.get()
        assert answer["Location"] == reverse("matter", args=[matter.pk])
        assert (matter.kind, matter.due_on, matter.stage) == ("meeting", later(20), "draft")
        assert set(matter.parts.values_list("unit__code", "part", "report_days")) == {
            (LEAD, "lead", 10),
            (COOPERATING, "cooperating", 10),
        }

    def test_nothing_typed_is_lost_when_something_is_missing(self, city: City, as_: SignIn) -> None:
        answer = as_(city.coordinator).post(reverse("new-matter"), typed(city, basis=" ", lead=""))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "解决民营企业用电增容" in page
        assert f'value="{city.units[COOPERATING].pk}"' in page
        assert "checked" in page
        assert not Matter.objects.exists()

    def test_a_refusal_of_the_operation_keeps_it_too(self, city: City, as_: SignIn) -> None:
        answer = as_(city.coordinator).post(reverse("new-matter"), typed(city, due_on=f"{later(-3)}"))
        assert answer.status_code == 422
        assert "已经过去" in answer.content.decode()
        assert "解决民营企业用电增容" in answer.content.decode()

    def test_the_fragment_of_a_kind_gives_its_terms(self, city: City, as_: SignIn) -> None:
        page = as_(city.coordinator).get(reverse("matter-terms") + "?kind=instruction").content.decode()
        assert "1 个工作日内" in page
        assert "分管领导" in page

    def test_near_duplicates_are_offered_to_follow(self, city: City, as_: SignIn) -> None:
        office = open_office(
            unit=city.units["1506-LG"], seat="coordinator", title="督查室", role=Role.COORDINATOR,
            scope=city.units["1506"], actor=CONSOLE, now=clock.now(),
        )  # fmt: skip
        matter = registered(city, title="解决民营企业用电增容问题", also=())
        asked_for = {"title": "解决民营企业用电增容", "basis": "常务会议纪要3号"}
        client = as_(city.acting("1506-LG", "coordinator"))
        page = client.get(reverse("matters-alike"), asked_for).content.decode()
        assert reverse("matter", args=[matter.pk]) in page
        assert reverse("matter-subscription", args=[matter.pk]) in page
        client.post(reverse("matter-subscription", args=[matter.pk]), {"reason": "同一件事"} | asked_for)
        assert list(Subscription.objects.values_list("office", flat=True)) == [office.pk]
        # one's own matter is shown, but there is nothing to follow
        page = as_(city.coordinator).get(reverse("matters-alike"), asked_for).content.decode()
        assert reverse("matter", args=[matter.pk]) in page
        assert "改为关注这一件" not in page

    def test_a_draft_is_changed_on_the_same_page(self, city: City, as_: SignIn) -> None:
        matter, client = drafted(city), as_(city.coordinator)
        address = reverse("matter-draft", args=[matter.pk])
        assert "解决账款拖欠" in client.get(address).content.decode()
        client.post(address, typed(city, title="改过的题目"))
        assert Matter.objects.get().title == "改过的题目"
        matters.register_matter(matter=matter, actor=CONSOLE, now=clock.now())
        assert client.get(address)["Location"] == reverse("matter", args=[matter.pk])
        assert client.post(address, typed(city)).status_code == 422

    @pytest.mark.parametrize("name", ["new-matter", "matter-terms", "matters-alike"])
    def test_only_a_coordinating_office_drafts(self, city: City, as_: SignIn, name: str) -> None:
        assert as_(city.head).get(reverse(name)).status_code == 403


class TestMatterPage:
    def test_a_unit_reads_its_own_report_and_of_others_only_that_they_take_part(
        self, city: City, as_: SignIn
    ) -> None:
        matter = reported(city, also=(DISTRICT,))
        page = as_(city.head).get(reverse("matter", args=[matter.pk])).content.decode()
        assert "市发展和改革委员会清偿 320 万元" in page
        assert "东胜区" in page
        assert "东胜区清偿 320 万元" not in page
        page = as_(city.coordinator).get(reverse("matter", args=[matter.pk])).content.decode()
        assert {"市发展和改革委员会清偿 320 万元" in page, "东胜区清偿 320 万元" in page} == {True}

    def test_what_is_shown_is_what_the_waist_says_now(self, city: City, as_: SignIn) -> None:
        matter = reported(city, accept=True)
        assert Matter.objects.get().stage == "under_way"  # not written down yet
        answer = as_(city.coordinator).get(reverse("matter", args=[matter.pk]))
        assert str(answer.context["stage"]) == "已办结"
        assert "销号" in {str(act.title) for act in answer.context["main_acts"]}

    def test_a_follower_reads_the_one_report_but_a_district_not_another_districts(
        self, city: City, as_: SignIn
    ) -> None:
        matter = reported(city, also=(DISTRICT,))
        address = reverse("matter", args=[matter.pk])
        for follower in (head_of(city, COOPERATING), city.acting(OTHER_DISTRICT, "first_responsible")):
            assert as_(follower).get(address).status_code == 404
            merging.follow_matter(matter=matter, reason="…", actor=follower, now=clock.now())
        assert "东胜区清偿 320 万元" in as_(head_of(city, COOPERATING)).get(address).content.decode()
        page = as_(city.acting(OTHER_DISTRICT, "first_responsible")).get(address).content.decode()
        assert "东胜区" in page
        assert "320 万元" not in page

    def test_tightening_is_seen_at_both_ends_and_by_nobody_beside(self, city: City, as_: SignIn) -> None:
        matter = signed(city, also=(DISTRICT,))
        parts.split_part(
            part=part_of(matter, DISTRICT), units=[city.units[TOWN]], terms=SplitTerms(later(30)),
            actor=head_of(city, DISTRICT), now=clock.now(),
        )  # fmt: skip
        address = reverse("matter", args=[matter.pk])
        for acting, seen in (
            (city.coordinator, True),
            (head_of(city, DISTRICT), True),
            (head_of(city, TOWN), True),
            (city.head, False),
        ):
            assert ("期限比上一级早 30 天" in as_(acting).get(address).content.decode()) is seen

    def test_only_the_acts_open_to_the_office_are_offered(self, city: City, as_: SignIn) -> None:
        def offered(acting: Acting, matter: Matter) -> set[str]:
            context = as_(acting).get(reverse("matter", args=[matter.pk])).context
            return {str(each.title) for each in (*context["main_acts"], *context["more_acts"])}

        matter = dispatched(city, also=())
        assert offered(city.head, matter) == {"签收", "退签", "申请延期", "反馈办理情况"}
        assert offered(city.coordinator, matter) == {"暂停", "撤销事项", "并入另一件事项"}
        parts.sign_for(part=part_of(matter, LEAD), actor=city.head, now=clock.now())
        assert offered(city.head, matter) == {"申请延期", "反馈办理情况"}
        assert offered(leader_of(city), matter) == {"关注这件事项"}
        done = closed(city)
        assert offered(city.coordinator, done) == {"重新打开"}
        assert offered(city.head, done) == set()

    def test_the_way_to_report_is_the_one_form_there_is(self, city: City, as_: SignIn) -> None:
        matter = signed(city, also=())
        owed = part_of(matter, LEAD).obligation
        assert owed is not None
        page = as_(city.head).get(reverse("matter", args=[matter.pk])).content.decode()
        assert f"{reverse('new-record')}?for={owed.pk}" in page

    def test_queries_do_not_grow_with_the_parts(
        self, city: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        matter = reported(city, also=(COOPERATING, DISTRICT))
        client = as_(leader_of(city))
        client.get(reverse("matter", args=[matter.pk]))
        with django_assert_max_num_queries(16):
            client.get(reverse("matter", args=[matter.pk]))

    def test_an_outsider_finds_nothing(self, city: City, as_: SignIn) -> None:
        matter = dispatched(city)
        assert as_(head_of(city, DISTRICT)).get(reverse("matter", args=[matter.pk])).status_code == 404
        assert as_(city.coordinator).post(reverse("matter", args=[matter.pk])).status_code == 405


Made = Callable[[City], Any]
Who = Callable[[City], Acting]
OFFICE: Who = lambda city: city.coordinator  # noqa: E731
UNIT: Who = lambda city: city.head  # noqa: E731
REASON = {"reason": "有理由"}
# address, what it acts on, who acts, what is typed, the stage of the matter (or of the lead's part) afterwards
ACTS: list[tuple[str, Made, Who, dict[str, Any], str]] = [
    ("matter-registration", drafted, OFFICE, {}, "registered"),
    ("matter-dispatch", registered, OFFICE, {"sign_by": "+3"}, "assigned"),
    ("matter-verification", lambda c: reported(c, accept=True, kind="demand"), leader_of, {"result": "属实"}, "verified"),
    ("matter-return", lambda c: reported(c, accept=True), OFFICE, REASON | {"parts": "all", "due_on": "+30"}, "under_way"),
    ("matter-closing", lambda c: reported(c, accept=True), OFFICE, {}, "closed"),
    ("matter-suspension", signed, OFFICE, REASON, "suspended"),
    ("matter-resumption", suspended, OFFICE, {}, "under_way"),
    ("matter-cancelling", signed, OFFICE, REASON, "cancelled"),
    ("matter-reopening", closed, OFFICE, REASON | {"parts": "all", "due_on": "+30"}, "under_way"),
    ("part-signature", lambda c: part_of(dispatched(c), LEAD), UNIT, {}, "under_way"),
    ("part-refusal", lambda c: part_of(dispatched(c), LEAD), UNIT, REASON, "refused"),
    ("part-refusal-answer", refused, OFFICE, REASON, "assigned"),
    ("part-extension-decision", asked, OFFICE, {"granted": "yes"}, "under_way"),
]  # fmt: skip


def filled(data: dict[str, Any], row: Any) -> dict[str, Any]:
    """Days as so many from today, ``all`` as every part."""
    given = {
        key: f"{later(int(value))}" if isinstance(value, str) and value.startswith("+") else value
        for key, value in data.items()
    }
    if given.get("parts") == "all":
        given["parts"] = [each.pk for each in row.parts.all()]
    return given


def stage_of(row: Any) -> str:
    if isinstance(row, Extension):
        row = row.obligation.matter_part
    row.refresh_from_db()
    return str(row.stage)


@pytest.mark.parametrize(("name", "made", "who", "data", "after"), ACTS, ids=[each[0] for each in ACTS])
class TestActs:
    def test_it_works_once_and_a_second_time_is_refused_without_harm(
        self, city: City, as_: SignIn, name: str, made: Made, who: Who, data: dict[str, Any], after: str
    ) -> None:
        row = made(city)
        client, address = as_(who(city)), reverse(name, args=[row.pk])
        answer = client.post(address, filled(data, row))
        assert answer.status_code == 302, answer.content.decode()
        assert stage_of(row) == after
        before = list(Matter.objects.values()), list(MatterPart.objects.values()), Obligation.objects.count()
        assert client.post(address, filled(data, row)).status_code == 422
        assert (list(Matter.objects.values()), list(MatterPart.objects.values()), Obligation.objects.count()) == before  # fmt: skip

    def test_wrong_verb_outsider_and_no_right(
        self, city: City, as_: SignIn, name: str, made: Made, who: Who, data: dict[str, Any], after: str
    ) -> None:
        row = made(city)
        address, stage = reverse(name, args=[row.pk]), stage_of(row)
        assert as_(who(city)).get(address).status_code == 405
        outsider = as_(city.acting(OTHER_DISTRICT, "first_responsible")).post(address, filled(data, row))
        assert outsider.status_code in (403, 404)
        assert (
            as_(city.acting("1506-LGO", "system_admin")).post(address, filled(data, row)).status_code == 403
        )
        assert stage_of(row) == stage


class TestOtherActs:
    def test_split_over_the_units_below(self, city: City, as_: SignIn) -> None:
        matter = signed(city, also=(DISTRICT,))
        address = reverse("part-splits", args=[part_of(matter, DISTRICT).pk])
        client = as_(head_of(city, DISTRICT))
        given = {"units": [city.units[TOWN].pk], "due_on": f"{later(30)}"}
        assert client.post(address, given).status_code == 302
        assert stages(matter)[TOWN] == "assigned"
        assert client.post(address, given).status_code == 422
        assert client.post(address, given | {"units": [city.units["150622100"].pk]}).status_code == 422
        assert as_(city.head).post(address, given).status_code == 404

    def test_ask_for_more_time(self, city: City, as_: SignIn) -> None:
        matter = signed(city)
        address = reverse("part-extensions", args=[part_of(matter, LEAD).pk])
        given = {"until": f"{later(90)}", "reason": "材料多"}
        assert as_(city.head).post(address, given).status_code == 302
        assert as_(city.head).post(address, given).status_code == 422
        assert Extension.objects.count() == 1

    def test_give_a_refused_part_to_another_unit(self, city: City, as_: SignIn) -> None:
        part = refused(city)
        address = reverse("part-refusal-answer", args=[part.pk])
        given = REASON | {"unit": city.units[DISTRICT].pk}
        assert as_(city.head).post(address, given).status_code == 422
        assert as_(city.coordinator).post(address, given).status_code == 302
        assert stages(part.matter) == {LEAD: "withdrawn", COOPERATING: "assigned", DISTRICT: "assigned"}

    def test_merge_by_number(self, city: City, as_: SignIn) -> None:
        into, matter = dispatched(city, also=()), dispatched(city, title="重复的", also=())
        address = reverse("matter-merger", args=[matter.pk])
        client = as_(city.coordinator)
        assert client.post(address, REASON | {"number": 99}).status_code == 422
        assert client.post(address, REASON | {"number": into.number}).status_code == 302
        assert client.post(address, REASON | {"number": into.number}).status_code == 422
        page = client.get(reverse("matter", args=[into.pk])).content.decode()
        assert "重复的" in page
        assert "解决账款拖欠" in client.get(reverse("matter", args=[matter.pk])).content.decode()

    def test_follow_by_number(self, city: City, as_: SignIn) -> None:
        matter, draft = dispatched(city, also=()), drafted(city, title="草稿")
        client = as_(head_of(city, DISTRICT))
        given = {"number": matter.number, "reason": "与本地有关"}
        assert client.post(reverse("matter-following"), given).status_code == 302
        assert client.post(reverse("matter-following"), given).status_code == 302
        assert Subscription.objects.count() == 1
        assert client.post(reverse("matter-following"), given | {"number": 7}).status_code == 422
        assert client.get(reverse("matter", args=[matter.pk])).status_code == 200
        assert client.get(reverse("matter", args=[draft.pk])).status_code == 404


class TestCommand:
    def test_it_lists_the_matters(self, city: City, capsys: pytest.CaptureFixture[str]) -> None:
        signed(city, title="甲", also=())
        drafted(city, title="乙")
        capsys.readouterr()
        assert main(["matters", "--cycle", str(city.cycle.pk), "--json"]) == 0
        rows = json.loads(capsys.readouterr().out)["matters"]
        assert {(each["number"], each["title"], each["stage"], each["units"]) for each in rows} == {
            (1, "甲", "under_way", 1),
            (None, "乙", "draft", 2),
        }
        assert main(["matters", "--cycle", str(city.cycle.pk), "--stage", "draft", "--json"]) == 0
        assert len(json.loads(capsys.readouterr().out)["matters"]) == 1

"""The pages: what works, the wrong verb, outsiders, no right, a second time; fixed numbers of queries; nothing typed is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from burden.cast import (
    FAR_VILLAGE,
    OTHER_VILLAGE,
    VILLAGE,
    clerk_of,
    draft,
    field,
    issue,
    leader,
    liaison,
    owed,
)
from conftest import City, SignIn, at
from guantong.accounts.models import Approval
from guantong.audit.codes import grouped
from guantong.burden.models import Addressee, Answer, Field, FieldRequest, Response
from guantong.burden.operations.answers import answer_request
from guantong.kernel import clock
from guantong.kernel.cells import harmless
from guantong.obligations.models import Obligation

NOW, TODAY, LATER = at(3, 2), dt.date(2026, 3, 2), dt.date(2026, 12, 31)
REAL_NOW = clock.now()
REAL_TODAY = clock.today(REAL_NOW)
# What is drafted on a page begins today at the earliest, and the small city's year is 2026.
in_its_year = pytest.mark.skipif(REAL_TODAY.year != 2026, reason="the year of the small city is over")


@pytest.fixture
def area(city: City) -> Field:
    return field(city, "活动室面积", kind="decimal", measure="平方米", now=NOW)


@pytest.fixture
def asked(city: City, area: Field) -> FieldRequest:
    return issue(city, [area], now=NOW, starts_on=TODAY, ends_on=LATER)


def answered(city: City, request: FieldRequest, value: str | None, code: str = VILLAGE) -> Response:
    [line] = request.asked_fields.all()
    by = liaison(city, code)
    return answer_request(
        obligation=owed(city, request, code),
        given={line.field_id: value},
        entered_by=by.office,
        actor=by,
        now=NOW,  # type: ignore[arg-type]
    )


def text(client: Client, name: str, *args: object, **params: Any) -> str:
    answer = client.get(reverse(name, args=args), params)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


class TestOwn:
    def test_a_village_reads_in_plain_words_what_it_is_asked(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        page = text(as_(liaison(city)), "burden")
        assert "填报：阵地情况" in page
        assert "平常一个村一年大约填 90 张表" in page
        assert reverse("request-answer", args=[owed(city, asked).pk]) in page

    def test_it_is_only_read(self, city: City, as_: SignIn) -> None:
        assert as_(liaison(city)).post(reverse("burden")).status_code == 405

    def test_the_number_of_queries_does_not_grow(
        self,
        city: City,
        asked: FieldRequest,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(liaison(city))
        text(client, "burden")
        with django_assert_max_num_queries(22) as before:
            text(client, "burden")
        issue(city, [field(city, "培训学时", now=NOW)], by=city.head, now=NOW, starts_on=TODAY, ends_on=LATER)
        with django_assert_max_num_queries(len(before)):
            text(client, "burden")


class TestRows:
    def test_every_filter_of_a_figure_opens_to_its_rows(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        client, office = as_(city.coordinator), city.units["1506-LGO"]
        for params in (
            {"unit": city.units[VILLAGE].pk}, {"unit": city.units["150602001"].pk, "deep": "on"}, {"issuer": office.pk},
            {"level": "village"}, {"source": "request"}, {"month": owed(city, asked).due_on.month},  # type: ignore[union-attr]
        ):  # fmt: skip
            assert "填报：阵地情况" in text(client, "burden-rows", **params), params
        for params in ({"level": "county"}, {"source": "task"}, {"issuer": city.units["1506-MU-01"].pk}):
            assert "填报：阵地情况" not in text(client, "burden-rows", **params), params

    def test_a_unit_out_of_sight_is_not_found(self, city: City, as_: SignIn) -> None:
        client = as_(liaison(city))
        assert client.get(reverse("burden-rows"), {"unit": city.units[FAR_VILLAGE].pk}).status_code == 404

    def test_other_units_rows_are_not_shown(self, city: City, asked: FieldRequest, as_: SignIn) -> None:
        page = text(as_(liaison(city)), "burden-rows", issuer=city.units["1506-LGO"].pk)
        assert "联丰社区" in page
        assert "民族社区" not in page


class TestTable:
    def test_shows_the_comparison_with_its_arithmetic(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        page = text(as_(city.coordinator), "burden-table")
        assert ">2</a> 张" in page
        assert ">3</a> 个村" in page
        assert "<strong>0.67</strong>" in page
        assert "少于对照" in page
        for name in ("burden-villages", "burden-records"):
            assert reverse(name) in page

    def test_pages_of_the_factors(
        self,
        city: City,
        asked: FieldRequest,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(city.coordinator)
        page = text(client, "burden-villages")
        assert all(each in page for each in ("联丰社区", "民族社区", "沙圪堵村"))
        with django_assert_max_num_queries(20):
            text(client, "burden-villages")
        assert "没有这样的记录" in text(client, "burden-records")


class TestIssuer:
    def test_the_budget_is_set_on_the_page_by_the_coordinating_office(self, city: City, as_: SignIn) -> None:
        unit = city.units["1506-MU-01"]
        client = as_(city.coordinator)
        assert "没有核定额度" in text(client, "burden-issuer", unit.pk)
        url = reverse("burden-budget", args=[unit.pk])
        for _time in range(2):
            assert client.post(url, {"minutes": "120", "basis": "减负安排"}).status_code == 302
        assert unit.burden_budgets.count() == 1
        assert "120" in text(client, "burden-issuer", unit.pk)
        assert client.post(url, {"minutes": "x", "basis": ""}).status_code == 422
        assert client.get(url).status_code == 405

    def test_the_unit_itself_reads_and_does_not_set_it(self, city: City, as_: SignIn) -> None:
        client, unit = as_(city.head), city.units["1506-MU-01"]
        assert "核定额度" not in text(client, "burden-issuer", unit.pk).replace("没有核定额度", "")
        assert (
            client.post(reverse("burden-budget", args=[unit.pk]), {"minutes": "1", "basis": "—"}).status_code
            == 403
        )
        assert client.get(reverse("burden-issuer", args=[city.units["1506-MU-02"].pk])).status_code == 404


class TestFields:
    NEW = {
        "name": "活动室使用面积",
        "name_en": "Area in use",
        "meaning": "正在使用的室内面积",
        "kind": "decimal",
    }

    def test_a_near_field_is_offered_and_nothing_typed_is_lost(
        self, city: City, area: Field, as_: SignIn
    ) -> None:
        client = as_(city.head)
        answer = client.post(reverse("new-field"), self.NEW)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "活动室面积" in page
        assert 'value="活动室使用面积"' in page
        assert client.post(reverse("new-field"), self.NEW | {"differs": "只算在用的"}).status_code == 302
        assert set(Field.objects.values_list("name", "differs", "owner__code")) == {
            ("活动室面积", "另一件事", "1506-LGO"), ("活动室使用面积", "只算在用的", "1506-MU-01"),
        }  # fmt: skip

    def test_a_forbidden_one_is_refused_on_the_page(self, city: City, as_: SignIn) -> None:
        answer = as_(city.head).post(reverse("new-field"), self.NEW | {"name": "负责人宗教信仰"})
        assert (answer.status_code, "涉及个人" in answer.content.decode()) == (422, True)

    def test_the_page_of_a_field_shows_what_is_known(
        self, city: City, area: Field, asked: FieldRequest, as_: SignIn
    ) -> None:
        answered(city, asked, "80.5")
        page = text(as_(city.acting("1506-MU-02", "unit_head")), "field", area.pk)
        assert "80.5" in page
        assert "80.5" not in text(as_(liaison(city, FAR_VILLAGE)), "field", area.pk)

    def test_the_list_finds_by_words_and_hides_retired_ones(
        self, city: City, area: Field, as_: SignIn
    ) -> None:
        client = as_(city.coordinator)
        assert "活动室面积" in text(client, "fields", q="室面")
        assert client.post(reverse("field-retirement", args=[area.pk])).status_code == 302
        assert "平方米" not in text(client, "fields")
        assert "平方米" in text(client, "fields", retired="on")


@in_its_year
class TestRequest:
    def form(self, city: City, **more: Any) -> dict[str, Any]:
        given = {
            "title": "阵地情况", "purpose": "安排经费", "basis": "要点", "pillar": "base_home", "place": city.units["150602"].pk,
            "kind": "level:village", "only": "", "per": "once", "starts_on": REAL_TODAY.isoformat(), "due_days": "10",
            "ends_on": LATER.isoformat(),
        }  # fmt: skip
        return given | more

    def test_drafted_filled_and_issued_on_the_pages(self, city: City, area: Field, as_: SignIn) -> None:
        client = as_(city.head)
        answer = client.post(reverse("new-field-request"), self.form(city))
        [request] = FieldRequest.objects.all()
        assert answer.headers["Location"] == reverse("field-request", args=[request.pk])
        assert {each.unit.code for each in request.addressees.all()} == {VILLAGE, OTHER_VILLAGE}
        page = text(client, "field-request", request.pk, q="面积")
        assert f'name="add" value="{area.pk}"' in page
        fields = reverse("field-request-fields", args=[request.pk])
        for _time in range(2):
            assert client.post(fields, {"add": area.pk}).status_code == 302
        assert request.asked_fields.count() == 1
        assert client.post(reverse("field-request-issue", args=[request.pk])).status_code == 302
        assert client.post(reverse("field-request-issue", args=[request.pk])).status_code == 422
        assert Obligation.objects.filter(source="request").count() == 2

    def test_only_some_units_by_name_or_code(self, city: City, area: Field, as_: SignIn) -> None:
        client = as_(city.coordinator)
        wanted = self.form(city, place=city.units["1506"].pk, only=f"民族社区、{FAR_VILLAGE}")
        assert client.post(reverse("new-field-request"), wanted).status_code == 302
        assert {each.unit.code for each in Addressee.objects.all()} == {OTHER_VILLAGE, FAR_VILLAGE}
        answer = client.post(
            reverse("new-field-request"), self.form(city, only="某某村", place=city.units["1506"].pk)
        )
        assert (answer.status_code, "没有找到：某某村" in answer.content.decode()) == (422, True)

    def test_without_an_end_it_is_not_drafted_and_nothing_typed_is_lost(
        self, city: City, as_: SignIn
    ) -> None:
        answer = as_(city.head).post(reverse("new-field-request"), self.form(city, ends_on=""))
        assert answer.status_code == 422
        assert 'value="阵地情况"' in answer.content.decode()
        assert not FieldRequest.objects.exists()

    def test_a_draft_is_changed_and_keeps_its_units(self, city: City, area: Field, as_: SignIn) -> None:
        request = draft(city, [area], by=city.head, now=REAL_NOW, starts_on=REAL_TODAY, ends_on=LATER)
        client, url = as_(city.head), reverse("field-request-terms", args=[request.pk])
        assert client.get(url).status_code == 200
        assert (
            client.post(url, self.form(city, kind="", place=city.units["1506"].pk, title="改了")).status_code
            == 302
        )
        request.refresh_from_db()
        assert (request.title, request.addressees.count()) == ("改了", 2)

    def test_over_budget_it_goes_to_a_leader(self, city: City, area: Field, as_: SignIn) -> None:
        request = draft(city, [area], by=city.head, now=REAL_NOW, starts_on=REAL_TODAY, ends_on=LATER)
        as_(city.coordinator).post(
            reverse("burden-budget", args=[city.units["1506-MU-01"].pk]), {"minutes": "1", "basis": "减负"}
        )
        client = as_(city.head)
        assert "超出 3 分钟" in text(client, "field-request", request.pk)
        assert client.post(reverse("field-request-issue", args=[request.pk])).status_code == 422
        signature = reverse("field-request-signature", args=[request.pk])
        assert client.post(signature, {"reason": "省里要求"}).status_code == 302
        assert client.post(signature, {"reason": "省里要求"}).status_code == 422
        waiting = as_(leader(city))
        page = text(waiting, "burden-signatures")
        assert "省里要求" in page
        assert "超出 3 分钟" in page
        approval = Approval.objects.get(kind="burden.request_over")
        waiting.post(reverse("approval-decision", args=[approval.pk]), {"granted": "yes", "decision": "同意"})
        assert client.post(reverse("field-request-issue", args=[request.pk])).status_code == 302
        assert "同意" in text(waiting, "burden-signatures")
        assert as_(city.coordinator).get(reverse("burden-signatures")).status_code == 403

    def test_ended_and_withdrawn_with_a_reason(self, city: City, asked: FieldRequest, as_: SignIn) -> None:
        client = as_(city.coordinator)
        assert client.post(reverse("field-request-end", args=[asked.pk]), {"reason": ""}).status_code == 422
        assert (
            client.post(reverse("field-request-end", args=[asked.pk]), {"reason": "够了"}).status_code == 302
        )
        assert (
            client.post(reverse("field-request-withdrawal", args=[asked.pk]), {"reason": "x"}).status_code
            == 422
        )
        assert "够了" in text(as_(liaison(city)), "field-request", asked.pk)

    def test_outsiders_find_nothing_and_others_may_not_act(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        far = as_(city.acting("150622", "first_responsible"))
        for name in ("field-request", "field-request-results", "field-request-file", "field-request-slips"):
            assert far.get(reverse(name, args=[asked.pk])).status_code == 404, name
        assert far.post(reverse("field-request-end", args=[asked.pk]), {"reason": "x"}).status_code == 404
        assert as_(liaison(city)).post(reverse("field-request-end", args=[asked.pk])).status_code == 403
        assert as_(clerk_of(city, "150602")).post(
            reverse("field-request-end", args=[asked.pk]), {"reason": "x"}
        ).status_code == 422  # fmt: skip

    def test_the_list_has_a_fixed_number_of_queries(
        self,
        city: City,
        asked: FieldRequest,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(city.coordinator)
        text(client, "field-requests")
        with django_assert_max_num_queries(16) as before:
            text(client, "field-requests")
        for name in ("培训学时", "联络点数"):
            issue(city, [field(city, name, now=NOW)], now=REAL_NOW, starts_on=REAL_TODAY, ends_on=LATER)
        with django_assert_max_num_queries(len(before)):
            text(client, "field-requests")


class TestAnswerPage:
    def url(self, city: City, request: FieldRequest, code: str = VILLAGE) -> str:
        return reverse("request-answer", args=[owed(city, request, code).pk])

    def test_answered_on_a_phone_and_a_second_time_is_harmless(
        self, city: City, asked: FieldRequest, area: Field, as_: SignIn
    ) -> None:
        client, url = as_(liaison(city)), self.url(city, asked)
        page = client.get(url).content.decode()
        assert 'inputmode="decimal"' in page
        assert 'data-keep="answer-' in page
        given = {f"f{area.pk}": "80.5", "submission_key": "k1"}
        for _time in range(2):
            assert client.post(url, given).status_code == 302
        assert client.post(url, given | {"submission_key": "k2"}).status_code == 422
        assert set(Answer.objects.values_list("value", flat=True)) == {"80.5"}

    def test_what_is_wrong_is_said_and_stays_typed(
        self, city: City, asked: FieldRequest, area: Field, as_: SignIn
    ) -> None:
        answer = as_(liaison(city)).post(self.url(city, asked), {f"f{area.pk}": "很大"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "最多四位小数" in page
        assert 'value="很大"' in page
        assert not Response.objects.exists()

    def test_no_data_may_be_ticked(self, city: City, asked: FieldRequest, area: Field, as_: SignIn) -> None:
        assert as_(liaison(city)).post(self.url(city, asked), {f"n{area.pk}": "on"}).status_code == 302
        assert Answer.objects.get().no_data

    def test_known_values_stand_there_and_one_tap_confirms(
        self, city: City, asked: FieldRequest, area: Field, as_: SignIn
    ) -> None:
        answered(city, asked, "80.5")
        FieldRequest.objects.filter(pk=asked.pk).update(
            stage="withdrawn"
        )  # so that asking again is no overlap
        again = issue(city, [area], now=NOW, starts_on=TODAY, ends_on=LATER, title="再核对")
        client, url = as_(liaison(city)), self.url(city, again)
        page = client.get(url).content.decode()
        assert 'value="80.5"' in page
        assert f"上次：80.5（{TODAY}，阵地情况）" in page
        unchanged = reverse("request-unchanged", args=[owed(city, again).pk])
        assert unchanged in page
        assert client.get(unchanged).status_code == 405
        for _time in range(2):
            assert client.post(unchanged, {"submission_key": "k"}).status_code == 302
        assert Response.objects.filter(addressee__request=again, unchanged=True).count() == 1

    def test_others_of_the_tree_read_it_and_outsiders_do_not(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        url = self.url(city, asked)
        commissioner = as_(city.acting("150602001", "commissioner"))
        page = commissioner.get(url).content.decode()
        assert "还没有填报" in page
        assert "代为录入" in page
        assert commissioner.post(url, {}).status_code == 422
        assert as_(liaison(city, OTHER_VILLAGE)).get(url).status_code == 404

    def test_the_page_of_the_obligation_leads_here(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        page = text(as_(liaison(city)), "obligation", owed(city, asked).pk)
        assert self.url(city, asked) in page
        assert reverse("new-record") not in page.split("<main")[1]


class TestPaper:
    def test_by_the_code_of_the_slip(self, city: City, asked: FieldRequest, area: Field, as_: SignIn) -> None:
        addressee = Addressee.objects.get(unit__code=VILLAGE)
        commissioner = as_(city.acting("150602001", "commissioner"))
        slips = text(commissioner, "field-request-slips", asked.pk)
        assert grouped(addressee.code) in slips
        page = text(commissioner, "paper-answers", code=grouped(addressee.code).lower())
        assert "联丰社区" in page
        given = {
            "code": addressee.code,
            f"f{area.pk}": "80",
            "answered_on": TODAY.isoformat(),
            "submission_key": "p",
        }
        assert commissioner.post(reverse("paper-answers"), given).status_code == 302
        made = Response.objects.get()
        assert (made.on_paper, made.claim.claimed_by.unit.code) == (True, VILLAGE)
        assert commissioner.post(reverse("paper-answers"), given).status_code == 422
        assert grouped(addressee.code) not in text(commissioner, "field-request-slips", asked.pk)

    def test_a_wrong_code_and_one_out_of_reach_look_the_same(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        code = Addressee.objects.get(unit__code=VILLAGE).code
        far = as_(city.acting("150622", "first_responsible"))
        said = [far.get(reverse("paper-answers"), {"code": each}) for each in (code, "00000000000", "x")]
        assert {each.status_code for each in said} == {422}
        assert all("没有这个编号" in each.content.decode() for each in said)

    def test_what_is_wrong_stays_typed(
        self, city: City, asked: FieldRequest, area: Field, as_: SignIn
    ) -> None:
        given = {
            "code": Addressee.objects.get(unit__code=VILLAGE).code,
            f"f{area.pk}": "很大",
            "answered_on": "2026-01-01",
        }
        answer = as_(city.acting("150602001", "commissioner")).post(reverse("paper-answers"), given)
        assert (answer.status_code, 'value="很大"' in answer.content.decode()) == (422, True)


class TestResults:
    def test_a_table_with_sums_and_a_file_without_formulas(self, city: City, as_: SignIn) -> None:
        words = field(city, "备注说明", kind="text", now=NOW)
        request = issue(city, [words], now=NOW, starts_on=TODAY, ends_on=LATER)
        answered(city, request, "=HYPERLINK(1)")
        client = as_(city.coordinator)
        assert "=HYPERLINK(1)" in text(client, "field-request-results", request.pk)
        rows = list(
            csv.reader(io.StringIO(text(client, "field-request-file", request.pk).removeprefix("\ufeff")))
        )
        assert rows[0][:4] == ["代码", "单位", "期", "备注说明"]
        assert [row[3] for row in rows[1:]] == ["'=HYPERLINK(1)", ""]

    def test_no_data_is_counted_apart(self, city: City, asked: FieldRequest, as_: SignIn) -> None:
        answered(city, asked, "80.5")
        answered(city, asked, None, OTHER_VILLAGE)
        page = text(as_(city.coordinator), "field-request-results", asked.pk)
        assert "1 份有数，1 份暂无数据" in page

    def test_whoever_is_asked_sees_its_own_lines_only(
        self, city: City, asked: FieldRequest, as_: SignIn
    ) -> None:
        answered(city, asked, "80.5")
        answered(city, asked, "70.5", OTHER_VILLAGE)
        page = text(as_(liaison(city)), "field-request-results", asked.pk)
        assert ("80.5" in page, "70.5" in page) == (True, False)
        assert "70.5" not in text(as_(liaison(city)), "field-request-file", asked.pk)

    @pytest.mark.parametrize(
        ("cell", "kept"),
        [("=1+1", "'=1+1"), ("+86 10", "'+86 10"), ("-5", "-5"), ("+3.5", "+3.5"), ("-5;x", "'-5;x"), ("@SUM", "'@SUM"),
         ("\tx", "'\tx"), ("＝A1", "'＝A1"), ("东胜区", "东胜区"), ("12", "12")],
    )  # fmt: skip
    def test_a_cell_is_never_a_formula(self, cell: str, kept: str) -> None:
        assert harmless(cell) == kept

    def test_the_results_have_a_fixed_number_of_queries(
        self,
        city: City,
        asked: FieldRequest,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client = as_(city.coordinator)
        answered(city, asked, "80.5")
        text(client, "field-request-results", asked.pk)
        with django_assert_max_num_queries(18) as before:
            text(client, "field-request-results", asked.pk)
        answered(city, asked, "70.5", OTHER_VILLAGE)
        with django_assert_max_num_queries(len(before)):
            text(client, "field-request-results", asked.pk)

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from decimal import Decimal
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import CONSOLE, City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.operations import hold_office, open_office
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.obligations.models import Obligation
from guantong.obligations.operations import claim_fulfilment, review_claim
from guantong.records.operations import enter_record
from guantong.supervision import verify_draw
from guantong.supervision.models import Sample, SampleItem
from guantong.supervision.operations.freezing import Scope, Terms, freeze_list
from guantong.supervision.operations.samples import check_item, draw_sample
from guantong.supervision.queries.samples import estimate_of, results_of
from guantong.supervision.sampling import at_most, discovery_size, estimate

SHARE, SURE = Decimal("0.05"), Decimal("0.95")
SOURCE = "中国福利彩票双色球当日开奖号码"
SEED = "030811192733 05"
CODES = ("1506-MU-01", "1506-MU-02", "150602", "150602001")


def finish(city: City, code: str, *, day: int = 20) -> Obligation:
    """One obligation of the unit, claimed by its office and accepted by the coordinating office."""
    on = dt.date(2026, 3, day)
    owed = Obligation.objects.filter(unit__code=code, state="open", starts_on__lte=on)
    obligation = owed.select_related("unit", "office").order_by("due_on", "pk")[0]
    obligation.evidence = ["progress_line"]
    obligation.save()
    holder = city.acting(code, obligation.office.seat, obligation.office.number)
    assert holder.office is not None
    record = enter_record(
        kind="progress", happened_on=on, summary="按节点完成", entered_by=holder.office, actor=holder,
        now=at(3, day), today=on,
    )  # fmt: skip
    claim = claim_fulfilment(
        obligation=obligation, record=record, claimed_by=holder.office, actor=holder, now=at(3, day)
    )
    review_claim(claim=claim, verdict="accepted", reason="", actor=city.coordinator, now=at(3, day, 11))
    obligation.refresh_from_db()
    return obligation


@pytest.fixture
def closed(signed: City) -> dict[str, Obligation]:
    """One closed item at each of four units."""
    return {code: finish(signed, code) for code in CODES}


@pytest.fixture
def checker(signed: City) -> Acting:
    """A second person in the coordinating office, who reviewed nothing."""
    office = open_office(
        unit=signed.units["1506-LGO"], seat="coordinator_2", title="督查专员", role=Role.COORDINATOR,
        scope=signed.units["1506"], actor=CONSOLE, now=at(1, 5),
    )  # fmt: skip
    person = Person.objects.create_person(sign_in="checker", password=None, display_name="督查专员")
    hold_office(person=person, office=office, starts_on=dt.date(2025, 7, 1), actor=CONSOLE, now=at(1, 5))
    return Acting(person, Office.objects.select_related("unit", "scope").get(pk=office.pk))


def freeze(city: City, **more: Any) -> Sample:
    given: dict[str, Any] = {
        "cycle": city.cycle, "name": "一季度抽查", "under": city.units["1506"], "share_false": SHARE,
        "confidence": SURE, "seed_source": SOURCE, "seed_on": dt.date(2026, 4, 3), "actor": city.coordinator,
        "now": at(4, 1), "since": dt.date(2026, 3, 1),
    }  # fmt: skip
    given |= more
    scope = {name: given.pop(name) for name in ("under", "pillar", "since", "until") if name in given}
    terms = {
        name: given.pop(name) for name in ("name", "share_false", "confidence", "seed_source", "seed_on")
    }
    return freeze_list(scope=Scope(**scope), terms=Terms(**terms), **given)


def drawn(city: City, **more: Any) -> Sample:
    sample = freeze(city, **more)
    draw_sample(sample=sample, seed=SEED, actor=city.coordinator, now=at(4, 3))
    sample.refresh_from_db()
    return sample


class TestHowMany:
    def test_fifty_nine_find_one_of_five_per_cent_with_ninety_five(self) -> None:
        assert discovery_size(36_580, share=SHARE, confidence=SURE) == 59
        assert discovery_size(110_000, share=SHARE, confidence=SURE) == 59

    @pytest.mark.parametrize(
        ("population", "size"), [(1, 1), (5, 5), (20, 19), (100, 45), (500, 56), (1000, 57)]
    )
    def test_a_short_list_needs_fewer(self, population: int, size: int) -> None:
        assert discovery_size(population, share=SHARE, confidence=SURE) == size

    def test_an_empty_list_needs_none(self) -> None:
        assert discovery_size(0, share=SHARE, confidence=SURE) == 0

    @pytest.mark.parametrize("population", [7, 40, 250])
    @pytest.mark.parametrize("share", [Decimal("0.02"), Decimal("0.1"), Decimal(1)])
    def test_the_size_is_the_smallest_that_does_it(self, population: int, share: Decimal) -> None:
        false = max(1, -(-int(population * share * 100) // 100))
        size = discovery_size(population, share=share, confidence=SURE)
        missed = [at_most(0, false=false, drawn=n, population=population) for n in (size - 1, size)]
        assert missed[1] <= 1 - Fraction(SURE) < missed[0]


class TestEstimate:
    def test_probabilities_are_those_of_drawing_without_putting_back(self) -> None:
        for population in range(1, 9):
            for n in range(1, population + 1):
                for false in range(population + 1):
                    for found in range(n + 1):
                        ways = sum(comb(false, k) * comb(population - false, n - k) for k in range(found + 1))
                        assert at_most(found, false=false, drawn=n, population=population) == Fraction(
                            ways, comb(population, n)
                        )

    @pytest.mark.parametrize(("population", "n"), [(12, 3), (20, 7), (30, 12)])
    def test_the_interval_holds_the_truth_as_often_as_it_says(self, population: int, n: int) -> None:
        ends = [
            estimate(population=population, drawn=n, false=x, unclear=0, confidence=SURE)
            for x in range(n + 1)
        ]
        for false in range(population + 1):
            holds = sum(
                Fraction(comb(false, x) * comb(population - false, n - x), comb(population, n))
                for x in range(n + 1)
                if ends[x].low <= false <= ends[x].high
            )
            assert holds >= Fraction(SURE)

    def test_checking_all_leaves_no_doubt(self) -> None:
        found = estimate(population=10, drawn=10, false=3, unclear=0, confidence=SURE)
        assert (found.low, found.high, found.share) == (3, 3, Decimal("30.0"))

    def test_fifty_nine_without_a_false_one_leave_less_than_five_per_cent(self) -> None:
        found = estimate(population=36_580, drawn=59, false=0, unclear=0, confidence=SURE)
        assert found.ceiling_share < 5 < found.high_share

    def test_what_could_not_be_verified_widens_the_interval_both_ways(self) -> None:
        sure = estimate(population=500, drawn=50, false=5, unclear=0, confidence=SURE)
        unsure = estimate(population=500, drawn=50, false=5, unclear=10, confidence=SURE)
        assert unsure.low == sure.low
        assert unsure.high > sure.high
        assert unsure.share == Decimal("12.5")

    def test_where_nothing_could_be_verified_there_is_no_share(self) -> None:
        found = estimate(population=50, drawn=5, false=0, unclear=5, confidence=SURE)
        assert (found.share, found.low, found.high) == (None, 0, 50)


class TestFreeze:
    def test_the_list_is_the_closed_items_by_id_and_stands_word_for_word(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        sample = freeze(signed)
        rows = list(csv.reader(io.StringIO(sample.list_csv)))
        assert rows[0] == ["id", "unit", "title", "closed_on"]
        assert [row[0] for row in rows[1:]] == [str(each) for each in sorted(o.pk for o in closed.values())]
        first = min(closed.values(), key=lambda each: each.pk)
        assert rows[1] == [str(first.pk), first.unit.name, str(first), "2026-03-20"]
        assert "\r" not in sample.list_csv
        assert sample.list_csv.endswith("\n")
        assert (sample.population, sample.size) == (4, 4)

    def test_its_digest_is_published_at_once(self, signed: City, closed: dict[str, Obligation]) -> None:
        sample = freeze(signed)
        entry = json.loads(AuditEntry.objects.get(verb="supervision.sample_frozen").payload)
        assert sample.list_digest == hashlib.sha256(sample.list_csv.encode()).hexdigest()
        assert entry["list_sha256"] == sample.list_digest
        ids = "id\n" + "".join(f"{each}\n" for each in sorted(o.pk for o in closed.values()))
        assert entry["ids_sha256"] == hashlib.sha256(ids.encode()).hexdigest()

    @pytest.mark.parametrize(
        ("filters", "codes"),
        [
            ({"under": "150602"}, {"150602", "150602001"}),
            ({"since": dt.date(2026, 3, 21)}, {"1506-MU-02"}),
            ({"until": dt.date(2026, 3, 20)}, {"1506-MU-01", "150602", "150602001"}),
            ({"pillar": "no_such"}, set()),
        ],
    )
    def test_filters_take_unit_period_and_pillar(
        self, signed: City, closed: dict[str, Obligation], filters: dict[str, Any], codes: set[str]
    ) -> None:
        Obligation.objects.filter(pk=closed["1506-MU-02"].pk).update(settled_on=dt.date(2026, 3, 25))
        if "under" in filters:
            filters = {"under": signed.units[filters["under"]]}
        if not codes:
            with pytest.raises(Refusal, match="没有已办结的事项"):
                freeze(signed, **filters)
            return
        wanted = {str(closed[code].pk) for code in codes}
        assert set(verify_draw.identifiers_of(freeze(signed, **filters).list_csv.encode())) == wanted

    def test_the_size_follows_the_list_and_the_certainty_wanted(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        assert freeze(signed, share_false=Decimal("0.5")).size == 3

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"seed_source": " "}, "种子从哪里来"),
            ({"seed_on": dt.date(2026, 4, 1)}, "名单冻结之后"),
            ({"seed_on": dt.date(2026, 3, 1)}, "名单冻结之后"),
            ({"name": ""}, "抽查名称"),
            ({"share_false": Decimal(0)}, "不实占比"),
            ({"confidence": Decimal(1)}, "把握程度"),
            ({"since": dt.date(2026, 3, 2), "until": dt.date(2026, 3, 1)}, "颠倒"),
            ({"seed_source": "一" * 300}, "280"),
        ],
    )
    def test_what_would_not_be_fair_is_refused(
        self, signed: City, closed: dict[str, Obligation], wrong: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            freeze(signed, **wrong)
        assert not Sample.objects.exists()

    def test_only_the_coordinating_office_freezes_and_only_what_it_sees(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        for actor in (signed.head, signed.acting("1506-LG", "leader"), signed.acting("1506-LGO", "assessor")):
            with pytest.raises(Refusal, match="统筹协调单位"):
                freeze(signed, actor=actor)
        with pytest.raises(Refusal, match="统筹协调单位"):
            freeze(signed, under=signed.units["15"])

    def test_the_same_form_sent_twice_is_one_sample(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        assert freeze(signed) == freeze(signed)
        assert Sample.objects.count() == 1


class TestDraw:
    def test_the_draw_is_what_anybody_repeats_from_list_and_seed(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        sample = drawn(signed, share_false=Decimal("0.5"))
        repeated = verify_draw.verify(sample.list_csv.encode(), SEED, sample.size)
        assert [str(each.obligation_id) for each in sample.items.all()] == repeated["drawn"]
        assert repeated["list_sha256"] == sample.list_digest
        assert [each.position for each in sample.items.all()] == [1, 2, 3]

    def test_the_list_stays_what_it_was_when_items_change_afterwards(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        sample = freeze(signed)
        Obligation.objects.filter(pk=closed["150602"].pk).update(title="别的", state="open")
        draw_sample(sample=sample, seed=SEED, actor=signed.coordinator, now=at(4, 3))
        sample.refresh_from_db()
        assert hashlib.sha256(sample.list_csv.encode()).hexdigest() == sample.list_digest
        assert sample.items.filter(obligation=closed["150602"]).exists()

    @pytest.mark.parametrize("seed", ["", "  ", "\n"])
    def test_an_empty_seed_is_refused(self, signed: City, closed: dict[str, Obligation], seed: str) -> None:
        with pytest.raises(Refusal, match="填写种子"):
            draw_sample(sample=freeze(signed), seed=seed, actor=signed.coordinator, now=at(4, 3))

    def test_a_seed_before_its_day_is_refused(self, signed: City, closed: dict[str, Obligation]) -> None:
        with pytest.raises(Refusal, match="才产生"):
            draw_sample(sample=freeze(signed), seed=SEED, actor=signed.coordinator, now=at(4, 2, 23))

    def test_a_second_seed_is_refused_and_changes_nothing(
        self, signed: City, closed: dict[str, Obligation]
    ) -> None:
        sample = drawn(signed)
        before = list(sample.items.values_list("obligation_id", flat=True))
        with pytest.raises(Refusal, match="不能更改"):
            draw_sample(sample=sample, seed="another", actor=signed.coordinator, now=at(4, 4))
        sample.refresh_from_db()
        assert (sample.seed, list(sample.items.values_list("obligation_id", flat=True))) == (SEED, before)

    def test_only_who_sees_the_list_draws(self, signed: City, closed: dict[str, Obligation]) -> None:
        with pytest.raises(Refusal, match="组织抽查的单位"):
            draw_sample(sample=freeze(signed), seed=SEED, actor=signed.head, now=at(4, 3))


class TestCheck:
    def item(self, sample: Sample, obligation: Obligation) -> SampleItem:
        return SampleItem.objects.get(sample=sample, obligation=obligation)

    def check(
        self, item: SampleItem, actor: Any, result: str = "holds", note: str = "现场看了台账和签到"
    ) -> Any:
        return check_item(item=item, result=result, note=note, actor=actor, now=at(4, 10))

    def test_the_last_check_finishes_the_sample_and_gives_the_estimate(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        sample = drawn(signed)
        for place, item in enumerate(sample.items.all()):
            sample.refresh_from_db()
            assert sample.finished_at is None
            assert estimate_of(sample, results_of(sample)) is None
            self.check(item, checker, "false" if not place else "holds")
        sample.refresh_from_db()
        assert sample.finished_at == at(4, 10)
        found = estimate_of(sample, results_of(sample))
        assert found is not None
        assert (found.false, found.low, found.high, found.share) == (1, 1, 1, Decimal("25.0"))

    def test_who_reviewed_it_does_not_check_it(self, signed: City, closed: dict[str, Obligation]) -> None:
        item = self.item(drawn(signed), closed["150602"])
        with pytest.raises(Refusal, match="由其他人核查"):
            self.check(item, signed.coordinator)

    def test_who_claimed_it_does_not_check_it_from_another_office(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        item = self.item(drawn(signed), closed["1506-MU-01"])
        claimant = item.obligation.claims.get().claimant
        assert claimant is not None
        Holding.objects.filter(person=claimant).update(ends_on=dt.date(2026, 3, 31))
        for actor in (Acting(claimant, checker.office), Acting(checker.person, checker.office, claimant)):
            with pytest.raises(Refusal, match="由其他人核查"):
                self.check(item, actor)

    def test_who_was_stood_in_for_does_not_check_it(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        item = self.item(drawn(signed), closed["1506-MU-01"])
        item.obligation.claims.update(claimed_in_place_of=checker.person)
        with pytest.raises(Refusal, match="由其他人核查"):
            self.check(item, checker)

    def test_who_sits_in_the_unit_does_not_check_it(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        item = self.item(drawn(signed), closed["1506-MU-01"])
        assert checker.person is not None
        seat = signed.office("1506-MU-01", "liaison")
        held = Holding.objects.create(person=checker.person, office=seat, starts_on=dt.date(2026, 1, 1))
        with pytest.raises(Refusal, match="由其他人核查"):
            self.check(item, checker)
        held.ends_on = dt.date(2026, 4, 9)
        held.save()
        assert self.check(item, checker)

    def test_an_office_in_the_unit_does_not_check_it(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        sample = drawn(signed)
        item = self.item(sample, closed["1506-MU-01"])
        assert checker.office is not None
        Office.objects.filter(pk=checker.office.pk).update(unit=signed.units["1506-MU-01"])
        moved = Acting(
            checker.person, Office.objects.select_related("unit", "scope").get(pk=checker.office.pk)
        )
        with pytest.raises(Refusal, match="由其他人核查"):
            self.check(item, moved)

    @pytest.mark.parametrize(
        ("result", "note", "sentence"),
        [("holds", " ", "怎样核查"), ("true", "看了", "选择核查结果"), ("false", "看" * 501, "500")],
    )
    def test_a_check_says_what_and_how(
        self,
        signed: City,
        closed: dict[str, Obligation],
        checker: Acting,
        result: str,
        note: str,
        sentence: str,
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            self.check(self.item(drawn(signed), closed["150602"]), checker, result, note)

    def test_an_item_is_checked_once(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        item = self.item(drawn(signed), closed["150602"])
        self.check(item, checker)
        with pytest.raises(Refusal, match="已经登记"):
            self.check(item, checker, "false")
        assert item.check_made.result == "holds"

    def test_a_unit_does_not_check(self, signed: City, closed: dict[str, Obligation]) -> None:
        item = self.item(drawn(signed), closed["150602001"])
        with pytest.raises(Refusal, match="组织抽查的单位"):
            self.check(item, signed.acting("150602", "first_responsible"))

    def test_the_log_holds_all_of_it(
        self, signed: City, closed: dict[str, Obligation], checker: Acting
    ) -> None:
        sample = drawn(signed)
        for item in sample.items.all():
            self.check(item, checker, "unclear")
        assert verify_log().faults == []
        assert set(AuditEntry.objects.filter(verb__startswith="supervision.sample").values_list("verb", flat=True)) == {
            "supervision.sample_frozen", "supervision.sample_drawn", "supervision.sample_checked"
        }  # fmt: skip


FORM = {
    "name": "一季度抽查", "pillar": "", "since": "2026-03-01", "until": "", "share": "5", "confidence": "95", "seed_source": SOURCE
}  # fmt: skip


class TestPages:
    def test_the_office_tries_it_out_then_freezes(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        office = as_(signed.coordinator)
        form = {**FORM, "unit": signed.units["1506"].pk, "seed_on": "2099-01-01"}
        assert "95" in office.get("/samples/new/").content.decode()
        tried = office.post("/samples/new/", {**form, "try": "yes"})
        assert "名单现有 4 项，需抽 4 项" in tried.content.decode()
        assert not Sample.objects.exists()
        done = office.post("/samples/new/", form)
        sample = Sample.objects.get()
        assert (done.status_code, done["Location"]) == (302, f"/samples/{sample.pk}/")
        office.post("/samples/new/", form)
        assert Sample.objects.count() == 1

    def test_a_form_with_a_mistake_comes_back_as_it_was_typed(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        form = {**FORM, "unit": signed.units["1506"].pk, "seed_on": "", "name": "我的抽查"}
        answer = as_(signed.coordinator).post("/samples/new/", form)
        assert answer.status_code == 422
        assert "我的抽查" in answer.content.decode()

    def test_a_unit_outside_the_scope_cannot_be_chosen(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        form = {**FORM, "unit": signed.units["15"].pk, "seed_on": "2099-01-01"}
        assert as_(signed.coordinator).post("/samples/new/", form).status_code == 422

    def test_the_office_draws_and_checks_on_the_page(
        self, signed: City, closed: dict[str, Obligation], checker: Acting, as_: SignIn
    ) -> None:
        sample = freeze(signed)
        page = as_(checker)
        assert page.post(f"/samples/{sample.pk}/seed/", {"seed": SEED}).status_code == 302
        assert page.post(f"/samples/{sample.pk}/seed/", {"seed": "x"}).status_code == 422
        item = sample.items.all()[0]
        given = {"result": "false", "note": "台账对不上"}
        assert page.post(f"/sample-items/{item.pk}/check/", given).status_code == 302
        assert page.post(f"/sample-items/{item.pk}/check/", given).status_code == 422
        shown = page.get(f"/samples/{sample.pk}/").content.decode()
        assert f"/findings/new/?check={item.check_made.pk}" in shown
        assert "登记核查结果" in shown

    def test_who_reviewed_the_items_is_shown_no_form(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        shown = as_(signed.coordinator).get(f"/samples/{drawn(signed).pk}/").content.decode()
        assert "须由他人核查" in shown
        assert "/check/" not in shown

    def test_a_finished_sample_says_it_is_an_estimate_and_no_verdict(
        self, signed: City, closed: dict[str, Obligation], checker: Acting, as_: SignIn
    ) -> None:
        sample = drawn(signed)
        for item in sample.items.all():
            check_item(item=item, result="holds", note="看了", actor=checker, now=at(4, 10))
        shown = as_(signed.head).get(f"/samples/{sample.pk}/").content.decode()
        assert "这是对整份名单的估计，不是对没有抽到的单位的结论。" in shown
        assert "不超过 0 项" in shown

    def test_a_unit_reads_the_public_part_and_its_own_items_alone(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        sample = drawn(signed)
        shown = as_(signed.head).get(f"/samples/{sample.pk}/").content.decode()
        for public in (sample.list_digest, SEED, SOURCE, *(str(each.pk) for each in closed.values())):
            assert public in shown
        assert str(closed["1506-MU-01"]) in shown
        others = [each for code, each in closed.items() if code != "1506-MU-01"]
        assert not [each for each in others if f"/obligations/{each.pk}/" in shown or each.unit.name in shown]

    def test_the_list_is_whole_for_the_office_and_ids_alone_for_a_unit(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        sample = freeze(signed)
        whole = as_(signed.coordinator).get(f"/samples/{sample.pk}/list.csv")
        assert hashlib.sha256(whole.content).hexdigest() == sample.list_digest
        bare = as_(signed.coordinator).get(f"/samples/{sample.pk}/list.csv?ids=1").content
        assert as_(signed.head).get(f"/samples/{sample.pk}/list.csv").content == bare
        assert bare.decode() == "id\n" + "".join(
            f"{each}\n" for each in sorted(o.pk for o in closed.values())
        )
        entry = json.loads(AuditEntry.objects.get(verb="supervision.sample_frozen").payload)
        assert hashlib.sha256(bare).hexdigest() == entry["ids_sha256"]
        assert (
            verify_draw.verify(bare, SEED, 4)["drawn"] == verify_draw.verify(whole.content, SEED, 4)["drawn"]
        )

    def test_the_program_that_repeats_a_draw_is_handed_out(self, signed: City, as_: SignIn) -> None:
        answer = as_(signed.head).get("/samples/verify_draw.py")
        compile(answer.content, "verify_draw.py", "exec")
        assert b"def draw(" in answer.content

    def test_a_sample_of_another_city_is_not_there(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        from guantong.duties.operations import open_cycle
        from guantong.mechanisms.operations import read_valid_package
        from guantong.organisation.operations import open_unit

        other = open_unit(
            code="1502", name="包头市", kind="territory", level="city", parent=signed.units["15"],
            on=dt.date(2025, 1, 1), actor=CONSOLE, now=at(1, 5),
        )  # fmt: skip
        cycle = open_cycle(
            package=read_valid_package("three-threes"), unit=other, year=2026, actor=CONSOLE, now=at(1, 5)
        ).cycle
        Sample.objects.update_or_create(cycle=cycle, defaults={
            "name": "外市抽查", "list_csv": "id\n1\n", "list_digest": "0" * 64, "population": 1, "size": 1,
            "share_false": SHARE, "confidence": SURE, "frozen_at": at(4, 1), "seed_source": "2026-04-03 x",
        })  # fmt: skip
        foreign = Sample.objects.get(cycle=cycle)
        for path in ("", "list.csv"):
            assert as_(signed.head).get(f"/samples/{foreign.pk}/{path}").status_code == 404
        assert "外市抽查" not in as_(signed.coordinator).get("/samples/").content.decode()

    def test_who_may_not_and_wrong_verbs(
        self, signed: City, closed: dict[str, Obligation], as_: SignIn
    ) -> None:
        sample = drawn(signed)
        item = sample.items.all()[0]
        unit, office = as_(signed.head), as_(signed.coordinator)
        for path in ("/samples/new/", f"/samples/{sample.pk}/seed/", f"/sample-items/{item.pk}/check/"):
            assert unit.post(path).status_code == 403
        for path in (
            "/samples/",
            f"/samples/{sample.pk}/",
            f"/samples/{sample.pk}/list.csv",
            "/samples/verify_draw.py",
        ):
            assert office.post(path).status_code == 405
        for path in (f"/samples/{sample.pk}/seed/", f"/sample-items/{item.pk}/check/"):
            assert office.get(path).status_code == 405
        assert office.post("/sample-items/999999/check/").status_code == 404
        assert as_(signed.acting("1506-LGO", "system_admin")).get("/samples/").status_code == 403

    def test_the_pages_cost_the_same_however_many_there_are(
        self,
        signed: City,
        closed: dict[str, Obligation],
        checker: Acting,
        as_: SignIn,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        samples = [drawn(signed, name=f"抽查 {number}") for number in range(6)]
        page = as_(checker)
        with django_assert_max_num_queries(14):
            page.get("/samples/")
        with django_assert_max_num_queries(24):
            page.get(f"/samples/{samples[0].pk}/")

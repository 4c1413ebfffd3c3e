from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from assessment.round_cast import AS_OF, OTHER, UNIT, assessor, line_of, opened, published
from conftest import City, SignIn, at
from guantong.accounts.approvals import decide_approval
from guantong.accounts.models import Approval
from guantong.assessment import operations
from guantong.assessment.models import Publication, Run, Score
from guantong.assessment.queries import published_run
from guantong.assessment.use_queries import versions_of
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal


def again(city: City, now: dt.datetime, *, recognised: str = UNIT) -> Run:
    """A new run on the same day that finds something more: a recognition confirmed late."""
    operations.confirm_fact(
        cycle=city.cycle, unit=city.units[recognised], side="recognitions", kind="confirmed", text="全市推广",
        basis=f"通报{now:%m%d}号", actor=assessor(city), now=now,
    )  # fmt: skip
    return operations.run_scores(cycle=city.cycle, as_of=AS_OF, actor=assessor(city), now=now)


def ask(city: City, publication: Publication, run: Run, reason: str = "漏计一项加分") -> Approval:
    return operations.ask_correction(
        publication=publication, run=run, reason=reason, actor=assessor(city), now=at(10, 12)
    )


def grant(city: City, approval: Approval, now: dt.datetime) -> None:
    decide_approval(approval=approval, granted=True, decision="", actor=city.coordinator, now=now)


class TestCorrection:
    def test_a_new_run_takes_the_place_with_a_reason_and_two_persons(self, signed: City) -> None:
        first = published(signed).final
        assert first
        before = list(Score.objects.filter(run=first).order_by("pk").values())
        run = again(signed, at(10, 10))
        approval = ask(signed, first.publication, run)
        assert published_run(signed.cycle) == first
        grant(signed, approval, at(10, 13))
        made = Publication.objects.get(run=run)
        assert (made.corrects, made.reason) == (first.publication, "漏计一项加分")
        assert published_run(signed.cycle) == run
        assert list(Score.objects.filter(run=first).order_by("pk").values()) == before
        assert verify_log().clean

    def test_one_person_is_not_two(self, signed: City) -> None:
        first = published(signed).final
        assert first
        approval = ask(signed, first.publication, again(signed, at(10, 10)))
        with pytest.raises(Refusal, match="另一人批准"):
            decide_approval(
                approval=approval, granted=True, decision="", actor=assessor(signed), now=at(10, 13)
            )
        assert Publication.objects.count() == 1

    def test_versions_form_one_chain(self, signed: City) -> None:
        round = published(signed)
        assert round.final
        for month, day in ((10, 10), (10, 14)):
            newest = versions_of(round.final.publication)[-1]
            grant(signed, ask(signed, newest, again(signed, at(month, day))), at(month, day + 1))
        chain = versions_of(round.final.publication)
        assert [each.corrects for each in chain] == [None, chain[0], chain[1]]
        assert versions_of(chain[1]) == versions_of(chain[2]) == chain

    def test_only_the_newest_version_is_corrected(self, signed: City) -> None:
        first = published(signed).final
        assert first
        grant(signed, ask(signed, first.publication, again(signed, at(10, 10))), at(10, 13))
        with pytest.raises(Refusal, match="已由 2026-10-13 公布的结果更正"):
            ask(signed, first.publication, again(signed, at(10, 14)))

    def test_two_asked_at_once_make_one_chain(self, signed: City) -> None:
        first = published(signed).final
        assert first
        one, two = (ask(signed, first.publication, again(signed, at(10, day))) for day in (10, 11))
        grant(signed, one, at(10, 13))
        with pytest.raises(Refusal, match="已经更正过"):
            grant(signed, two, at(10, 14))
        assert Publication.objects.count() == 2

    def test_not_by_an_earlier_run_nor_by_one_that_says_the_same(self, signed: City) -> None:
        round = published(signed)
        assert round.final
        with pytest.raises(Refusal, match="公布之后重新计算"):
            ask(signed, round.final.publication, round.prefilled)
        same = operations.run_scores(cycle=signed.cycle, as_of=AS_OF, actor=assessor(signed), now=at(10, 10))
        with pytest.raises(Refusal, match="没有需要更正的内容"):
            ask(signed, round.final.publication, same)

    def test_not_without_a_reason(self, signed: City) -> None:
        first = published(signed).final
        assert first
        with pytest.raises(Refusal, match="理由"):
            ask(signed, first.publication, again(signed, at(10, 10)), " ")

    def test_a_second_publication_of_the_same_day_must_be_a_correction(self, signed: City) -> None:
        published(signed)
        asked = operations.ask_publication(
            run=again(signed, at(10, 10)), reason="再公布一次", actor=assessor(signed), now=at(10, 12)
        )
        with pytest.raises(Refusal, match="截至 2026-06-30 的结果已于 2026-09-29 公布"):
            grant(signed, asked, at(10, 13))

    def test_it_can_be_published_while_the_next_round_runs(self, signed: City) -> None:
        first = published(signed).final
        assert first
        approval = ask(signed, first.publication, again(signed, at(10, 10)))
        later = operations.open_round(
            cycle=signed.cycle, as_of=dt.date(2026, 10, 31), self_by=dt.date(2026, 11, 20),
            review_by=dt.date(2026, 11, 27), actor=assessor(signed), now=at(11, 9),
        )  # fmt: skip
        grant(signed, approval, at(11, 10))
        later.refresh_from_db()
        assert later.stage == "self"
        assert Publication.objects.count() == 2

    def test_not_by_a_run_that_reads_the_decisions_of_the_next_round(self, signed: City) -> None:
        first = published(signed).final
        assert first
        operations.open_round(
            cycle=signed.cycle, as_of=dt.date(2026, 10, 31), self_by=dt.date(2026, 11, 20),
            review_by=dt.date(2026, 11, 27), actor=assessor(signed), now=at(11, 9),
        )  # fmt: skip
        with pytest.raises(Refusal, match="不含原结果中复核和申诉改定的分值"):
            ask(signed, first.publication, again(signed, at(11, 10)))


class TestPages:
    def test_the_page_shows_the_chain_and_takes_the_request(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = published(signed).final
        assert first
        run = again(signed, at(10, 10))
        monkeypatch.setattr("guantong.kernel.clock.now", lambda: at(10, 12))
        url = reverse("corrections", args=[first.publication.pk])
        client = as_(assessor(signed))
        assert run.result_digest[:12] in client.get(reverse("result-uses")).content.decode()
        given = {"run": run.pk, "reason": "漏计一项加分"}
        assert client.get(url).status_code == 405
        assert as_(signed.head).post(url, given).status_code == 403
        assert client.post(url, given).status_code == 302
        assert client.post(url, given).status_code == 422
        assert client.post(url, {"run": 99999, "reason": "…"}).status_code == 404
        assert client.post(reverse("corrections", args=[99999]), given).status_code == 404
        grant(signed, Approval.objects.get(object_ref=run.pk), at(10, 13))
        page = as_(signed.acting(OTHER, "unit_head")).get(reverse("result-uses")).content.decode()
        assert "漏计一项加分" in page
        assert "第 2 版" in page
        old = as_(signed.head).get(reverse("result-uses"), {"publication": first.publication.pk})
        assert "这一版已被更正" in old.content.decode()


def test_a_round_that_only_began_has_published_nothing(signed: City) -> None:
    round = opened(signed)
    assert line_of(round).points == 14
    assert published_run(signed.cycle) is None

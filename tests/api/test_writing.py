"""Programs do what the forms do: by the same operations, once per key, on what they have read."""

from __future__ import annotations

from typing import Any

import pytest

from api.calling import Caller, problem_of
from conftest import City
from guantong.api.models import Token
from guantong.audit import standing
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.obligations.choices import State
from guantong.obligations.models import Claim, Obligation
from guantong.records.models import Record

TODAY = clock.today().isoformat()


def a_record(**more: Any) -> dict[str, Any]:
    return {"kind": "progress", "happened_on": TODAY, "summary": "完成了第三季度清欠"} | more


@pytest.fixture
def head(signed: City) -> Caller:
    return Caller.acting(signed.head)


@pytest.fixture
def owed(signed: City) -> Obligation:
    """A progress report of the head's own unit."""
    return next(
        each
        for each in Obligation.objects.filter(unit__code="1506-MU-01", state=State.OPEN).order_by("pk")
        if "progress_line" in each.evidence and each.starts_on <= clock.today()
    )


class TestRecords:
    def test_one_is_entered_with_what_it_fulfils(self, head: Caller, owed: Obligation) -> None:
        answer = head.post("records/", a_record(references=["台账"], obligations=[owed.pk]))
        assert answer.status_code == 201, answer.content.decode()
        told = answer.json()  # type: ignore[attr-defined]
        assert answer["Location"] == f"/api/v1/records/{told['id']}/"
        assert (told["obligations"], told["evidence"][0]["reference"]) == ([owed.pk], "台账")
        assert answer["ETag"] == head.get(f"records/{told['id']}/")["ETag"]
        owed.refresh_from_db()
        assert owed.state == State.CLAIMED
        assert verify_log().faults == []

    def test_the_log_says_that_a_token_did_it(self, head: Caller) -> None:
        head.post("records/", a_record())
        token = Token.objects.get()
        entry = AuditEntry.objects.get(verb="records.entered")
        assert entry.actor == f"person:{token.person_id} office:{token.office_id} token:{token.pk}"

    def test_refused_in_the_sentence_of_the_page_and_nothing_is_kept(
        self, head: Caller, owed: Obligation
    ) -> None:
        later = problem_of(head.post("records/", a_record(happened_on="2199-01-01")))
        assert later["status"] == 422
        assert later["detail"] == "工作日期 2199-01-01 还没有到，只能记录已经发生的工作。"
        wrong_kind = head.post("records/", a_record(kind="visit", obligations=[owed.pk]))
        assert problem_of(wrong_kind)["status"] == 422
        strange = head.post(
            "records/", a_record(obligations=[Obligation.objects.filter(unit__code="150622")[0].pk])
        )
        assert problem_of(strange)["status"] == 422
        assert problem_of(head.post("records/", a_record(participants=[999_999])))["status"] == 422
        assert not Record.objects.exists()

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            (b"{", ""), (b"[]", ""), (b"\xff\xfe", ""), (b'{"a": NaN}', ""), (b"[" * 100_000, ""),
            (a_record(kind="party"), "kind"), (a_record(summary=""), "summary"), (a_record(summary=3), "summary"),
            (a_record(summary="a\x00b"), "summary"), (a_record(summary="\ud800"), "summary"),
            (a_record(happened_on="20260301"), "happened_on"), (a_record(ethnicity="—"), "ethnicity"),
            (a_record(participants=[True]), "participants/0"), (a_record(participants="1"), "participants"),
            (a_record(place=None), "place"), ({"kind": "progress", "summary": "a"}, "happened_on"),
        ],
    )  # fmt: skip
    def test_what_has_not_the_shape_is_told_by_its_place(self, head: Caller, body: Any, where: str) -> None:
        told = problem_of(head.post("records/", body))
        assert (told["status"], [each["where"] for each in told["errors"]]) == (400, [where])

    def test_the_frame_must_be_right(self, head: Caller) -> None:
        text = head.post("records/", b"a=b", **{"Content-Type": "text/plain"})
        assert problem_of(text)["status"] == 415
        assert problem_of(head.post("records/", a_record(), key="short"))["status"] == 400
        assert problem_of(head.post("records/", b" " * (300 * 1024)))["status"] == 413
        wrong = head.ask("DELETE", "/api/v1/records/")
        assert (problem_of(wrong)["status"], wrong["Allow"]) == (405, "GET, HEAD, POST")
        assert problem_of(head.get("nothing/"))["status"] == 404


class TestOnce:
    def test_sent_again_under_its_key_it_is_done_once(self, head: Caller) -> None:
        first = head.post("records/", a_record(), key="key-0001")
        again = head.post("records/", a_record(), key="key-0001")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.content == again.content
        assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
        assert Record.objects.count() == 1

    def test_another_body_under_the_same_key_is_refused(self, head: Caller) -> None:
        head.post("records/", a_record(), key="key-0001")
        assert problem_of(head.post("records/", a_record(place="别处"), key="key-0001"))["status"] == 422
        assert Record.objects.count() == 1

    def test_what_was_refused_may_be_sent_again(self, head: Caller) -> None:
        assert head.post("records/", a_record(participants=[999_999]), key="key-0001").status_code == 422
        assert head.post("records/", a_record(), key="key-0001").status_code == 201

    def test_each_token_has_keys_of_its_own(self, head: Caller, signed: City) -> None:
        other = Caller.acting(signed.head)
        for caller in (head, other):
            assert caller.post("records/", a_record(), key="key-0001").status_code == 201
        assert Record.objects.count() == 2


class TestClaims:
    def test_nothing_new_and_with_a_record(self, head: Caller, owed: Obligation) -> None:
        path = f"obligations/{owed.pk}/claims/"
        for body in ({}, {"record": 1, "nothing_new": True}, {"record": 999_999}):
            assert problem_of(head.post(path, body))["status"] == 422
        answer = head.post(path, {"nothing_new": True})
        assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/obligations/{owed.pk}/")
        told = answer.json()  # type: ignore[attr-defined]
        assert (told["state"], told["claims"][0]["nothing_new"]) == ("claimed", True)
        assert problem_of(head.post(path, {"nothing_new": True}))["status"] == 422
        assert Claim.objects.count() == 1

    def test_on_what_was_read_and_not_on_what_has_changed(self, head: Caller, owed: Obligation) -> None:
        path, tag = f"obligations/{owed.pk}/claims/", head.get(f"obligations/{owed.pk}/")["ETag"]
        Obligation.objects.filter(pk=owed.pk).update(title="改过的事项")
        changed = head.post(path, {"nothing_new": True}, **{"If-Match": tag})
        assert problem_of(changed)["status"] == 412
        assert not Claim.objects.exists()
        tag = head.get(f"obligations/{owed.pk}/")["ETag"]
        assert head.post(path, {"nothing_new": True}, key="key-0001", **{"If-Match": tag}).status_code == 201
        again = head.post(path, {"nothing_new": True}, key="key-0001", **{"If-Match": tag})
        assert (again.status_code, again["Idempotency-Replayed"]) == (201, "true")

    def test_another_unit_s_is_not_there_or_not_theirs(self, signed: City, owed: Obligation) -> None:
        path = f"obligations/{owed.pk}/claims/"
        county = Caller.acting(signed.acting("150602", "first_responsible"))
        assert problem_of(county.post(path, {"nothing_new": True}))["status"] == 404
        above = Caller.acting(signed.coordinator)
        assert problem_of(above.post(path, {"nothing_new": True}))["status"] == 422


def test_behind_its_own_log_nothing_is_changed(head: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "is_rolled_back", lambda: "数据库落后于日志。")
    told = problem_of(head.post("records/", a_record()))
    assert (told["status"], told["detail"]) == (503, "系统处于只读状态，没有保存。 数据库落后于日志。")
    assert head.get("records/").status_code == 200

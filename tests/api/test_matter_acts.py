"""Programs follow a matter to its end as the desk of its page does, and are told the same sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.calling import Caller, done, problem_of, refused
from api.moving_time import GoTo, going
from conftest import City, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.records.choices import RecordKind
from guantong.supervision.models import Matter
from guantong.supervision.operations.merging import follow_matter
from supervision.matter_cast import (
    COOPERATING,
    LEAD,
    completed,
    dispatched,
    drafted,
    part_of,
    second_coordinator,
    stages,
)


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


class Desk:
    """The programs of the office and of two units, with tokens for the year."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.office = self.of(city.coordinator)
        self.lead = self.of(city.acting(LEAD, "unit_head"))
        self.other = self.of(city.acting(COOPERATING, "unit_head"))

    @staticmethod
    def of(acting: Acting) -> Caller:
        return Caller.acting(acting, days=300)

    def typed(self, **more: Any) -> dict[str, Any]:
        units = self.city.units
        return {
            "kind": "other", "title": "解决民营企业账款拖欠问题", "origin": "meeting", "basis": "纪要〔2026〕3号",
            "lead": units[LEAD].pk, "cooperating": [units[COOPERATING].pk], "due_on": "2026-04-30",
        } | more  # fmt: skip


@pytest.fixture
def desk(city: City, go: GoTo) -> Desk:
    return Desk(city)


def part(matter: int, code: str) -> int:
    return part_of(Matter.objects.get(pk=matter), code).pk


class TestAMatter:
    def test_from_a_draft_to_its_end(self, desk: Desk, go: GoTo) -> None:
        made = done(desk.office.post("matters/", desk.typed(target="12.50", target_unit="万元")))
        pk, path = made["id"], f"matters/{made['id']}/"
        lead = next(each for each in made["parts"] if each["part"] == "lead")
        assert (made["stage"], made["number"], lead["target"]) == ("draft", None, "12.50")
        assert done(desk.office.post(f"{path}drafts/", desk.typed(title="清欠")))["title"] == "清欠"
        assert done(desk.office.post(f"{path}registrations/", {}))["number"] == 1
        done(desk.office.post(f"{path}dispatches/", {"sign_by": "2026-03-05"}))
        for unit, code in ((desk.lead, LEAD), (desk.other, COOPERATING)):
            go(3, 3)
            signed = done(unit.post(f"matter-parts/{part(pk, code)}/signatures/", {}))
            assert (signed["stage"], signed["signed_on"]) == ("under_way", "2026-03-03")
            go(3, 20)
            entered = {
                "kind": RecordKind.PROGRESS, "happened_on": "2026-03-20", "summary": "已清偿账款",
                "obligations": [signed["obligation"]],
            }  # fmt: skip
            done(unit.post("records/", entered))
            [waiting] = desk.office.read("claims-to-review/")["items"]
            assert waiting["obligation"]["id"] == signed["obligation"]
            go(3, 23)
            review = {"claim": waiting["id"], "verdict": "accepted"}
            done(desk.office.post(f"obligations/{signed['obligation']}/reviews/", review))
        assert desk.office.read("claims-to-review/")["items"] == []
        ended = done(desk.office.post(f"{path}closings/", {}))
        assert (ended["stage"], ended["closed_on"]) == ("closed", "2026-03-23")
        again = {"parts": [part(pk, LEAD)], "reason": "又有新的拖欠"}
        assert refused(desk.office.post(f"{path}reopenings/", again)) == "请写明新的办结期限。"
        done(desk.office.post(f"{path}reopenings/", again | {"due_on": "2026-05-30"}))
        assert stages(Matter.objects.get(pk=pk)) == {LEAD: "under_way", COOPERATING: "closed"}
        assert verify_log().clean
        assert AuditEntry.objects.filter(actor__contains="token:").count() > 10

    def test_what_its_stage_does_not_allow_is_refused_in_the_sentence_of_the_page(self, desk: Desk) -> None:
        matter = drafted(desk.city)
        path = f"matters/{matter.pk}/"
        said = refused(desk.office.post(f"{path}dispatches/", {"sign_by": "2026-03-05"}))
        assert "拟立项" in said
        assert refused(desk.office.post(f"{path}closings/", {}))
        assert refused(desk.office.post(f"{path}resumptions/", {}))
        matter.refresh_from_db()
        assert matter.stage == "draft"

    def test_what_is_chosen_must_be_among_what_the_page_offers(self, desk: Desk, signed: City) -> None:
        village = signed.units["150602001001"].pk
        for wrong in ({"lead": village}, {"lead": 999_999}, {"kind": "nothing"}, {"cooperating": [village]}):
            assert refused(desk.office.post("matters/", desk.typed(**wrong)))
        assert not Matter.objects.exists()

    def test_amounts_are_written_as_text(self, desk: Desk) -> None:
        for wrong in (12.5, "-1", "1e3", "1.234", "12.", "１２", "12\n"):
            told = problem_of(desk.office.post("matters/", desk.typed(target=wrong)))
            assert (told["status"], told["errors"][0]["where"]) == (400, "target"), wrong

    def test_paused_and_taken_up_again_cancelled_and_merged(self, desk: Desk, go: GoTo) -> None:
        one, two = dispatched(desk.city), dispatched(desk.city, title="另一件")
        path = f"matters/{one.pk}/"
        assert done(desk.office.post(f"{path}suspensions/", {"reason": "等上级明确"}))["stage"] == "suspended"
        go(3, 12)
        assert done(desk.office.post(f"{path}resumptions/", {}))["due_on"] == "2026-05-10"
        assert refused(desk.office.post(f"{path}mergers/", {"number": 77, "reason": "同一件事"})).endswith(
            "77 的督办事项。"
        )
        merged = done(desk.office.post(f"{path}mergers/", {"number": two.number, "reason": "同一件事"}))
        assert (merged["stage"], merged["merged_into"]) == ("merged", two.pk)
        ended = done(desk.office.post(f"matters/{two.pk}/cancellations/", {"reason": "不再需要"}))
        assert ended["stage"] == "cancelled"

    def test_parts_are_verified_by_another_person_or_sent_back(self, desk: Desk, go: GoTo) -> None:
        matter = completed(desk.city, kind="demand")
        verifier = desk.of(second_coordinator(desk.city))
        go(3, 24)
        path = f"matters/{matter.pk}/"
        assert "先核查" in refused(desk.office.post(f"{path}closings/", {}))
        assert "没有参加" in refused(desk.office.post(f"{path}verifications/", {"result": "现场核对"}))
        back = {"parts": [part(matter.pk, LEAD)], "reason": "附件不全", "due_on": "2026-04-20"}
        assert refused(desk.lead.post(f"{path}returns/", back))
        assert refused(verifier.post(f"{path}returns/", back | {"parts": [999_999]}))
        done(verifier.post(f"{path}returns/", back))
        assert stages(matter)[LEAD] == "returned"
        whole = completed(desk.city, kind="demand")
        assert (
            done(verifier.post(f"matters/{whole.pk}/verifications/", {"result": "现场核对"}))["stage"]
            == "verified"
        )

    def test_a_follower_follows_until_it_does_not(self, desk: Desk, signed: City) -> None:
        """By number, as the page offers it to an office that the year binds."""
        matter = dispatched(desk.city, also=("150602",))
        county = desk.of(signed.acting("150602", "first_responsible"))
        assert refused(desk.lead.post(f"matters/{matter.pk}/subscriptions/", {"reason": " "}))
        path = f"matters/{matter.pk}/subscription-ends/"
        assert done(county.post(path, {}, key="end-00001"))["id"] == matter.pk

    def test_what_an_act_takes_out_of_sight_is_answered_without_content(
        self, desk: Desk, signed: City
    ) -> None:
        matter = dispatched(desk.city, also=())
        county = signed.acting("150602", "first_responsible")
        follow_matter(matter=matter, reason="也要办", actor=county, now=at(3, 2))
        program, path = desk.of(county), f"matters/{matter.pk}/subscription-ends/"
        first, again = (program.post(path, {}, key="end-00001") for _each in range(2))
        assert (first.status_code, first.content, "ETag" in first) == (204, b"", False)
        assert (again.status_code, again["Idempotency-Replayed"]) == (204, "true")
        assert problem_of(program.get(f"matters/{matter.pk}/"))["status"] == 404


class TestAPart:
    def test_what_was_read_must_still_hold(self, desk: Desk) -> None:
        matter = dispatched(desk.city)
        path = f"matter-parts/{part(matter.pk, LEAD)}/"
        tag = desk.lead.get(path)["ETag"]
        Matter.objects.get(pk=matter.pk).parts.filter(unit__code=LEAD).update(wording="另一句话")
        assert problem_of(desk.lead.post(f"{path}signatures/", {}, **{"If-Match": tag}))["status"] == 412
        tag = desk.lead.get(path)["ETag"]
        first = desk.lead.post(f"{path}signatures/", {}, key="sign-0001", **{"If-Match": tag})
        again = desk.lead.post(f"{path}signatures/", {}, key="sign-0001", **{"If-Match": tag})
        assert (first.status_code, again["Idempotency-Replayed"]) == (201, "true")
        assert refused(desk.lead.post(f"{path}signatures/", {}))

    def test_another_unit_neither_sees_nor_signs(self, desk: Desk) -> None:
        path = f"matter-parts/{part(dispatched(desk.city).pk, LEAD)}/"
        for answer in (desk.other.get(path), desk.other.post(f"{path}signatures/", {})):
            assert problem_of(answer)["status"] == 404
        assert problem_of(desk.office.post(f"{path}signatures/", {}))["status"] == 403

    def test_refused_and_insisted_on_or_given_to_another(self, desk: Desk, signed: City) -> None:
        matter = dispatched(desk.city)
        path = f"matter-parts/{part(matter.pk, COOPERATING)}/"
        assert done(desk.other.post(f"{path}refusals/", {"reason": "不属本单位职责"}))["stage"] == "refused"
        insisted = done(desk.office.post(f"{path}refusal-answers/", {"reason": "三定方案第二条"}))
        assert insisted["stage"] == "assigned"
        done(desk.other.post(f"{path}refusals/", {"reason": "仍不属本单位"}))
        to = signed.units["150602"]
        done(desk.office.post(f"{path}refusal-answers/", {"reason": "改派", "unit": to.pk}))
        assert stages(matter)["150602"] == "assigned"

    def test_more_time_is_asked_and_given(self, desk: Desk, go: GoTo) -> None:
        matter = dispatched(desk.city)
        path = f"matter-parts/{part(matter.pk, LEAD)}/"
        owed = done(desk.lead.post(f"{path}signatures/", {}))["obligation"]
        done(desk.lead.post(f"{path}extensions/", {"until": "2026-05-15", "reason": "等审计"}))
        [asked] = desk.office.read(f"obligations/{owed}/")["extensions"]
        assert (asked["granted"], asked["asked_until"]) == (None, "2026-05-15")
        wrong = {"extension": asked["id"] + 1, "granted": True}
        assert refused(desk.office.post(f"{path}extension-decisions/", wrong)).startswith("这里没有编号为")
        given = done(
            desk.office.post(f"{path}extension-decisions/", {"extension": asked["id"], "granted": True})
        )
        assert given["due_on"] == "2026-05-15"
        assert desk.office.read(f"obligations/{owed}/")["extensions"][0]["granted"] is True

    def test_split_to_units_below(self, desk: Desk, signed: City) -> None:
        matter = dispatched(desk.city, also=("150602",))
        path = f"matter-parts/{part(matter.pk, '150602')}/"
        district = desk.of(signed.acting("150602", "first_responsible"))
        done(district.post(f"{path}signatures/", {}))
        sent = {"units": [signed.units["150602001"].pk], "due_on": "2026-04-20", "wording": "摸清底数"}
        assert refused(district.post(f"{path}splits/", sent | {"units": [signed.units["150622100"].pk]}))
        done(district.post(f"{path}splits/", sent))
        below = part_of(matter, "150602001")
        assert (below.due_on, below.wording) == (dt.date(2026, 4, 20), "摸清底数")

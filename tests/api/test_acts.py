"""Programs review, sign, object, split and reply by the forms and operations of the pages."""

from __future__ import annotations

from typing import Any

import pytest

from api.calling import Caller, done, problem_of, refused
from api.moving_time import GoTo, going
from conftest import CONSOLE, City, at
from guantong.accounts.acting import Acting
from guantong.audit.verification import verify_log
from guantong.duties.operations import issue_duty_lists
from guantong.obligations.models import Obligation
from guantong.tasks.drafts import PartDraft, QuestionDraft, TaskDraft
from guantong.tasks.models import Assignment, Task
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due
from supervision import finding_cast as finding

UNIT, DISTRICT = "1506-MU-01", "150602"


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> GoTo:
    return going(monkeypatch)


def of(acting: Acting) -> Caller:
    return Caller.acting(acting, days=300)


def reported(signed: City) -> tuple[Obligation, dict[str, Any]]:
    """A progress report that the unit has claimed, and how the interface tells of it."""
    owed = next(
        each
        for each in Obligation.objects.filter(unit__code=UNIT, state="open").order_by("pk")
        if "progress_line" in each.evidence and each.starts_on <= at(3, 2).date()
    )
    told = done(of(signed.head).post(f"obligations/{owed.pk}/claims/", {"nothing_new": True}))
    return owed, told


class TestReviews:
    def test_a_claim_is_returned_with_a_reason_then_accepted(self, signed: City, go: GoTo) -> None:
        owed, told = reported(signed)
        office, path = of(signed.coordinator), f"obligations/{owed.pk}/"
        review = {"claim": told["claims"][0]["id"], "verdict": "returned"}
        assert refused(office.post(f"{path}reviews/", review)) == "退回时请写明理由，让对方知道要补什么。"
        returned = done(office.post(f"{path}reviews/", review | {"reason": "请附台账"}))
        assert (returned["state"], returned["claims"][0]["reviews"][0]["reason"]) == ("returned", "请附台账")
        assert (
            refused(office.post(f"{path}reviews/", review | {"reason": "再来"})) == "这项申报已经审核过了。"
        )
        again = done(of(signed.head).post(f"{path}claims/", {"nothing_new": True}))
        review = {"claim": again["claims"][0]["id"], "verdict": "accepted"}
        assert done(office.post(f"{path}reviews/", review))["state"] == "fulfilled"
        assert verify_log().clean

    def test_nobody_reviews_their_own_and_no_claim_of_another(self, signed: City, go: GoTo) -> None:
        owed, told = reported(signed)
        review = {"claim": told["claims"][0]["id"], "verdict": "accepted"}
        assert refused(of(signed.head).post(f"obligations/{owed.pk}/reviews/", review))
        other = Obligation.objects.filter(unit__code=UNIT).exclude(pk=owed.pk)[0]
        assert refused(of(signed.coordinator).post(f"obligations/{other.pk}/reviews/", review)).startswith(
            "这里没有"
        )
        county = of(signed.acting("150622", "first_responsible"))
        assert problem_of(county.post(f"obligations/{owed.pk}/reviews/", review))["status"] == 404
        owed.refresh_from_db()
        assert owed.state == "claimed"

    def test_a_program_lists_what_waits_for_its_office_alone(self, signed: City, go: GoTo) -> None:
        owed, told = reported(signed)
        [waiting] = of(signed.coordinator).read("claims-to-review/")["items"]
        assert (waiting["id"], waiting["obligation"]["id"]) == (told["claims"][0]["id"], owed.pk)
        assert of(signed.head).read("claims-to-review/")["items"] == []


class TestClocks:
    def test_time_is_asked_refused_given_stopped_and_started(self, signed: City, go: GoTo) -> None:
        owed = Obligation.objects.filter(unit__code=UNIT, state="open", due_on__gt=at(3, 10).date()).order_by(
            "pk"
        )[0]
        unit, office, path = of(signed.head), of(signed.coordinator), f"obligations/{owed.pk}/"
        assert owed.due_on is not None
        early = refused(unit.post(f"{path}extensions/", {"until": "2026-03-03", "reason": "来不及"}))
        assert early.startswith("延至日期须晚于现在的期限")
        asked = done(unit.post(f"{path}extensions/", {"until": "2026-12-28", "reason": "来不及"}))[
            "extensions"
        ][0]
        answer = {"extension": asked["id"], "granted": False}
        assert refused(office.post(f"{path}extension-decisions/", answer)) == "不同意延期时请写明理由。"
        told = done(office.post(f"{path}extension-decisions/", answer | {"decision": "可以按期"}))
        assert (told["extensions"][0]["granted"], told["extensions"][0]["decision"]) == (False, "可以按期")
        still = done(office.post(f"{path}suspensions/", {"excused": False, "reason": "机构调整"}))
        assert (still["state"], still["light"]) == ("suspended", "grey")
        go(3, 6)
        back = done(office.post(f"{path}resumptions/", {}))
        assert (back["state"], back["suspensions"][0]["ends_on"]) == ("open", "2026-03-06")
        assert problem_of(unit.post(f"{path}suspensions/", {"excused": True, "reason": "—"}))["status"] == 403


class TestDutyLists:
    def test_an_item_is_disputed_answered_and_the_list_signed_once(self, city: City, go: GoTo) -> None:
        go(1, 20)
        row = city.list_of(UNIT)
        unit, office, path = of(city.head), of(city.coordinator), f"duty-lists/{row.pk}/"
        item = unit.read(path)["items"][0]["id"]
        assert refused(unit.post(f"{path}objections/", {"item": 999_999, "reason": "不归我管"})).startswith(
            "这里没有"
        )
        said = done(unit.post(f"{path}objections/", {"item": item, "reason": "不归我管"}))["objections"][0]
        assert (said["item"], said["upheld"]) == (item, None)
        answer = {"objection": said["id"], "upheld": True, "answer": "撤回"}
        told = done(office.post(f"{path}objection-answers/", answer))
        assert (told["objections"][0]["upheld"], told["items"][0]["withdrawn"]) == (True, True)
        assert refused(unit.post(f"{path}signatures/", {}))
        issue_duty_lists(cycle=city.cycle, actor=CONSOLE, now=at(1, 21))
        signed = done(unit.post(f"{path}signatures/", {}, key="sign-2026"))
        assert (signed["state"], signed["signed_on"]) == ("signed", "2026-01-20")
        assert signed["signed_by"]["id"] == city.head.office_ref
        assert unit.post(f"{path}signatures/", {}, key="sign-2026")["Idempotency-Replayed"] == "true"
        assert refused(unit.post(f"{path}signatures/", {}, key="sign-again"))
        assert Obligation.objects.filter(unit__code=UNIT).exists()

    def test_another_unit_s_list_is_not_there(self, city: City, go: GoTo) -> None:
        other = of(city.acting("1506-MU-02", "unit_head"))
        path = f"duty-lists/{city.list_of(UNIT).pk}/signatures/"
        assert problem_of(other.post(path, {}))["status"] == 404


def a_task(signed: City) -> Task:
    draft = TaskDraft(
        sheet="1", row=1, title="建成账款清欠台账", due=Due("unclear"), parts=[PartDraft(signed.units[DISTRICT], "lead", "东胜区")],
        questions=[QuestionDraft("due", "no_date", "年底前", "没有写明日期")],
    )  # fmt: skip
    task_list = issue_task_list(
        cycle=signed.cycle, name="要点", file_name="t.xlsx", digest="1" * 64, drafts=[draft], actor=CONSOLE, now=at(2, 1)
    )  # fmt: skip
    return task_list.tasks.get()


class TestTasks:
    def test_what_is_open_is_decided_a_step_added_and_the_part_split(self, signed: City, go: GoTo) -> None:
        task = a_task(signed)
        office, path = of(signed.coordinator), f"tasks/{task.pk}/"
        [open_one] = office.read(path)["questions"]
        answer = {"question": open_one["id"], "act": "date"}
        assert refused(office.post(f"{path}question-answers/", answer)) == "请选择办结日期。"
        named = answer | {"act": "unit", "unit": "没有这个单位"}
        assert refused(office.post(f"{path}question-answers/", named)).startswith("没有名称或代码为")
        decided = done(office.post(f"{path}question-answers/", answer | {"due_on": "2026-11-30"}))
        assert decided["questions"][0]["answered_at"]
        stepped = done(office.post(f"{path}milestones/", {"due_on": "2026-06-30", "goal": "台账建成"}))
        assert "台账建成" in {each["goal"] for each in stepped["milestones"]}
        county = of(signed.acting(DISTRICT, "first_responsible"))
        part = stepped["assignments"][0]["id"]
        split = {
            "assignment": part,
            "units": [signed.units["150602001"].pk],
            "target": "3",
            "target_unit": "家",
        }
        assert refused(county.post(f"{path}splits/", split | {"units": [signed.units["150622"].pk]}))
        told = done(county.post(f"{path}splits/", split))
        assert {each["target"] for each in told["assignments"]} == {None, "3.00"}
        assert Assignment.objects.get(unit__code="150602001").parent_id == part
        assert verify_log().clean


class TestFindings:
    def test_the_unit_replies_and_asks_for_a_recheck(self, signed: City, go: GoTo) -> None:
        found = finding.notified(signed)
        unit, path = of(signed.head), f"findings/{found.pk}/"
        assert [each["id"] for each in unit.read("findings/?stage=notified")["items"]] == [found.pk]
        go(3, 5)
        told = done(unit.post(f"{path}replies/", {"text": "数据为初步统计。"}))
        assert (told["stage"], told["reply"]["text"]) == ("replied", "数据为初步统计。")
        assert refused(unit.post(f"{path}replies/", {"text": "再说一次"}))
        finding.rule(finding.now_of(found), finding.leader(signed), day=at(3, 10))
        go(3, 20)
        told = done(unit.post(f"{path}rechecks/", {"reason": "现场记录有误"}))
        assert (told["stage"], told["ruling"]["upheld"], told["recheck"]["kept"]) == (
            "rechecking",
            True,
            None,
        )

    def test_what_the_unit_was_not_told_of_is_not_there(self, signed: City, go: GoTo) -> None:
        drafted = finding.drafted(signed)
        assert problem_of(of(signed.head).get(f"findings/{drafted.pk}/"))["status"] == 404
        assert of(signed.head).read("findings/")["items"] == []
        assert of(signed.coordinator).read(f"findings/{drafted.pk}/")["stage"] == "drafted"

"""A demand is taken in: numbered, sealed, followed by a code, and seen only by whoever runs it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from cases.cast import CONTACT, FILED, NAME, WORDING, again, clean_log, filed, leader
from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, CaseStage, Channel, ClockKind
from guantong.cases.codes import contact_mark, digest_of_code, grouped, new_code
from guantong.cases.models import Case
from guantong.cases.operations import erase_applicant, registering_unit
from guantong.cases.queries import case_by_code, cases_visible_to
from guantong.kernel.refusals import Refusal


class TestRegisterCase:
    def test_it_is_numbered_sealed_and_its_first_clock_runs(self, city: City) -> None:
        case, _code = filed(city)
        assert (case.number, case.reference, case.stage) == (1, "2026-00001", CaseStage.REGISTERED)
        assert (str(case.name), str(case.contact), str(case.wording)) == (NAME, CONTACT, WORDING)
        assert list(case.clocks.values_list("kind", "due_on")) == [(ClockKind.NOTIFY, dt.date(2026, 3, 17))]
        assert [(each.verb, each.before, each.after) for each in case.steps.all()] == [
            ("register", "", CaseStage.REGISTERED)
        ]
        assert clean_log()

    def test_the_next_has_the_next_number(self, city: City) -> None:
        assert [filed(city)[0].number for _each in range(3)] == [1, 2, 3]

    def test_nothing_said_by_the_applicant_is_in_the_log_or_in_the_plain_columns(self, city: City) -> None:
        case, code = filed(city)
        row = repr(Case.objects.filter(pk=case.pk).values().get())
        log = "".join(AuditEntry.objects.values_list("payload", flat=True)) + "".join(
            AuditEntry.objects.values_list("actor", flat=True)
        )
        for said in (NAME, CONTACT, WORDING, code):
            assert said not in row
            assert said not in log

    def test_the_applicant_is_the_actor_of_the_log_row_without_a_name(self, city: City) -> None:
        case, _code = filed(city)
        entry = AuditEntry.objects.get(verb="cases.registered")
        assert (entry.actor, entry.person_ref, entry.office_ref) == (f"applicant case:{case.pk}", None, None)

    @pytest.mark.parametrize("kind", [CaseKind.QUESTION, CaseKind.SUGGESTION])
    def test_whoever_asks_or_proposes_may_stay_unknown(self, city: City, kind: str) -> None:
        case, _code = filed(city, kind=kind, anonymous=True)
        assert (case.anonymous, case.name, case.contact, case.contact_index) == (True, "", "", "")

    @pytest.mark.parametrize("kind", [CaseKind.DIFFICULTY, CaseKind.COMPLAINT])
    def test_whoever_wants_something_solved_is_reachable(self, city: City, kind: str) -> None:
        with pytest.raises(Refusal, match="请留下称呼或联系方式"):
            filed(city, kind=kind, anonymous=True)

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"wording": "  "}, "请写明要反映的内容"),
            ({"wording": "字" * 4001}, "最多 4000 字，现有 4001 字"),
            ({"kind": "praise"}, "请选择诉求的类别"),
            ({"channel": "pigeon"}, "请选择来源渠道"),
            ({"received_on": dt.date(2026, 3, 3)}, "还没有到"),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_is_kept(
        self, city: City, changed: dict[str, object], words: str
    ) -> None:
        with pytest.raises(Refusal, match=words):
            filed(city, **changed)
        assert not Case.objects.exists()

    def test_an_office_registers_for_somebody_as_of_the_day_they_came(self, city: City) -> None:
        case, _code = filed(
            city, actor=city.coordinator, channel=Channel.WINDOW, received_on=dt.date(2026, 2, 27)
        )
        assert case.registered_by == city.coordinator.office
        assert case.clocks.get().due_on == dt.date(2026, 3, 14)

    def test_an_administrator_registers_nothing(self, city: City) -> None:
        with pytest.raises(Refusal, match="您的岗位不能登记诉求"):
            filed(city, actor=city.acting("1506-LGO", "system_admin"))

    def test_the_body_complained_of_does_not_register_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="不能受理对自己的投诉"):
            filed(city, kind=CaseKind.COMPLAINT, against=city.units["1506-LGO"])

    def test_a_complaint_about_the_coordinating_office_goes_to_the_body_above(self, city: City) -> None:
        assert registering_unit(city.cycle) == city.units["1506-LGO"]
        assert registering_unit(city.cycle, against=city.units["1506-LGO"]) == city.units["1506"]
        with pytest.raises(Refusal, match="请向上一级机关"):
            registering_unit(city.cycle, against=city.units["1506"])


class TestCode:
    def test_it_opens_the_case_however_it_is_typed(self, city: City) -> None:
        case, code = filed(city)
        for typed in (code, grouped(code), code.lower(), f" {code[:4]} {code[4:]} "):
            assert case_by_code(typed) == case

    def test_only_its_keyed_hash_is_kept(self, city: City) -> None:
        case, code = filed(city)
        assert case.code_digest == digest_of_code(code)
        assert len(case.code_digest) == 64

    def test_a_slip_of_the_pen_opens_nothing(self, city: City) -> None:
        _case, code = filed(city)
        for place in range(len(code)):
            wrong = "7" if code[place] != "7" else "8"
            assert case_by_code(code[:place] + wrong + code[place + 1 :]) is None
        assert case_by_code("") is None

    def test_codes_are_ten_characters_and_a_check_without_look_alikes(self) -> None:
        made = {new_code() for _each in range(200)}
        assert len(made) == 200
        assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{11}", each) for each in made)


class TestContactMark:
    def test_the_same_contact_is_known_however_it_was_typed(self) -> None:
        spellings = [
            "13800001234",
            "138 0000 1234",
            "138-0000-1234",
            "+86 138 0000 1234",
            "１３８００００１２３４",
        ]
        assert len({contact_mark(each) for each in spellings}) == 1
        assert contact_mark("A@b.cn") == contact_mark("a@B.CN ")
        assert contact_mark("13800001235") != contact_mark("13800001234")
        assert contact_mark("  ") == ""


class TestEraseApplicant:
    def test_what_identifies_is_gone_and_the_case_is_withdrawn(self, city: City) -> None:
        case, code = filed(city)
        entry = erase_applicant(case=case, actor=Applicant(case.pk), now=at(3, 3))
        row = again(case)
        assert (row.name, row.contact, row.wording, row.contact_index) == ("", "", "", "")
        assert row.stage == CaseStage.WITHDRAWN
        assert entry.verb == "privacy.erased"
        assert case_by_code(code) == row
        assert clean_log()

    def test_a_second_time_is_refused(self, city: City) -> None:
        case, _code = filed(city)
        erase_applicant(case=case, actor=Applicant(case.pk), now=at(3, 3))
        with pytest.raises(Refusal, match="已经删除"):
            erase_applicant(case=case, actor=Applicant(case.pk), now=at(3, 4))


class TestWhoSeesIt:
    def test_before_it_is_given_out_only_who_runs_it(self, city: City) -> None:
        case, _code = filed(city)
        everybody = [
            city.coordinator, leader(city), city.head, city.acting("150602", "first_responsible"),
            city.acting("1506-LGO", "assessor"), city.acting("1506-LGO", "system_admin"),
            city.acting("150602001", "commissioner"),
        ]  # fmt: skip
        assert [each for each in everybody if case in cases_visible_to(each)] == [city.coordinator]

    def test_an_applicant_sees_their_own_alone(self, city: City) -> None:
        case, _code = filed(city)
        filed(city, now=FILED)
        assert list(cases_visible_to(Applicant(case.pk))) == [case]
        assert list(cases_visible_to(Applicant())) == []

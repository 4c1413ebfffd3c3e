from __future__ import annotations

import pytest

from conftest import City, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.partners.models import Partner, Recusal
from guantong.partners.operations import (
    close_organisation,
    correct_organisation,
    declare_recusal,
    import_organisations,
    lift_recusal,
    register_organisation,
)
from guantong.partners.queries import partners_visible_to
from guantong.partners.reading import organisations_in
from partners.cast import organisation, representative

REGISTER = "类别,名称,所在地代码\n企业,蒙西商贸公司,150602\n商会,准格尔旗商会,150622\n"


class TestRegisterOrganisation:
    def test_it_stands_by_name_and_place_with_its_log_row(self, city: City) -> None:
        made = organisation(city, "  蒙西  商贸公司 ")
        assert (made.name, made.kind, made.area.code, made.subject) == (
            "蒙西 商贸公司",
            "enterprise",
            "150602",
            None,
        )
        assert AuditEntry.objects.filter(verb="partners.registered", object_ref=str(made.pk)).count() == 1
        assert verify_log().faults == []

    def test_the_same_one_twice_is_the_first_one(self, city: City) -> None:
        assert organisation(city) == organisation(city)
        assert Partner.objects.count() == 1

    def test_only_the_coordinating_office_registers_and_only_in_its_sight(self, city: City) -> None:
        for actor in (
            city.head,
            city.acting("1506-LG", "leader"),
            city.acting("150602", "first_responsible"),
        ):
            with pytest.raises(Refusal, match="统筹协调单位"):
                register_organisation(
                    kind="enterprise", name="某公司", area=city.units["150602"], actor=actor, now=at(1, 10)
                )
        with pytest.raises(Refusal, match="统筹协调单位"):
            register_organisation(
                kind="enterprise", name="某公司", area=city.units["15"], actor=city.coordinator, now=at(1, 10)
            )
        assert not Partner.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "name", "sentence"),
        [("person", "某人", "只能是"), ("enterprise", " ", "登记名称"), ("enterprise", "公" * 201, "200")],
    )
    def test_what_is_no_organisation_is_refused(
        self, city: City, kind: str, name: str, sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            register_organisation(
                kind=kind, name=name, area=city.units["150602"], actor=city.coordinator, now=at(1, 10)
            )

    def test_it_is_corrected_and_closed_with_what_was_done_left(self, city: City) -> None:
        made = organisation(city)
        correct_organisation(
            partner=made, name="蒙西贸易公司", area=city.units["150622"], actor=city.coordinator, now=at(2, 1)
        )
        close_organisation(partner=made, actor=city.coordinator, now=at(2, 2))
        close_organisation(partner=made, actor=city.coordinator, now=at(2, 5))
        made.refresh_from_db()
        assert (made.name, made.area.code, made.closed_on) == ("蒙西贸易公司", "150622", at(2, 2).date())
        assert verify_log().faults == []

    def test_a_name_that_stands_already_is_not_given_to_another(self, city: City) -> None:
        organisation(city)
        other = organisation(city, "另一家公司")
        with pytest.raises(Refusal, match="已登记"):
            correct_organisation(
                partner=other,
                name="蒙西商贸公司",
                area=city.units["150602"],
                actor=city.coordinator,
                now=at(2, 1),
            )


class TestImport:
    def test_a_register_is_read_by_its_heads(self, city: City) -> None:
        rows = organisations_in(REGISTER)
        import_organisations(rows=rows, actor=city.coordinator, now=at(1, 10))
        assert set(Partner.objects.values_list("name", "kind", "area__code")) == {
            ("蒙西商贸公司", "enterprise", "150602"), ("准格尔旗商会", "chamber", "150622"),
        }  # fmt: skip
        assert import_organisations(rows=rows, actor=city.coordinator, now=at(1, 11)) == []

    @pytest.mark.parametrize(
        "head", ["民族", "宗教信仰", "家庭成员", "身份证号", "政治面貌", "ethnicity", "birthDate"]
    )
    def test_a_column_that_is_never_asked_refuses_the_whole_file(self, city: City, head: str) -> None:
        with pytest.raises(Refusal, match="不得收集"):
            organisations_in(f"类别,名称,所在地代码,{head}\n企业,某公司,150602,x\n")

    @pytest.mark.parametrize("head", ["联系人", "电话", "姓名", "备注", "contact"])
    def test_any_column_about_a_person_is_unknown_here(self, city: City, head: str) -> None:
        with pytest.raises(Refusal, match="不登记人的信息"):
            organisations_in(f"类别,名称,所在地代码,{head}\n企业,某公司,150602,x\n")

    def test_a_row_of_an_unknown_place_or_with_too_many_cells_is_named(self, city: City) -> None:
        with pytest.raises(Refusal, match="第 2 行"):
            organisations_in("类别,名称,所在地代码\n企业,某公司,999999\n")
        with pytest.raises(Refusal, match="第 2 行"):
            organisations_in("类别,名称,所在地代码\n企业,某公司,150602,多的\n")
        with pytest.raises(Refusal, match="缺少列"):
            organisations_in("类别,名称\n企业,某公司\n")


class TestVisible:
    def test_partners_in_the_subtree_for_offices_that_keep_contact(self, city: City) -> None:
        here = organisation(city)
        person = representative(city, area="150622")
        seen = {
            "office": set(partners_visible_to(city.coordinator)),
            "leader": set(partners_visible_to(city.acting("1506-LG", "leader"))),
            "head": set(partners_visible_to(city.head)),
            "county": set(partners_visible_to(city.acting("150602", "first_responsible"))),
        }
        both = {here, person}
        assert seen == {"office": both, "leader": both, "head": set(), "county": set()}


class TestRecusal:
    def test_an_office_stands_aside_for_itself_and_comes_back(self, city: City) -> None:
        made, leader = organisation(city), city.acting("1506-LG", "leader")
        first = declare_recusal(partner=made, actor=leader, now=at(2, 1))
        assert declare_recusal(partner=made, actor=leader, now=at(2, 2)) == first
        lift_recusal(partner=made, actor=leader, now=at(2, 3))
        lift_recusal(partner=made, actor=leader, now=at(2, 4))
        assert list(Recusal.objects.values_list("office", "lifted_at")) == [(leader.office.pk, at(2, 3))]
        assert verify_log().faults == []

    def test_there_is_nowhere_to_write_why(self) -> None:
        assert {field.name for field in Recusal._meta.get_fields()} == {
            "id", "partner", "office", "declared_at", "lifted_at"
        }  # fmt: skip

    def test_nobody_without_contact_with_partners_declares_it(self, city: City) -> None:
        with pytest.raises(Refusal, match="本岗位"):
            declare_recusal(partner=organisation(city), actor=city.head, now=at(2, 1))

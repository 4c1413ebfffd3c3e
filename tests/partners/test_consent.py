from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from conftest import CONSOLE, City, at
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners import forms
from guantong.partners.models import ConsentRequest, Partner
from guantong.partners.operations import (
    OrganisationRow,
    agree,
    ask_consent,
    close_organisation,
    correct_organisation,
    correct_own_data,
    decline,
    import_organisations,
    let_consents_lapse,
    register_organisation,
    renew_consent,
    withdraw_consent,
)
from guantong.partners.queries import consent_by_code
from guantong.partners.reading import organisations_in
from guantong.privacy.models import PersonKey
from guantong.privacy.queries import held_about
from partners.cast import asked, organisation, representative


def given(city: City) -> tuple[ConsentRequest, str, Partner]:
    consent, code = asked(city)
    partner = agree(consent=consent, name="苏和", contact="139 0000 0001", now=at(1, 11))
    consent.refresh_from_db()
    return consent, code, partner


class TestAsk:
    def test_the_link_knows_nothing_about_anybody(self, city: City) -> None:
        consent, code = asked(city)
        assert consent.partner is None
        assert consent.open_until == dt.date(2026, 2, 9)
        assert code not in str(ConsentRequest.objects.values_list().get())
        assert len(code) >= 32
        assert verify_log().faults == []

    def test_only_the_coordinating_office_in_its_sight(self, city: City) -> None:
        for actor, area in (
            (city.acting("1506-LG", "leader"), "150602"),
            (city.head, "1506-MU-01"),
            (city.coordinator, "15"),
        ):
            with pytest.raises(Refusal, match="统筹协调单位"):
                ask_consent(area=city.units[area], retention_days=365, actor=actor, now=at(1, 10))


class TestAgree:
    def test_the_person_appears_sealed_for_the_days_the_notice_said(self, city: City) -> None:
        consent, _code, partner = given(city)
        assert (partner.kind, partner.name, str(partner.display_name), str(partner.contact)) == (
            "representative", "", "苏和", "139 0000 0001",
        )  # fmt: skip
        assert consent.agreed_until == dt.date(2027, 1, 11)
        raw = Partner.objects.extra(select={"raw": "display_name"}).values_list("raw", flat=True)
        assert all(
            each.token.startswith("v1.") if hasattr(each, "token") else each.startswith("v1.") for each in raw
        )

    def test_no_word_of_theirs_is_in_the_log(self, city: City) -> None:
        consent, _code, _partner = given(city)
        correct_own_data(consent=consent, name="苏和巴特尔", contact="suhe@example.org", now=at(2, 1))
        withdraw_consent(consent=consent, now=at(2, 2))
        said = "".join(f"{each.payload}{each.actor}{each.object_ref}" for each in AuditEntry.objects.all())
        for word in ("苏和", "139 0000", "example.org"):
            assert word not in said
        assert f"representative consent:{consent.pk}" in said
        assert verify_log().faults == []

    def test_a_link_is_answered_once_and_in_time(self, city: City) -> None:
        consent, _code, _partner = given(city)
        for answer in (
            lambda: agree(consent=consent, name="别人", contact="1", now=at(1, 12)),
            lambda: decline(consent=consent, now=at(1, 12)),
        ):
            with pytest.raises(Refusal, match="已经答复"):
                answer()
        late, _late_code = asked(city)
        with pytest.raises(Refusal, match="已过期"):
            agree(consent=late, name="苏和", contact="1", now=at(2, 10))
        assert Partner.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "contact"), [("", "139"), ("苏和", " "), ("苏" * 61, "139"), ("苏和", "1" * 121)]
    )
    def test_both_fields_are_needed_and_short(self, city: City, name: str, contact: str) -> None:
        consent, _code = asked(city)
        with pytest.raises(Refusal):
            agree(consent=consent, name=name, contact=contact, now=at(1, 11))
        assert not Partner.objects.exists()

    def test_who_declines_leaves_nothing(self, city: City) -> None:
        consent, code = asked(city)
        decline(consent=consent, now=at(1, 11))
        assert not Partner.objects.exists()
        assert consent_by_code(code, on=at(1, 11).date()) is None
        assert verify_log().faults == []


class TestOwnData:
    def test_the_person_corrects_and_sees_all_of_it(self, city: City) -> None:
        consent, _code, partner = given(city)
        correct_own_data(consent=consent, name="苏和巴特尔", contact="suhe@example.org", now=at(2, 1))
        partner.refresh_from_db()
        assert partner.subject is not None
        assert {(each.label, each.value) for each in held_about(partner.subject)} == {
            ("姓名", "苏和巴特尔"), ("联系方式", "suhe@example.org"),
        }  # fmt: skip

    def test_withdrawing_erases_at_once_and_the_link_is_dead(self, city: City) -> None:
        consent, code, partner = given(city)
        entry = withdraw_consent(consent=consent, now=at(3, 1))
        partner.refresh_from_db()
        assert (str(partner.display_name), str(partner.contact), partner.closed_on) == (
            "",
            "",
            at(3, 1).date(),
        )
        assert entry.verb == "privacy.erased"
        assert consent_by_code(code, on=at(3, 1).date()) is None
        with pytest.raises(Refusal, match="已经撤回"):
            withdraw_consent(consent=consent, now=at(3, 2))
        assert verify_log().faults == []

    @pytest.mark.django_db(transaction=True)
    def test_the_key_is_destroyed(self, city: City) -> None:
        consent, _code, partner = given(city)
        assert PersonKey.objects.filter(pk=partner.subject_id).exists()
        withdraw_consent(consent=consent, now=at(3, 1))
        assert not PersonKey.objects.filter(pk=partner.subject_id).exists()

    def test_consent_is_renewed_only_near_its_end(self, city: City) -> None:
        consent, _code, _partner = given(city)
        with pytest.raises(Refusal, match="不需要续期"):
            renew_consent(consent=consent, now=at(3, 1))
        renewed = renew_consent(consent=consent, now=at(11, 20))
        assert renewed.agreed_until == dt.date(2027, 11, 20)


class TestRunningOut:
    def test_the_worker_erases_who_did_not_renew_and_nobody_else(self, city: City) -> None:
        short, _code = asked(city, days=30)
        gone = agree(consent=short, name="苏和", contact="1", now=at(1, 11))
        stays = representative(city, "其其格", "2")
        assert let_consents_lapse(on=dt.date(2026, 2, 10), now=at(2, 10), actor=CONSOLE) == 0
        assert let_consents_lapse(on=dt.date(2026, 2, 11), now=at(2, 11), actor=CONSOLE) == 1
        assert let_consents_lapse(on=dt.date(2026, 2, 11), now=at(2, 11), actor=CONSOLE) == 0
        gone.refresh_from_db()
        stays.refresh_from_db()
        assert (str(gone.display_name), gone.closed_on) == ("", dt.date(2026, 2, 11))
        assert (str(stays.display_name), stays.closed_on) == ("其其格", None)
        assert AuditEntry.objects.filter(verb="partners.consent_lapsed").count() == 1
        assert verify_log().faults == []

    def test_a_link_past_its_days_shows_nothing_even_before_the_worker_came(self, city: City) -> None:
        consent, code = asked(city, days=30)
        agree(consent=consent, name="苏和", contact="1", now=at(1, 11))
        assert consent_by_code(code, on=dt.date(2026, 2, 10)) is not None
        assert consent_by_code(code, on=dt.date(2026, 2, 11)) is None


class TestNobodyElseTypesIt:
    """Every other entrance refuses a representative."""

    def test_registering_and_importing(self, city: City) -> None:
        for actor in (city.coordinator, CONSOLE):
            with pytest.raises(Refusal, match="不能由别人登记"):
                register_organisation(
                    kind="representative", name="苏和", area=city.units["150602"], actor=actor, now=at(1, 10)
                )
            with pytest.raises(Refusal, match="不能由别人登记"):
                import_organisations(
                    rows=[OrganisationRow("enterprise", "某公司", city.units["150602"]), OrganisationRow("representative", "苏和", city.units["150602"])],
                    actor=actor, now=at(1, 10),
                )  # fmt: skip
        for kind in ("representative", "代表人士"):
            with pytest.raises(Refusal, match=r"不能由别人登记|只能是"):
                organisations_in(f"类别,名称,所在地代码\n{kind},苏和,150602\n")
        assert not Partner.objects.exists()

    def test_correcting_and_closing(self, city: City) -> None:
        person = representative(city)
        with pytest.raises(Refusal, match="不能由别人登记"):
            correct_organisation(
                partner=person, name="苏和", area=city.units["150602"], actor=city.coordinator, now=at(2, 1)
            )
        with pytest.raises(Refusal, match="不能由别人登记"):
            close_organisation(partner=person, actor=city.coordinator, now=at(2, 1))

    def test_no_form_offers_it(self, city: City) -> None:
        choices = {
            value
            for value, _label in forms.OrganisationForm(areas=Unit.objects.none()).fields["kind"].choices
        }
        assert choices == {"organisation", "enterprise", "chamber"}
        assert set(forms.ConsentLinkForm(areas=Unit.objects.none()).fields) == {"area"}

    def test_the_database_keeps_no_person_without_a_key_and_no_name_in_clear(self, city: City) -> None:
        for wrong in ({"name": "苏和"}, {"name": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Partner.objects.create(
                    kind="representative", area=city.units["150602"], registered_at=at(1, 1), **wrong
                )
        other = organisation(city)
        with pytest.raises(IntegrityError), transaction.atomic():
            Partner.objects.filter(pk=other.pk).update(subject=representative(city).subject)

    def test_there_is_no_field_for_a_note_about_a_person(self) -> None:
        personal = {name for name, kind in Partner.privacy.classes.items() if kind == "personal"}
        assert personal == {"display_name", "contact"}
        assert set(forms.OwnDataForm.base_fields) == {"name", "contact"}

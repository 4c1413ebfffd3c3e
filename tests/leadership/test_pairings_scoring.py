"""Nothing of partners enters a scorecard: offices are measured on the contact they owe, partners on nothing."""

from __future__ import annotations

import json

from django.apps import apps

from conftest import CONSOLE, City, at
from guantong.assessment.ledger import Ledger
from guantong.assessment.operations import run_scores
from guantong.assessment.snapshot import snapshot_of
from guantong.leadership.queries.pairings import contacts_done_and_due
from guantong.obligations.models import Obligation
from leadership.pairings_cast import confirm_all, leader, planned
from leadership.test_pairings_contacts import note
from partners.cast import organisation, representative


class TestScorecards:
    def test_no_row_of_assessment_points_to_a_partner_or_a_contact(self) -> None:
        forbidden = {
            "partners.partner",
            "partners.consentrequest",
            "leadership.pairing",
            "leadership.partnercontact",
        }
        pointed = {
            (model._meta.label, field.name)
            for model in apps.get_app_config("assessment").get_models()
            for field in model._meta.get_fields()
            if getattr(field, "related_model", None) is not None
            and not field.auto_created
            and field.related_model._meta.label_lower in forbidden
        }
        assert pointed == set()

    def test_a_run_holds_no_name_and_no_number_of_a_partner(self, signed: City) -> None:
        company, person = organisation(signed, "蒙西商贸公司"), representative(signed)
        pairing = confirm_all(signed)["蒙西商贸公司"]
        keeper = leader(signed, pairing.office.number)
        note(signed, planned(signed, company, keeper, 3, 10), keeper)
        run = run_scores(cycle=signed.cycle, as_of=at(7, 1).date(), actor=CONSOLE, now=at(7, 1))
        data = snapshot_of(signed.cycle, as_of=at(7, 1).date())
        text = json.dumps(data, ensure_ascii=False)
        for word in ("蒙西", "苏和", str(person.neutral_name)):
            assert word not in text
        offices = {row[0] for row in data["offices"]}
        scored = {(unit, office) for card in data["subjects"].values() for unit, office in card}
        assert {office for _unit, office in scored if office is not None} == offices
        assert run.scores.exists()

    def test_visits_above_the_duty_add_nothing(self, signed: City) -> None:
        """More contact is not more points: what counts is what was owed."""
        company = organisation(signed, "蒙西商贸公司")
        pairing = confirm_all(signed)["蒙西商贸公司"]
        keeper = leader(signed, pairing.office.number)
        before = contacts_done_and_due(signed.cycle, on=at(3, 1).date())
        for day in (10, 11, 12):
            host = planned(signed, company, keeper, 2, day, purpose=f"第 {day} 次")
            note(signed, host, keeper, day=at(2, day).date(), summary=f"第 {day} 次")
        assert Obligation.objects.filter(source="pairing").count() == 4
        assert before == contacts_done_and_due(signed.cycle, on=at(3, 1).date())

    def test_the_measure_of_contacts_reads_what_pairings_owe(self, signed: City) -> None:
        organisation(signed, "蒙西商贸公司")
        pairing = confirm_all(signed)["蒙西商贸公司"]
        ledger = Ledger(signed.cycle.package, snapshot_of(signed.cycle, as_of=at(7, 1).date()))
        rows = ledger.rows("contacts")
        assert rows is not None
        found = {(row.office, row.due, row.done) for row in rows}
        assert found == {(pairing.office_id, True, False), (pairing.office_id, False, False)}
        assert contacts_done_and_due(signed.cycle, on=at(7, 1).date()) == {pairing.office_id: (0, 2)}

"""The demonstration has papers to look at, and a template that somebody edited."""

from __future__ import annotations

import random

from conftest import City
from documents.cast import NOW, circular, matter, minuted, read, reception_day, words
from guantong.audit.verification import verify_log
from guantong.config.demo.documents import NOTE, play_documents
from guantong.documents.models import Document
from guantong.documents.queries import template_for


def test_it_issues_papers_with_copies_for_the_public_and_uses_an_edited_template(signed: City) -> None:
    circular(signed)
    matter(signed)
    minuted(signed)
    reception_day(signed)
    signed.acting("1506-LG", "leader", 2)  # somebody holds the office whose report is drafted
    made = play_documents(signed.cycle, NOW, random.Random(1))  # noqa: S311
    found = {(each.kind, each.copy) for each in Document.objects.all()}
    assert made["documents"] == Document.objects.count()
    assert {
        ("circular", "internal"), ("circular", "public"), ("supervision_letter", "internal"), ("minutes", "internal"),
        ("reception_notice", "internal"), ("reception_notice", "public"), ("duty_report", "internal"),
    } <= found  # fmt: skip
    edited = Document.objects.get(template__isnull=False)
    assert template_for("circular", signed.units["1506"]) == edited.template
    assert NOTE in words(read(edited))
    assert [each for each in verify_log().faults if "documents" in each.where] == []


def test_a_year_without_anything_to_write_of_has_the_template_alone(city: City) -> None:
    play_documents(city.cycle, NOW, random.Random(1))  # noqa: S311
    assert {each.kind for each in Document.objects.all()} <= {"duty_report"}
    assert template_for("circular", city.units["1506"]) is not None

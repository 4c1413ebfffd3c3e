"""The pages of documents: made by a button, downloaded, printed, with the source of each number beside them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from documents.cast import circular, issued, made_of, matter, reception_day, score, words
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document
from guantong.documents.reading import blocks_of
from guantong.records.files import content_of

KINDS = sorted(PAPERS)


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


class TestPaperPage:
    @pytest.mark.parametrize("kind", KINDS)
    def test_it_offers_the_copies_and_lists_the_numbers_with_their_sources(
        self, kind: str, signed: City, as_: SignIn
    ) -> None:
        item = made_of(kind, signed)
        actor = signed.acting("1506-LG", "leader", 1) if kind == "duty_report" else signed.coordinator
        answer = as_(actor).get(reverse("paper", args=[kind, item.pk]))
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "数字出处" in page
        assert ('value="public"' in page) is (PAPERS[kind].against_public is not None)

    @pytest.mark.parametrize(("kind", "page"), [(kind, paper.page) for kind, paper in sorted(PAPERS.items())])
    def test_the_page_of_the_object_leads_there(
        self, kind: str, page: str, signed: City, as_: SignIn
    ) -> None:
        item = made_of(kind, signed)
        actor = signed.acting("1506-LG", "leader", 1) if kind == "duty_report" else signed.coordinator
        answer = as_(actor).get(reverse(page, args=[item.pk]))
        assert reverse("paper", args=[kind, item.pk]) in answer.content.decode()

    def test_an_object_without_such_a_paper_does_not_lead_there(self, signed: City, as_: SignIn) -> None:
        day = reception_day(signed, published_at=None)
        answer = as_(signed.coordinator).get(reverse("reception-day", args=[day.pk]))
        assert "/papers/" not in answer.content.decode()
        assert (
            as_(signed.coordinator).get(reverse("paper", args=["reception_notice", day.pk])).status_code
            == 200
        )

    def test_a_button_makes_the_document_and_leads_to_it(self, signed: City, as_: SignIn) -> None:
        item = circular(signed)
        answer = as_(signed.coordinator).post(
            reverse("paper-issue", args=["circular", item.pk]), {"copy": "public"}
        )
        made = Document.objects.get()
        assert answer["Location"] == reverse("document", args=[made.pk])
        assert (made.copy, made.issued_by) == ("public", signed.coordinator.office)

    def test_a_second_press_makes_no_second_one(self, signed: City, as_: SignIn) -> None:
        item, client = circular(signed), as_(signed.coordinator)
        for _press in range(2):
            answer = client.post(reverse("paper-issue", args=["circular", item.pk]), follow=True)
        assert Document.objects.count() == 1
        assert "就是上次制作的这一份" in answer.content.decode()

    def test_what_cannot_be_is_refused(self, signed: City, as_: SignIn) -> None:
        item, client = matter(signed), as_(signed.coordinator)
        address = reverse("paper-issue", args=["supervision_letter", item.pk])
        assert client.post(address, {"copy": "public"}).status_code == 422
        assert client.post(address, {"copy": "secret"}).status_code == 422
        assert client.get(address).status_code == 405
        assert not Document.objects.exists()

    def test_nobody_gets_there_who_does_not_see_the_object(self, signed: City, as_: SignIn) -> None:
        item = signed.list_of("1506-MU-01")
        outsider = as_(signed.acting("150622", "first_responsible"))
        assert as_(signed.head).get(reverse("paper", args=["duty_book", item.pk])).status_code == 200
        assert outsider.get(reverse("paper", args=["duty_book", item.pk])).status_code == 404
        assert outsider.post(reverse("paper-issue", args=["duty_book", item.pk])).status_code == 404
        assert as_(signed.head).get(reverse("paper", args=["poem", item.pk])).status_code == 404

    def test_the_page_asks_a_bounded_number_of_queries(
        self, signed: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        item, client = signed.list_of("1506-MU-01"), as_(signed.coordinator)
        for number in range(5):
            item.items.update(minutes=number + 7)
            issued("duty_book", item)
        client.get(reverse("paper", args=["duty_book", item.pk]))
        with django_assert_max_num_queries(30):
            assert (
                client.get(reverse("paper", args=["duty_book", item.pk]))
                .content.decode()
                .count("/documents/")
                >= 5
            )


class TestDocumentPage:
    def test_it_shows_each_number_with_its_value_and_its_source(self, signed: City, as_: SignIn) -> None:
        item = circular(signed)
        document = issued("circular", item)
        page = as_(signed.head).get(reverse("document", args=[document.pk])).content.decode()
        assert document.file.digest in page
        for each in document.numbers.all():
            assert reverse("circular-figure", args=[item.pk, each.key]) in page

    def test_it_tells_which_numbers_have_changed_since_and_stays_as_it_is(
        self, signed: City, as_: SignIn
    ) -> None:
        item, client = matter(signed), as_(signed.coordinator)
        document = issued("supervision_letter", item)
        address = reverse("document", args=[document.pk])
        assert "个数字变了" not in client.get(address).content.decode()
        before = content_of(document.file)
        item.due_on = dt.date(2026, 12, 20)
        item.detail = "核对12户。"
        item.save()
        item.parts.filter(unit__code="150602").update(stage="withdrawn")
        page = client.get(address).content.decode()
        assert (
            "制作以后有 3 个数字变了" in page
        )  # the day, how many units, and the day of one that is no more
        assert "现为 2026年12月20日" in page
        assert "现为 1" in page
        assert "现已没有" in page
        assert content_of(Document.objects.get(pk=document.pk).file) == before

    @pytest.mark.parametrize("kind", KINDS)
    def test_its_page_asks_a_bounded_number_of_queries(
        self, kind: str, signed: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        document = issued(kind, made_of(kind, signed))
        actor = signed.acting("1506-LG", "leader", 1) if kind == "duty_report" else signed.coordinator
        client, address = as_(actor), reverse("document", args=[document.pk])
        client.get(address)
        with django_assert_max_num_queries(40):
            assert client.get(address).status_code == 200

    def test_the_file_is_saved_under_the_title_and_never_shown_inline(
        self, signed: City, as_: SignIn
    ) -> None:
        document = issued("circular", circular(signed))
        answer = as_(signed.head).get(reverse("document-file", args=[document.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert words(docx.Document(io.BytesIO(sent(answer))))

    def test_the_page_to_print_says_what_the_paper_says(self, signed: City, as_: SignIn) -> None:
        document = issued("supervision_letter", matter(signed))
        page = as_(signed.head).get(reverse("document-print", args=[document.pk])).content.decode()
        for block in blocks_of(content_of(document.file)):
            for text in (*block.lines, *(cell for row in block.rows for cell in row)):
                assert all(line in page for line in text.split("\n")), text
        assert "data-print" in page

    @pytest.mark.parametrize("name", ["document", "document-file", "document-pdf", "document-print"])
    def test_an_outsider_finds_nothing(self, name: str, signed: City, as_: SignIn) -> None:
        document = issued("duty_book", signed.list_of("1506-MU-01"))
        outsider = as_(signed.acting("150622", "first_responsible"))
        assert outsider.get(reverse(name, args=[document.pk])).status_code == 404
        assert outsider.get(reverse(name, args=[0])).status_code == 404
        assert outsider.put(reverse(name, args=[document.pk])).status_code == 405

    def test_a_result_before_publication_is_kept_from_its_unit(self, signed: City, as_: SignIn) -> None:
        document = issued("score_sheet", score(signed, published=False))
        assert as_(signed.coordinator).get(reverse("document", args=[document.pk])).status_code == 200
        assert as_(signed.head).get(reverse("document", args=[document.pk])).status_code == 404

    def test_it_reads_in_english_too(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.head)
        client.cookies["django_language"] = "en"
        document = issued("circular", circular(signed))
        page = client.get(reverse("document", args=[document.pk])).content.decode()
        assert "Where the numbers come from" in page
        assert "数字出处" not in page

"""A template is tried before it is put to use, with what its kind declares of its fields or with an object in sight."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from conftest import City, SignIn
from documents.cast import circular, issued, made_of, opened, template_saying, words
from documents.test_templates import GOOD, upload
from guantong.audit.models import AuditEntry
from guantong.documents import pdf
from guantong.documents.choices import Copy, Sample
from guantong.documents.kinds import PAPERS
from guantong.documents.models import Document, Template
from guantong.documents.operations import content_for
from guantong.documents.samples import REACHED_BY, SOMEBODY
from guantong.documents.trials import sample_values, tried
from guantong.records.models import StoredFile

KINDS, SAMPLES = sorted(PAPERS), sorted(Sample.values)


def sent(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def filled_in(kind: str, sample: str, copy: str = Copy.INTERNAL) -> str:
    paper = PAPERS[kind]
    return words(opened(tried(paper, None, sample_values(paper, sample, copy))[0]))


def file_of(*lines: str) -> io.BytesIO:
    file = io.BytesIO(template_saying(*lines))
    file.name = "模板.docx"
    return file


class TestSampleValues:
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_declared_field_has_an_example(self, kind: str) -> None:
        for each in PAPERS[kind].fields:
            assert all(row.eg for row in each.rows) if each.rows else each.eg, each.name

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("sample", SAMPLES)
    def test_the_built_in_template_takes_them(self, kind: str, sample: str) -> None:
        said = filled_in(kind, sample)
        assert "{{" not in said
        assert "{%" not in said
        assert "None" not in said

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_template_that_uses_every_field_shows_every_example(self, kind: str) -> None:
        lines = []
        for each in PAPERS[kind].fields:
            if each.rows:
                row = "；".join("{{ row." + field.name + " }}" for field in each.rows)
                lines += ["{%p for row in " + each.name + " %}", row, "{%p endfor %}"]
            else:
                lines.append("{{ " + each.name + " }}")
        paper = PAPERS[kind]
        made, lacks = tried(paper, template_saying(*lines), sample_values(paper, Sample.USUAL, Copy.INTERNAL))
        said = words(opened(made)).replace("\n", "")
        assert list(lacks) == []
        for each in paper.fields:
            for field in each.rows or (each,):
                assert field.eg in said

    def test_rows_are_few_many_or_none_and_counted(self) -> None:
        counts = {
            sample: [len(table.rows) - 1 for table in opened(
                tried(paper, None, sample_values(paper, sample, Copy.INTERNAL))[0]).tables]
            for paper in (PAPERS["duty_book"],) for sample in SAMPLES
        }  # fmt: skip
        assert counts == {"usual": [3], "long": [3], "many": [120], "empty": [0]}

    def test_long_names_are_long_and_days_and_figures_are_not(self) -> None:
        values = sample_values(PAPERS["supervision_letter"], Sample.LONG, Copy.INTERNAL)
        assert len(str(values["signer"])) >= 40
        assert (values["due"], values["unit_count"], values["number"]) == (
            "2026年12月31日",
            "3",
            "督〔2026〕15号",
        )

    def test_what_may_be_empty_is_and_what_must_be_there_is(self) -> None:
        values = sample_values(PAPERS["supervision_letter"], Sample.EMPTY, Copy.INTERNAL)
        assert (values["detail"], values["parts"]) == ("", [])
        assert (values["due"], values["signer"]) == ("2026年12月31日", "市委工作领导小组办公室")

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_object_is_silent_where_it_is_declared_that_none_is(self, kind: str, signed: City) -> None:
        values = content_for(PAPERS[kind], made_of(kind, signed), Copy.INTERNAL).values
        silent = {name for name, value in values.items() if value == ""}
        declared = {each.name for each in PAPERS[kind].fields if each.is_optional}
        assert silent - {"number"} <= declared  # the system gives a notice of a result no number

    @pytest.mark.parametrize("kind", ["circular", "duty_book", "reception_notice"])
    def test_the_public_copy_shows_what_it_leaves_out(self, kind: str) -> None:
        inside, outside = filled_in(kind, Sample.USUAL), filled_in(kind, Sample.USUAL, Copy.PUBLIC)
        assert SOMEBODY in inside
        assert REACHED_BY in inside
        assert SOMEBODY not in outside
        assert REACHED_BY not in outside
        assert "有关同志" in outside


class TestTrialPage:
    @pytest.fixture
    def address(self) -> str:
        return reverse("document-template-trial", args=["circular"])

    def test_a_file_is_tried_and_nothing_is_kept(self, signed: City, as_: SignIn, address: str) -> None:
        client = as_(signed.coordinator)
        before = (AuditEntry.objects.count(), StoredFile.objects.count())
        answer = client.post(
            address,
            {"file": file_of(*GOOD, "本单位自拟"), "template": "builtin", "fill": "many", "copy": "internal"},
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "本单位自拟" in page
        assert page.count("应完成事项1234项") == 120
        assert "数据截止日" in page  # left out, and told
        assert (AuditEntry.objects.count(), StoredFile.objects.count()) == before
        assert not Template.objects.exists()
        assert not Document.objects.exists()

    def test_a_version_is_tried_before_it_is_chosen_again(
        self, signed: City, as_: SignIn, address: str
    ) -> None:
        made = upload(signed, *GOOD, "第一版的话")
        upload(signed, *GOOD, "第二版的话")
        answer = as_(signed.coordinator).post(
            address, {"template": made.pk, "fill": "usual", "copy": "internal", "as": "word"}
        )
        assert answer["Content-Disposition"].startswith("attachment")
        said = words(docx.Document(io.BytesIO(sent(answer))))
        assert "第一版的话" in said
        assert "第二版的话" not in said

    def test_an_object_in_sight_fills_it_with_what_its_document_would_say(
        self, signed: City, as_: SignIn, address: str
    ) -> None:
        item = circular(signed)
        client = as_(signed.coordinator)
        assert (
            f"object-{item.pk}"
            in client.get(reverse("document-template", args=["circular"])).content.decode()
        )
        answer = client.post(
            address, {"template": "builtin", "fill": f"object-{item.pk}", "copy": "internal", "as": "word"}
        )
        tried_words = words(docx.Document(io.BytesIO(sent(answer))))
        assert not Document.objects.exists()
        assert tried_words == words(opened(_content(issued("circular", item))))

    def test_one_out_of_sight_is_not_offered_and_not_filled_in(
        self, signed: City, as_: SignIn, address: str
    ) -> None:
        item = circular(signed)
        admin = as_(signed.acting("1506-LGO", "system_admin"))
        page = admin.get(reverse("document-template", args=["circular"])).content.decode()
        assert "object-" not in page
        answer = admin.post(address, {"template": "builtin", "fill": f"object-{item.pk}", "copy": "internal"})
        assert answer.status_code == 422
        assert item.title not in answer.content.decode()

    def test_everything_wrong_is_said_with_its_place(self, signed: City, as_: SignIn, address: str) -> None:
        answer = as_(signed.coordinator).post(
            address,
            {
                "file": file_of(*GOOD, "关于{{ titel }}的通知", "各单位{{ paragraphs }}"),
                "template": "builtin", "fill": "usual", "copy": "internal",
            },
        )  # fmt: skip
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "正文“关于{{ titel }}的通知”处" in page
        assert "正文“各单位{{ paragraphs }}”处：“paragraphs”是列表" in page

    @pytest.mark.parametrize(
        "change",
        [
            {"fill": "nothing"},
            {"copy": "secret"},
            {"template": "999999"},
            {"template": "x"},
            {"fill": "object-x"},
        ],
    )
    def test_what_there_is_not_is_refused(
        self, change: dict[str, str], signed: City, as_: SignIn, address: str
    ) -> None:
        given = {"template": "builtin", "fill": "usual", "copy": "internal"} | change
        assert as_(signed.coordinator).post(address, given).status_code == 422

    def test_only_keepers_get_there_and_only_by_sending(
        self, signed: City, as_: SignIn, address: str
    ) -> None:
        given = {"template": "builtin", "fill": "usual", "copy": "internal"}
        assert as_(signed.head).post(address, given).status_code == 403
        assert as_(signed.coordinator).get(address).status_code == 405
        missing = reverse("document-template-trial", args=["poem"])
        assert as_(signed.coordinator).post(missing, given).status_code == 404

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_page_of_a_kind_asks_a_bounded_number_of_queries(
        self, kind: str, signed: City, as_: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        made_of(kind, signed)
        client = as_(signed.coordinator)
        address = reverse("document-template", args=[kind])
        client.get(address)
        with django_assert_max_num_queries(60):
            assert client.get(address).status_code == 200


class TestTrialAsPdf:
    GIVEN = {"template": "builtin", "fill": "usual", "copy": "internal", "as": "pdf"}

    def test_it_is_made_while_one_waits(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        script = tmp_path / "soffice"
        script.write_text('#!/bin/sh\nfor last; do :; done\nprintf "%%PDF-1.7" > "${last%.docx}.pdf"\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        answer = as_(signed.coordinator).post(
            reverse("document-template-trial", args=["minutes"]), self.GIVEN
        )
        assert sent(answer).startswith(b"%PDF")
        assert answer["Content-Disposition"].startswith("attachment")

    def test_two_at_once_are_not(self, signed: City, as_: SignIn) -> None:
        with pdf.ONE_AT_A_TIME:
            answer = as_(signed.coordinator).post(
                reverse("document-template-trial", args=["minutes"]), self.GIVEN
            )
        assert answer.status_code == 422
        assert "另一份正在转换" in answer.content.decode()

    def test_where_it_is_not_installed_there_is_no_button(
        self, signed: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        client = as_(signed.coordinator)
        assert (
            'value="pdf"' not in client.get(reverse("document-template", args=["minutes"])).content.decode()
        )
        answer = client.post(reverse("document-template-trial", args=["minutes"]), self.GIVEN)
        assert "没有安装 LibreOffice" in answer.content.decode()


def _content(document: Document) -> bytes:
    from guantong.records.files import content_of

    return content_of(document.file)

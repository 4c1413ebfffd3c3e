"""PDF where LibreOffice is installed, made by the worker; where it is not, no button and a readable refusal."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from conftest import CONSOLE, City, SignIn, at
from documents.cast import NOW, circular, issued
from guantong.audit.verification import verify_log
from guantong.documents import pdf
from guantong.documents.models import Document
from guantong.documents.operations import ask_pdf, make_pdf
from guantong.kernel.refusals import Refusal
from guantong.records.files import content_of


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which no program is found."""
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def standing_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program by the name of LibreOffice, whose doings the test writes."""
    script = tmp_path / "soffice"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return script


def written(script: Path, doings: str) -> None:
    script.write_text(f"#!/bin/sh\n{doings}\n")
    script.chmod(0o755)


class TestWhereItIsNotInstalled:
    def test_there_is_no_button_and_asking_is_refused(self, signed: City, as_: SignIn, without: None) -> None:
        document, client = issued("circular", circular(signed)), as_(signed.coordinator)
        page = client.get(reverse("document", args=[document.pk])).content.decode()
        assert "转换 PDF" not in page
        assert reverse("document-print", args=[document.pk]) in page
        answer = client.post(reverse("document-pdf", args=[document.pk]))
        assert answer.status_code == 422
        assert "没有安装 LibreOffice" in answer.content.decode()

    def test_getting_it_leads_back_to_the_document(self, signed: City, as_: SignIn, without: None) -> None:
        document = issued("circular", circular(signed))
        answer = as_(signed.coordinator).get(reverse("document-pdf", args=[document.pk]))
        assert answer["Location"] == reverse("document", args=[document.pk])


class TestWhereItIs:
    def test_it_is_asked_once_and_made_by_the_worker(
        self, signed: City, as_: SignIn, standing_in: Path
    ) -> None:
        written(standing_in, 'for last; do :; done\nprintf "%%PDF-1.7\\n%%%%EOF" > "${last%.docx}.pdf"')
        document, client = issued("circular", circular(signed)), as_(signed.coordinator)
        for _press in range(2):
            client.post(reverse("document-pdf", args=[document.pk]))
        assert DBTaskResult.objects.filter(task_path="guantong.documents.tasks.convert").count() == 1
        assert "正在转换" in client.get(reverse("document", args=[document.pk])).content.decode()
        document.refresh_from_db()
        assert make_pdf(document=document)
        answer = client.get(reverse("document-pdf", args=[document.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
        assert verify_log().faults == []
        assert not ask_pdf(document=document, actor=CONSOLE, now=NOW)

    def test_a_failure_is_told_and_may_be_tried_again(
        self, signed: City, as_: SignIn, standing_in: Path
    ) -> None:
        written(standing_in, "exit 1")
        document, client = issued("circular", circular(signed)), as_(signed.coordinator)
        ask_pdf(document=document, actor=CONSOLE, now=NOW)
        document.refresh_from_db()
        assert not make_pdf(document=document)
        assert "没有成功" in client.get(reverse("document", args=[document.pk])).content.decode()
        assert ask_pdf(document=document, actor=CONSOLE, now=at(7, 1, 11))

    def test_a_second_try_that_fails_takes_nothing_away(self, signed: City, standing_in: Path) -> None:
        document = issued("circular", circular(signed))
        first, second = (Document.objects.select_related("file").get(pk=document.pk) for _time in range(2))
        written(standing_in, 'for last; do :; done\nprintf "%%PDF-1.7\\n%%%%EOF" > "${last%.docx}.pdf"')
        assert make_pdf(document=first)
        written(standing_in, "exit 1")
        assert make_pdf(document=second)
        document.refresh_from_db()
        assert document.pdf is not None
        assert not document.pdf_failed

    def test_one_that_hangs_is_ended_with_all_that_it_started(self, standing_in: Path) -> None:
        written(standing_in, "sleep 60 & sleep 60")
        with pytest.raises(Refusal, match="超过了时限"):
            pdf.pdf_of(b"x", seconds=1)

    def test_the_program_learns_nothing_of_the_installation(
        self, standing_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GUANTONG_SECRET_KEY", "a-secret")
        written(standing_in, f"env > {tmp_path}/seen; exit 1")
        with pytest.raises(Refusal):
            pdf.pdf_of(b"x")
        seen = (tmp_path / "seen").read_text()
        assert "GUANTONG" not in seen
        assert "FONTCONFIG_FILE" in seen

    @pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
    def test_the_real_one_makes_a_pdf(self, signed: City) -> None:
        made = pdf.pdf_of(content_of(issued("circular", circular(signed)).file))
        assert made.startswith(b"%PDF-")

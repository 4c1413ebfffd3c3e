"""Evidence files: told by content, kept harmless, given only to whoever may see the record."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from conftest import City, SignIn, at
from guantong.accounts.acting import Acting
from guantong.audit.models import AuditEntry
from guantong.kernel.refusals import Refusal
from guantong.records.files import keep_file, path_of
from guantong.records.media import MAX_NAME, medium_of, tidy_name
from guantong.records.models import Evidence, Record, StoredFile
from guantong.records.operations import enter_record

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SCRIPT = b"<script>alert(document.domain)</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def picture(form: str = "PNG", *, mode: str = "RGB", size: tuple[int, int] = (8, 6), **how: object) -> bytes:
    out = io.BytesIO()
    colour = (200, 30, 30) if mode == "RGB" else 1
    Image.new(mode, size, colour).save(out, form, **how)
    return out.getvalue()


def container(*names: str, main: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", main, *names):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def entered(acting: Acting, name: str, content: bytes) -> Record:
    assert acting.office is not None
    return enter_record(
        kind="document", happened_on=at(3, 1).date(), summary="印发一份文件", entered_by=acting.office,
        files=[(name, io.BytesIO(content))], actor=acting, now=at(3, 2), today=at(3, 2).date(),
    )  # fmt: skip


def address_of(record: Record) -> str:
    return reverse("evidence-file", args=[record.evidence.get().pk])


class TestDownload:
    def test_whoever_entered_it_gets_the_bytes_as_a_closed_attachment(self, city: City, as_: SignIn) -> None:
        record = entered(city.head, "纪要.pdf", PDF)
        answer = as_(city.head).get(address_of(record))
        assert b"".join(answer) == PDF  # type: ignore[call-overload]
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E7%BA%AA%E8%A6%81.pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]

    def test_the_office_above_sees_it_another_district_does_not(self, city: City, as_: SignIn) -> None:
        record = entered(city.acting("150602", "first_responsible"), "a.pdf", PDF)
        above = as_(city.coordinator).get(address_of(record))
        assert b"".join(above) == PDF  # type: ignore[call-overload]
        beside = as_(city.acting("150622", "first_responsible")).get(address_of(record))
        assert (beside.status_code, PDF in beside.content) == (404, False)

    @pytest.mark.parametrize("seat", ["system_admin", "audit_admin"])
    def test_administrators_read_no_evidence(self, city: City, as_: SignIn, seat: str) -> None:
        record = entered(city.head, "a.pdf", PDF)
        answer = as_(city.acting("1506-LGO", seat)).get(address_of(record))
        assert (answer.status_code, PDF in answer.content) == (403, False)

    def test_nobody_gets_it_without_signing_in(self, city: City, client: object) -> None:
        record = entered(city.head, "a.pdf", PDF)
        answer = client.get(address_of(record))  # type: ignore[attr-defined]
        assert answer["Location"] == f"/sign-in/?next={address_of(record)}"

    def test_no_url_serves_the_folder_itself(self, city: City, as_: SignIn, settings: LazySettings) -> None:
        stored = entered(city.head, "a.pdf", PDF).evidence.get().file
        assert stored is not None
        assert not settings.MEDIA_URL.strip("/")
        assert not Path(settings.FILES).is_relative_to(settings.STATIC_ROOT)
        client = as_(city.coordinator)
        for guess in (f"/files/{stored.digest}", f"/media/{stored.digest}", f"/static/{stored.digest}"):
            assert client.get(guess).status_code == 404, guess
        assert [each for each in map(str, get_resolver().reverse_dict) if each.startswith("evidence-")] == [
            "evidence-file"
        ]

    def test_bytes_changed_on_the_disk_are_not_handed_out(self, city: City, as_: SignIn) -> None:
        record = entered(city.head, "a.pdf", PDF)
        stored = StoredFile.objects.get()
        path_of(stored.digest).write_bytes(PDF.replace(b"Catalog", b"Forgery"))
        answer = as_(city.head).get(address_of(record))
        assert "与登记时的内容不一致" in answer.content.decode()
        assert b"Forgery" not in answer.content
        path_of(stored.digest).unlink()
        assert "不在文件存储里" in as_(city.head).get(address_of(record)).content.decode()


class TestContentDecides:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("photo.png", b"<!doctype html>" + SCRIPT),
            ("photo.jpg", SCRIPT),
            ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
            ("logo.png", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
            ("a.pdf", SCRIPT + PDF),
            ("a.pdf", b"%PDF-1.4\n" + SCRIPT),
            ("a.gif", b"GIF89a" + b"\0" * 20),
            ("a.docx", b"PK\x03\x04 broken"),
            ("setup.msi", OLE),
            ("setup.doc", OLE),
            ("run.pdf", b"MZ\x90\0" + PDF),
            ("a.txt", "正文".encode()),
        ],
    )
    def test_what_is_no_evidence_gets_a_sentence(self, name: str, content: bytes) -> None:
        with pytest.raises(Refusal, match="不是可作依据的文件类型"):
            medium_of(content, name=name)

    def test_a_zip_is_no_document_whatever_it_is_called(self) -> None:
        bare = io.BytesIO()
        with zipfile.ZipFile(bare, "w") as archive:
            archive.writestr("readme.txt", "x")
        for name in ("a.zip", "a.docx", "setup.exe"):
            with pytest.raises(Refusal, match="不是可作依据的文件类型"):
                medium_of(bare.getvalue(), name=name)

    def test_a_document_with_a_program_inside_is_refused(self) -> None:
        with pytest.raises(Refusal, match="夹有程序文件"):
            medium_of(container("word/embeddings/setup.EXE"), name="a.docx")

    def test_a_document_with_macros_is_refused(self) -> None:
        with pytest.raises(Refusal, match="含有宏"):
            medium_of(container("word/vbaProject.bin"), name="a.docx")
        old = OLE + "WordDocument".encode("utf-16-le") + "_VBA_PROJECT".encode("utf-16-le")
        with pytest.raises(Refusal, match="含有宏"):
            medium_of(old, name="a.doc")

    def test_a_container_that_unpacks_to_gigabytes_is_refused(self) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr("word/document.xml", b"\0" * (301 * 1024 * 1024))
        assert len(out.getvalue()) < 1024 * 1024
        with pytest.raises(Refusal, match="解压后过大"):
            medium_of(out.getvalue(), name="a.docx")

    @pytest.mark.parametrize(
        ("main", "media_type"),
        [("word/document.xml", "wordprocessingml"), ("xl/workbook.xml", "spreadsheetml"), ("ppt/p.xml", "presentationml")],
    )  # fmt: skip
    def test_office_documents_are_told_by_their_parts(self, main: str, media_type: str) -> None:
        assert media_type in medium_of(container(main=main), name="anything.exe").media_type

    def test_old_office_documents_are_told_by_their_stream(self) -> None:
        found = medium_of(OLE + "Workbook".encode("utf-16-le"), name="a.doc")
        assert found.media_type == "application/vnd.ms-excel"


class TestPictures:
    def test_camera_data_is_gone_and_the_picture_is_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0110] = "PhoneModel-7"
        exif[0x0112] = 6  # turned by 90 degrees
        exif.get_ifd(0x8825)[1] = "N"
        shot = picture("JPEG", size=(80, 40), exif=exif, comment=b"at home")
        assert b"PhoneModel-7" in shot
        kept = medium_of(shot, name="a.jpg")
        assert kept.media_type == "image/jpeg"
        assert b"PhoneModel-7" not in kept.content
        assert b"at home" not in kept.content
        with Image.open(io.BytesIO(kept.content)) as seen:
            assert dict(seen.getexif()) == {}
            assert seen.size == (40, 80)

    def test_text_chunks_of_a_png_are_gone(self) -> None:
        said = PngInfo()
        said.add_text("Author", "某某某")
        said.add_itxt("Comment", SCRIPT.decode())
        kept = medium_of(picture(pnginfo=said), name="a.png").content
        assert SCRIPT not in kept
        with Image.open(io.BytesIO(kept)) as seen:
            seen.load()
            assert seen.info == {}

    @pytest.mark.parametrize("form", ["PNG", "JPEG"])
    @pytest.mark.parametrize("payload", [SCRIPT, container("evil.xml"), b"<?php system($_GET[0]); ?>"])
    def test_what_hangs_on_a_picture_is_gone(self, form: str, payload: bytes) -> None:
        kept = medium_of(picture(form) + payload, name="a.png").content
        assert payload not in kept
        assert not zipfile.is_zipfile(io.BytesIO(kept))

    def test_pixels_survive(self) -> None:
        kept = medium_of(picture(size=(3, 2)), name="a.png").content
        with Image.open(io.BytesIO(kept)) as seen:
            assert seen.getpixel((2, 1)) == (200, 30, 30)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "RGB"])
    def test_every_usual_mode_can_be_kept(self, mode: str) -> None:
        kept = medium_of(picture(mode=mode), name="a.png")
        with Image.open(io.BytesIO(kept.content)) as seen:
            assert seen.size == (8, 6)

    def test_a_cut_off_picture_gets_a_sentence(self) -> None:
        with pytest.raises(Refusal, match="图片可能已损坏"):
            medium_of(picture("JPEG", size=(300, 300))[:400], name="a.jpg")

    def test_a_flood_of_pixels_is_refused_before_it_is_unpacked(self) -> None:
        flood = picture(mode="1", size=(10_000, 6_000))
        assert len(flood) < 100_000
        with pytest.raises(Refusal, match="5000 万像素"):
            medium_of(flood, name="a.png")


class TestNames:
    @pytest.mark.parametrize(
        ("given", "media_type", "kept"),
        [
            ("../../etc/passwd", "application/pdf", "passwd.pdf"),
            ("..\\..\\windows\\win.ini", "application/pdf", "win.ini.pdf"),
            ("C:\\报告.pdf", "application/pdf", "报告.pdf"),
            ("页面.html", "image/png", "页面.html.png"),
            ("invoice\u202efdp.exe", "application/pdf", "invoicefdp.exe.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "application/pdf", "aSet-Cookie_ x=1.pdf"),
            ("a\x00b.pdf", "application/pdf", "ab.pdf"),
            ("照片.JPEG", "image/jpeg", "照片.JPEG"),
            (".htaccess", "application/pdf", "htaccess.pdf"),
            ("", "application/pdf", "附件.pdf"),
            ("通知.wps", "application/msword", "通知.wps"),
            ("表.docx", "application/vnd.ms-excel", "表.docx.xls"),
        ],
    )
    def test_a_name_has_no_path_and_ends_as_its_content(self, given: str, media_type: str, kept: str) -> None:
        assert tidy_name(given, media_type) == kept

    def test_a_long_name_keeps_its_ending(self) -> None:
        assert tidy_name("长" * 500 + ".pdf", "application/pdf") == "长" * (MAX_NAME - 4) + ".pdf"

    def test_a_path_in_a_name_writes_nowhere_else(self, city: City, settings: LazySettings) -> None:
        outside = Path(settings.FILES).parent / "evil.pdf"
        record = entered(city.head, "../evil.pdf", PDF)
        assert record.evidence.get().file_name == "evil.pdf"
        assert not outside.exists()
        digest = hashlib.sha256(PDF).hexdigest()
        written = {
            path.relative_to(settings.FILES) for path in Path(settings.FILES).rglob("*") if path.is_file()
        }
        assert written == {Path(digest[:2]) / digest}


class TestKeep:
    def test_the_same_bytes_are_kept_once(self, city: City) -> None:
        first, second = entered(city.head, "a.pdf", PDF), entered(city.coordinator, "b.pdf", PDF)
        assert first.evidence.get().file == second.evidence.get().file
        assert StoredFile.objects.count() == 1

    def test_too_large_or_empty_gets_a_sentence_and_keeps_nothing(
        self, db: None, settings: LazySettings
    ) -> None:
        settings.MAX_UPLOAD_MB = 1
        with pytest.raises(Refusal, match="超过 1 MB"):
            keep_file(io.BytesIO(PDF[:9] + b"\0" * 1024 * 1024 + PDF[9:]), name="a.pdf")
        with pytest.raises(Refusal, match="空文件"):
            keep_file(io.BytesIO(b""), name="a.pdf")
        assert not Path(settings.FILES).exists()
        assert not StoredFile.objects.exists()

    def test_files_are_readable_by_their_owner_only(self, db: None) -> None:
        stored = keep_file(io.BytesIO(PDF), name="a.pdf")
        assert path_of(stored.digest).stat().st_mode & 0o077 == 0

    def test_the_log_holds_the_digest_of_what_was_kept(self, city: City) -> None:
        record = entered(city.head, "a.pdf", PDF)
        row = AuditEntry.objects.get(verb="records.entered", object_ref=str(record.pk))
        assert json.loads(row.payload)["files"] == [hashlib.sha256(PDF).hexdigest()]

    def test_a_refused_file_keeps_the_record_out_and_what_was_typed_in(self, city: City, as_: SignIn) -> None:
        answer = as_(city.head).post(
            reverse("new-record"),
            {"kind": "progress", "happened_on": "2026-01-06", "summary": "写好的一段话",
             "file": SimpleUploadedFile("a.png", SCRIPT, content_type="image/png")},
        )  # fmt: skip
        page = answer.content.decode()
        assert "不是可作依据的文件类型" in page
        assert "写好的一段话" in page
        assert not Record.objects.exists()
        assert not Evidence.objects.exists()

    def test_an_uploaded_document_is_kept_with_its_type(self, city: City, as_: SignIn) -> None:
        as_(city.head).post(
            reverse("new-record"),
            {"kind": "progress", "happened_on": "2026-01-06", "summary": "一件工作",
             "file": SimpleUploadedFile("方案.docx", container(), content_type="text/html")},
        )  # fmt: skip
        kept = Evidence.objects.get()
        assert kept.file is not None
        assert (kept.file_name, kept.file.media_type) == ("方案.docx", DOCX)

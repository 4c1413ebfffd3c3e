"""Evidence by programs: sent with its record, told by content, kept harmless, handed out like on the page."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse

from api.calling import Caller, done, problem_of, refused
from conftest import City
from guantong.api.forms_with_files import form
from guantong.audit.models import AuditEntry
from guantong.audit.verification import verify_log
from guantong.kernel import clock
from guantong.records.files import path_of
from guantong.records.models import Evidence, Record, StoredFile
from records.test_evidence_files import PDF, SCRIPT, picture

TODAY = clock.today().isoformat()


def a_record(**more: Any) -> dict[str, Any]:
    return {"kind": "progress", "happened_on": TODAY, "summary": "完成了第三季度清欠"} | more


def sent(
    caller: Caller,
    *files: tuple[str, bytes],
    record: Any = None,
    part: str = "record",
    key: str = "file-0001",
) -> HttpResponse:
    body, content_type = form(part, json.dumps(record or a_record()).encode(), files)
    return caller.post("records/", body, key=key, **{"Content-Type": content_type})


@pytest.fixture
def head(signed: City) -> Caller:
    return Caller.acting(signed.head)


class TestUpload:
    def test_a_record_is_entered_with_its_files(self, head: Caller) -> None:
        told = done(sent(head, ("清欠台账.pdf", PDF), ("现场.PNG", picture())))
        assert [(each["file_name"], each["media_type"]) for each in told["evidence"]] == [
            ("清欠台账.pdf", "application/pdf"), ("现场.PNG", "image/png"),
        ]  # fmt: skip
        assert told["evidence"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
        assert head.read(f"records/{told['id']}/evidence/")["items"] == told["evidence"]
        assert head.read(f"evidence/{told['evidence'][1]['id']}/") == told["evidence"][1]
        assert told["evidence"][0]["sha256"] in AuditEntry.objects.get(verb="records.entered").payload
        assert verify_log().clean

    def test_camera_data_and_what_hangs_on_a_picture_is_not_kept(self, head: Caller) -> None:
        told = done(sent(head, ("现场.jpg", picture("JPEG", comment=b"13800001234") + SCRIPT)))
        file = head.get(f"evidence/{told['evidence'][0]['id']}/file/")
        assert SCRIPT not in file.content
        assert b"13800001234" not in file.content

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("台账.pdf", SCRIPT, "“台账.pdf”不是可作依据的文件类型"),
            ("空.pdf", b"", "“空.pdf”是空文件。"),
            ("图.png", picture()[:40], "“图.png”打不开"),
        ],
    )
    def test_what_is_no_evidence_is_refused_in_the_sentence_of_the_page(
        self, head: Caller, name: str, content: bytes, said: str
    ) -> None:
        assert refused(sent(head, (name, content))).startswith(said)
        assert not Record.objects.exists()
        assert not StoredFile.objects.exists()

    def test_a_file_has_the_limit_of_the_page_and_a_body_hardly_more(
        self, head: Caller, settings: LazySettings
    ) -> None:
        settings.MAX_UPLOAD_MB = 1
        assert (
            refused(sent(head, ("大.pdf", PDF + b"0" * 1024 * 1024))) == "“大.pdf”超过 1 MB，请压缩后再传。"
        )
        told = problem_of(sent(head, ("大.pdf", b"0" * (2 * 1024 * 1024))))
        assert (told["status"], told["detail"]) == (413, "请求正文最大 2048 KB。")
        assert problem_of(sent(head, ("a.pdf", PDF), record=a_record(place="长" * 300_000)))["status"] == 413

    def test_the_form_must_have_its_shape(self, head: Caller) -> None:
        two = (("a.pdf", PDF), ("b.pdf", PDF))
        for answer, where in (
            (sent(head), "file"), (sent(head, *two, part="recrod"), "record"),
            (sent(head, *(two * 3)), "file"), (sent(head, *two, record=[1]), ""),
            (sent(head, *two, record=a_record(kind="party")), "kind"),
        ):  # fmt: skip
            told = problem_of(answer)
            assert told["status"] == 400
            assert where in {each["where"] for each in told["errors"]}
        boundary = {"Content-Type": "multipart/form-data; boundary=x"}
        assert problem_of(head.post("records/", b"--x\r\nnothing", **boundary))["status"] == 400
        bare = {"Content-Type": "multipart/form-data"}
        assert problem_of(head.post("records/", b"", **bare))["status"] == 400
        broken = form("record", b'{"kind": "progress", "summary": "\xff\xfe"}', two)
        told = problem_of(head.post("records/", broken[0], **{"Content-Type": broken[1]}))
        assert (told["status"], told["errors"][0]["where"]) == (400, "record")
        assert not Record.objects.exists()

    def test_only_where_files_belong_a_form_is_taken(self, head: Caller) -> None:
        body, content_type = form("record", b"{}", [("a.pdf", PDF)])
        answer = head.post("services/", body, **{"Content-Type": content_type})
        assert problem_of(answer)["status"] == 415


class TestOnce:
    def test_sent_again_with_another_boundary_it_is_kept_once(self, head: Caller) -> None:
        first, again = sent(head, ("台账.pdf", PDF)), sent(head, ("台账.pdf", PDF))
        assert (first.status_code, first.content) == (201, again.content)
        assert again["Idempotency-Replayed"] == "true"
        assert (Record.objects.count(), Evidence.objects.count()) == (1, 1)

    @pytest.mark.parametrize("other", [("台账.pdf", PDF + b"%%EOF"), ("另一份.pdf", PDF)])
    def test_another_file_or_name_under_the_same_key_is_refused(
        self, head: Caller, other: tuple[str, bytes]
    ) -> None:
        done(sent(head, ("台账.pdf", PDF)))
        assert refused(sent(head, other))
        assert Evidence.objects.get().file_name == "台账.pdf"


class TestDownload:
    @pytest.fixture
    def file(self, head: Caller) -> dict[str, Any]:
        return dict(done(sent(head, ("清欠台账.pdf", PDF)))["evidence"][0])

    def test_the_bytes_come_as_a_closed_attachment(self, head: Caller, file: dict[str, Any]) -> None:
        answer = head.get(f"evidence/{file['id']}/file/")
        assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, PDF, "application/pdf")
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%B8%85")
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-cache")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_what_the_reader_has_is_not_sent_again(self, head: Caller, file: dict[str, Any]) -> None:
        path = f"evidence/{file['id']}/file/"
        tag = head.get(path)["ETag"]
        again = head.get(path, **{"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        headed = head.ask("HEAD", f"/api/v1/{path}")
        assert (headed.content, headed["Content-Length"], headed["ETag"]) == (b"", str(len(PDF)), tag)

    def test_seen_from_above_and_by_nobody_beside(self, signed: City, file: dict[str, Any]) -> None:
        paths = (
            f"evidence/{file['id']}/file/",
            f"evidence/{file['id']}/",
            f"records/{file['record']}/evidence/",
        )
        above, beside = (
            Caller.acting(signed.coordinator),
            Caller.acting(signed.acting("150602", "first_responsible")),
        )
        for path in paths:
            assert above.get(path).status_code == 200
            assert problem_of(beside.get(path))["status"] == 404

    def test_a_reference_has_no_file(self, head: Caller) -> None:
        told = done(head.post("records/", a_record(references=["台账"])))["evidence"][0]
        assert (told["file_name"], told["media_type"]) == ("", None)
        assert problem_of(head.get(f"evidence/{told['id']}/file/"))["status"] == 404

    def test_changed_on_the_disk_it_is_not_handed_out(self, head: Caller, file: dict[str, Any]) -> None:
        path_of(file["sha256"]).write_bytes(b"%PDF-else%%EOF")
        assert refused(head.get(f"evidence/{file['id']}/file/")).startswith("这份附件与登记时的内容不一致")

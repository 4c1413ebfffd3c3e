"""The pages of the import centre: each step, the wrong verb, outsiders, no right, a second time."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conftest import CONSOLE, START, City, SignIn
from guantong.accounts.operations import open_office
from guantong.importing import jobs
from guantong.importing.choices import Job, Stage
from guantong.importing.models import FilePiece, Import, Mapping, RowPage
from guantong.importing.retention import forget_old_files
from guantong.organisation.models import Unit
from guantong.partners.models import Partner
from importing.sheets import csv_of, xlsx
from importing.test_units_centre import BAD, GOOD


def upload(client: Client, content: bytes, *, name: str = "单位.xlsx", **more: Any) -> Any:
    return client.post(reverse("imports"), {"file": SimpleUploadedFile(name, content), **more}, follow=True)


def latest() -> Import:
    return Import.objects.latest("pk")


def step(client: Client, name: str, **given: Any) -> Any:
    return client.post(reverse(name, args=[latest().pk]), given, follow=True)


class TestTheWayThrough:
    def test_upload_preview_trial_remarks_apply_undo(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        page = upload(client, xlsx(BAD)).content.decode()
        assert "不在文件里，系统里也没有" in page
        assert "只导入没有错误的行" in page
        assert "试导入完成" in step(client, "import-trial").content.decode()
        file = client.get(reverse("import-remarks", args=[latest().pk]))
        sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
        assert sheet["C6"].comment is not None
        assert file["X-Content-Type-Options"] == "nosniff"
        refused = step(client, "import-application")
        assert (refused.status_code, Unit.objects.filter(code="150602002").exists()) == (422, False)
        assert "已导入 3 行" in step(client, "import-application", only_valid="1").content.decode()
        for _time in range(2):
            assert "整份撤销" in step(client, "import-undoing").content.decode()
        assert not Unit.objects.filter(code="150602002").exists()

    def test_columns_are_mapped_once_and_remembered(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        rows = [["甲", "乙", "丙"], ["企业", "某某公司", "150602"]]
        upload(client, csv_of(rows), name="a.csv", kind="partners")
        assert latest().stage == Stage.READ
        url = reverse("import-columns", args=[latest().pk])
        assert client.get(url).status_code == 200
        given = {"kind": "partners", "sheet": 0, "head_row": 1, "columns": 1,
                 "column-kind": "0", "column-name": "1", "column-area_code": "2"}  # fmt: skip
        twice = client.post(url, {**given, "column-name": "0"})
        assert (twice.status_code, "被用了两次" in twice.content.decode()) == (422, True)
        client.post(url, given)
        assert (latest().stage, latest().n_good) == (Stage.CHECKED, 1)
        upload(client, csv_of([rows[0], ["商会", "某某商会", "150602"]]), name="b.csv", kind="partners")
        assert (latest().stage, latest().n_good) == (Stage.CHECKED, 1)
        assert Mapping.objects.count() == 1

    def test_a_large_table_goes_to_the_worker(
        self, city: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SMALL_BYTES", 10)
        monkeypatch.setattr(jobs, "SMALL_ROWS", 1)
        client = as_(city.coordinator)
        page = upload(client, xlsx(GOOD))
        assert "正在读取" in page.content.decode()
        fragment = client.get(reverse("import", args=[latest().pk]), headers={"HX-Request": "true"})
        assert 'id="job"' in fragment.content.decode()
        for args in ([latest().pk, Job.READING], [latest().pk, Job.APPLYING]):
            person, office = city.coordinator.person_ref, city.coordinator.office_ref
            assert jobs.run.func(*args, person, office, False)
        assert (latest().stage, latest().job) == (Stage.APPLIED, "")
        page = step(client, "import-undoing").content.decode()
        assert ("正在撤销" in page, 'action="/imports' not in page) == (True, True)
        assert step(client, "import-undoing").status_code == 422
        assert jobs.run.func(latest().pk, Job.UNDOING, person, office, False)
        assert (latest().stage, latest().job) == (Stage.UNDONE, "")
        assert "已经整份撤销" in step(client, "import-undoing").content.decode()

    def test_what_stands_in_the_way_of_the_worker_is_said_on_the_page(
        self, city: City, as_: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = as_(city.coordinator)
        upload(client, xlsx(GOOD))
        step(client, "import-application")
        Unit.objects.create(
            code="x", name="其下", parent=Unit.objects.get(code="150602002"), level="village", path="Z"
        )
        monkeypatch.setattr(jobs, "SMALL_ROWS", 1)
        step(client, "import-undoing")
        person, office = city.coordinator.person_ref, city.coordinator.office_ref
        assert not jobs.run.func(latest().pk, Job.UNDOING, person, office, False)
        page = client.get(reverse("import", args=[latest().pk])).content.decode()
        assert "没有撤销" in page
        assert "单位 1 条，如“其下”" in page
        assert latest().stage == Stage.APPLIED

    def test_an_unreadable_file_says_why_and_leaves_nothing(self, city: City, as_: SignIn) -> None:
        page = upload(as_(city.coordinator), b"%PDF-1.7").content.decode()
        assert "不是工作簿" in page
        assert not FilePiece.objects.exists()
        assert not RowPage.objects.exists()

    def test_discarding_takes_the_content_away(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        upload(client, xlsx(GOOD))
        for _time in range(2):
            assert "文件已删除" in step(client, "import-discarding").content.decode()
        assert not FilePiece.objects.exists()
        latest().subject.refresh_from_db()
        assert latest().subject.erased_at is not None

    def test_after_a_month_the_content_goes_by_itself(self, city: City, as_: SignIn) -> None:
        from datetime import timedelta

        from guantong.kernel import clock

        upload(as_(city.coordinator), xlsx(GOOD))
        assert forget_old_files(now=clock.now() + timedelta(days=29), actor=CONSOLE) == 0
        assert forget_old_files(now=clock.now() + timedelta(days=31), actor=CONSOLE) == 1
        assert not RowPage.objects.exists()

    def test_what_is_stored_of_the_file_is_sealed(self, city: City, as_: SignIn) -> None:
        upload(as_(city.coordinator), xlsx(GOOD))
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT rows FROM importing_rowpage")
            assert all("新建" not in row[0] and row[0].startswith("v1.") for row in cursor.fetchall())


class TestFiles:
    @pytest.mark.parametrize(
        "kind", ["units", "duties", "tasks", "progress", "attendance", "partners", "homes"]
    )
    def test_every_kind_can_be_taken_away_full_and_empty(self, signed: City, as_: SignIn, kind: str) -> None:
        client = as_(signed.coordinator)
        for query in ({"kind": kind}, {"kind": kind, "empty": "1"}):
            answer = client.get(reverse("import-export"), query)
            sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
            assert sheet.max_row >= 1

    def test_no_cell_of_an_export_starts_a_formula(self, city: City, as_: SignIn) -> None:
        Partner.objects.create(
            kind="enterprise", name="=cmd|' /C calc'!A0", area=city.units["150602"], registered_at=START
        )
        answer = as_(city.coordinator).get(reverse("import-export"), {"kind": "partners"})
        cells = [
            cell for row in openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0] for cell in row
        ]
        assert not any(cell.data_type == "f" or str(cell.value).startswith("=") for cell in cells)
        assert "'=cmd|' /C calc'!A0" in {cell.value for cell in cells}

    def test_a_kind_that_the_office_may_not_bring_in_is_not_exported(self, city: City, as_: SignIn) -> None:
        for kind in ("units", "holders", "nothing"):
            assert as_(city.head).get(reverse("import-export"), {"kind": kind}).status_code == 422


class TestWhoSees:
    def test_another_unit_sees_nothing(self, city: City, as_: SignIn) -> None:
        upload(as_(city.coordinator), xlsx(GOOD))
        other = as_(city.acting("150602", "first_responsible"))
        assert other.get(reverse("import", args=[latest().pk])).status_code == 404
        assert other.post(reverse("import-application", args=[latest().pk])).status_code == 404

    def test_the_security_administrator_of_the_same_unit_neither(self, city: City, as_: SignIn) -> None:
        open_office(
            unit=city.units["1506-LGO"],
            seat="security_admin",
            title="安全管理员",
            role="security_admin",
            actor=CONSOLE,
            now=START,
        )
        upload(as_(city.coordinator), xlsx(GOOD))
        client = as_(city.acting("1506-LGO", "security_admin"))
        assert client.get(reverse("import", args=[latest().pk])).status_code == 404
        assert "岗位和任职" in client.get(reverse("imports")).content.decode()

    def test_who_has_no_function_is_refused(self, city: City, as_: SignIn) -> None:
        assert as_(city.acting("1506-LGO", "assessor")).get(reverse("imports")).status_code == 403

    def test_wrong_verbs(self, city: City, as_: SignIn) -> None:
        client = as_(city.coordinator)
        upload(client, xlsx(GOOD))
        for name in ("import-trial", "import-application", "import-undoing", "import-discarding"):
            assert client.get(reverse(name, args=[latest().pk])).status_code == 405

    def test_the_list_costs_the_same_however_long(
        self, city: City, as_: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        client = as_(city.coordinator)
        for _each in range(3):
            upload(client, xlsx(GOOD))
        with django_assert_max_num_queries(32):
            assert client.get(reverse("imports")).status_code == 200

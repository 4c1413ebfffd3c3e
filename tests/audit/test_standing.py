"""A database behind its own published log: noticed, shown, and changed by nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from audit.tampering import undone
from audit.test_sequencing import write
from conftest import City, SignIn, at
from guantong.audit import triggers
from guantong.audit.models import AuditEntry
from guantong.audit.sequencing import checkpoint, newest_note_path, sequence
from guantong.audit.standing import is_rolled_back, look_again, why_rolled_back
from guantong.audit.verification import verify_log
from guantong.records.models import Record


@pytest.fixture
def published(signed: City) -> City:
    sequence()
    assert checkpoint("daily", now=at(3, 1)) is not None
    look_again()
    return signed


def roll_back(n: int = 1) -> None:
    """Take the newest rows out, as an older copy of the database would not have them."""
    connection.check_constraints()
    triggers.take_down(connection)
    published = AuditEntry.objects.filter(position__isnull=False).order_by("-position")
    keys = published.values_list("pk", flat=True)[:n]
    AuditEntry.objects.filter(pk__in=list(keys)).delete()
    triggers.set_up(connection)
    look_again()


class TestWhy:
    def test_nothing_before_the_first_checkpoint_and_nothing_in_order(self, published: City) -> None:
        assert why_rolled_back() == ""
        newest_note_path().unlink()
        assert why_rolled_back() == ""

    def test_fewer_rows_than_were_published(self, published: City) -> None:
        n = AuditEntry.objects.count()
        roll_back(2)
        why = why_rolled_back()
        assert f"{n} 条" in why
        assert f"{n - 2} 条" in why

    def test_rows_that_no_checkpoint_had_yet_were_published_too(self, published: City) -> None:
        write(5)
        sequence()
        n = AuditEntry.objects.count()
        roll_back(3)
        assert f"{n} 条" in why_rolled_back()
        newest_note_path().unlink()
        assert f"{n - 3} 条" in why_rolled_back()

    def test_as_many_rows_but_other_ones(self, published: City) -> None:
        with undone():
            last = AuditEntry.objects.order_by("-position")[:1].get()
            AuditEntry.objects.filter(pk=last.pk).update(leaf="0" * 64)
            assert "不是公布日志的那个数据库" in why_rolled_back()
            AuditEntry.objects.filter(pk=last.pk).update(leaf="no hash at all")
            assert "不是公布日志的那个数据库" in why_rolled_back()

    def test_a_far_place_given_to_one_row_does_not_hide_it(self, published: City) -> None:
        with undone():
            last, before = AuditEntry.objects.order_by("-position")[:2]
            AuditEntry.objects.filter(pk=last.pk).delete()
            AuditEntry.objects.filter(pk=before.pk).update(position=10**9)
            assert why_rolled_back() != ""

    def test_rows_that_came_since_are_no_loss(self, published: City) -> None:
        write(5)
        sequence()
        assert why_rolled_back() == ""

    def test_a_damaged_note_is_named(self, published: City) -> None:
        newest_note_path().write_text("nothing", encoding="utf-8")
        assert "已损坏" in why_rolled_back()

    def test_the_answer_is_kept_for_a_minute(self, published: City, settings: LazySettings) -> None:
        assert is_rolled_back() == ""
        newest_note_path().write_text("nothing", encoding="utf-8")
        assert is_rolled_back() == ""
        look_again()
        assert is_rolled_back() != ""

    def test_verification_sees_it_too(self, published: City, settings: LazySettings) -> None:
        n = AuditEntry.objects.count()
        roll_back()
        assert f"#{n - 1}" in [fault.where for fault in verify_log(business=False).faults]
        for each in sorted(Path(settings.LOG_FOLDER).glob("tile/*/*/*")):
            each.unlink()
        assert [fault.kind for fault in verify_log(business=False).faults] == ["deleted"]


class TestReadOnly:
    RECORD = {"kind": "progress", "happened_on": "2026-03-20", "summary": "按节点推进"}

    def test_before_it_a_record_is_saved(self, published: City, as_: SignIn) -> None:
        assert as_(published.head).post("/records/new/", self.RECORD).status_code == 302
        assert Record.objects.count() == 1

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_nothing_is_saved_and_the_answer_says_why(
        self, published: City, as_: SignIn, headers: dict[str, str]
    ) -> None:
        browser = as_(published.head)
        roll_back()
        n = AuditEntry.objects.count()
        answer = browser.post("/records/new/", self.RECORD, headers=headers)
        assert answer.status_code == 503
        assert "只读状态" in answer.content.decode()
        assert "数据库被回退" in answer.content.decode()
        assert (Record.objects.count(), AuditEntry.objects.count()) == (0, n)

    def test_every_page_shows_the_alarm(self, published: City, as_: SignIn) -> None:
        browser = as_(published.head)
        assert "只读状态" not in browser.get("/").content.decode()
        roll_back()
        page = browser.get("/")
        assert page.status_code == 200
        assert "系统处于只读状态" in page.content.decode()
        assert "数据库被回退" in page.content.decode()

    def test_signing_in_and_out_goes_on(self, published: City, as_: SignIn) -> None:
        roll_back()
        assert Client().post("/sign-in/", {"sign_in": "nobody", "password": "x"}).status_code != 503
        assert as_(published.head).post("/sign-out/").status_code == 302

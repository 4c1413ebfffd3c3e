"""What is past its time goes; everything else stays."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django_tasks_db.models import DBTaskResult

from conftest import START, City
from guantong.accounts.models import Person, SignInAttempt
from guantong.audit.models import AuditEntry
from guantong.config.retention import purge
from guantong.privacy.models import PersonKey, Subject
from guantong.privacy.operations import open_subject

NOW = START + dt.timedelta(days=400)


def ago(**time: float) -> dt.datetime:
    return NOW - dt.timedelta(**time)


@pytest.fixture
def person(db: None) -> Person:
    return Person.objects.create_person(sign_in="sulin", password=None, display_name="苏琳", now=START)


def test_sign_in_attempts_go_after_half_a_year(person: Person) -> None:
    for at in (ago(days=181), ago(days=179)):
        SignInAttempt.objects.create(who="w", source="s", outcome="failed", at=at)
    assert purge(now=NOW)["attempts"] == 1
    assert list(SignInAttempt.objects.values_list("at", flat=True)) == [ago(days=179)]


def test_expired_sessions_go_with_what_is_known_of_their_device(person: Person) -> None:
    for key, ends in (("old", ago(minutes=1)), ("live", NOW + dt.timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
        UserSession.objects.create(user=person, session_key=key, ip="192.0.2.1", user_agent="x", data={})
    UserSession.objects.create(user=person, session_key="orphan", ip="192.0.2.1", user_agent="x", data={})
    gone = purge(now=NOW)
    assert (gone["sessions"], gone["session_rows"]) == (1, 2)
    assert set(Session.objects.values_list("session_key", flat=True)) == {"live"}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"live"}


def test_finished_jobs_go_after_thirty_days_and_waiting_ones_stay(db: None) -> None:
    for finished in (ago(days=31), ago(days=29), None):
        DBTaskResult.objects.create(
            id=uuid.uuid4(),
            task_path="guantong.audit.tasks.check_log",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
            finished_at=finished,
            exception_class_path="",
            traceback="",
        )
    assert purge(now=NOW)["jobs"] == 1
    assert set(DBTaskResult.objects.values_list("finished_at", flat=True)) == {ago(days=29), None}


def test_counters_of_rate_limits_go_when_they_have_run_out(db: None) -> None:
    """Their names carry addresses."""
    cache.set("allauth:rl:login:ip:192.0.2.1", [1.0], timeout=300)
    cache.set("allauth:rl:login:ip:192.0.2.2", [1.0], timeout=300)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE django_cache SET expires = %s WHERE cache_key LIKE %s",
            [connection.ops.adapt_datetimefield_value(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)), "%192.0.2.1"],
        )
    assert purge(now=dt.datetime.now(dt.UTC))["counters"] == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM django_cache")
        assert [row[0].rpartition(":")[2] for row in cursor.fetchall()] == ["192.0.2.2"]


def test_an_interrupted_erasure_is_finished(person: Person) -> None:
    other = open_subject(now=START)
    Subject.objects.filter(pk=person.subject_id).update(erased_at=START)
    assert purge(now=NOW)["keys"] == 1
    assert set(PersonKey.objects.values_list("pk", flat=True)) == {other.pk}


def test_what_the_accountability_needs_stays(signed: City) -> None:
    before = {model: model.objects.count() for model in (AuditEntry, Person, Subject, PersonKey)}
    assert before[AuditEntry] > 10
    assert set(purge(now=NOW + dt.timedelta(days=4000)).values()) == {0}
    assert {model: model.objects.count() for model in before} == before

"""Exactly once for each person and key, whatever is sent again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from conftest import START
from guantong.accounts.idempotency import Answer, digest_of, once, purge_keys
from guantong.accounts.models import IdempotencyKey, Person
from guantong.kernel.refusals import Refusal

KEY = "k-2026-0001"


@pytest.fixture
def people(db: None) -> list[Person]:
    return [
        Person.objects.create_person(sign_in=name, password=None, display_name=name, now=START)
        for name in ("one", "other")
    ]


@pytest.fixture
def done() -> list[str]:
    return []


def send(person: Person, done: list[str], *, key: str = KEY, body: str = "a", fails: bool = False) -> Answer:
    def do() -> Answer:
        done.append(body)
        if fails:
            raise Refusal("不行")
        return Answer(201, f"/records/{len(done)}/")

    return once(person=person, key=key, body=digest_of(body.encode()), now=START, do=do)


class TestOnce:
    def test_a_repetition_does_nothing_and_gets_the_first_answer(
        self, people: list[Person], done: list[str]
    ) -> None:
        assert send(people[0], done) == Answer(201, "/records/1/")
        assert [send(people[0], done) for _again in range(3)] == [Answer(201, "/records/1/", again=True)] * 3
        assert done == ["a"]

    def test_the_same_key_with_another_body_is_refused(self, people: list[Person], done: list[str]) -> None:
        send(people[0], done)
        with pytest.raises(Refusal, match="内容不同"):
            send(people[0], done, body="b")
        assert done == ["a"]

    def test_a_key_is_a_persons_own(self, people: list[Person], done: list[str]) -> None:
        send(people[0], done)
        assert not send(people[1], done, body="b").again
        assert done == ["a", "b"]

    def test_what_was_refused_may_be_corrected_under_its_key(
        self, people: list[Person], done: list[str]
    ) -> None:
        with pytest.raises(Refusal, match="不行"):
            send(people[0], done, fails=True)
        assert not IdempotencyKey.objects.exists()
        assert send(people[0], done, body="b") == Answer(201, "/records/2/")

    def test_the_key_goes_with_the_operation_when_that_is_taken_back(
        self, people: list[Person], done: list[str]
    ) -> None:
        with transaction.atomic():
            send(people[0], done)
            transaction.set_rollback(True)
        assert not send(people[0], done).again

    @pytest.mark.parametrize(
        "key", ["", "short", "x" * 65, "with space 1", "汉字汉字汉字汉字", "line\nbreak12"]
    )
    def test_a_key_is_8_to_64_plain_characters(self, people: list[Person], done: list[str], key: str) -> None:
        with pytest.raises(Refusal, match="编号"):
            send(people[0], done, key=key)
        assert done == []


class TestDigest:
    def test_fields_count_in_any_order_and_their_values_in_theirs(self) -> None:
        assert digest_of({"a": ["1"], "b": ["2", "3"]}) == digest_of({"b": ["2", "3"], "a": ["1"]})
        different = [
            {"a": ["1", "2"]},
            {"a": ["2", "1"]},
            {"a": ["12"]},
            {"a": ["1"], "2": []},
            {"a": []},
            {},
        ]
        assert len({digest_of(each) for each in different}) == len(different)


def test_keys_go_after_thirty_days(people: list[Person]) -> None:
    now = START + dt.timedelta(days=100)
    for n, days in enumerate((31, 29)):
        IdempotencyKey.objects.create(
            person=people[0], key=f"key-{n:08}", body="x", at=now - dt.timedelta(days=days)
        )
    assert purge_keys(now=now) == 1
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["key-00000001"]

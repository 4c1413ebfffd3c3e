"""A personal value is readable with its person's key and in no other way."""

from __future__ import annotations

import traceback

import pytest
from django.db import connection, transaction

from conftest import START
from guantong.accounts.models import Person
from guantong.privacy import keys
from guantong.privacy.fields import Sealed, seal
from guantong.privacy.models import PersonKey, Subject
from guantong.privacy.operations import erase, open_subject, open_subjects

pytestmark = pytest.mark.django_db


def person(name: str = "sulin", called: str = "苏琳") -> Person:
    return Person.objects.create_person(sign_in=name, password=None, display_name=called, now=START)


def stored(made: Person) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT display_name FROM accounts_person WHERE id = %s", [made.pk])
        return str(cursor.fetchone()[0])


def test_the_table_holds_ciphertext_and_the_program_reads_it() -> None:
    made = person()
    assert stored(made).startswith(f"v1.{made.subject_id}.")
    assert "苏琳" not in stored(made)
    assert str(Person.objects.get(pk=made.pk).display_name) == "苏琳"


def test_sealing_the_same_text_twice_gives_two_texts() -> None:
    made = person()
    assert seal("苏琳", made.subject_id) != seal("苏琳", made.subject_id)


def test_empty_text_stays_empty_and_null_is_never_written() -> None:
    assert stored(person(called="")) == ""


def test_repr_and_tracebacks_show_nothing() -> None:
    made = Person.objects.get(pk=person().pk)
    sealed = made.display_name
    shown = [repr(sealed), repr([sealed]), f"{sealed!r}", repr(made), repr({"who": made.sign_in})]
    try:
        raise ValueError(sealed)
    except ValueError:
        shown.append("".join(traceback.format_exc().splitlines(keepends=True)[:-1]))
    assert not [text for text in shown if "苏琳" in text or "sulin" in text]
    assert repr(sealed) == "‹•••›"


def test_another_person_s_key_does_not_open_it() -> None:
    made, other = person(), person("batu", "巴图")
    _version, _subject, body = stored(made).split(".", 2)
    assert str(Sealed(f"v1.{other.subject_id}.{body}")) == "（已损坏）"
    PersonKey.objects.filter(pk=made.subject_id).update(
        secret=PersonKey.objects.get(pk=other.subject_id).secret
    )
    keys.forget()
    assert str(Person.objects.get(pk=made.pk).display_name) == "（已损坏）"


def test_a_changed_byte_does_not_open() -> None:
    made = person()
    token = stored(made)
    last = "A" if token[-5] != "A" else "B"
    assert str(Sealed(token[:-5] + last + token[-4:])) == "（已损坏）"


@pytest.mark.parametrize(
    "search", [{"display_name": "苏琳"}, {"sign_in__icontains": "sul"}, {"display_name__in": ["苏琳"]}]
)
def test_searching_a_sealed_field_is_refused(search: dict[str, object]) -> None:
    person()
    with pytest.raises(TypeError, match="never searched"):
        list(Person.objects.filter(**search))


def test_writing_clear_text_around_save_is_refused() -> None:
    made = person()
    with pytest.raises(TypeError, match="save"):
        Person.objects.filter(pk=made.pk).update(display_name="苏琳")


def test_bulk_create_seals() -> None:
    subjects = open_subjects(2, now=START)
    Person.objects.bulk_create(
        Person(subject=each, sign_in=f"p{n}", sign_in_index=f"i{n}", display_name=f"某人{n}", password="!")
        for n, each in enumerate(subjects)
    )
    found = {str(each.display_name): stored(each) for each in Person.objects.all()}
    assert set(found) == {"某人0", "某人1"}
    assert all(token.startswith("v1.") for token in found.values())


def test_the_exact_sign_in_name_finds_the_person_whatever_its_case() -> None:
    made = person("SuLin")
    assert Person.objects.by_sign_in(" sulin ") == made
    assert Person.objects.by_sign_in("suli") is None


def test_keys_lie_in_a_database_of_their_own() -> None:
    made = person()
    assert PersonKey.objects.using("keys").filter(pk=made.subject_id).exists()
    with connection.cursor() as cursor:
        assert "privacy_personkey" not in connection.introspection.table_names(cursor)


def test_without_the_key_nothing_opens_and_nothing_can_be_sealed() -> None:
    made = person()
    keys.destroy(made.subject_id)
    assert str(Person.objects.get(pk=made.pk).display_name) == "（已删除）"
    with pytest.raises(LookupError):
        seal("再来", made.subject_id)


class TestNumbersOfSubjects:
    """Keys and erasures outlive a rollback and a restore of the main database, so a number is never used again."""

    @pytest.mark.django_db(transaction=True)
    def test_a_rolled_back_person_does_not_stand_in_the_way_of_the_next(self) -> None:
        with transaction.atomic():
            lost = open_subject(now=START)
            transaction.set_rollback(True)
        assert not Subject.objects.filter(pk=lost.pk).exists()
        assert PersonKey.objects.filter(pk=lost.pk).exists()
        assert open_subject(now=START).pk != lost.pk

    @pytest.mark.django_db(transaction=True)
    def test_an_erased_number_does_not_come_back_after_its_row_is_lost(self) -> None:
        erased = open_subject(now=START)
        number = erased.pk
        erase(subject=erased, actor="test", now=START)
        Subject.objects.filter(pk=number).delete()
        assert open_subject(now=START).pk not in keys.erased_subjects()

"""Words that mean the same: administrators add and end them, everybody searches by them."""

from __future__ import annotations

import pytest

from conftest import City, SignIn, at
from guantong.audit.verification import verify_log
from guantong.kernel.refusals import Refusal
from guantong.search.models import Synonym
from guantong.search.operations import add_synonyms, end_synonyms
from guantong.search.synonyms import built_in, groups

NOW = at(3, 3)


class TestAdding:
    def test_a_group_is_in_force_at_once_and_until_it_is_ended(self, signed: City) -> None:
        made = add_synonyms(words="座谈会、恳谈会，见面会 座谈会", actor=signed.coordinator, now=NOW)
        assert made.words == "座谈会 恳谈会 见面会"
        assert groups() == [*built_in(), ("座谈会", "恳谈会", "见面会")]
        ended = end_synonyms(synonym=made, actor=signed.coordinator, now=NOW)
        assert groups() == list(built_in())
        assert end_synonyms(synonym=made, actor=signed.coordinator, now=at(4, 1)).ended_at == ended.ended_at
        assert not verify_log().faults

    @pytest.mark.parametrize(
        "words", ["", "座谈会", "座谈会 座谈会", "a b c d e f g h i", "座谈会 〔〕", "座谈会 " + "长" * 31]
    )
    def test_what_is_no_group_is_refused(self, signed: City, words: str) -> None:
        with pytest.raises(Refusal):
            add_synonyms(words=words, actor=signed.coordinator, now=NOW)
        assert not Synonym.objects.exists()

    def test_the_same_group_again_is_refused(self, signed: City) -> None:
        add_synonyms(words="座谈会 恳谈会", actor=signed.coordinator, now=NOW)
        with pytest.raises(Refusal):
            add_synonyms(words="恳談會 座谈会", actor=signed.coordinator, now=NOW)

    def test_nobody_else_keeps_words(self, signed: City) -> None:
        made = add_synonyms(words="座谈会 恳谈会", actor=signed.coordinator, now=NOW)
        with pytest.raises(Refusal):
            add_synonyms(words="甲 乙", actor=signed.head, now=NOW)
        with pytest.raises(Refusal):
            end_synonyms(synonym=made, actor=signed.head, now=NOW)


class TestPages:
    def test_an_administrator_adds_and_ends(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.acting("1506-LGO", "system_admin"))
        assert "督查、督办、督察" in client.get("/search/words/").content.decode()
        assert client.post("/search/words/", {"words": "座谈会 恳谈会"}).status_code == 302
        assert client.post("/search/words/", {"words": "座谈会"}).status_code == 422
        made = Synonym.objects.get()
        assert client.get(f"/search/words/{made.pk}/end/").status_code == 405
        assert client.post(f"/search/words/{made.pk}/end/").status_code == 302
        assert client.post(f"/search/words/{made.pk}/end/").status_code == 302
        assert groups() == list(built_in())

    def test_without_the_right_it_is_forbidden(self, signed: City, as_: SignIn) -> None:
        client = as_(signed.head)
        assert client.get("/search/words/").status_code == 403
        assert client.post("/search/words/", {"words": "甲 乙"}).status_code == 403

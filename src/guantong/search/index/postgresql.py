"""The index on PostgreSQL: a tsvector of the words with GIN. No extension, no text search configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from guantong.search.index.wanted import Wanted


def _word(word: str, begins: bool) -> str:
    return f"'{word}':*" if begins else f"'{word}'"


class Backend:
    def put(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words (rowid, words) VALUES (%s, array_to_tsvector(%s::text[]))",
                [(number, list(words)) for number, words in rows],
            )

    def take_out(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_words WHERE rowid = ANY(%s)", [list(numbers)])

    def between(self, first: int, last: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM search_words WHERE rowid BETWEEN %s AND %s", [first, last])
            return [number for (number,) in cursor.fetchall()]

    def words_between(self, first: int, last: int) -> list[tuple[int, Sequence[str]]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rowid, tsvector_to_array(words) FROM search_words WHERE rowid BETWEEN %s AND %s",
                [first, last],
            )
            return list(cursor.fetchall())

    def statement(
        self, asked: Iterable[tuple[int, Wanted, int, int, bool, int]]
    ) -> tuple[str, list[int | str]]:
        parts: list[str] = []
        given: list[int | str] = []
        for rank, wanted, first, last, newest_first, most in asked:
            order = "DESC" if newest_first else "ASC"
            parts.append(
                f"(SELECT {rank}, rowid FROM search_words WHERE words @@ %s::tsquery "  # noqa: S608
                f"AND rowid BETWEEN %s AND %s ORDER BY rowid {order} LIMIT %s)"
            )
            given += [wanted.written(_word, both="&", either="|"), first, last, most]
        return " UNION ALL ".join(parts), given

    def settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE search_words")

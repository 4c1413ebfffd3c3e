"""The index on SQLite: an FTS5 table. Its own tokenizer only divides at spaces; the words were made before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from guantong.search.index.wanted import Wanted

AT_ONCE = 500  # parameters of one statement


def _word(word: str, begins: bool) -> str:
    return f'"{word}"*' if begins else f'"{word}"'


class Backend:
    def put(self, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_words(rowid, words) VALUES (%s, %s)",
                [(number, " ".join(words)) for number, words in rows],
            )

    def take_out(self, numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            for at in range(0, len(numbers), AT_ONCE):
                some = numbers[at : at + AT_ONCE]
                places = ", ".join(["%s"] * len(some))
                cursor.execute(f"DELETE FROM search_words WHERE rowid IN ({places})", some)  # noqa: S608

    def between(self, first: int, last: int) -> list[int]:
        return [number for number, _words in self._rows("rowid, 0", first, last)]

    def words_between(self, first: int, last: int) -> list[tuple[int, Sequence[str]]]:
        return [(number, words.split()) for number, words in self._rows("rowid, words", first, last)]

    def _rows(self, columns: str, first: int, last: int) -> list[tuple[int, str]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns} FROM search_words WHERE rowid BETWEEN %s AND %s",  # noqa: S608
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
                f"SELECT * FROM (SELECT {rank}, rowid FROM search_words WHERE search_words MATCH %s "  # noqa: S608
                f"AND rowid BETWEEN %s AND %s ORDER BY rowid {order} LIMIT %s)"
            )
            given += [wanted.written(_word, both="AND", either="OR"), first, last, most]
        return " UNION ALL ".join(parts), given

    def settle(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('optimize')")

"""What an address of the interface does, said once: the views, the document and the tests are made from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, ClassVar, cast

from django.db.models import Model, QuerySet

from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.api.acting import TokenActing
from guantong.api.contract.cursors import cursor_after, place_of
from guantong.api.contract.problems import not_found
from guantong.api.shapes.common import Page
from guantong.api.shapes.queries import Nothing, Some
from guantong.api.shapes.terms import BIGGEST


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who acts, what the address names, what was asked and sent, with which files."""

    request: Request
    refs: dict[str, int]
    query: Any
    body: Any = None
    files: Sequence[tuple[str, BinaryIO]] = ()

    @property
    def acting(self) -> TokenActing:
        return cast(TokenActing, self.request.acting)

    @property
    def office(self) -> Office:
        assert self.acting.office is not None
        return self.acting.office

    @property
    def now(self) -> dt.datetime:
        return self.request.now

    @property
    def today(self) -> dt.date:
        return self.request.today


Found = Callable[[Call], "QuerySet[Any]"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """``name`` is the operation's in the document; ``function`` is the policy; ``answers`` the shape of a success."""

    name: str
    summary: object
    function: str
    answers: Any
    query: type = Nothing

    method: ClassVar[str] = "GET"

    def run(self, call: Call) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Act):
    """Anything that is read and is neither a row nor a list of rows."""

    told: Callable[[Call], Any]

    def run(self, call: Call) -> Any:
        return self.told(call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Act):
    """A list in order of its key, from which nothing is lost or given twice while rows are added."""

    found: Found
    show: Callable[[Any], Any]
    query: type = Some

    def run(self, call: Call) -> Any:
        asked = call.query
        filters = replace(asked, limit=0, cursor=None)
        rows = self.found(call).order_by("pk")
        if asked.cursor is not None:
            rows = rows.filter(pk__gt=place_of(call.request.path, filters, asked.cursor))
        some = list(rows[: asked.limit + 1])
        more, some = len(some) > asked.limit, some[: asked.limit]
        after = cursor_after(call.request.path, filters, some[-1].pk) if more else None
        return Page(items=[self.show(each) for each in some], next=after)


@dataclass(frozen=True, slots=True, kw_only=True)
class One(Act):
    """One row by its number, if it may be seen."""

    found: Found
    show: Callable[[Any, Call], Any]

    def row(self, call: Call, *, hold: bool = False) -> Any:
        """Raises a problem where it is not there for this office; ``hold`` locks it until the transaction ends."""
        pk = call.refs["pk"]
        found = self.found(call).filter(pk=pk).first() if pk <= BIGGEST else None
        if found is None:
            raise not_found()
        if hold:
            type(found)._default_manager.select_for_update().only("pk").get(pk=pk)
            found = self.found(call).filter(pk=pk).first()
        return found

    def run(self, call: Call) -> Any:
        return self.show(self.row(call), call)


@dataclass(frozen=True, slots=True)
class Content:
    """A file to be handed out: ``read`` gives its bytes, ``digest`` is the SHA-256 of them."""

    name: str
    media_type: str
    digest: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download(Act):
    """The content of a file, never shown in a page."""

    content: Callable[[Call], Content]
    media_types: Sequence[str]
    answers: Any = bytes

    def run(self, call: Call) -> Content:
        return self.content(call)


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Act):
    """Something new. ``one`` shows it, ``leads_to`` is the address of that; ``about`` is the row it is done to.

    ``hides``: afterwards the row may be out of the office's sight. ``part_name`` is the name of the JSON part where files
    may come with it, as multipart/form-data.
    """

    body: type
    do: Callable[[Call], Model]
    one: One
    leads_to: str
    about: One | None = None
    hides: bool = False
    part_name: str = ""

    method: ClassVar[str] = "POST"


def visible(refs: Sequence[int], found: QuerySet[Any]) -> tuple[dict[int, Any], list[int]]:
    """The rows of these numbers that are there, by number; and the numbers that are not."""
    rows = {each.pk: each for each in found.filter(pk__in=refs)}
    return rows, [each for each in refs if each not in rows]


def plainly(show: Callable[[Any], Any]) -> Callable[[Any, Call], Any]:
    """For a row that looks the same whoever asks."""
    return lambda row, call: show(row)

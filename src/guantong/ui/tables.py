"""Tables that page and sort on the server; the address says everything, so a link can be shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

Rows = QuerySet[Any] | Sequence[Any]
PAGE, SORT = "page", "sort"


@dataclass(frozen=True, slots=True)
class Column:
    """A column head. ``order`` names the model fields it sorts by; empty means it does not sort."""

    key: str
    label: object
    order: Sequence[str] = ()
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    key: str
    label: object
    is_number: bool
    url: str
    direction: str
    """``ascending``, ``descending`` or empty, as aria-sort wants it."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page in the pager; without number it stands for the pages left out."""

    number: int | None
    url: str
    is_current: bool
    is_far: bool


def is_narrowed(query: QueryDict) -> bool:
    """Whether anything but the page and the order was asked for."""
    return any(value for name, values in query.lists() if name not in (PAGE, SORT) for value in values)


@dataclass(frozen=True)
class Listing:
    """One page of rows with its column heads and the links around it."""

    id: str
    page: Page[Any]
    columns: Sequence[Column]
    sort: str
    params: QueryDict

    @classmethod
    def of(
        cls,
        rows: Rows,
        params: QueryDict,
        columns: Sequence[Column],
        *,
        id: str = "listing",
        sort: str = "",
        per_page: int = 50,
    ) -> Listing:
        """Sorts and cuts ``rows`` as the address asks; what the address gets wrong is ignored.

        ``sort`` is the order when none is asked, such as ``"-due"``. Rows that are not a queryset stay
        in the order given. Costs two queries: the count and the page.
        """
        sortable = {column.key: column.order for column in columns if column.order}
        asked = params.get(SORT, "")
        chosen = asked if asked.removeprefix("-") in sortable else sort
        if isinstance(rows, QuerySet) and chosen:
            rows = rows.order_by(*order_of(chosen, sortable))
        page = Paginator(rows, per_page).get_page(params.get(PAGE))
        return cls(id=id, page=page, columns=columns, sort=chosen, params=params)

    def __iter__(self) -> Any:
        return iter(self.page.object_list)

    def __len__(self) -> int:
        return len(self.page.object_list)

    @property
    def total(self) -> int:
        return self.page.paginator.count

    @property
    def is_filtered(self) -> bool:
        return any(value for key, value in self.params.items() if key not in (PAGE, SORT))

    @property
    def width(self) -> int:
        return len(self.columns)

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column.key, column.label, column.is_number, "", "")
        up, down = self.sort == column.key, self.sort == f"-{column.key}"
        url = self.address(**{SORT: f"-{column.key}" if up else column.key, PAGE: None})
        return Head(
            column.key,
            column.label,
            column.is_number,
            url,
            "ascending" if up else "descending" if down else "",
        )

    @property
    def page_links(self) -> list[PageLink]:
        paginator, here = self.page.paginator, self.page.number
        if paginator.num_pages < 2:
            return []
        return [
            PageLink(
                number=number if isinstance(number, int) else None,
                url=self.address(**{PAGE: str(number)}) if isinstance(number, int) else "",
                is_current=number == here,
                is_far=number != here and number not in (1, paginator.num_pages, here - 1, here + 1),
            )
            for number in paginator.get_elided_page_range(here, on_each_side=2, on_ends=1)
        ]

    @property
    def previous_url(self) -> str:
        return self.address(**{PAGE: str(self.page.number - 1)}) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return self.address(**{PAGE: str(self.page.number + 1)}) if self.page.has_next() else ""

    def address(self, **changes: str | None) -> str:
        """The query string of this page with some parameters changed, or taken away by None."""
        params = self.params.copy()
        for key, value in changes.items():
            params.pop(key, None)
            if value is not None:
                params[key] = value
        return f"?{params.urlencode()}"


def order_of(sort: str, sortable: dict[str, Sequence[str]]) -> list[str]:
    """Field names for ``order_by``, ended by the key so that equal rows never change places."""
    key = sort.removeprefix("-")
    fields = list(sortable.get(key, (key,)))
    if sort.startswith("-"):
        fields = [name[1:] if name.startswith("-") else f"-{name}" for name in fields]
    return [*fields, "pk"]

"""The way to an installation over HTTP: a token, one question at a time, every answer as its shape. No Django here."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from email.message import Message
from typing import Any, TypeVar

from guantong.api.forms_with_files import form
from guantong.api.shapes.common import Page, Problem
from guantong.api.shapes.decoding import decoded, plain

Shape = TypeVar("Shape")
Filter = Any


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file that was downloaded."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
    content: bytes
    headers: Message

    @property
    def told(self) -> Any:
        return json.loads(self.content)


class ProblemAnswer(Exception):  # noqa: N818 - what was answered, not a defect
    """The interface did not do it, and says why."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


class _Straight(urllib.request.HTTPRedirectHandler):
    """A token is never carried anywhere else."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class Connection:
    """One installation, by one token. ``tries`` is how often a sending without answer is made."""

    def __init__(
        self, address: str, token: str, *, language: str = "zh-CN", timeout: float = 30, tries: int = 3
    ) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https"):
            raise ValueError("the address begins with https://")
        self._base = address.rstrip("/") + "/api/v1/"
        self._headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._timeout, self._tries = timeout, max(1, tries)
        self._opener = urllib.request.build_opener(_Straight)

    def get(self, shape: type[Shape], path: str, **filters: Filter) -> Shape:
        """One answer as its shape."""
        return decoded(shape, self._asked("GET", path + _query(filters)).told)

    def each(self, shape: type[Shape], path: str, **filters: Filter) -> Iterator[Shape]:
        """Every row of a list, however many pages it has."""
        cursor: str | None = None
        while True:
            page = decoded(Page[shape], self._asked("GET", path + _query(filters | {"cursor": cursor})).told)  # type: ignore[valid-type]
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def load(self, path: str) -> LoadedFile:
        """A file with the name and the type it has."""
        answer = self._asked("GET", path)
        told = answer.headers
        return LoadedFile(told.get_filename() or "", told.get_content_type(), answer.content)

    def post(self, shape: type[Shape], path: str, body: Any, *, key: str = "", if_match: str = "") -> Shape:
        """Something new. ``key`` is its number: give your own to be able to repeat it in another run."""
        headers = _headers(key, if_match, "application/json")
        return decoded(shape, self._asked("POST", path, _json(body), headers).told)

    def post_or_hidden(
        self, shape: type[Shape], path: str, body: Any, *, key: str = "", if_match: str = ""
    ) -> Shape | None:
        """The same, of an act after which the row may be out of sight: then None."""
        answer = self._asked("POST", path, _json(body), _headers(key, if_match, "application/json"))
        return decoded(shape, answer.told) if answer.content else None

    def post_files(
        self,
        shape: type[Shape],
        path: str,
        part: tuple[str, Any],
        files: Sequence[tuple[str, bytes]],
        *,
        key: str = "",
    ) -> Shape:
        """Something new with files, as a form: the JSON in the part of that name."""
        name, body = part
        content, content_type = form(name, _json(body), files)
        return decoded(shape, self._asked("POST", path, content, _headers(key, "", content_type)).told)

    def _asked(
        self, method: str, path: str, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> _Answer:
        for left in reversed(range(self._tries)):
            try:
                return self._sent(method, path, content, headers or {})
            except OSError:
                if not left:
                    raise
        raise AssertionError("unreachable")

    def _sent(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> _Answer:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            self._base + path, data=content, headers=self._headers | headers, method=method
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return _Answer(answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            raise _problem(error) from None


def _headers(key: str, if_match: str, content_type: str) -> dict[str, str]:
    headers = {"Idempotency-Key": key or secrets.token_hex(16), "Content-Type": content_type}
    return headers | ({"If-Match": if_match} if if_match else {})


def _json(body: Any) -> bytes:
    return json.dumps(plain(asdict(body))).encode()


def _query(filters: dict[str, Filter]) -> str:
    told = {name: plain(value) for name, value in filters.items() if value is not None}
    words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in told.items()}
    return f"?{urllib.parse.urlencode(words)}" if words else ""


def _problem(error: urllib.error.HTTPError) -> Exception:
    """What it says in JSON; any other answer stays the error it is."""
    if error.headers.get_content_type() != "application/problem+json":
        return error
    with error:
        return ProblemAnswer(decoded(Problem, json.loads(error.read())))

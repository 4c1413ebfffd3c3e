"""A program that calls the interface with a token."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Collection
from typing import Any

from django.http import HttpResponse
from django.test import Client

from guantong.accounts.acting import Acting
from guantong.api.models import Token
from guantong.api.operations.tokens import make_token, offered_to
from guantong.kernel import clock

BASE = "/api/v1/"


def token_for(
    acting: Acting, *, functions: Collection[str] | None = None, read_only: bool = False, days: int = 30
) -> tuple[Token, str]:
    """A token of today for the office, with everything it may have unless said otherwise."""
    assert acting.office is not None
    now = clock.now()
    made = make_token(
        office=acting.office, name="test", functions=offered_to(acting.office) if functions is None else functions,
        read_only=read_only, expires_on=clock.today(now) + dt.timedelta(days=days), actor=acting, now=now,
    )  # fmt: skip
    return made.token, made.secret


class Caller:
    """Sends requests below /api/v1/ with the secret of a token."""

    def __init__(self, secret: str, **headers: str) -> None:
        self._client = Client(raise_request_exception=False)
        self._headers = {"Authorization": f"Bearer {secret}", **headers}

    @classmethod
    def acting(cls, acting: Acting, **terms: Any) -> Caller:
        return cls(token_for(acting, **terms)[1])

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self._client.get(BASE + path, headers=self._headers | headers)  # type: ignore[return-value]

    def read(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content.decode()
        return json.loads(answer.content)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> HttpResponse:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self._client.post(  # type: ignore[return-value]
            BASE + path, sent, content_type="application/json", headers=self._headers | known | headers
        )

    def ask(self, method: str, path: str, **headers: str) -> HttpResponse:
        return self._client.generic(method, path, headers=self._headers | headers)  # type: ignore[return-value]


def problem_of(answer: HttpResponse) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json", (answer.status_code, answer["Content-Type"])
    told = json.loads(answer.content)
    assert told["status"] == answer.status_code
    return dict(told)


def done(answer: HttpResponse) -> dict[str, Any]:
    """What an act answered with, once it was done."""
    assert answer.status_code == 201, answer.content.decode()
    return dict(json.loads(answer.content))


def refused(answer: HttpResponse) -> str:
    """The sentence for which an act was not done."""
    told = problem_of(answer)
    assert told["status"] == 422, told
    return str(told["detail"])

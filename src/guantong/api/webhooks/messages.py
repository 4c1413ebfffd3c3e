"""What is sent: kind, the object's address and when. Signed as Standard Webhooks says; no word of what happened."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from guantong.api.choices import EventKind
from guantong.api.contract.writing import encoded
from guantong.api.models import Event, Send

OBJECTS: dict[str, tuple[str, str]] = {
    EventKind.OBLIGATION_RED: ("obligation", "/api/v1/obligations/{}/"),
    EventKind.OBLIGATION_CLAIMED: ("obligation", "/api/v1/obligations/{}/"),
    EventKind.OBLIGATION_REVIEWED: ("obligation", "/api/v1/obligations/{}/"),
    EventKind.MATTER_MOVED: ("matter", "/api/v1/matters/{}/"),
    EventKind.CASE_MOVED: ("case", "/api/v1/cases/{}/"),
    EventKind.SCORE_PUBLISHED: ("run", "/api/v1/scores/?run={}"),
    EventKind.TEST: ("webhook", "/webhooks/{}/"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    body: bytes
    headers: dict[str, str]


def told_of(event: Event) -> dict[str, Any]:
    name, address = OBJECTS[event.kind]
    place = address.replace("{}", str(event.object_ref))
    return {
        "type": event.kind,
        "timestamp": event.at,
        "data": {"object": name, "id": event.object_ref, "address": place},
    }


def letter_of(send: Send, *, secret: str, now: dt.datetime) -> Letter:
    """``webhook-id`` is the same for every try, so that the receiver can tell a repetition."""
    body = encoded(told_of(send.event))
    number, seconds = f"evt_{send.event.pk}", str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Guantong-Webhooks/1",
        "webhook-id": number,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature(secret, number, seconds, body)}",
    }
    return Letter(body, headers)


def signature(secret: str, number: str, seconds: str, body: bytes) -> str:
    """HMAC-SHA256 over number, time and body, in base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.digest(key, f"{number}.{seconds}.".encode() + body, hashlib.sha256)).decode()

"""How an outcome looks in a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guantong.channels.choices import Outcome
from guantong.channels.models import Delivery

TONES = {
    Outcome.SENT: "good", Outcome.FAILED: "bad", Outcome.UNKNOWN: "warn", Outcome.WAITING: "info",
    Outcome.SENDING: "info", Outcome.NOTHING: "",
}  # fmt: skip


def with_tones(rows: Iterable[Delivery]) -> list[dict[str, Any]]:
    return [{"row": each, "tone": TONES[Outcome(each.outcome)]} for each in rows]

"""Which tables the acting office may bring in, for the lists that offer it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from guantong.accounts.acting import Acting
from guantong.importing.kinds import kinds_for


def importable(request: HttpRequest) -> dict[str, Any]:
    """The context processor; lazy, so that pages without such a list pay nothing for it."""
    return {"importable": SimpleLazyObject(lambda: _importable(request))}


def _importable(request: HttpRequest) -> frozenset[str]:
    acting: Acting = getattr(request, "acting", None) or Acting()
    if acting.office is None or not acting.may("imports.use"):
        return frozenset()
    return frozenset(each.id for each in kinds_for(acting))

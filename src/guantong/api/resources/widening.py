"""A wider shape from a narrower one."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

Wide = TypeVar("Wide")


def widened(wide: type[Wide], plain: Any, **more: Any) -> Wide:
    """Everything of the plain shape, and more."""
    return wide(**{each.name: getattr(plain, each.name) for each in dataclasses.fields(plain)}, **more)

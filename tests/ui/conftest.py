"""Templates rendered outside a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.template import Context, Template


@pytest.fixture
def draw() -> Callable[..., str]:
    def draw(source: str, **context: Any) -> str:
        return Template(source).render(Context(context))

    return draw

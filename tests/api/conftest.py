from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def language_put_back() -> Iterator[None]:
    """A request in another language leaves it behind in its thread."""
    yield
    translation.deactivate()

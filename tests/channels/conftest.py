from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from channels.servers import Post, Robot, post_here, robot_here


@pytest.fixture
def inner(settings: LazySettings) -> None:
    """The installation names this machine as an inner host."""
    settings.INNER_HOSTS = ["127.0.0.1"]


@pytest.fixture
def robot(inner: None) -> Iterator[Robot]:
    with robot_here() as robot:
        yield robot


@pytest.fixture
def post(inner: None) -> Iterator[Post]:
    with post_here() as post:
        yield post

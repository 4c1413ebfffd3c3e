"""Many people who come and go in a random order, as years would bring them."""

from __future__ import annotations

import random

from guantong.kernel import clock
from guantong.privacy.models import PersonKey, Subject
from guantong.privacy.operations import erase, open_subject


def come_and_go(*, seed: int, people: int) -> list[str]:
    """Returns the keys that were destroyed, in hexadecimal."""
    chooser = random.Random(seed)  # noqa: S311 - repeatable
    now = clock.now()
    there: list[Subject] = []
    destroyed = []
    for _each in range(people):
        there.append(open_subject(now=now))
        if chooser.random() < 0.45:
            leaving = there.pop(chooser.randrange(len(there)))
            destroyed.append(bytes(PersonKey.objects.get(pk=leaving.pk).secret).hex())
            erase(subject=leaving, actor="test", now=now)
    return destroyed

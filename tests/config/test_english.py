"""Every text a user may see has English."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
messages = pytest.importorskip("messages")

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_no_text_lacks_english() -> None:
    assert messages.missing() == []


def test_english_keeps_every_placeholder_and_no_chinese() -> None:
    wrong = []
    for message in messages.catalogue():
        if not message.id:
            continue
        source = message.id if isinstance(message.id, str) else message.id[0]
        for english in [message.string] if isinstance(message.string, str) else message.string:
            quoted = re.sub(r"“[^”]*”", "", english)
            if sorted(PLACES.findall(source)) != sorted(PLACES.findall(english)) or CHINESE.search(quoted):
                wrong.append((source, english))
    assert wrong == []

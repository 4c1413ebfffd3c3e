"""The package author's guide names every key of the schema, and its example is a package that passes the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guantong.mechanisms.package import read_package_file
from guantong.mechanisms.package.schema import PACKAGE
from guantong.mechanisms.package.schema.kinds import Block, Either, Kind, Rows, Table

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = ("zh", "en")
HEAD = {"zh": "文件头", "en": "The head"}


def keys_of(kind: Kind) -> Iterator[str]:
    """Every key that may stand somewhere below."""
    if isinstance(kind, Block):
        for key, each in kind.keys.items():
            yield key
            yield from keys_of(each)
    elif isinstance(kind, Rows | Table):
        yield from keys_of(kind.of)
    elif isinstance(kind, Either):
        for each in kind.kinds:
            yield from keys_of(each)


def section(text: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


class TestThePackageGuide:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("block", sorted(PACKAGE.keys))
    def test_names_every_key_of_every_block(self, block: str, language: str) -> None:
        text = (DOCS / language / "packages" / "keys.md").read_text(encoding="utf-8")
        wanted = set(keys_of(PACKAGE.keys[block]))
        plain = block in {"format", "id", "version", "name", "based_on", "locale", "calendar"}
        part = section(text, HEAD[language]) if plain else section(text, f"`{block}`")
        assert part, block
        written = set(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE))
        assert ({block} if plain else wanted - {"zh", "en"}) - written == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_names_no_key_that_is_none(self, language: str) -> None:
        text = (DOCS / language / "packages" / "keys.md").read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) <= set(keys_of(PACKAGE))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_example_passes_the_rules(self, language: str, tmp_path: Path) -> None:
        text = (DOCS / language / "packages" / "writing.md").read_text(encoding="utf-8")
        example = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
        assert example
        file = tmp_path / "example.yaml"
        file.write_text(example[1], encoding="utf-8")
        reading = read_package_file(file)
        assert [each for each in reading.findings if each.severity == "error"] == []
        assert reading.valid

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_has_a_section_for_each_of_the_eight_rules(self, language: str) -> None:
        text = (DOCS / language / "packages" / "rules.md").read_text(encoding="utf-8")
        assert re.findall(r"^## (?:规则|Rule) (\d)", text, re.MULTILINE) == list("12345678")

"""The pages of docs/: they build without a warning, lead nowhere that is not there, and forget no setting."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.urls import resolve

from config.installation import ROOT
from guantong.config.commands import SETTINGS
from guantong.web.demo_accounts import ACCOUNTS

DOCS = ROOT / "docs"
LANGUAGES = ("zh", "en")


def pages_of(language: str) -> set[str]:
    return {each.relative_to(DOCS / language).as_posix() for each in (DOCS / language).rglob("*.md")}


class Page(HTMLParser):
    """What a page offers to be led to, where it leads, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if name := given.get("id"):
            self.anchors.add(name)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in {"script", "img", "iframe"} and given.get("src"):
            self.loaded.append(str(given["src"]))
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loaded.append(str(given["href"]))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Page]:
    """Every page, built without pictures; a warning stops it."""
    folder = tmp_path_factory.mktemp("docs")
    command = [sys.executable, str(ROOT / "tools" / "build_docs.py"), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    html = folder / "html"
    return {file: Page(file.read_text(encoding="utf-8")) for file in html.rglob("*.html")}


class TestThePages:
    def test_lead_to_files_and_places_that_are_there(self, built: dict[Path, Page]) -> None:
        wrong = []
        for file, page in built.items():
            for link in page.links:
                parts = urlsplit(link)
                if parts.scheme:
                    continue
                target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
                if not target.is_file() or (
                    parts.fragment
                    and target in built
                    and unquote(parts.fragment) not in built[target].anchors
                ):
                    wrong.append((file.name, link))
        assert wrong == []

    def test_load_nothing_from_elsewhere(self, built: dict[Path, Page]) -> None:
        """They are read on machines without network."""
        assert [each for page in built.values() for each in page.loaded if urlsplit(each).netloc] == []

    def test_are_all_built_and_say_their_language(self, built: dict[Path, Page]) -> None:
        html = next(file.parent for file in built if (file.parent / "zh").is_dir())
        for language, said in (("zh", "zh"), ("en", "en")):
            for name in pages_of(language):
                text = (html / language / name).with_suffix(".html").read_text(encoding="utf-8")
                assert re.search(rf'<html[^>]* lang="{said}', text), name

    def test_are_the_same_in_both_languages(self) -> None:
        assert pages_of("zh") == pages_of("en")

    @pytest.mark.parametrize("name", sorted(pages_of("zh")))
    def test_have_the_same_parts_in_both_languages(self, name: str) -> None:
        """A chapter that is added in one language only is a chapter that somebody will miss."""
        parts = [
            re.findall(
                r"^(#{1,3}) |^```\{(\w+)\} (.*)$",
                (DOCS / each / name).read_text(encoding="utf-8"),
                re.MULTILINE,
            )
            for each in LANGUAGES
        ]
        assert parts[0] == parts[1]

    @pytest.mark.parametrize("file", sorted(DOCS.rglob("*.md")), ids=lambda each: str(each.relative_to(DOCS)))
    def test_name_no_machine_and_no_registry(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        assert (
            not re.findall(r"https?://(?!127\.0\.0\.1)[^\s)`]+|/work/|/root/|/home/", text)
            or file.name == "security.md"
        )


# Said in quotes, and no label of a page.
NO_LABEL = {"这条记录完成了那个事项", "零分", "余 2 个", "2 left"}


class TestTheUserGuide:
    def test_quotes_only_what_the_pages_say(self) -> None:
        """A label that is renamed is renamed here too, or somebody looks for a button that is not there."""
        said = (ROOT / "src/guantong/locale/en/LC_MESSAGES/django.po").read_text(encoding="utf-8")
        said = said.replace('"\n"', "")
        quoted = {
            each
            for language in LANGUAGES
            for file in (DOCS / language / "users").glob("*.md")
            for each in re.findall("“([^”]+)”", file.read_text(encoding="utf-8"))
        }
        assert {each for each in quoted if each not in said} == NO_LABEL


class TestPictures:
    def test_every_one_is_asked_of_a_user_of_the_demonstration(self) -> None:
        known = {each.sign_in for each in ACCOUNTS} | {"-"}
        assert {user for _file, user, _path in fences()} <= known

    def test_every_one_is_asked_of_an_address_that_is_there(self) -> None:
        for _file, _user, path in fences():
            assert resolve(path)

    def test_every_one_has_its_words(self) -> None:
        for file in DOCS.rglob("*.md"):
            for body in re.findall(
                r"^```\{shot\} [^\n]*\n((?::[^\n]*\n)*)(.*?)^```",
                file.read_text(encoding="utf-8"),
                re.M | re.S,
            ):
                assert body[1].strip(), file


def fences() -> Iterator[tuple[str, str, str]]:
    for file in sorted(DOCS.rglob("*.md")):
        for user, path in re.findall(
            r"^```\{shot\} (\S+) (\S+)", file.read_text(encoding="utf-8"), re.MULTILINE
        ):
            yield str(file), user, path


class TestSettings:
    def test_each_is_explained_in_chinese(self) -> None:
        text = (DOCS / "zh" / "admin" / "settings.md").read_text(encoding="utf-8")
        told = dict(re.findall(r"^(GUANTONG_\w+): (.+)$", text, re.MULTILINE))
        assert set(told) == {variable for variable, _purpose, _name in SETTINGS}

"""What a strict content policy, an old phone and weak eyes ask of the files themselves."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

import guantong

PACKAGE = Path(guantong.__file__).parent
STATIC = PACKAGE / "ui" / "static" / "ui"
STYLES = sorted(STATIC.glob("*.css"))
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")


def blocks() -> list[dict[str, str]]:
    """The three token blocks: light, dark by choice, dark by the system."""
    return [
        dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))
        for body in re.findall(r":root[^{]*\{([^}]*)\}", TOKENS)
    ]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def pairs_of_text_and_ground() -> Iterator[tuple[str, str]]:
    yield from product(("ink", "ink-2", "ink-3", "link", "primary"), ("paper", "surface", "raised", "hover"))
    yield from product(("green", "blue", "yellow", "red", "grey", "none", "c1", "c2"), ("surface", "raised"))
    yield from ((light, f"{light}-soft") for light in ("green", "blue", "yellow", "red", "grey"))
    yield from (
        ("on-primary", "primary"),
        ("primary-strong", "primary-soft"),
        ("ink-2", "grey-soft"),
        ("ink-2", "sunken"),
    )


class TestTokens:
    def test_dark_by_choice_and_dark_by_the_system_are_alike(self) -> None:
        _, chosen, system = blocks()
        assert chosen == system

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_text_has_contrast_4_5_to_1(self, theme: str) -> None:
        light, dark, _ = blocks()
        colours = light if theme == "light" else light | dark
        weak = {
            pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
            for pair in pairs_of_text_and_ground()
            if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
        }
        assert weak == {}

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_edges_of_inputs_and_the_focus_ring_have_contrast_3_to_1(self, theme: str) -> None:
        light, dark, _ = blocks()
        colours = light if theme == "light" else light | dark
        for edge, ground in product(("line-strong", "focus"), ("paper", "surface", "raised")):
            assert contrast(colours[edge], colours[ground]) >= 3, (edge, ground)

    def test_every_token_used_is_defined(self) -> None:
        used = {
            name
            for style in STYLES
            for name in re.findall(r"var\(--([\w-]+)\)", style.read_text(encoding="utf-8"))
        }
        assert used - set(blocks()[0]) == set()


class TestWeight:
    def test_all_styles_together_stay_below_15_kilobytes_on_the_wire(self) -> None:
        assert sum(len(gzip.compress(style.read_bytes())) for style in STYLES) < 15_000

    def test_each_script_stays_below_7_kilobytes(self) -> None:
        for script in STATIC.glob("*.js"):
            assert script.stat().st_size < 7_000, script.name

    def test_nothing_is_fetched_from_elsewhere(self) -> None:
        for style in STYLES:
            assert not re.search(r"url\(|@import|https?://", style.read_text(encoding="utf-8")), style.name


class TestTemplates:
    @pytest.mark.parametrize(
        ("pattern", "why"),
        [
            (r"<[^>]*\sstyle\s*=", "inline style"),
            (r"<[^>]*\son\w+\s*=", "inline handler"),
            (r"\|\s*safe\b|\{%\s*autoescape\s+off", "unescaped output"),
            (r"<style\b", "style element"),
            (r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", "inline script"),
            (r"<script(?![^>]*\bnonce=)", "script without nonce"),
            (r"(?:src|href)=[\"']https?://", "something from elsewhere"),
        ],
    )
    def test_no_template_breaks_the_content_policy(self, pattern: str, why: str) -> None:
        guilty = [path.name for path in TEMPLATES if re.search(pattern, path.read_text(encoding="utf-8"))]
        assert guilty == [], why

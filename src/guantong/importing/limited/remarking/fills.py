"""Cells coloured by what was said of them, whatever else their format is."""

from __future__ import annotations

import re

from guantong.importing.limited.remarking.parts import Strange

COLOURS = {"error": "FFF4C7C3", "warning": "FFFFF2CC"}
FORMATS = re.compile(rb"(<(?:[\w.-]+:)?cellXfs\b)([^>]*>)(.*?)(</(?:[\w.-]+:)?cellXfs\s*>)", re.DOTALL)
FORMAT = re.compile(rb"<((?:[\w.-]+:)?)xf(?=[\s/>])[^>]*?(?:/>|>.*?</\1xf\s*>)", re.DOTALL)
FILLS = re.compile(rb"(<((?:[\w.-]+:)?)fills\b)([^>]*>)(.*?)(</\2fills\s*>)", re.DOTALL)
FILL = re.compile(rb"<(?:[\w.-]+:)?fill(?=[\s/>])")
COUNT = re.compile(rb'\scount\s*=\s*["\']\d+["\']')


class Fills:
    """Formats of the workbook, and one more for each that a remark needs in a colour."""

    def __init__(self, styles: bytes) -> None:
        self._styles = styles
        formats, fills = FORMATS.search(styles), FILLS.search(styles)
        self._formats = [each[0] for each in FORMAT.finditer(formats[3])] if formats else []
        self.may_colour = bool(self._formats and fills)
        self._n_fills = len(FILL.findall(fills[4])) if fills else 0
        self._made: dict[tuple[int, str], int] = {}

    def coloured(self, format_: int, verdict: str) -> int:
        """The number of the format that is this one in the colour of a verdict."""
        if not self.may_colour or verdict not in COLOURS:
            return format_
        if format_ >= len(self._formats):
            raise Strange
        return self._made.setdefault((format_, verdict), len(self._formats) + len(self._made))

    def styles(self) -> bytes:
        """The part with the formats that were asked for."""
        if not self._made:
            return self._styles
        made = b"".join(self._clone(format_, verdict) for format_, verdict in self._made)
        total = len(self._formats) + len(self._made)
        styles = FORMATS.sub(lambda f: _with(f[1], f[2], f[3] + made, f[4], total), self._styles, count=1)
        return FILLS.sub(
            lambda f: _with(f[1], f[3], f[4] + _fills(f[2].decode()), f[5], self._n_fills + len(COLOURS)),
            styles,
            count=1,
        )

    def _clone(self, format_: int, verdict: str) -> bytes:
        start, sep, rest = self._formats[format_].partition(b">")
        empty = start.endswith(b"/")
        start = re.sub(rb'\s(?:fillId|applyFill)\s*=\s*["\'][^"\']*["\']', b"", start.removesuffix(b"/"))
        fill = self._n_fills + list(COLOURS).index(verdict)
        return start + b' fillId="%d" applyFill="1"' % fill + (b"/" if empty else b"") + sep + rest


def _fills(prefix: str) -> bytes:
    return "".join(
        f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="{colour}"/>'
        f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>'
        for colour in COLOURS.values()
    ).encode()


def _with(start: bytes, attributes: bytes, inside: bytes, end: bytes, count: int) -> bytes:
    return start + b' count="%d"' % count + COUNT.sub(b"", attributes) + inside + end

"""From the bytes of a YAML file to plain values with their lines; whatever is wrong becomes a finding."""

from __future__ import annotations

import math
import re
from typing import Any

import yaml
from django.utils.translation import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Outline, Path, path_text

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_VALUES = 60_000
TAG = "tag:yaml.org,2002:"
MONTH_DAY = re.compile(r"\d{1,2}-\d{1,2}")
PLAIN_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def outline_of(text: str | bytes, findings: Findings) -> Outline | None:
    """The file's values, or None with findings of rule 0 where it cannot be read."""
    decoded = _decoded(text, findings)
    if decoded is None:
        return None
    node = _composed(decoded, findings)
    if node is None:
        return None
    return _Transcript(findings).outline(node)


def _decoded(text: str | bytes, findings: Findings) -> str | None:
    if len(text) > MAX_BYTES:
        message = _("文件超过 %(limit)s 字节。") % {"limit": MAX_BYTES}
        findings.at_line(0, 1, "", message, _("机制包只写规则，不写数据；请删去无关内容或拆成两个机制包。"))
        return None
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = text[: problem.start].count(b"\n") + 1
        findings.at_line(
            0,
            line,
            "",
            _("文件不是 UTF-8 编码。"),
            _("请在编辑器里另存为 UTF-8 编码（不要用 GBK 或 UTF-16）。"),
        )
        return None


def _composed(text: str, findings: Findings) -> Node | None:
    """The node tree of the one document, after a look at how deep it goes."""
    try:
        if _too_deep(text, findings):
            return None
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.reader.ReaderError as problem:
        line = text[: problem.position].count("\n") + 1
        findings.at_line(0, line, "", _("文件里有不可显示的字符。"), _("请删去这一行里的控制字符。"))
        return None
    except yaml.MarkedYAMLError as problem:
        _syntax(problem, findings)
        return None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        findings.at_line(0, 1, "", _("文件不是可读的 YAML。"), _("请检查转义符号、括号和缩进。"))
        return None
    if node is None:
        findings.at_line(0, 1, "", _("文件是空的。"), _("请以 format: mechanism/1 开头写机制包。"))
    return node


def _too_deep(text: str, findings: Findings) -> bool:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            line = event.start_mark.line + 1 if event.start_mark else 1
            message = _("嵌套超过 %(n)s 层。") % {"n": MAX_DEPTH}
            findings.at_line(0, line, "", message, _("机制包不需要这么深的结构，请检查括号是否配对。"))
            return True
    return False


def _syntax(problem: yaml.MarkedYAMLError, findings: Findings) -> None:
    mark = problem.problem_mark or problem.context_mark
    line = mark.line + 1 if mark else 1
    if "document" in str(problem.context or "") and "single" in str(problem.context or ""):
        findings.at_line(
            0, line, "", _("一个文件里有多份文档（---）。"), _("请删去多余的 ---，每个文件只写一个机制包。")
        )
        return
    findings.at_line(
        0,
        line,
        "",
        _("YAML 语法错误：%(problem)s。") % {"problem": problem.problem or problem.context or ""},
        _("请检查这一行及上一行的缩进、冒号后的空格、括号和引号是否配对。"),
    )


class _TooMuchError(Exception):
    """The file unfolds into more than a package can hold."""


class _Transcript:
    """Copies a node tree into plain values, noting lines and traps."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.lines: dict[Path, int] = {}
        self.unquoted: set[Path] = set()
        self.count = 0
        self.open: set[int] = set()

    def outline(self, node: Node) -> Outline | None:
        before = self.findings.errors
        try:
            root = self.value(node, (), node.start_mark.line + 1)
        except _TooMuchError:
            return None
        if not isinstance(root, dict):
            if self.findings.errors == before:
                message = _("文件最外层不是“键: 值”的结构。")
                self.findings.at_line(0, 1, "", message, _("请以 format: mechanism/1 开头逐块书写。"))
            return None
        return Outline(root, self.lines, frozenset(self.unquoted))

    def value(self, node: Node, path: Path, line: int) -> Any:
        self.lines[path] = line
        self.count += 1
        if self.count > MAX_VALUES or id(node) in self.open:
            self.findings.at_line(
                0,
                node.start_mark.line + 1,
                path_text(path),
                _("锚点与别名（& 和 *）展开后过大或互相引用。"),
                _("请把重复内容直接写出来，不要使用别名。"),
            )
            raise _TooMuchError
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        self.open.add(id(node))
        try:
            if isinstance(node, MappingNode) and node.tag == TAG + "map":
                return self.mapping(node, path)
            if isinstance(node, SequenceNode) and node.tag == TAG + "seq":
                return [
                    self.value(each, (*path, index), each.start_mark.line + 1)
                    for index, each in enumerate(node.value)
                ]
        finally:
            self.open.discard(id(node))
        self.unknown_tag(node, path)
        return None

    def unknown_tag(self, node: Node, path: Path) -> None:
        self.findings.at_line(
            0,
            node.start_mark.line + 1,
            path_text(path),
            _("不允许使用类型标记“%(tag)s”。") % {"tag": node.tag.removeprefix(TAG)},
            _("请删去感叹号开头的标记，只写普通的文字、数字、列表和键值。"),
        )

    def mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self.key(key_node, path, line)
            if key is None:
                continue
            if key in found:
                self.findings.at_line(
                    1,
                    line,
                    path_text((*path, key)),
                    _("键“%(key)s”写了两次。") % {"key": key},
                    _("请合并或删去其中一个；第一处在第 %(line)s 行。") % {"line": self.lines[(*path, key)]},
                )
                continue
            found[key] = self.value(value_node, (*path, key), line)
        return found

    def key(self, node: Node, path: Path, line: int) -> str | None:
        """The key, or None with a finding: YAML 1.1 reads ``on``, ``no``, ``yes`` as true and false."""
        if isinstance(node, ScalarNode) and node.tag == TAG + "str" and not UNPRINTABLE.search(node.value):
            return str(node.value)
        written = node.value if isinstance(node, ScalarNode) else "…"
        shown = UNPRINTABLE.sub("�", str(written))
        suggestion = _('请给键加引号，如 "%(key)s"，或换一个词。') % {"key": shown}
        if isinstance(node, ScalarNode) and node.tag == TAG + "merge":
            suggestion = _("机制包不支持合并键 <<，请把内容直接写出来。")
        self.findings.at_line(
            1,
            line,
            path_text((*path, shown)),
            _("键“%(key)s”不是文字（YAML 会把它读成真假值、数字或日期）。") % {"key": shown},
            suggestion,
        )
        return None

    def scalar(self, node: ScalarNode, path: Path) -> Any:
        written = str(node.value)
        kind = node.tag.removeprefix(TAG)
        if UNPRINTABLE.search(written):
            self.trap(0, node, path, _("文字里有不可显示的字符。"), _("请删去控制字符和残缺的转义。"))
            return None
        if kind == "str":
            if node.style is None:
                self.unquoted.add(path)
                if MONTH_DAY.fullmatch(written):
                    message = _("日期 %(date)s 没有加引号。") % {"date": written}
                    self.trap(1, node, path, message, _('请写成 "%(date)s"。') % {"date": written})
            return written
        if kind == "null":
            return None
        if kind == "bool":
            return self.truth(node, path, written)
        if kind in {"int", "float"}:
            return self.number(node, path, written)
        if kind == "timestamp":
            self.trap(
                1,
                node,
                path,
                _("日期 %(date)s 没有加引号。") % {"date": written},
                _('请加引号；每年固定的日子写成 "月-日"，如 "%(day)s"。') % {"day": written[5:10]},
            )
            return written
        self.unknown_tag(node, path)
        return None

    def truth(self, node: ScalarNode, path: Path, written: str) -> bool:
        if written.lower() not in {"true", "false"}:
            message = _("“%(word)s”会被读成真假值。") % {"word": written}
            self.trap(
                1,
                node,
                path,
                message,
                _('是文字请加引号写成 "%(word)s"，是真假值请写 true 或 false。') % {"word": written},
            )
        return written.lower() in {"true", "yes", "on", "y"}

    def number(self, node: ScalarNode, path: Path, written: str) -> int | float | None:
        """A decimal number. Octal, hexadecimal, base-60 and endless numbers are traps."""
        if not PLAIN_NUMBER.fullmatch(written) or len(written) > 30 or not math.isfinite(float(written)):
            self.trap(
                1,
                node,
                path,
                _("“%(word)s”不是普通的十进制数。") % {"word": written[:40]},
                _("是文字请加引号，是数字请写成 12 或 0.95 这样的十进制数。"),
            )
            return None
        return int(written) if re.fullmatch(r"[-+]?[0-9]+", written) else float(written)

    def trap(self, rule: int, node: ScalarNode, path: Path, message: str, suggestion: str) -> None:
        self.findings.at_line(rule, node.start_mark.line + 1, path_text(path), message, suggestion)

"""The kinds of value a package may hold. Each checks a spot, reports, and says whether it is usable."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.spots import Spot, path_text

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
LONGEST_TEXT = 200
FEW = 12


def near_miss(word: str, known: Iterable[str]) -> str:
    """ "Did you mean …", or what there is to choose from."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=2, cutoff=0.6)
    if not choices:
        return _("这里没有可选的内容，请删去。")
    hint = _("是不是想写“%(near)s”？") % {"near": _("”或“").join(close)} if close else ""
    if close and len(choices) > FEW:
        return hint
    return hint + _("可用：%(known)s。") % {"known": "、".join(choices)}


def key_of(spot: Spot) -> str:
    return path_text(spot.path)


class Kind(Protocol):
    def check(self, spot: Spot, findings: Findings) -> bool:
        """Report what is wrong with the spot; True where the value can be used."""
        ...


def _wrong(spot: Spot, findings: Findings, wanted: str, example: str) -> bool:
    findings.error(
        1,
        spot,
        _("%(path)s 的值类型不对，应为%(wanted)s。") % {"path": key_of(spot), "wanted": wanted},
        _("请写成 %(example)s。") % {"example": example},
    )
    return False


def _all_usable(kind: Kind, spots: Iterable[Spot], findings: Findings) -> bool:
    """Every spot is checked, so that one finding does not hide the next."""
    unusable = sum(1 for spot in spots if not kind.check(spot, findings))
    return unusable == 0


@dataclass(frozen=True)
class Anything:
    """Any value; what it means is checked by a rule of its own."""

    def check(self, spot: Spot, findings: Findings) -> bool:
        return True


@dataclass(frozen=True)
class Null:
    def check(self, spot: Spot, findings: Findings) -> bool:
        return spot.value is None or _wrong(spot, findings, _("空"), "null")


@dataclass(frozen=True)
class Word:
    """A text; with ``among``, one of a closed vocabulary."""

    among: tuple[str, ...] = ()

    def check(self, spot: Spot, findings: Findings) -> bool:
        if spot.text is None or not spot.text.strip():
            return _wrong(spot, findings, _("文字"), self.among[0] if self.among else _("一段文字"))
        if self.among and spot.text not in self.among:
            findings.error(
                1,
                spot,
                _("%(path)s 不能是“%(word)s”。") % {"path": key_of(spot), "word": spot.text},
                near_miss(spot.text, self.among),
            )
            return False
        return True


@dataclass(frozen=True)
class Identifier:
    def check(self, spot: Spot, findings: Findings) -> bool:
        if spot.text is not None and IDENTIFIER.fullmatch(spot.text):
            return True
        return _wrong(
            spot, findings, _("标识（英文字母开头，只含字母、数字、_ 和 -，不超过 60 个字符）"), "id: C01"
        )


@dataclass(frozen=True)
class Whole:
    least: int = 0
    most: int = 1_000_000

    def check(self, spot: Spot, findings: Findings) -> bool:
        number = spot.whole
        if number is not None and self.least <= number <= self.most:
            return True
        span = {"least": self.least, "most": self.most}
        return _wrong(spot, findings, _("%(least)s 到 %(most)s 的整数") % span, str(self.least))


@dataclass(frozen=True)
class Number:
    least: float = 0
    most: float = 1_000_000

    def check(self, spot: Spot, findings: Findings) -> bool:
        number = spot.number
        if number is not None and self.least <= number <= self.most:
            return True
        span = {"least": self.least, "most": self.most}
        return _wrong(spot, findings, _("%(least)s 到 %(most)s 的数") % span, str(self.least))


@dataclass(frozen=True)
class Truth:
    def check(self, spot: Spot, findings: Findings) -> bool:
        return isinstance(spot.value, bool) or _wrong(spot, findings, _("真假值"), "true / false")


@dataclass(frozen=True)
class Bilingual:
    """``{zh: …, en: …}`` or a Chinese text."""

    def check(self, spot: Spot, findings: Findings) -> bool:
        texts = [spot] if isinstance(spot.value, str) else [spot.at("zh"), spot.at("en")]
        if not isinstance(spot.value, str | dict):
            return _wrong(spot, findings, _("中英文名称"), "{zh: 任务完成率, en: Tasks done}")
        usable = isinstance(spot.value, str) or Block({"zh": Word(), "en": Word()}, ("zh",)).check(
            spot, findings
        )
        for text in texts:
            if text.text is not None and len(text.text) > LONGEST_TEXT:
                usable = _wrong(
                    text, findings, _("不超过 %(n)s 字的文字") % {"n": LONGEST_TEXT}, _("更短的说法")
                )
        return usable


@dataclass(frozen=True)
class Rows:
    """A list; ``size`` fixes its length, ``one`` lets a single value stand for a list of one."""

    of: Kind
    least: int = 0
    size: int | None = None
    one: bool = False

    def check(self, spot: Spot, findings: Findings) -> bool:
        if self.one and not isinstance(spot.value, list):
            return self.of.check(spot, findings)
        if not isinstance(spot.value, list):
            return _wrong(spot, findings, _("列表"), "[…, …]")
        if len(spot.value) < self.least:
            return _wrong(spot, findings, _("至少有 %(n)s 项的列表") % {"n": self.least}, "[…]")
        if self.size is not None and len(spot.value) != self.size:
            return _wrong(spot, findings, _("正好 %(n)s 项的列表") % {"n": self.size}, "[…, …]")
        return _all_usable(self.of, spot.each(), findings)


@dataclass(frozen=True)
class Either:
    """The first of the kinds that fits; else what the last one says."""

    kinds: tuple[Kind, ...]

    def check(self, spot: Spot, findings: Findings) -> bool:
        for kind in self.kinds[:-1]:
            trial = Findings(findings.file)
            if kind.check(spot, trial) and not trial.errors:
                return True
        return self.kinds[-1].check(spot, findings)


@dataclass(frozen=True)
class Table:
    """A mapping with keys of the package's own choosing and values of one kind."""

    of: Kind

    def check(self, spot: Spot, findings: Findings) -> bool:
        if not isinstance(spot.value, dict):
            return _wrong(spot, findings, _("“键: 值”的结构"), "{…: …}")
        return _all_usable(self.of, (each for _key, each in spot.entries()), findings)


@dataclass(frozen=True)
class Block:
    """A mapping of known keys. An unknown key is an error but does not make the block unusable."""

    keys: Mapping[str, Kind]
    required: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = field(default=())

    def check(self, spot: Spot, findings: Findings) -> bool:
        if not isinstance(spot.value, dict):
            return _wrong(spot, findings, _("“键: 值”的结构"), "{" + next(iter(self.keys), "") + ": …}")
        usable = self._has_what_it_needs(spot, findings)
        for key, each in spot.entries():
            if key not in self.keys:
                findings.error(
                    1,
                    each,
                    _("不认识的键“%(key)s”。") % {"key": key},
                    _("若它是上一段文字的一部分，请给整段文字加引号（逗号会断开文字）。")
                    if each.value is None
                    else near_miss(key, self.keys),
                )
            elif each.value is None and not isinstance(self.keys[key], Either | Anything):
                usable = _wrong(each, findings, _("有内容的值"), _("具体内容，或删去这个键"))
            else:
                usable = self.keys[key].check(each, findings) and usable
        return usable

    def _has_what_it_needs(self, spot: Spot, findings: Findings) -> bool:
        missing = [key for key in self.required if not spot.has(key)]
        for key in missing:
            findings.error(
                1,
                spot,
                _("%(where)s缺少“%(key)s”。") % {"where": key_of(spot) and key_of(spot) + " ", "key": key},
                _("请补上 %(key)s:。") % {"key": key},
            )
        if self.needs_one_of and not any(spot.has(key) for key in self.needs_one_of):
            findings.error(
                1,
                spot,
                _("%(path)s 里没有任何一个必需的键。") % {"path": key_of(spot)},
                _("请写其中一个：%(keys)s。") % {"keys": "、".join(self.needs_one_of)},
            )
            return False
        return not missing


TEXT, ID, FLAG, NAME = Word(), Identifier(), Truth(), Bilingual()
WORDS = Rows(TEXT)
WORDS_OR_ONE = Rows(TEXT, one=True)
COUNT, DAYS = Whole(least=1, most=10_000), Whole(least=0, most=36_500)

"""Which units a cell names: separate names, groups, roles, and what is not a unit at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

# What a body's name ends with; the longest endings first.
ENDINGS = (
    "委员会|办公室|管委会|党工委|党组|党委|人民政府|政府|工作部|统战部|组织部|宣传部|督查室|研究室|编办|委办|府办|政法委|纪委监委|纪委|监委|"
    "法院|检察院|党校|学院|医院|中心|集团|公司|总工会|工会|工商联|工商业联合会|联合会|妇联|残联|科协|文联|侨联|社科联|台联|团委|团市委|团区委|团旗委|"
    "贸促会|红十字会|协会|商会|银行|税务局|海关|支队|总队|大队|专班|指挥部|开发区|示范区|高新区|新区|园区|街道|苏木|街道办|办事处|"
    "分局|总局|局|委|办|厅|部|署|处|科|室|站|所|队|社|院|校|馆|县|区|旗|市|镇|乡|村|社区|嘎查|领导小组|成员单位|单位|部门|电视台|日报社|报社|台"
)
UNIT_LIKE = re.compile(rf"(?:{ENDINGS})(?:（[^（）]*）)?$")
GROUP_START = re.compile(
    r"^(?:全市|全区|全县|全旗|全省|市直|区直|旗直|县直|中直|驻市|驻区)?(?:各|相关|有关|各有关|各相关|其他|其它|所有|全体)"
    r"|^(?:市直|区直|旗直|县直|省直|区级|市级|县级|中省直|驻地)(?:各|有关|相关)?(?:部门|单位|机关)"
    r"|^(?:全市|全区|全县|全旗).*(?:专班|单位|部门|学校|企业)$|(?:有关|相关)(?:部门|单位|责任单位)$|^(?:成员单位|责任单位|牵头单位|各部门)$"
)
LEVELS = "省市区县旗盟州"
LEVEL_PREFIX = re.compile(rf"^([{LEVELS}](?:委|政府|直)?)")
OWN_LEVEL = re.compile(
    rf"^(?:[{LEVELS}](?![{LEVELS}]?$)|团[{LEVELS}]|国家|中央|自治区|国网|中国|驻|各|全)|(?:[{LEVELS}盟]|开发区|示范区|高新区|新区)$|区(?:管委会|党工委)|^.{{2,8}}[{LEVELS}盟州](?:委|局|办|政|人|团|妇|总|工|残|科|发|财|教|农|水|卫|民|公|司|住|交|商|文|市|应|审|统|信)"
)
TRAILING = re.compile(
    r"(?:按照?(?:各自)?(?:职责|职能|任务|责任)?(?:分工|职责|职能)?(?:分别|共同|协同)?(?:负责|落实|抓好|推进|配合|办理)?|"
    r"(?:分别|共同|具体|协同|密切|积极|依职责)(?:负责|配合|落实|牵头|推进|办理)|依(?:据|照)?(?:各自)?职责(?:分工)?.{0,6}|"
    r"(?<=.)(?:负责|配合|牵头|落实|参与|协助|办理|承办|抓落实))$"
)
ROLE_HEAD = re.compile(
    r"(牵头(?:单位|部门|责任单位)?|主责单位|主办单位?|责任单位|责任部门|配合(?:单位|部门)?|协办(?:单位)?|参与(?:单位)?|落实单位|协同单位)[：:]"
)
ROLE_MARK = re.compile(r"[（(](牵头|主办|主责|第一责任|负责|配合|协办|参与)(?:单位|部门)?[）)]$")
CLAUSE_END = re.compile(r"[，,；;。\n]")
CLAUSE_ROLE = re.compile(r"(牵头|主办|负责|配合|协助|参与|协办)(?:办理|落实|实施|推进)?\s*$")
HELPING = ("配合", "协助", "参与", "协办")
LEAD_WORDS = ("牵头", "主责", "主办", "第一责任", "负责")
STRONG = "、,，;；/／\n|｜"
JOINERS = re.compile(
    r"(?<=[局委办部会院校心室联府厅旗区县市])(?:以及|及其|及|和|与|会同)(?=[\u4e00-\u9fff]{2,})"
)
INSIDE = re.compile(
    r"(?:人力资源和|住房和|工业和|发展和|规划和|文化和|国土资源和|卫生和|科技和|商务和|城乡和|医疗和|生态和|体育和|旅游和|外事和|法制和|教育和|水利和|农业和|林业和|信访和|机关事务和|国土和|党委和|县委和|区委和|旗委和|市委和|信息化和|党工委和)"
)
ASIDE = re.compile(r"[（(](?:按|依)[^（）()]*(?:负责|落实|配合|推进|分工)[）)]$")
BY = re.compile(rf"^由(?=[{LEVELS}团各])")
NUMBERING = re.compile(r"(?:^|(?<=[\s、,，;；]))(?:\d{1,2}[.．、)）]|[（(]\d{1,2}[)）]|[①-⑳])\s*")
OPEN_LIST = re.compile(r"等(?:有关|相关)?(?:部门|单位|成员单位|责任单位)?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """One body, or a group of bodies, as the cell names it. ``role``: lead, cooperating, or none stated."""

    text: str
    group: bool = False
    role: str | None = None

    @property
    def notation(self) -> str:
        return f"group:{self.text}" if self.group else self.text


@dataclass
class UnitList:
    """``open_list``: the cell ends in 等, so more are meant than are named."""

    mentions: list[Mention] = field(default_factory=list)
    open_list: bool = False
    dropped: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_units(text: object) -> UnitList:
    """The units of one cell, in order. What is not understood stays as a mention and is a problem."""
    found = UnitList()
    flat = "" if text is None else str(text).strip()
    if not flat or flat in {"-", "—", "/", "无", "——"}:
        return found
    prefix = ""
    for role, part in _by_role(flat):
        prefix = _read_part(part, role, found, prefix)
    return found


def _by_role(text: str) -> list[tuple[str | None, str]]:
    """``牵头单位：X；配合单位：Y`` in one cell, taken apart; otherwise the whole without a role."""
    heads = list(ROLE_HEAD.finditer(text))
    if not heads:
        return _by_clause(text)
    parts: list[tuple[str | None, str]] = []
    if heads[0].start():
        parts.append((None, text[: heads[0].start()]))
    for at, head in enumerate(heads):
        end = heads[at + 1].start() if at + 1 < len(heads) else len(text)
        role = (
            "lead"
            if head[1].startswith(LEAD_WORDS)
            else None
            if head[1].startswith("责任")
            else "cooperating"
        )
        parts.append((role, text[head.end() : end]))
    return parts


def _by_clause(text: str) -> list[tuple[str | None, str]]:
    """``X牵头，Y、Z配合``: what a clause ends with is said of all its names. Without such words the whole is one part."""
    clauses = [each for each in CLAUSE_END.split(text) if each.strip()]
    said = [CLAUSE_ROLE.search(each) for each in clauses]
    if not any(said):
        return [(None, text)]
    helped = any(each and each[1] in HELPING for each in said)
    return [
        (None if each is None else _role_of_clause(each[1], helped=helped), clause)
        for clause, each in zip(clauses, said, strict=True)
    ]


def _role_of_clause(word: str, *, helped: bool) -> str | None:
    if word in HELPING:
        return "cooperating"
    return "lead" if word != "负责" or helped else None


def _read_part(text: str, role: str | None, found: UnitList, prefix: str) -> str:
    """Add what the part names; gives back the level that goes on to the next part."""
    for piece in _pieces(NUMBERING.sub("、", text)):
        name, mention_role = _without_role(piece, role)
        said = len(found.dropped)
        name = _without_ends(name, found)
        if "牵头" in "".join(found.dropped[said:]):
            mention_role = mention_role or "lead"
        if not name:
            continue
        if GROUP_START.search(name):
            found.mentions += [Mention(each, True, mention_role) for each in _groups(name)]
            continue
        for each in _joined_divisions(name):
            each, prefix = _with_prefix(each, prefix)
            if not UNIT_LIKE.search(each):
                found.problems.append(each)
            found.mentions.append(Mention(each, False, mention_role))
    return prefix


def _without_role(piece: str, role: str | None) -> tuple[str, str | None]:
    mark = ROLE_MARK.search(piece)
    if mark:
        return piece[: mark.start()], "lead" if mark[1] in LEAD_WORDS else "cooperating"
    return piece, role


def _without_ends(piece: str, found: UnitList) -> str:
    """A name without 等 and without what is said about it after it."""
    name = BY.sub("", piece.strip("。.．·:： \u3000"))
    while True:
        opened = OPEN_LIST.search(name)
        if opened and not name.startswith(("各", "有关", "相关")):
            found.open_list = True
            name = name[: opened.start()]
            continue
        tail = TRAILING.search(name) or ASIDE.search(name)
        if tail and tail[0]:
            found.dropped.append(tail[0])
            name = name[: tail.start()]
            continue
        return name.strip("。 \u3000（(")


def _pieces(text: str) -> list[str]:
    """Split at separators outside parentheses; a group such as 各区、县级市 stays whole."""
    text = re.sub(r"[ \t\u3000\xa0]+", " ", text)
    pieces, depth, start = [], 0, 0
    for at, character in enumerate(text):
        if character in "（(〔[":
            depth += 1
        elif character in "）)〕]":
            depth = max(depth - 1, 0)
        elif not depth and character in STRONG:
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:])
    spaced = [part for piece in _rejoined(pieces) for part in _at_spaces(piece.strip())]
    return [part for piece in spaced for part in _at_joiners(piece) if part.strip()]


TAIL_OF_GROUP = re.compile(
    rf"^(?:县级市|[{LEVELS}]|市、区|县、区|区、县|自治县|自治旗|乡镇|镇|街道|苏木乡镇|开发区)(?:[（(].*[）)])?(?:人民政府|政府|党委.*)?$"
)


def _rejoined(pieces: list[str]) -> list[str]:
    """``各区`` + ``县级市`` is one group written with a stop inside."""
    joined: list[str] = []
    for piece in pieces:
        last = joined[-1].strip() if joined else ""
        whole = re.match(rf"^各(?:有关|相关)?(?:[{LEVELS}]{{1,2}}|乡|镇|苏木|街道|旗区|县区)$", last)
        if whole and TAIL_OF_GROUP.match(piece.strip()):
            joined[-1] = f"{last}、{piece.strip()}"
        else:
            joined.append(piece)
    return joined


def _at_spaces(piece: str) -> list[str]:
    """A space parts two names only where both look like names; else it is a break inside one name."""
    words = piece.split(" ")
    if len(words) == 1:
        return words
    parts = [words[0]]
    for word in words[1:]:
        if _stands(parts[-1]) and _stands(word):
            parts.append(word)
        else:
            parts[-1] += word
    return parts


def _stands(word: str) -> bool:
    return (
        len(word) >= 3
        and bool(UNIT_LIKE.search(word) or GROUP_START.search(word))
        and not INSIDE.search(word[-8:] + "|")
    )


def _at_joiners(piece: str) -> list[str]:
    """及, 和, 与 part names, but not inside 人力资源和社会保障局 or 党委和人民政府."""
    parts, start = [], 0
    depth = 0
    starts = {match.start(): match for match in JOINERS.finditer(piece)}
    for at, character in enumerate(piece):
        depth += (character in "（(") - (character in "）)")
        match = starts.get(at)
        if not match or depth:
            continue
        left, right = piece[start:at], piece[match.end() :]
        inside = INSIDE.search(piece[max(0, at - 6) : match.end()])
        if inside or not UNIT_LIKE.search(left) or not (UNIT_LIKE.search(right) or GROUP_START.search(right)):
            continue
        parts.append(left)
        start = match.end()
    return [*parts, piece[start:]]


GROUP_JOIN = re.compile(r"(?<=党委|部门|单位|政府)(?:、|，)(?=各|市直|区直)")


def _groups(name: str) -> list[str]:
    return [each for each in GROUP_JOIN.split(name) if each]


def _joined_divisions(name: str) -> list[str]:
    """``高新区党工委和管委会`` names the zone: its two bodies are its leadership, not two units."""
    zone = re.match(
        r"^(.*?(?:开发区|示范区|高新区|新区|园区))(?:党工委和管委会|党工委、管委会|管委会和党工委)$", name
    )
    return [zone[1]] if zone else [name]


def _with_prefix(name: str, prefix: str) -> tuple[str, str]:
    """Carry the level over a list: 市发展改革委、农业局 → 市农业局; names with a level of their own set it anew."""
    plain = unicodedata.normalize("NFKC", name)
    level = LEVEL_PREFIX.match(plain)
    if level and len(plain) > 2 and not re.match(rf"^[{LEVELS}](?:场|域|长|政|情|区)", plain):
        return name, plain[0]
    if OWN_LEVEL.search(plain) or not prefix:
        return name, "" if OWN_LEVEL.search(plain) and not prefix else prefix
    if not UNIT_LIKE.search(plain) or re.search(
        r"(?:集团|公司|银行|学院|大学|医院|街道|镇|乡|苏木|村|社区)$", plain
    ):
        return name, prefix
    return prefix + name, prefix

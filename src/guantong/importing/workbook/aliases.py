"""Short names and full names of the same body, brought to one key; found exactly, near misses only offered."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from guantong.importing.workbook.responsible import Mention

# full form -> the short forms offices use; longest short forms are tried first
FULL: dict[str, tuple[str, ...]] = {
    "发展和改革委员会": ("发展改革委员会", "发展改革委", "发改委", "发展和改革局", "发展改革局", "发改局"),
    "工业和信息化局": (
        "工业和信息化委员会",
        "工业和信息化委",
        "工信委",
        "工信局",
        "工业信息化局",
        "经信局",
        "经信委",
    ),
    "人力资源和社会保障局": ("人力资源社会保障局", "人社局", "人社厅", "人力社保局"),
    "住房和城乡建设局": ("住房城乡建设局", "住建局", "住建委", "住房和城乡建设委员会"),
    "市场监督管理局": ("市场监管局", "市场局", "市监局"),
    "卫生健康委员会": ("卫生健康委", "卫健委", "卫生健康局", "卫健局"),
    "文化和旅游局": ("文化旅游局", "文旅局", "文化和旅游广电局", "文化旅游广电局"),
    "农牧局": ("农牧业局",),
    "农业农村局": ("农业农村委员会", "农业农村委", "农业局"),
    "教育体育局": ("教体局", "教育和体育局"),
    "教育局": ("教委",),
    "自然资源局": ("自规局", "自然资源和规划局", "资源局"),
    "生态环境局": ("环保局",),
    "交通运输局": ("交通局",),
    "应急管理局": ("应急局",),
    "民族事务委员会": ("民委", "民族事务委"),
    "退役军人事务局": ("退役军人局",),
    "医疗保障局": ("医保局",),
    "行政审批和政务服务局": ("政务服务局", "行政审批局"),
    "国有资产监督管理委员会": ("国资委",),
    "林业和草原局": ("林草局",),
    "统计局": (),
    "信访局": (),
    "乡村振兴局": (),
    "公安局": (),
    "工商业联合会": ("工商联",),
    "妇女联合会": ("妇联",),
    "残疾人联合会": ("残联",),
    "科学技术协会": ("科协",),
    "科学技术局": ("科技局",),
    "总工会": (),
    "委统一战线工作部": ("委统战部",),
    "委政法委员会": ("委政法委",),
    "委机构编制委员会办公室": ("委编办", "编办"),
    "委督查室": ("委督查局",),
    "委办公室": ("委办公厅", "委办"),
    "人民政府办公室": ("政府办公室", "政府办公厅", "政府办", "府办"),
    "大数据中心": ("大数据管理局", "大数据局"),
    "委网络安全和信息化委员会办公室": ("委网信办", "网信办"),
}
YOUTH_LEAGUE = re.compile(r"^(?:共青团|团)(.*?)([省市区县旗盟])委(?:员会)?$")
LEVELS = "省市区县旗盟"
TRAILING_NOTE = re.compile(r"（[^（）]*）$")


def match_key(name: str, *, place: str = "") -> str:
    """One form for a body's names: the place's name off, the level kept, the short name made full.

    ``place`` is the division the list belongs to, such as 鄂尔多斯市.
    """
    key = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).replace("(", "（").replace(")", "）")
    key = TRAILING_NOTE.sub("", key)
    youth = YOUTH_LEAGUE.match(key)
    if youth:
        return f"{youth[2]}|共青团委员会"
    for prefix in filter(None, (f"中共{place}", place, "中共")):
        if key.startswith(prefix) and len(key) > len(prefix) + 1:
            level = place[-1] if prefix.endswith(place) and place and place[-1] in LEVELS else ""
            key = level + key[len(prefix) :]
            break
    level = key[0] if key[:1] in LEVELS and len(key) > 2 else ""
    rest = key[len(level) :]
    for full, shorts in FULL.items():
        if rest == full or rest in shorts:
            return f"{level}|{full}"
    return f"{level}|{rest}"


@dataclass(frozen=True)
class Match:
    """A mention with the one unit it names, or with those it might mean."""

    mention: Mention
    code: str | None
    candidates: list[tuple[str, str]] = field(default_factory=list)


def match_units(mentions: Sequence[Mention], known: Sequence[tuple[str, str]], *, place: str) -> list[Match]:
    """Each mention against (code, name) pairs: equal keys match; several equal, or only near, are candidates."""
    by_key: dict[str, list[tuple[str, str]]] = {}
    for code, name in known:
        by_key.setdefault(match_key(name, place=place), []).append((code, name))
    level = place[-1:] if place[-1:] in LEVELS else ""
    found = []
    for mention in mentions:
        key = match_key(mention.text, place=place)
        hits = by_key.get(key, [])
        if not hits and key.startswith("|") and level:
            # 领导小组办公室, 工商联: written without the level in a list of that level
            hits = by_key.get(level + key, [])
        if len(hits) == 1:
            found.append(Match(mention, hits[0][0]))
        else:
            found.append(Match(mention, None, hits or _near(mention.text, known)))
    return found


def _near(text: str, known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    names = {name: code for code, name in known}
    return [(names[name], name) for name in difflib.get_close_matches(text, names, n=3, cutoff=0.6)]

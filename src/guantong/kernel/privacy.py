"""What a field is about, declared field by field on every model; a system check refuses an undeclared one.

========== =============================================================== =========================
class      what                                                            how it is kept
========== =============================================================== =========================
business   duties, tasks, results of offices and units                     plain
pseudonym  a number that stands for a person                               plain; means nothing once
                                                                           the person's key is gone
personal   what identifies or describes a person                           sealed with the person's
                                                                           own key
credential what proves who somebody is                                     hashed or sealed, never
                                                                           shown
technical  keys, digests, times of the program itself                      plain
========== =============================================================== =========================
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

CLASSES = ("business", "pseudonym", "personal", "credential", "technical")

# How long rows are kept: days after which the retention job takes them, or None where a law or the
# accountability they serve keeps them. Network logs at least six months (Cybersecurity Law, art. 21).
KEEP: dict[str, int | None] = {
    "account": None,  # as long as the person holds or held an office; the person may be erased
    "business": None,
    "log": None,
    "attempt": 180,
    "session": 30,
    "request": 1095,
}

# Words that no field, form or imported column may carry, whatever the room (mission, Privacy).
NEVER_FIELDS = frozenset(
    [
        "ethnicity",
        "ethnic",
        "nationality",
        "religion",
        "religious",
        "faith",
        "belief",
        "party",
        "political",
        "politics",
        "opinion",
        "thoughts",
        "family",
        "spouse",
        "children",
        "marital",
        "biometric",
        "biometrics",
        "fingerprint",
        "face",
        "iris",
        "voiceprint",
        "track",
        "tracks",
        "trajectory",
        "gps",
        "latitude",
        "longitude",
        "location_trail",
        "health",
        "illness",
        "gender",
        "sex",
        "birth",
        "birthday",
        "birthdate",
        "id_number",
        "id_card",
    ]
)
NEVER_COLUMNS = (
    "民族", "族别", "宗教", "信仰", "政治面貌", "党派", "政治倾向", "政治观点", "思想动态", "思想状况", "家庭",
    "配偶", "子女", "婚姻",
    "指纹", "人脸", "虹膜", "声纹", "轨迹", "行踪", "定位", "经度", "纬度", "健康状况", "病史", "身份证", "出生",
    "性别", "籍贯",
)  # fmt: skip


class Privacy:
    """A model's declaration: field names by class, and how long its rows are kept."""

    def __init__(self, *, keep: str = "business", **names: str) -> None:
        if unknown := set(names) - set(CLASSES):
            raise ValueError(f"unknown privacy class: {sorted(unknown)}")
        if keep not in KEEP:
            raise ValueError(f"unknown retention: {keep}")
        self.keep = keep
        self.classes = {name: kind for kind, listed in names.items() for name in listed.split()}

    def class_of(self, field: str) -> str | None:
        return self.classes.get(field)


def never_asked(label: str) -> str:
    """The forbidden word in a column head or field name; empty if there is none."""
    text = unicodedata.normalize("NFKC", label)
    text = "".join(each for each in text if unicodedata.category(each) != "Cf")
    for word in NEVER_COLUMNS:
        if word in "".join(text.split()):
            return word
    # birthDate, birth-date and "Date of birth" are read as their parts: birth, date
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()
    parts = [part for part in re.split(r"[^0-9a-z]+", apart) if part]
    names = {*parts, *(f"{one}_{two}" for one, two in pairwise(parts)), "".join(parts)}
    return next(
        (word for word in sorted(NEVER_FIELDS) if word in names or word.replace("_", "") in names), ""
    )


# Phrases that name work, bodies and places: taken out before a label is asked what it would keep about a person.
WORK = re.compile(
    "|".join(
        [
            "民族(宗教)?(团结|工作|事务|政策|进步|理论|关系|地区|乡|镇|村|苏木|嘎查|社区|自治|区域|局|委)",
            "宗教(工作|事务|政策|治理|活动场所|场所)",
            "(民主)?党派(工作|协商|建设|成员单位)",
            "家庭(教育|文明|医生|建设工作|服务工作)",
            "婚姻(登记|服务)",
            "(功能|工作|职责|职能|目标|战略|发展|任务|角色)定位",
            "(responsible|lead|leading|third|cooperating|implementing)[ _-]+part(y|ies)",
        ]
    ),
    re.IGNORECASE,
)


def forbidden_word(head: str) -> str:
    """The word for which a column or field may not be asked; empty if it may. Work named with such a word is free."""
    return never_asked(WORK.sub("", head))

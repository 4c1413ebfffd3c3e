"""The bodies of the demonstration city beside its divisions: groups, member units, homes."""

from __future__ import annotations

import random
from collections.abc import Iterable

from guantong.organisation.models import Unit

# (code suffix, Chinese name, English name)
MEMBER_UNITS = (
    ("01", "市委办公室", "Office of the City Party Committee"),
    ("02", "市委组织部", "Organisation Department"),
    ("03", "市委宣传部", "Publicity Department"),
    ("04", "市委统战部", "United Front Work Department"),
    ("05", "市委政法委", "Political and Legal Affairs Commission"),
    ("06", "市委督查室", "Supervision Office of the City Party Committee"),
    ("07", "市委党校", "City Party School"),
    ("08", "市政府办公室", "Office of the City Government"),
    ("09", "市发展和改革委员会", "Development and Reform Commission"),
    ("10", "市教育体育局", "Education and Sports Bureau"),
    ("11", "市工业和信息化局", "Industry and Information Technology Bureau"),
    ("12", "市公安局", "Public Security Bureau"),
    ("13", "市民政局", "Civil Affairs Bureau"),
    ("14", "市司法局", "Justice Bureau"),
    ("15", "市财政局", "Finance Bureau"),
    ("16", "市人力资源和社会保障局", "Human Resources and Social Security Bureau"),
    ("17", "市住房和城乡建设局", "Housing and Urban-Rural Development Bureau"),
    ("18", "市农牧局", "Agriculture and Animal Husbandry Bureau"),
    ("19", "市商务局", "Commerce Bureau"),
    ("20", "市文化和旅游局", "Culture and Tourism Bureau"),
    ("21", "市卫生健康委员会", "Health Commission"),
    ("22", "市市场监督管理局", "Market Regulation Bureau"),
    ("23", "市信访局", "Letters and Calls Bureau"),
    ("24", "市大数据中心", "Big Data Centre"),
    ("25", "市总工会", "Federation of Trade Unions"),
    ("26", "团市委", "Communist Youth League City Committee"),
    ("27", "市妇联", "Women's Federation"),
    ("28", "市工商联", "Federation of Industry and Commerce"),
)


def bodies_of(city: Unit, townships: Iterable[Unit], chooser: random.Random) -> list[dict[str, object]]:
    """What to open in the city: code, parent, name, kind, level, subkind."""
    rows: list[dict[str, object]] = [
        {"code": f"{city.code}-LG", "parent": city, "name": "市委工作领导小组", "name_en": "Leading Group of the City Party Committee", "kind": "leading_group", "level": city.level},
        {"code": f"{city.code}-LGO", "parent": city, "name": "领导小组办公室", "name_en": "Group Office", "kind": "group_office", "level": city.level},
    ]  # fmt: skip
    rows += [
        {"code": f"{city.code}-MU-{number}", "parent": city, "name": name, "name_en": english, "kind": "member_unit", "level": city.level}
        for number, name, english in MEMBER_UNITS
    ]  # fmt: skip
    subkinds = ("township_home", "enterprise_home", "association_home")
    for township in townships:
        if chooser.random() < 0.06:
            continue
        rows.append(
            {
                "code": f"{township.code}-H1",
                "parent": township,
                "name": f"{township.name}同心之家",
                "name_en": f"{township.name} Home",
                "kind": "home",
                "level": township.level,
                "subkind": chooser.choice(subkinds),
            }
        )
    return rows

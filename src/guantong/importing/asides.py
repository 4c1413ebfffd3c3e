"""Rows of a sheet that are no rows of its table: totals, notes and signatures below it, heads that come again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from guantong.importing.kinds.base import Given, Kind

TOTALS = re.compile(r"^(?:合计|总计|小计|共计|总数)[:：]?$")
NOTE = re.compile(
    r"^[（(]?(?:注|备注|附注|说明|填表说明|填报说明|填表人|填报人|制表人?|审核人?|复核人?|审批人|负责人|单位负责人|分管领导"
    r"|主要领导|填报单位|填表单位|制表单位|填报日期|填报时间|填表日期|制表日期|联系人|联系电话|盖章|单位[（(]盖章[)）])\d*[:：]"
)
STARTS = frozenset("（(一二三四五六七八九十合总小共注备附说填制审复负单分主联盖")  # of what is looked for
PART = re.compile(r"^(?:[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)")


def why_aside(texts: Sequence[str], given: Given, kind: Kind, heads: Mapping[str, str]) -> str:
    """Why a row is none of the table; empty where it is one. What has all that a row must have always is."""
    first = next((each for each in texts if each and not each.isspace()), "").lstrip()
    name = next(iter(given.cells), "")
    if not first or (first[0] not in STARTS and given[name] != heads.get(name)):
        return ""
    filled = ["".join(each.split()) for each in texts if each.strip()]
    said = {name: cell for name, cell in given.cells.items() if cell}
    if len(said) > 1 and all(cell == heads.get(name) for name, cell in said.items()):
        return _("这一行是重复的表头，不会导入。")
    others = [
        each.id for each in kind.columns if each.required and "".join(given[each.id].split()) != filled[0]
    ]
    if others and all(given[name] for name in others):
        return ""
    if TOTALS.match(filled[0]):
        return _("这一行是合计，不会导入。")
    if NOTE.match(filled[0]):
        return _("这一行是表后的说明或签名，不会导入。")
    if len(set(filled)) == 1 and PART.match(filled[0]):
        return _("这一行是小标题，不会导入。")
    return ""

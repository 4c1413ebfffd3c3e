"""A register of organisations from a CSV text: known columns only, none about a person."""

from __future__ import annotations

import csv
import io

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.partners import rules
from guantong.partners.operations.register import OrganisationRow

COLUMNS = {"kind": "kind", "类别": "kind", "name": "name", "名称": "name", "name_en": "name_en", "英文名称": "name_en",
           "area_code": "area_code", "所在地代码": "area_code"}  # fmt: skip
NEEDED = {"kind", "name", "area_code"}


def organisations_in(text: str) -> list[OrganisationRow]:
    """The rows of a register. Refused as a whole when a column or a kind is not one of a register of organisations."""
    lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    heads = [(each or "").strip() for each in lines.fieldnames or []]
    rules.refuse_more_than(heads, COLUMNS)
    if missing := NEEDED - {COLUMNS[each] for each in heads}:
        raise Refusal(_("缺少列：%(columns)s。") % {"columns": "、".join(sorted(missing))})
    kinds = {str(each.label): each.value for each in rules.ORGANISATIONS}
    areas = {each.code: each for each in Unit.objects.filter(kind="territory")}
    rows = []
    for number, line in enumerate(lines, start=2):
        if None in line:
            raise Refusal(_("第 %(n)s 行的列数比表头多。") % {"n": number})
        given = {COLUMNS[(head or "").strip()]: (value or "").strip() for head, value in line.items()}
        kind = kinds.get(given["kind"], given["kind"])
        rules.refuse_unknown_kind(kind)
        area = areas.get(given["area_code"])
        if area is None:
            raise Refusal(
                _("第 %(n)s 行：没有代码为“%(code)s”的地方。")
                % {"n": number, "code": given["area_code"][:40]}
            )
        rows.append(OrganisationRow(kind, given["name"], area, given.get("name_en", "")))
    return rows

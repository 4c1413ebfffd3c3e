"""The results of a request as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from guantong.burden.models import RequestField
from guantong.burden.queries.results import Line
from guantong.kernel.cells import harmless

BYTE_ORDER_MARK = "\ufeff"  # spreadsheets read Chinese only with it


def results_csv(lines: Iterable[Line], fields: Sequence[RequestField]) -> str:
    """A line for each unit and period, "no data" in words."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    heads = [
        f"{each.field}（{each.field.measure}）" if each.field.measure else str(each.field) for each in fields
    ]
    writer.writerow(
        [harmless(each) for each in [_("代码"), _("单位"), _("期"), *heads, _("填写日期"), _("状态")]]
    )
    for line in lines:
        owed = line.obligation
        cells = ["" if each is None else _("暂无数据") if each.no_data else each.value for each in line.cells]
        day = line.response.answered_on if line.response else ""
        writer.writerow(
            [
                harmless(each)
                for each in [owed.unit.code, owed.unit, owed.period_zh, *cells, day, owed.get_state_display()]
            ]
        )
    return BYTE_ORDER_MARK + out.getvalue()

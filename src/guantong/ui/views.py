"""The style guide: every component with realistic content, to look at before and after a change."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.ui import samples
from guantong.ui.sample_forms import SampleFilters, SampleForm
from guantong.ui.tables import Column, Listing

COLUMNS = [
    Column("title", gettext_lazy("事项")),
    Column("unit", gettext_lazy("单位")),
    Column("due", gettext_lazy("期限")),
    Column("light", gettext_lazy("状态")),
    Column("minutes", gettext_lazy("约需分钟"), is_number=True),
]


def styleguide(request: HttpRequest) -> HttpResponse:
    chosen = SampleFilters(request.GET)
    rows = samples.rows()
    if chosen.is_valid():
        wanted = chosen.cleaned_data
        rows = [
            row
            for row in rows
            if (not wanted["light"] or row["light"] == wanted["light"]) and wanted["q"] in str(row["title"])
        ]
    return render(
        request,
        "ui/pages/styleguide.html",
        {
            "listing": Listing.of(rows, request.GET, COLUMNS, id="sample-list", per_page=8),
            "filter_form": chosen,
            "form": SampleForm(),
            "wrong_form": SampleForm({"title": "", "kind": "visit", "held_on": "2026-13-40", "what": ""}),
            "samples": samples,
            "tab_items": tab_items(),
            "chip_items": chip_items(),
            "facts": [
                (_("牵头单位"), samples.UNITS[2]),
                (_("期限"), "2026-06-24"),
                (_("来源"), _("责任清单第 4 项"), "#lists"),
            ],
            "reasons": [
                _("第 3 项没有填写完成时间，请补充后再提交。"),
                _("这份清单已经在 3月4日签收，不能重复签收。"),
            ],
        },
    )


def tab_items() -> list[dict[str, object]]:
    return [
        {"label": _("待办"), "url": "#tabs", "current": True, "count": 12},
        {"label": _("已反馈"), "url": "#tabs", "count": 4},
        {"label": _("已销号"), "url": "#tabs", "count": 88},
    ]


def chip_items() -> list[dict[str, object]]:
    return [
        {"label": _("全部"), "url": "#tabs", "count": 137},
        {"label": _("逾期"), "url": "#tabs", "count": 18, "current": True},
        {"label": _("达拉特旗"), "url": "#tabs", "removes": True},
    ]

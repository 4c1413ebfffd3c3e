"""Workbooks to take away: the uploaded one with remarks on its cells, all rows of a kind, an empty one to fill in."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.importing.blank import blank_workbook_of
from guantong.importing.exporting import workbook_of
from guantong.importing.kinds import kind_by_id, kinds_for
from guantong.importing.kinds.base import Scope
from guantong.importing.queries import remarks_of
from guantong.importing.reading import marked
from guantong.importing.staged import file_of, sheets_of
from guantong.importing.views.imports import visible
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@may("imports.use")
@require_GET
def remarks(request: Request, pk: int) -> HttpResponse:
    """The same workbook, its layout kept, with what is wrong as comments on the cells."""
    found = visible(request, pk)
    content = file_of(found)
    if not content or not found.kind or not (found.n_errors or found.n_warnings):
        raise Refusal(_("这份导入没有需要批注的地方，或文件已经删除。"))
    said = remarks_of(found, kind_by_id(found.kind))
    merged = {each.name: each.merged for each in sheets_of(found) if each.merged}
    stem = found.file_name.rsplit(".", 1)[0]
    return _file(
        marked(content, name=found.file_name, remarks=said, merged=merged),
        _("%(name)s-批注.xlsx") % {"name": stem},
    )


@may("imports.use")
@require_GET
def export(request: Request) -> HttpResponse:
    """All rows of a kind in sight, or with ``empty`` a workbook to fill in."""
    kind = next((each for each in kinds_for(request.acting) if each.id == request.GET.get("kind")), None)
    if kind is None:
        raise Refusal(_("请选择要导出哪一类表格。"))
    if "empty" in request.GET:
        return _file(blank_workbook_of(kind), _("%(kind)s-空表.xlsx") % {"kind": kind.label})
    chosen = request.GET.get("cycle", "")
    cycle = current_cycle(request.acting, on=request.today, chosen=int(chosen) if chosen.isdigit() else None)
    if kind.needs_cycle and cycle is None:
        raise Refusal(_("还没有开启年度。"))
    scope = Scope(actor=request.acting, cycle=cycle, now=request.now, today=request.today)
    return _file(workbook_of(kind, scope), f"{kind.label}-{request.today:%Y%m%d}.xlsx")

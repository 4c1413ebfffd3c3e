"""The import centre: what was brought in, a new file, one import and the steps it takes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.importing import jobs, progress
from guantong.importing.choices import Job, Stage, Verdict
from guantong.importing.forms import UploadForm
from guantong.importing.kinds import kind_by_id, kinds_for
from guantong.importing.limited.remarking.books import MOST_COMMENTS
from guantong.importing.models import Import
from guantong.importing.operations import receive_file
from guantong.importing.queries import about_columns, imports_visible_to, preview_of
from guantong.importing.sentences import note_of
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle, cycles_visible_to
from guantong.ui.forms import say_on
from guantong.ui.tables import Column, Listing

COLUMNS = (
    Column("file", gettext_lazy("文件")),
    Column("kind", gettext_lazy("类别")),
    Column("received", gettext_lazy("上传时间"), ("received_at",)),
    Column("rows", gettext_lazy("行数"), is_number=True),
    Column("stage", gettext_lazy("进展")),
)


def visible(request: Request, pk: int) -> Import:
    return get_object_or_404(imports_visible_to(request.acting), pk=pk)


def _cycles(request: Request) -> Any:
    return cycles_visible_to(request.acting)


@may("imports.use")
@require_http_methods(["GET", "POST"])
def imports(request: Request) -> HttpResponseBase:
    """What the unit brought in, and the way in for a new file."""
    kinds = kinds_for(request.acting)
    current = current_cycle(request.acting, on=request.today)
    form = UploadForm(
        request.POST or None, request.FILES or None, kinds=kinds, cycles=_cycles(request),
        initial={"kind": request.GET.get("kind", ""), "cycle": request.GET.get("cycle") or current},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, form)
        except Refusal as refusal:
            say_on(form, refusal)
    found = imports_visible_to(request.acting).exclude(stage=Stage.DISCARDED)
    listing = Listing.of(found, request.GET, COLUMNS, id="imports", sort="-received")
    names = {each.id: each.label for each in kinds}
    context = {
        "form": form,
        "listing": listing,
        "kinds": kinds,
        "rows": [(each, names.get(each.kind, _("待确定")), tone_of(each)) for each in listing],
    }
    return render(request, "importing/imports.html", context, status=422 if form.errors else 200)


def tone_of(imported: Import) -> str:
    tones = {Stage.APPLIED: "good", Stage.UNDONE: "warn", Stage.UNREADABLE: "bad"}
    return tones.get(Stage(imported.stage), "")


def _receive(request: Request, form: UploadForm) -> HttpResponseBase:
    upload = form.cleaned_data["file"]
    imported = receive_file(
        content=upload.read(),
        name=upload.name or "",
        kind=form.cleaned_data["kind"],
        cycle=form.cleaned_data.get("cycle") or current_cycle(request.acting, on=request.today),
        actor=request.acting,
        now=request.now,
    )
    jobs.start(imported, Job.READING, actor=request.acting, now=request.now)
    return redirect("import", imported.pk)


@may("imports.use")
@require_GET
def imported(request: Request, pk: int) -> HttpResponse:
    """One import: what was read, what is said of each row, and the next step."""
    found = visible(request, pk)
    context = {
        "item": found,
        "kind": None,
        "done": progress.seen(found.pk) if found.job else 0,
        **_facts(found),
    }
    content_is_kept = found.subject.erased_at is None
    if found.kind:
        context["kind"] = kind_by_id(found.kind)
        if content_is_kept and not context["kind"].whole_book:
            context["notes"] += about_columns(found, context["kind"])
    seen = (Stage.CHECKED, Stage.TRIED, Stage.APPLIED, Stage.UNDONE)
    if context["kind"] and content_is_kept and found.stage in seen and not found.job:
        verdict = request.GET.get("verdict", "")
        start = request.GET.get("start", "")
        context["preview"] = preview_of(
            found,
            context["kind"],
            start=int(start) if start.isdigit() else 0,
            verdict=verdict if verdict in Verdict.values else "",
        )
        context["verdict"] = verdict
        context["chips"] = _chips(found, verdict)
    template = "importing/_job.html" if request.htmx and found.job else "importing/import.html"
    return render(request, template, context)


def _facts(found: Import) -> dict[str, Any]:
    notes = [note_of(each) for each in found.notes]
    lost = next((each.split()[1] for each in found.notes if each.startswith("uncounted ")), "")
    if lost:
        notes.append(
            _("有 %(n)s 个公式没有保存计算结果，按空白读取。请用 Excel 打开并保存一次再上传。") % {"n": lost}
        )
    return {
        "notes": [each for each in notes if each],
        "waits_for_columns": found.stage == Stage.READ,
        "may_apply": found.stage in (Stage.CHECKED, Stage.TRIED),
        "is_open": found.stage in (Stage.RECEIVED, Stage.READ, Stage.CHECKED, Stage.TRIED, Stage.UNREADABLE),
        "n_valid": found.n_good + found.n_warnings,
        "tone": tone_of(found),
        "about_remarks": _about_remarks(found),
    }


def _about_remarks(found: Import) -> list[str]:
    """What is different about the workbook with remarks, where anything is."""
    said = []
    if not found.file_name.lower().endswith((".xlsx", ".xlsm")):
        said.append(_("批注写在另存的 .xlsx 里，只带单元格的值，不带原来的格式。"))
    if found.n_errors + found.n_warnings > MOST_COMMENTS:
        said.append(
            _("前 %(n)s 处写成批注；其余的单元格也标了颜色，全部意见列在最后一张工作表“导入意见”里。")
            % {"n": MOST_COMMENTS}
        )
    return said


def _chips(found: Import, verdict: str) -> list[dict[str, Any]]:
    counts = (
        ("", found.n_rows, _("全部")),
        (Verdict.ERROR, found.n_errors, Verdict.ERROR.label),
        (Verdict.WARNING, found.n_warnings, Verdict.WARNING.label),
        (Verdict.GOOD, found.n_good, Verdict.GOOD.label),
        (Verdict.SAME, found.n_same, Verdict.SAME.label),
        (Verdict.ASIDE, _n_aside(found), Verdict.ASIDE.label),
    )
    return [
        {"label": f"{label} {n}", "url": f"?verdict={value}" if value else "?", "current": value == verdict}
        for value, n, label in counts
        if n or not value
    ]


def _n_aside(found: Import) -> int:
    return found.n_rows - found.n_good - found.n_same - found.n_warnings - found.n_errors


def said(request: Request, refusal: Refusal) -> None:
    for reason in refusal.reasons:
        messages.error(request, reason)

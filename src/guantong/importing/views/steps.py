"""The steps of an import: its columns, preview, trial, application, undoing, discarding."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.importing import jobs
from guantong.importing.choices import Job, Stage
from guantong.importing.forms import ColumnsForm, KindForm
from guantong.importing.kinds import kinds_for
from guantong.importing.kinds.base import Kind
from guantong.importing.models import Import
from guantong.importing.operations import discard_import, map_import
from guantong.importing.staged import heads_of, sheets_of
from guantong.importing.views.imports import visible
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.queries import current_cycle
from guantong.ui.forms import say_on


@may("imports.use")
@require_http_methods(["GET", "POST"])
def columns(request: Request, pk: int) -> HttpResponseBase:
    """What the workbook is, where its head stands, and which column holds what."""
    found = visible(request, pk)
    if found.stage not in (Stage.READ, Stage.CHECKED, Stage.TRIED):
        raise Refusal(_("这份导入%(stage)s，不能再改列。") % {"stage": found.get_stage_display()})
    kinds = kinds_for(request.acting)
    sheets = [(each.at, each.name) for each in sheets_of(found)]
    given = request.POST if request.method == "POST" else None
    head = {"kind": found.kind or kinds[0].id, "sheet": found.sheet, "head_row": found.head_row + 1}
    if given is None and request.GET.get("kind"):
        head |= {name: request.GET[name] for name in ("kind", "sheet", "head_row") if request.GET.get(name)}
    where = KindForm(given or head, kinds=kinds, sheets=sheets)
    kind = _chosen(where, kinds)
    form = _columns_form(request, found, where, kind)
    if given is not None and where.is_valid() and kind is not None and (form is None or form.is_valid()):
        try:
            return _kept(request, found, where, form)
        except Refusal as refusal:
            say_on(form or where, refusal)
    errors = bool(given) and bool(where.errors or (form is not None and form.errors))
    context = {"item": found, "where": where, "form": form, "kind": kind}
    return render(request, "importing/columns.html", context, status=422 if errors else 200)


def _chosen(where: KindForm, kinds: list[Kind]) -> Kind | None:
    if not where.is_valid():
        return None
    return next(each for each in kinds if each.id == where.cleaned_data["kind"])


def _columns_form(request: Request, found: Import, where: KindForm, kind: Kind | None) -> ColumnsForm | None:
    """None where the kind reads the whole book by itself, or where nobody knows yet where the head is."""
    from guantong.importing.mapping import proposed, remembered

    if kind is None or kind.whole_book:
        return None
    heads = heads_of(found, where.cleaned_data["sheet"], where.cleaned_data["head_row"] - 1)
    mapping = remembered(found, kind, heads)
    mapping = proposed(kind, heads) if mapping is None else mapping
    given = request.POST if request.method == "POST" and "columns" in request.POST else None
    return ColumnsForm(given, kind=kind, heads=heads, mapping=mapping, prefix="column")


def _kept(request: Request, found: Import, where: KindForm, form: ColumnsForm | None) -> HttpResponseBase:
    chosen = where.cleaned_data
    map_import(
        imported=found,
        kind=chosen["kind"],
        sheet=chosen["sheet"],
        head_row=chosen["head_row"] - 1,
        columns=form.columns() if form is not None and form.is_bound else None,
        cycle=found.cycle or current_cycle(request.acting, on=request.today),
        actor=request.acting,
        now=request.now,
    )
    found.refresh_from_db()
    jobs.start(found, Job.CHECKING, actor=request.acting, now=request.now)
    return redirect("import", found.pk)


@may("imports.use")
@require_POST
def trial(request: Request, pk: int) -> HttpResponseBase:
    found = visible(request, pk)
    done = jobs.start(found, Job.TRYING, actor=request.acting, now=request.now)
    if not done.job and not done.why:
        messages.success(request, _("试导入完成，没有写入任何内容。"))
    return redirect("import", pk)


@may("imports.use")
@require_POST
def application(request: Request, pk: int) -> HttpResponseBase:
    """All rows or none; with ``only_valid`` those without an error."""
    found = visible(request, pk)
    only_valid = request.POST.get("only_valid") == "1"
    done = jobs.start(found, Job.APPLYING, actor=request.acting, now=request.now, only_valid=only_valid)
    if not done.job:
        messages.success(request, _("已导入 %(n)s 行。") % {"n": done.n_applied})
    return redirect("import", pk)


@may("imports.use")
@require_POST
def undoing(request: Request, pk: int) -> HttpResponseBase:
    """At once, or by the worker where it is long: a database asks at each row whether others point at it."""
    found = visible(request, pk)
    done = jobs.start(found, Job.UNDOING, actor=request.acting, now=request.now)
    if not done.job:
        messages.success(request, _("这份导入已经整份撤销。"))
    return redirect("import", pk)


@may("imports.use")
@require_POST
def discarding(request: Request, pk: int) -> HttpResponseBase:
    discard_import(imported=visible(request, pk), actor=request.acting, now=request.now)
    messages.success(request, _("已放弃这份导入，文件已删除。"))
    return redirect("imports")

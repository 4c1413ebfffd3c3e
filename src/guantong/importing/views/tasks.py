"""Importing a task workbook in the browser: choose, look, apply."""

from __future__ import annotations

import base64
import zlib

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guantong.accounts.middleware import Request
from guantong.accounts.policies import may
from guantong.importing.tasks.operations import apply_task_workbook, read_task_workbook
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import Cycle
from guantong.mechanisms.queries import cycles_visible_to
from guantong.tasks import rules

MAX_BYTES = 5 * 1024 * 1024
SALT = "importing.tasks"
HOUR = 3600


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("任务表"),
        help_text=gettext_lazy("Excel（.xlsx、.xls）、WPS 表格或 CSV，5 MB 以内。"),
    )


@may("tasks.issue")
@require_http_methods(["GET", "POST"])
def import_tasks(request: Request, pk: int) -> HttpResponseBase:
    """First the file, then a preview of every row, then the whole of it or nothing."""
    cycle = get_object_or_404(cycles_visible_to(request.acting), pk=pk)
    if not rules.may_issue(request.acting, cycle):
        raise Refusal(_("任务清单由统筹协调单位下达。"))
    if request.method == "POST" and "held" in request.POST:
        return _apply(request, cycle)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _preview(request, cycle, form)
        except Refusal as refusal:
            form.add_error("file", " ".join(refusal.reasons))
    status = 422 if form.errors else 200
    return render(request, "importing/tasks.html", {"cycle": cycle, "form": form}, status=status)


def _preview(request: Request, cycle: Cycle, form: UploadForm) -> HttpResponse:
    upload = form.cleaned_data["file"]
    if upload.size > MAX_BYTES:
        raise Refusal(_("文件超过 5 MB，请拆成几份再导入。"))
    content = upload.read()
    reading = read_task_workbook(content, name=upload.name, cycle=cycle)
    packed = base64.b64encode(zlib.compress(content)).decode()
    held = signing.dumps({"name": upload.name, "cycle": cycle.pk, "content": packed}, salt=SALT)
    rows = [
        {"task": parsed, "draft": draft}
        for parsed, draft in zip(reading.workbook.tasks, reading.drafts, strict=True)
    ]
    context = {
        "cycle": cycle,
        "name": upload.name,
        "rows": rows,
        "sheets": reading.workbook.sheets,
        "n_questions": sum(len(draft.questions) for draft in reading.drafts),
        "held": held,
    }
    return render(request, "importing/tasks_preview.html", context)


def _apply(request: Request, cycle: Cycle) -> HttpResponseBase:
    """Store what was previewed: the file itself came along, signed, so nothing waits on the server."""
    try:
        held = signing.loads(request.POST["held"], salt=SALT, max_age=HOUR)
    except signing.BadSignature as error:
        raise Refusal(_("预览已过期，请重新选择文件。")) from error
    if held["cycle"] != cycle.pk:
        raise Refusal(_("预览的是另一个周期，请重新选择文件。"))
    content = zlib.decompress(base64.b64decode(held["content"]))
    reading = read_task_workbook(content, name=held["name"], cycle=cycle)
    stored = apply_task_workbook(
        reading, cycle=cycle, name=held["name"], actor=request.acting, now=request.now
    )
    messages.success(request, _("已导入 %(n)s 项任务。") % {"n": stored.tasks.count()})
    return redirect("tasks")

"""The three administrators' pages, each apart; none of them shows business content. And health."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import guantong
from guantong.accounts.middleware import Request
from guantong.accounts.models import Holding, Office, Person
from guantong.accounts.policies import may, public
from guantong.audit.models import AuditEntry
from guantong.mechanisms.models import Cycle, StoredPackage
from guantong.organisation.models import Unit
from guantong.ui.tables import Column, Listing


@may("system.read")
def system(request: Request) -> HttpResponse:
    """Sizes and settings; nothing of what the offices do."""
    rows = [
        (_("程序版本"), guantong.__version__),
        (_("数据库"), connection.display_name),
        (_("时区"), settings.TIME_ZONE),
        (_("单位"), Unit.objects.count()),
        (_("岗位"), Office.objects.count()),
        (_("机制包"), StoredPackage.objects.count()),
        (_("年度周期"), Cycle.objects.count()),
        (_("日志条数"), AuditEntry.objects.count()),
    ]
    return render(request, "web/system.html", {"rows": rows})


@may("security.read")
def security(request: Request) -> HttpResponse:
    """Who may sign in and for which offices."""
    columns = [
        Column("person", gettext_lazy("人员"), ("person__display_name",)),
        Column("office", gettext_lazy("职务"), ("office__title",)),
        Column("role", gettext_lazy("角色"), ("office__role",)),
        Column("since", gettext_lazy("任职起"), ("starts_on",)),
    ]
    holdings = Holding.objects.on(request.today).select_related("person", "office__unit")
    listing = Listing.of(holdings, request.GET, columns, id="holdings", sort="person")
    people = Person.objects.filter(is_active=True).count()
    return render(request, "web/security.html", {"listing": listing, "people": people})


@may("audit.read")
def audit(request: Request) -> HttpResponse:
    """The log: who did what, for which office, when. Payloads stay closed."""
    columns = [
        Column("at", gettext_lazy("时间"), ("at",)),
        Column("actor", gettext_lazy("操作者")),
        Column("verb", gettext_lazy("操作"), ("verb",)),
        Column("object", gettext_lazy("对象"), ("object_type", "object_ref")),
        Column("leaf", gettext_lazy("校验值")),
    ]
    entries = AuditEntry.objects.all()
    verb = request.GET.get("verb", "").strip()
    if verb:
        entries = entries.filter(verb__startswith=verb)
    listing = Listing.of(entries, request.GET, columns, id="log", sort="-at")
    return render(request, "web/audit.html", {"listing": listing, "verb": verb})


@public
def healthz(request: Request) -> HttpResponse:
    """200 while the process answers and the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")

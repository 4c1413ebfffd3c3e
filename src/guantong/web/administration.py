"""The system administrator's page, without business content."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import guantong
from guantong.accounts.middleware import Request
from guantong.accounts.models import Office
from guantong.accounts.policies import may
from guantong.audit.models import AuditEntry
from guantong.mechanisms.models import Cycle, StoredPackage
from guantong.organisation.models import Unit


@may("system.read")
@require_GET
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

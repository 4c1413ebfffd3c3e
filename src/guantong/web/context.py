"""What every page's frame needs: navigation by right, the office acted for, the others one could act for."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guantong.accounts.acting import Acting
from guantong.audit import standing

ASSESSMENT = ("/scores", "/score-lines", "/round", "/bench", "/vetoes", "/result-uses")
SUPERVISION = ("/supervision", "/findings", "/escalations", "/samples", "/visits", "/circulars")
LEADERSHIP = (
    "/bodies",
    "/meetings",
    "/hearings",
    "/courses",
    "/classes",
    "/publicity",
    "/pairings",
    "/partners",
    "/contacts",
)
CASES = ("/cases", "/case-", "/call-backs")
RECEPTION = ("/reception/days", "/reception/bookings", "/reception/walk-ins")
LEDGERS = ("/ledgers", "/duty-reports")
ROSTER = ("/rosters", "/gaps", "/certificates", "/term-ends", "/holdings")
SERVICES = ("/services", "/service-", "/demands", "/campaigns", "/townships")
HOMES = ("/homes",)
# (label, icon, url name, policy of the target, path prefix or prefixes that mark it current)
NAVIGATION = (
    (gettext_lazy("总览"), "squares-2x2", "home", "business.read", "/board"),
    (pgettext_lazy("navigation", "待办"), "inbox", "inbox", "business.read", "/inbox"),
    (
        pgettext_lazy("navigation", "事项"),
        "clipboard-document-check",
        "obligations",
        "business.read",
        "/obligations",
    ),
    (gettext_lazy("工作记录"), "pencil-square", "records", "business.read", "/records"),
    (pgettext_lazy("navigation", "责任清单"), "document-text", "duty-lists", "business.read", "/duty-l"),
    (pgettext_lazy("navigation", "任务"), "flag", "tasks", "business.read", "/tasks"),
    (pgettext_lazy("navigation", "督查"), "megaphone", "matters", "business.read", SUPERVISION),
    (gettext_lazy("考核"), "chart-bar", "scores", "business.read", ASSESSMENT),
    (gettext_lazy("领导履职"), "users", "meetings", "business.read", LEADERSHIP),
    (pgettext_lazy("navigation", "诉求"), "chat-bubble-left-right", "cases", "cases.handle", CASES),
    (gettext_lazy("接待日"), "calendar", "reception-days", "reception.read", RECEPTION),
    (gettext_lazy("履职台账"), "book-open", "ledgers", "business.read", LEDGERS),
    (gettext_lazy("基层队伍"), "user-group", "rosters", "business.read", ROSTER),
    (gettext_lazy("基层服务"), "hand-thumb-up", "services", "business.read", SERVICES),
    (pgettext_lazy("navigation", "之家"), "home-modern", "homes", "business.read", HOMES),
    (gettext_lazy("填报负担"), "clock", "burden", "business.read", "/burden"),
    (pgettext_lazy("navigation", "审核"), "check-badge", "reviews", "obligations.review", "/reviews"),
    (pgettext_lazy("navigation", "年度周期"), "calendar-days", "cycles", "business.read", "/cycles"),
    (gettext_lazy("待批事项"), "hand-raised", "approvals", "approvals.read", "/approvals"),
    (gettext_lazy("系统"), "server", "system", "system.read", "/system"),
    (gettext_lazy("提醒渠道"), "bell", "channels", "system.read", "/channels"),
    (
        gettext_lazy("公文模板"),
        "document-duplicate",
        "document-templates",
        "documents.templates",
        "/document-templates",
    ),
    (gettext_lazy("导入中心"), "arrow-up-tray", "imports", "imports.use", "/imports"),
    (gettext_lazy("常用视图"), "bookmark", "saved-views", "business.read", "/saved-views"),
    (gettext_lazy("同义词"), "language", "synonyms", "search.words", "/search/words"),
    (gettext_lazy("变动推送"), "arrow-top-right-on-square", "webhooks", "cycles.run", "/webhooks"),
    (gettext_lazy("账号与授权"), "key", "people", "security.read", "/people"),
    (gettext_lazy("操作日志"), "shield-check", "audit", "audit.read", "/audit"),
    (gettext_lazy("管理员操作"), "eye", "administration", "administration.read", "/administration"),
)

IN_BAR = 9  # how many stand in the bar on wide screens; the rest open under 更多


def navigation(request: HttpRequest, acting: Acting) -> list[dict[str, Any]]:
    path = request.path
    found = [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "current": path == "/" if name == "home" and path == "/" else path.startswith(prefix),
        }
        for label, icon, name, policy, prefix in NAVIGATION
        if acting.may(policy)
    ]
    for place, item in enumerate(found):
        item["in_bar"] = place < IN_BAR or len(found) <= IN_BAR + 1
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor; lazy, so fragments and errors pay nothing for it."""
    return {
        "shell": SimpleLazyObject(lambda: _shell(request)),
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }


def _shell(request: HttpRequest) -> dict[str, Any]:
    acting: Acting = getattr(request, "acting", None) or Acting()
    frame: dict[str, Any] = {
        "demo": settings.DEMO,
        "sign_in_url": reverse("sign-in"),
        "read_only": standing.is_rolled_back(),
    }
    if acting.person is None:
        return frame
    offices = []
    for seat in request.seats:  # type: ignore[attr-defined]
        office = seat.office
        if acting.office is None or office.pk != acting.office.pk:
            title = str(office)
            if seat.standing_in_for:
                title = _("%(office)s（代 %(holder)s）") % {"office": office, "holder": seat.standing_in_for}
            offices.append({"pk": office.pk, "title": title, "unit": str(office.unit)})
    return frame | {
        "nav": navigation(request, acting),
        "search_url": reverse("search") if acting.may("business.read") else "",
        "person": acting.person,
        "acting": {
            "title": str(acting.office) if acting.office else _("没有任职"),
            "unit": str(acting.office.unit) if acting.office else "",
            "standing_in_for": str(acting.standing_in_for) if acting.standing_in_for else "",
        },
        "acting_unit": acting.office.unit_id if acting.office else None,
        "offices": offices,
        "switch_url": reverse("acting-office"),
        "sign_out_url": reverse("sign-out"),
        "account_url": reverse("account"),
    }

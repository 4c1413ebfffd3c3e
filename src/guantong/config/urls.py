"""Root URLs: every room's own, side by side. A view without a policy stops the start."""

from __future__ import annotations

from django.urls import include, path
from django.views.decorators.http import require_GET

from guantong.accounts.policies import public
from guantong.ui.views import styleguide

handler400 = "guantong.web.views.not_understood"
handler403 = "guantong.web.views.not_allowed"
handler404 = "guantong.web.views.page_missing"
handler500 = "guantong.web.views.failed"

urlpatterns = [
    path("", include("guantong.web.urls")),
    path("", include("guantong.notices.urls")),
    path("", include("guantong.mechanisms.urls")),
    path("", include("guantong.records.urls")),
    path("", include("guantong.obligations.urls")),
    path("", include("guantong.duties.urls")),
    path("", include("guantong.tasks.urls")),
    path("", include("guantong.importing.urls")),
    path("", include("guantong.cases.urls")),
    path("", include("guantong.partners.urls")),
    path("", include("guantong.calendars.urls")),
    path("", include("guantong.leadership.urls")),
    path("", include("guantong.burden.urls")),
    path("", include("guantong.reception.urls")),
    path("", include("guantong.grassroots.urls")),
    path("", include("guantong.supervision.urls")),
    path("", include("guantong.assessment.urls")),
    path("", include("guantong.reporting.urls")),
    path("", include("guantong.documents.urls")),
    path("", include("guantong.search.urls")),
    path("", include("guantong.channels.urls")),
    path("", include("guantong.api.urls")),
    path("styleguide/", public(require_GET(styleguide)), name="styleguide"),
]

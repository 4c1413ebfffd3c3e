from __future__ import annotations

from django.urls import path

from guantong.supervision.views import findings, rulings

urlpatterns = [
    path("findings/", findings.findings, name="findings"),
    path("findings/new/", findings.new_finding, name="new-finding"),
    path("findings/<int:pk>/", findings.finding, name="finding"),
    path("findings/<int:pk>/text/", findings.finding_text, name="finding-text"),
    path("findings/<int:pk>/notice/", findings.finding_notice, name="finding-notice"),
    path("findings/<int:pk>/reply/", findings.finding_reply, name="finding-reply"),
    path("findings/<int:pk>/ruling/", rulings.finding_ruling, name="finding-ruling"),
    path("findings/<int:pk>/recheck/", rulings.finding_recheck, name="finding-recheck"),
    path("findings/<int:pk>/recheck/decision/", rulings.recheck_decision, name="recheck-decision"),
]

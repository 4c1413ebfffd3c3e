from __future__ import annotations

from django.urls import include, path

from guantong.web import administration, approvals, display, homes, log_pages, people, views
from guantong.web.health import views as health

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("guantong.web.account_urls")),
    path("inbox/", homes.inbox, name="inbox"),
    path("acting-office/", views.acting_office, name="acting-office"),
    path("language/", views.set_language, name="set_language"),
    path("display/", display.display, name="display"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/decision/", approvals.decision, name="approval-decision"),
    path("handovers/<int:pk>/", approvals.handover, name="handover"),
    path("handovers/<int:pk>/acceptance/", approvals.handover_acceptance, name="handover-acceptance"),
    path("system/", administration.system, name="system"),
    path("administration/", log_pages.administration, name="administration"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new-person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/appointments/", people.appointments, name="appointments"),
    path("people/<int:pk>/unlocking/", people.unlocking, name="unlocking"),
    path("people/<int:pk>/standing/", people.standing, name="standing"),
    path("people/<int:pk>/sign-in-reset/", people.sign_in_reset, name="sign-in-reset"),
    path("holdings/<int:pk>/end/", people.holding_end, name="holding-end"),
    path("holdings/<int:pk>/absences/", people.absences, name="absences"),
    path("audit/", log_pages.log, name="audit"),
    path("audit/verifications/", log_pages.verifications, name="verifications"),
    path("audit/checkpoints/", log_pages.checkpoints, name="checkpoints"),
    path("audit/checkpoints/<int:pk>/", log_pages.checkpoint, name="checkpoint"),
    path("receipts/", log_pages.receipts, name="receipts"),
    path("receipts/<str:code>/", log_pages.receipt, name="receipt"),
    path("receipts/<str:code>/proof.json", log_pages.receipt_file, name="receipt-file"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]

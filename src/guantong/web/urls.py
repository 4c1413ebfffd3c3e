from __future__ import annotations

from django.urls import path

from guantong.web import administration, homes, views

urlpatterns = [
    path("", views.home, name="home"),
    path("inbox/", homes.inbox, name="inbox"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("acting-office/", views.acting_office, name="acting-office"),
    path("language/", views.set_language, name="set_language"),
    path("system/", administration.system, name="system"),
    path("security/", administration.security, name="security"),
    path("audit/", administration.audit, name="audit"),
    path("healthz", administration.healthz, name="healthz"),
]

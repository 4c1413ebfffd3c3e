from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import certificates

urlpatterns = [
    path("certificates/", certificates.certificates, name="certificates"),
    path("holdings/<int:pk>/certificates/", certificates.holding_certificates, name="holding-certificates"),
    path(
        "certificates/<int:pk>/acceptance/",
        certificates.certificate_acceptance,
        name="certificate-acceptance",
    ),
]

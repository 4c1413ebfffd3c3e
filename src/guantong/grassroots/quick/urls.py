from __future__ import annotations

from django.urls import path

from guantong.grassroots.quick import offline, views

urlpatterns = [
    path("quick/", views.quick_record, name="quick-record"),
    path("quick/paper/", views.quick_paper, name="quick-paper"),
    path("quick/offline/", offline.quick_offline, name="quick-offline"),
    path("quick/token/", offline.quick_token, name="quick-token"),
    path("service-worker.js", offline.service_worker, name="service-worker"),
]

from __future__ import annotations

from django.urls import path

from guantong.importing import views

urlpatterns = [path("cycles/<int:pk>/tasks/import/", views.import_tasks, name="import-tasks")]

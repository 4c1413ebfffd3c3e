from __future__ import annotations

from django.urls import path

from guantong.importing.views import files, imports, steps, tasks

urlpatterns = [
    path("cycles/<int:pk>/tasks/import/", tasks.import_tasks, name="import-tasks"),
    path("imports/", imports.imports, name="imports"),
    path("imports/export/", files.export, name="import-export"),
    path("imports/<int:pk>/", imports.imported, name="import"),
    path("imports/<int:pk>/columns/", steps.columns, name="import-columns"),
    path("imports/<int:pk>/trial/", steps.trial, name="import-trial"),
    path("imports/<int:pk>/application/", steps.application, name="import-application"),
    path("imports/<int:pk>/undoing/", steps.undoing, name="import-undoing"),
    path("imports/<int:pk>/discarding/", steps.discarding, name="import-discarding"),
    path("imports/<int:pk>/remarks/", files.remarks, name="import-remarks"),
]

from __future__ import annotations

from django.urls import path

from guantong.documents.views import documents, papers, templates, trials

urlpatterns = [
    path("papers/<str:kind>/<int:pk>/", papers.paper, name="paper"),
    path("papers/<str:kind>/<int:pk>/documents/", papers.issue, name="paper-issue"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/file/", documents.document_file, name="document-file"),
    path("documents/<int:pk>/pdf/", documents.document_pdf, name="document-pdf"),
    path("documents/<int:pk>/print/", documents.document_print, name="document-print"),
    path("document-templates/", templates.kinds, name="document-templates"),
    path("document-templates/<str:kind>/", templates.of_kind, name="document-template"),
    path("document-templates/<str:kind>/trial/", trials.trial, name="document-template-trial"),
    path("document-templates/<str:kind>/builtin/", templates.builtin_file, name="document-template-builtin"),
    path("document-templates/<str:kind>/choice/", templates.choice, name="document-template-choice"),
    path("document-templates/versions/<int:pk>/file/", templates.version_file, name="document-template-file"),
]

from __future__ import annotations

from django.urls import path

from guantong.duties import views

urlpatterns = [
    path("duty-lists/", views.duty_lists, name="duty-lists"),
    path("duty-lists/<int:pk>/", views.duty_list, name="duty-list"),
    path("duty-lists/<int:pk>/signature/", views.signature, name="signature"),
    path("duty-items/<int:pk>/objections/", views.objections, name="objections"),
    path("objections/<int:pk>/answer/", views.objection_answer, name="objection-answer"),
    path("cycles/<int:pk>/duty-lists/issue/", views.issue, name="issue-duty-lists"),
    path("duties/", views.library, name="duty-library"),
]

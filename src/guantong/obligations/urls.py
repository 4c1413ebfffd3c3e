from __future__ import annotations

from django.urls import path

from guantong.obligations import record_views, views

urlpatterns = [
    path("obligations/", views.obligations, name="obligations"),
    path("obligations/<int:pk>/", views.obligation, name="obligation"),
    path("obligations/<int:pk>/no-change/", views.no_change, name="no-change"),
    path("obligations/<int:pk>/extensions/", views.extensions, name="extensions"),
    path("obligations/<int:pk>/suspension/", views.suspension, name="suspension"),
    path("obligations/<int:pk>/resumption/", views.resumption, name="resumption"),
    path("extensions/<int:pk>/decision/", views.extension_decision, name="extension-decision"),
    path("reviews/", views.reviews, name="reviews"),
    path("claims/<int:pk>/review/", views.review, name="review"),
    path("records/new/", record_views.new_record, name="new-record"),
    path("records/fitting/", record_views.fitting, name="fitting-obligations"),
    path("records/<int:pk>/claims/", record_views.claims, name="record-claims"),
]

from __future__ import annotations

from django.urls import path

from guantong.leadership.views import publicity

urlpatterns = [
    path("publicity/", publicity.publicity, name="publicity"),
    path("publicity/new/", publicity.new_publicity, name="new-publicity"),
    path("publicity/<int:pk>/", publicity.publicity_item, name="publicity-item"),
    path("publicity/<int:pk>/report/", publicity.publicity_report, name="publicity-report"),
    path("publicity/<int:pk>/cancelling/", publicity.publicity_cancelling, name="publicity-cancelling"),
]

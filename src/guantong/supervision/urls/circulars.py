from __future__ import annotations

from django.urls import path

from guantong.supervision.views import circular_text, circulars

urlpatterns = [
    path("circulars/", circulars.circulars, name="circulars"),
    path("circulars/new/", circulars.new_circular, name="new-circular"),
    path("circulars/<int:pk>/", circulars.circular, name="circular"),
    path("circulars/<int:pk>/text/", circular_text.circular_text, name="circular-text"),
    path("circulars/<int:pk>/matters/", circular_text.circular_matters, name="circular-matters"),
    path("circulars/<int:pk>/drawing/", circulars.circular_drawing, name="circular-drawing"),
    path("circulars/<int:pk>/issue/", circulars.circular_issue, name="circular-issue"),
    path("circulars/<int:pk>/figures/<str:key>/", circulars.circular_figure, name="circular-figure"),
]

from __future__ import annotations

from django.urls import path

from guantong.supervision.views import samples

urlpatterns = [
    path("samples/", samples.samples, name="samples"),
    path("samples/new/", samples.new_sample, name="new-sample"),
    path("samples/verify_draw.py", samples.sample_verifier, name="sample-verifier"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/list.csv", samples.sample_list, name="sample-list"),
    path("samples/<int:pk>/seed/", samples.sample_seed, name="sample-seed"),
    path("sample-items/<int:pk>/check/", samples.sample_check, name="sample-check"),
]

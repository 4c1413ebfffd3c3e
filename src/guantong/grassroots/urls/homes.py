from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import home_use, homes, hosts

urlpatterns = [
    path("homes/", homes.homes, name="homes"),
    path("homes/units/<int:pk>/registration/", homes.home_registration, name="home-registration"),
    path("homes/<int:pk>/", homes.home_page, name="home-page"),
    path("homes/<int:pk>/edit/", homes.home_edit, name="home-edit"),
    path("homes/<int:pk>/hosts/", hosts.home_hosts, name="home-hosts"),
    path("homes/hosts/<int:pk>/end/", hosts.home_host_end, name="home-host-end"),
    path("homes/<int:pk>/use/", home_use.home_use, name="home-use"),
    path("homes/<int:pk>/diversity/", home_use.home_diversity, name="home-diversity"),
]

from __future__ import annotations

from django.urls import path

from guantong.grassroots.views import catalogue, services

urlpatterns = [
    path("services/", services.services, name="services"),
    path("services/new/", services.new_service, name="new-service"),
    path("services/paper/", services.paper_services, name="service-paper"),
    path("service-items/", catalogue.service_items, name="service-items"),
    path("service-items/built-in/", catalogue.built_in_catalogue, name="service-items-built-in"),
    path("service-items/<int:pk>/stop/", catalogue.item_stop, name="service-item-stop"),
]

from __future__ import annotations

from django.urls import path

from guantong.api.addresses import ADDRESSES
from guantong.api.contract.serving import address
from guantong.api.views import docs, tokens, webhooks

urlpatterns = [
    path("account/tokens/", tokens.own_tokens, name="own-tokens"),
    path("account/tokens/new/", tokens.new_token, name="new-token"),
    path("account/tokens/<int:pk>/revocation/", tokens.token_revocation, name="token-revocation"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="new-webhook"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/ending/", webhooks.webhook_ending, name="webhook-ending"),
    path("webhooks/<int:pk>/test/", webhooks.webhook_test, name="webhook-test"),
    path("api/v1/", docs.listing, name="api-docs"),
    path("api/v1/openapi.json", docs.openapi, name="api-openapi"),
    *(path(f"api/v1/{route}", address(*acts), name=name) for route, name, acts in ADDRESSES),
]

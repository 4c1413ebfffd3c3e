"""Which addresses of other systems an office may see."""

from __future__ import annotations

from django.db.models import QuerySet

from guantong.accounts.acting import Acting
from guantong.api.models import Webhook
from guantong.organisation.models import PAST


def webhooks_visible_to(acting: Acting) -> QuerySet[Webhook]:
    """Those that tell of nothing beyond the visible subtree, for whoever runs the year."""
    if not acting.scope_path or not acting.may("cycles.run"):
        return Webhook.objects.none()
    path = acting.scope_path
    return Webhook.objects.filter(scope__path__gte=path, scope__path__lt=path + PAST)

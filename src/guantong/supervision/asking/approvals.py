"""Weighty acts that wait for a second person, of every room that has some."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.accounts.approvals import kind_of
from guantong.accounts.models import Approval
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import Said, say
from guantong.organisation.models import PAST
from guantong.supervision.addressing import Directory

APPROVAL = "accounts.approval"
TO_APPROVE = say("请批准；不同意的，写明理由。申请人及其代理关系中的人回避。")
MINUTES = 5


def approvals_of(cycle: Cycle) -> QuerySet[Approval]:
    """Requests within the cycle's unit, where no later cycle of that unit speaks for them, nor one further down."""
    path = cycle.unit.path
    found = Approval.objects.filter(scope__path__gte=path, scope__path__lt=path + PAST)
    for other, year in Cycle.objects.exclude(pk=cycle.pk).values_list("unit__path", "year"):
        if other == path and year > cycle.year:
            return found.none()
        if other != path and other.startswith(path):
            found = found.exclude(scope__path__gte=other, scope__path__lt=other + PAST)
    return found


def _title(approval: Approval) -> Said:
    """What is to be approved and what it is done to, as the room that asks says it, in both languages."""
    kind, words = kind_of(approval), {}
    for code, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            words[code] = _("%(act)s：%(what)s") % {"act": kind.label, "what": kind.subject(approval)}
    return words


def asked_to_approve(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The nearest office that decides such a thing, another one than asked for it."""
    waiting = approvals_of(cycle).filter(granted__isnull=True).select_related("scope").order_by("pk")
    for approval in waiting:
        decided_with = kind_of(approval).decided_with
        office = directory.holder_of(decided_with, path=approval.scope.path, without=[approval.asked_by_id])
        if office is not None:
            url = reverse("approvals")
            yield Asked(
                office, NoticeKind.APPROVAL, APPROVAL, approval.pk, _title(approval), TO_APPROVE, MINUTES, url
            )

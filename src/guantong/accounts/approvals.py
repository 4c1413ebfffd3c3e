"""The two-person rule: one asks, another decides, and only then does it happen, in one transaction.

A room declares its weighty acts with :func:`register`; the decision calls ``apply`` of the kind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import FUNCTIONS, Role
from guantong.accounts.models import Approval
from guantong.audit import operations as audit
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """A weighty act. ``function`` is the right to ask for it, ``decided_with`` the right to decide.

    ``apply(approval, now)`` does it, ``subject(approval)`` says in words what it is done to, ``url(approval)`` where
    that can be looked at.
    """

    id: str
    label: object
    function: str
    apply: Callable[[Approval, dt.datetime], None]
    subject: Callable[[Approval], str]
    url: Callable[[Approval], str]
    decided_with: str = "approvals.read"

    @property
    def deciders(self) -> str:
        """Whose decision it is, in words: the roles that carry the right."""
        return _("、").join(str(role.label) for role in Role if self.decided_with in FUNCTIONS[role])


KINDS: dict[str, Kind] = {}
LONGEST = 500  # characters of a reason or a decision


def register(kind: Kind) -> None:
    KINDS[kind.id] = kind


def kind_of(approval: Approval) -> Kind:
    return KINDS[approval.kind]


@transaction.atomic
def ask_approval(
    *,
    kind: str,
    object_ref: int,
    scope: Unit,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    wanted: Mapping[str, Any] | None = None,
) -> Approval:
    """Ask for a weighty act, with the reason. One request at a time for the same thing."""
    known = KINDS[kind]
    if not actor.may(known.function) or not actor.sees(scope.path):
        raise Refusal(_("您没有提出“%(act)s”的权限。") % {"act": known.label})
    if not reason.strip():
        raise Refusal(_("请写明理由。"))
    if len(reason.strip()) > LONGEST:
        raise Refusal(_("理由和意见最多 500 字。"))
    if Approval.objects.filter(kind=kind, object_ref=object_ref, granted__isnull=True).exists():
        raise Refusal(_("已有一项同样的申请在等待批准。"))
    acting = actor if isinstance(actor, Acting) else None
    approval = Approval.objects.create(
        kind=kind,
        object_ref=object_ref,
        wanted=dict(wanted or {}),
        reason=reason.strip(),
        scope=scope,
        asked_by=acting.office if acting else None,
        asker=acting.person if acting else None,
        asked_in_place_of=acting.standing_in_for if acting else None,
        asked_at=now,
    )
    audit.record(
        "approvals.asked", target=approval, actor=actor, at=now, payload={"kind": kind, "object": object_ref}
    )
    return approval


def may_decide(acting: Actor, approval: Approval) -> bool:
    """Somebody else with the right over the whole scope; not the asker, nor anybody either stood in for."""
    if approval.granted is not None or not isinstance(acting, Acting):
        return False
    return (
        acting.may("approvals.read")
        and acting.may(kind_of(approval).decided_with)
        and acting.sees(approval.scope.path)
        and not acting.shares_a_person_with(approval.asker_id, approval.asked_in_place_of_id)
    )


@transaction.atomic
def decide_approval(
    *, approval: Approval, granted: bool, decision: str, actor: Acting, now: dt.datetime
) -> Approval:
    """Grant it, and it happens now; or refuse it with a reason."""
    approval = Approval.objects.select_for_update(of=("self",)).select_related("scope").get(pk=approval.pk)
    if approval.granted is not None:
        raise Refusal(_("这项申请已经有人批过了。"))
    kind = kind_of(approval)
    if not actor.may(kind.decided_with):
        raise Refusal(
            _("“%(act)s”须由另一人批准，限%(who)s岗位。") % {"act": kind.label, "who": kind.deciders}
        )
    if not may_decide(actor, approval):
        raise Refusal(_("这项申请须由另一人批准，申请人及其代理关系中的人不能批准。"))
    if not granted and not decision.strip():
        raise Refusal(_("不同意时请写明理由。"))
    if len(decision.strip()) > LONGEST:
        raise Refusal(_("理由和意见最多 500 字。"))
    approval.granted, approval.decision, approval.decided_at = granted, decision.strip(), now
    approval.decided_by, approval.decider = actor.office, actor.person
    approval.save()
    audit.record(
        "approvals.granted" if granted else "approvals.refused",
        target=approval,
        actor=actor,
        at=now,
        payload={"kind": approval.kind, "object": approval.object_ref},
    )
    if granted:
        kind.apply(approval, now)
    return approval

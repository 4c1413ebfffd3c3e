"""Making and revoking tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.choices import FUNCTIONS
from guantong.accounts.models import Office, Person
from guantong.accounts.queries import seats_of
from guantong.api.choices import LONGEST, MOST_TOKENS, OFFERED
from guantong.api.models import Token
from guantong.audit import operations as audit
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal

PREFIX = "gt_"


def digest_of(secret: str) -> str:
    return hashlib.sha256(f"token {secret}".encode(errors="replace")).hexdigest()


def offered_to(office: Office) -> list[str]:
    """The functions a token for this office may be made for."""
    held = FUNCTIONS.get(office.role, frozenset())
    return [name for name in OFFERED if name in held]


@dataclass(frozen=True, slots=True)
class Made:
    """A new token and its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str


@transaction.atomic
def make_token(
    *,
    office: Office,
    name: str,
    functions: Collection[str],
    read_only: bool,
    expires_on: dt.date,
    actor: Acting,
    now: dt.datetime,
) -> Made:
    """A token for one of the actor's own offices of today, for functions it has."""
    today = clock.today(now)
    person = _refuse_others(office, actor, today)
    name = name.strip()
    if not name or len(name) > 60:
        raise Refusal(_("请给令牌起一个名称，最多 60 字，写明给哪个程序用。"))
    if set(functions) - set(offered_to(office)):
        raise Refusal(_("只能选择这个职务有的权限。"))
    if not today <= expires_on <= today + LONGEST:
        raise Refusal(_("有效期至少到今天，最长一年。"))
    Person.objects.select_for_update().get(pk=person.pk)
    in_force = Token.objects.filter(person=person, revoked_at=None, expires_on__gte=today)
    if in_force.count() >= MOST_TOKENS:
        raise Refusal(_("有效的令牌最多 %(n)s 个，请先撤销不用的。") % {"n": MOST_TOKENS})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=person, office=office, name=name, digest=digest_of(secret), functions=sorted(functions),
        read_only=read_only, made_at=now, expires_on=expires_on,
    )  # fmt: skip
    told = {"office": office.pk, "functions": token.functions, "read_only": read_only, "until": expires_on}
    audit.record("api.token_made", target=token, actor=actor, at=now, payload=told)
    return Made(token, secret)


def _refuse_others(office: Office, actor: Acting, today: dt.date) -> Person:
    """By the person themself, in a session of their own: a token makes no tokens."""
    person = actor.person
    held = {seat.office.pk for seat in seats_of(person, on=today)} if person else set()
    if person is None or office.pk not in held:
        raise Refusal(_("令牌只能由本人为自己今天担任的职务制作。"))
    return person


@transaction.atomic
def revoke_token(*, token: Token, actor: Acting, now: dt.datetime) -> Token:
    """It stops working at once. Doing so twice changes nothing."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if actor.person_ref != token.person_id:
        raise Refusal(_("令牌由本人撤销。"))
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        audit.record("api.token_revoked", target=token, actor=actor, at=now)
    return token

"""Who must have a second factor, and a log row for each change of one."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from guantong.accounts.acting import Acting
from guantong.accounts.models import Person
from guantong.audit import operations as audit
from guantong.kernel import clock

NOBODY, ADMINISTRATORS_ONLY, EVERYBODY = "nobody", "administrators", "everybody"
WHO = (NOBODY, ADMINISTRATORS_ONLY, EVERYBODY)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(acting: Acting) -> bool:
    """Whether whoever acts must set up a second factor before anything else (`GUANTONG_SECOND_FACTOR`)."""
    wanted = settings.SECOND_FACTOR == EVERYBODY or (
        settings.SECOND_FACTOR == ADMINISTRATORS_ONLY and acting.is_administrator
    )
    if not wanted or acting.person is None:
        return False
    return not Authenticator.objects.filter(user=acting.person, type__in=FACTORS).exists()


def _note(verb: str, user: Person, authenticator: Authenticator) -> None:
    with transaction.atomic():
        audit.record(
            verb, target=user, actor=Acting(user), at=clock.now(), payload={"factor": str(authenticator.type)}
        )


@receiver(authenticator_added)
def note_added(request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _note("accounts.factor_added", user, authenticator)


@receiver(authenticator_removed)
def note_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _note("accounts.factor_removed", user, authenticator)


@receiver(authenticator_reset)
def note_reset(request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    _note("accounts.factor_renewed", user, authenticator)

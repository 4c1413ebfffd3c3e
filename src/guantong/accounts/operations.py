"""Changes of people, offices and holdings."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator, validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import ADMINISTRATORS, role_of_seat
from guantong.accounts.models import Absence, Handover, Holding, Office, Outcome, Person, SignInAttempt
from guantong.audit import operations as audit
from guantong.audit.models import AuditEntry
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit
from guantong.privacy.keys import erased_subjects
from guantong.privacy.models import Subject
from guantong.privacy.operations import erase, finish_erasures


@transaction.atomic
def create_person(
    *, sign_in: str, display_name: str, password: str | None, actor: Actor, now: dt.datetime
) -> Person:
    """Add somebody who may sign in. They have no right until they hold an office."""
    sign_in = sign_in.strip()
    if not sign_in:
        raise Refusal(_("登录名不能为空。"))
    if Person.objects.by_sign_in(sign_in):
        raise Refusal(_("登录名“%(name)s”已被使用，请换一个。") % {"name": sign_in})
    if password is not None:
        try:
            refuse_weak_password(password, sign_in=sign_in, display_name=display_name)
        except ValidationError as error:
            raise Refusal.of(error.messages) from error
    person = Person.objects.create_person(
        sign_in=sign_in, password=password, display_name=display_name, now=now
    )
    audit.record("accounts.person_created", target=person, actor=actor, at=now)
    return person


def refuse_weak_password(password: str, *, sign_in: str, display_name: str) -> None:
    """The rules of the settings, and not like the names, which stand sealed on a saved Person.

    Raises ValidationError.
    """
    validate_password(password)
    named = Person(sign_in=sign_in, display_name=display_name)
    UserAttributeSimilarityValidator(("sign_in", "display_name")).validate(password, named)


@transaction.atomic
def open_office(
    *,
    unit: Unit,
    seat: str,
    title: str,
    actor: Actor,
    now: dt.datetime,
    title_en: str = "",
    role: str | None = None,
    scope: Unit | None = None,
    number: int = 1,
    full_time: bool = False,
    opened_on: dt.date | None = None,
) -> Office:
    """Set up one seat in a unit."""
    if Office.objects.filter(unit=unit, seat=seat, number=number).exists():
        raise Refusal(_("“%(unit)s”已设有该岗位。") % {"unit": unit.name})
    office = Office.objects.create(
        unit=unit,
        seat=seat,
        number=number,
        title=title,
        title_en=title_en,
        role=role or role_of_seat(seat),
        scope=scope or unit,
        full_time=full_time,
        opened_on=opened_on,
    )
    audit.record("accounts.office_opened", target=office, actor=actor, at=now, payload={"unit": unit.code})
    return office


def open_offices(offices: Iterable[Office], *, for_what: Unit, actor: Actor, now: dt.datetime) -> int:
    """Set up many seats at once, with one log row on the unit they were set up for."""
    with transaction.atomic():
        made = Office.objects.bulk_create(offices, batch_size=1000)
        if made:
            audit.record(
                "accounts.offices_opened",
                target=for_what,
                actor=actor,
                at=now,
                payload={"offices": len(made)},
            )
    return len(made)


@transaction.atomic
def hold_office(
    *,
    person: Person,
    office: Office,
    starts_on: dt.date,
    actor: Actor,
    now: dt.datetime,
    ends_on: dt.date | None = None,
    acting: bool = False,
    full_time: bool = True,
) -> Holding:
    """Put a person in an office from a day on."""
    if ends_on and ends_on < starts_on:
        raise Refusal(_("任职结束日期不能早于开始日期。"))
    if actor.person_ref == person.pk:
        raise Refusal(_("不能给自己任职，也不能安排自己代理。"))
    if not person.is_active:
        raise Refusal(_("此人的账号已停用。"))
    if office.closed_on and office.closed_on < starts_on:
        raise Refusal(_("该岗位已于 %(day)s 撤销。") % {"day": office.closed_on})
    held = Holding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    if ends_on:
        held = held.filter(starts_on__lte=ends_on)
    if held.filter(person=person, office=office).exists():
        raise Refusal(_("此人当日已任该职务。"))
    refuse_mixed_administrators(person, office, starts_on=starts_on)
    holding = Holding.objects.create(
        person=person,
        office=office,
        starts_on=starts_on,
        ends_on=ends_on,
        acting=acting,
        full_time=full_time,
    )
    waiting = list(
        Handover.objects.filter(
            holding__office=office, successor__isnull=True, accepted_at__isnull=True
        ).exclude(holding__person=person)
    )
    for handover in waiting:
        handover.successor = holding
        handover.save(update_fields=["successor"])
    audit.record("accounts.office_held", target=holding, actor=actor, at=now, states=waiting)
    return holding


def refuse_mixed_administrators(person: Person, office: Office, *, starts_on: dt.date) -> None:
    """Nobody may be, or stand in for, two of the three administrators (separation of the three officers)."""
    if office.role not in ADMINISTRATORS:
        return
    held = Holding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
    held = held.filter(office__role__in=ADMINISTRATORS).exclude(office__role=office.role)
    if held.filter(
        Q(person=person) | Q(absences__stand_in=person, absences__ends_on__gte=starts_on)
    ).exists():
        raise Refusal(_("系统、安全、审计三类管理员不能由同一人兼任或代理。"))


@transaction.atomic
def end_holding(*, holding: Holding, ends_on: dt.date, actor: Actor, now: dt.datetime) -> Handover:
    """End a holding and open the handover of what the office has on its hands."""
    holding = Holding.objects.select_for_update().select_related("office").get(pk=holding.pk)
    if holding.ends_on and holding.ends_on <= ends_on:
        raise Refusal(_("这段任职已于 %(day)s 结束。") % {"day": holding.ends_on})
    if ends_on < holding.starts_on:
        raise Refusal(_("任职结束日期不能早于开始日期。"))
    if Handover.objects.filter(holding=holding, accepted_at__isnull=False).exists():
        raise Refusal(_("这段任职的工作已经交接，结束日期不能再改。"))
    holding.ends_on = ends_on
    holding.save(update_fields=["ends_on"])
    others = Holding.objects.on(ends_on + dt.timedelta(days=1)).filter(office=holding.office)
    handover, _is_new = Handover.objects.update_or_create(
        holding=holding,
        defaults={
            "successor": others.exclude(person=holding.person).order_by("pk").first(),
            "opened_at": now,
        },
    )
    audit.record(
        "accounts.holding_ended",
        target=holding,
        actor=actor,
        at=now,
        payload={"ends_on": ends_on},
        states=[handover],
    )
    return handover


@transaction.atomic
def accept_handover(
    *, handover: Handover, contents: Mapping[str, Any], note: str, actor: Acting, now: dt.datetime
) -> Handover:
    """The successor takes over what was shown; what it was is kept by count."""
    handover = Handover.objects.select_for_update().select_related("holding").get(pk=handover.pk)
    if handover.accepted_at:
        raise Refusal(_("这份交接已经接收。"))
    taking = Holding.objects.on(clock.today(now)).filter(
        office=handover.holding.office_id, person=actor.person
    )
    if actor.standing_in_for is not None or not taking.exists():
        raise Refusal(_("交接由接任者本人接收，代理人不能代收。"))
    if actor.person_ref == handover.holding.person_id:
        raise Refusal(_("移交人不能自己接收。"))
    if len(note.strip()) > 1000:
        raise Refusal(_("说明最多 1000 字。"))
    handover.successor = taking.order_by("pk").first()
    handover.accepted_at, handover.contents, handover.note = now, dict(contents), note.strip()
    handover.save()
    audit.record(
        "accounts.handover_accepted",
        target=handover,
        actor=actor,
        at=now,
        payload={"contents": dict(contents)},
    )
    return handover


@transaction.atomic
def record_absence(
    *,
    holding: Holding,
    stand_in: Person,
    starts_on: dt.date,
    ends_on: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> Absence:
    """Let somebody act for the office while its holder is away."""
    if ends_on < starts_on:
        raise Refusal(_("代理结束日期不能早于开始日期。"))
    if stand_in.pk == holding.person_id:
        raise Refusal(_("不能由本人代理本人。"))
    if actor.person_ref == stand_in.pk:
        raise Refusal(_("不能给自己任职，也不能安排自己代理。"))
    if not stand_in.is_active:
        raise Refusal(_("代理人的账号已停用。"))
    if holding.absences.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Refusal(_("这段时间里已经安排了代理。"))
    refuse_mixed_administrators(stand_in, holding.office, starts_on=starts_on)
    absence = Absence.objects.create(
        holding=holding,
        stand_in=stand_in,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=actor.office if isinstance(actor, Acting) else None,
        recorded_at=now,
    )
    audit.record(
        "accounts.absence_recorded",
        target=absence,
        actor=actor,
        at=now,
        payload={"holding": holding.pk, "stand_in": stand_in.pk, "from": starts_on, "to": ends_on},
    )
    return absence


# --- signing in --------------------------------------------------------------------------------------


@transaction.atomic
def unlock(*, person: Person, actor: Actor, now: dt.datetime) -> None:
    """Let somebody who mistyped too often try again at once."""
    SignInAttempt.objects.create(who=person.sign_in_index, source="", outcome=Outcome.UNLOCKED, at=now)
    audit.record("accounts.unlocked", target=person, actor=actor, at=now)


@transaction.atomic
def set_active(*, person: Person, active: bool, actor: Actor, now: dt.datetime) -> None:
    """Stop an account, signing it out everywhere, or let it in again."""
    if isinstance(actor, Acting) and actor.person_ref == person.pk:
        raise Refusal(_("不能停用自己的账号。"))
    _refuse_erased(person)
    person.is_active = active
    person.save(update_fields=["is_active"])
    if not active:
        sign_out_everywhere(person)
    verb = "accounts.reinstated" if active else "accounts.suspended"
    audit.record(verb, target=person, actor=actor, at=now)


@transaction.atomic
def reset_sign_in(*, person: Person, actor: Actor, now: dt.datetime) -> str:
    """A new password to be handed over in person and changed at once; second factors are removed. Shown once."""
    if isinstance(actor, Acting) and actor.person_ref == person.pk:
        raise Refusal(_("不能重设自己的登录，请用“修改密码”。"))
    _refuse_erased(person)
    password = secrets.token_urlsafe(18)
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    Authenticator.objects.filter(user=person).delete()
    sign_out_everywhere(person)
    audit.record("accounts.sign_in_reset", target=person, actor=actor, at=now)
    return password


def _refuse_erased(person: Person) -> None:
    if person.subject.erased_at:
        raise Refusal(_("这个账号的资料已经删除，不能再启用。"))


def sign_out_everywhere(person: Person) -> int:
    """End every session of a person; returns how many."""
    sessions = UserSession.objects.filter(user=person)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


# --- the person's own data ---------------------------------------------------------------------------


@transaction.atomic
def correct_name(*, person: Person, display_name: str, actor: Actor, now: dt.datetime) -> AuditEntry:
    """The person's own correction of how they are called."""
    if not display_name.strip():
        raise Refusal(_("称呼不能为空。"))
    if len(display_name) > 100:
        raise Refusal(_("称呼最多 100 字。"))
    person.display_name = display_name.strip()
    person.save(update_fields=["display_name"])
    return audit.record("accounts.name_corrected", target=person, actor=actor, at=now)


@transaction.atomic
def erase_person(*, person: Person, actor: Actor, now: dt.datetime) -> AuditEntry:
    """Erase what identifies a person who holds no office any more; what the office did stays the office's."""
    today = clock.today(now)
    if Holding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today), person=person).exists():
        raise Refusal(_("任职期间的账号资料依职责保存，任职结束后才能删除。"))
    open_handovers = Handover.objects.filter(holding__person=person, accepted_at__isnull=True)
    if open_handovers.exclude(holding__office__role__in=ADMINISTRATORS).exists():
        raise Refusal(_("还有工作没有交接，接任者接收后才能删除。"))
    _scrub(person)
    return erase(subject=person.subject, actor=actor, now=now)


def _scrub(person: Person) -> None:
    """Take away what identifies the person outside the sealed fields."""
    sign_out_everywhere(person)
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    SignInAttempt.objects.filter(who=person.sign_in_index).delete()
    person.is_active = False
    person.sign_in_index = "erased-" + secrets.token_hex(24)
    person.set_unusable_password()
    person.save(update_fields=["is_active", "sign_in_index", "password"])


def replay_erasures(*, actor: Actor, now: dt.datetime) -> int:
    """After a restore: erase again whoever was erased since the backup was made; returns how many."""
    erased = erased_subjects()
    again = list(Subject.objects.filter(pk__in=erased, erased_at__isnull=True).order_by("pk"))
    for subject in again:
        with transaction.atomic():
            person = Person.objects.filter(subject=subject).first()
            if person:
                _scrub(person)
            erase(subject=subject, actor=actor, now=now)
    finish_erasures()
    return len(again)

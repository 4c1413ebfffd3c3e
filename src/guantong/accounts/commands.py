"""``create-admin`` and ``appoint``."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Console
from guantong.accounts.choices import Role
from guantong.accounts.models import Office, Person
from guantong.accounts.operations import create_person, hold_office, open_office
from guantong.kernel import clock
from guantong.kernel.commands import Arguments, Command, Report
from guantong.kernel.refusals import Refusal
from guantong.organisation.models import Unit

ADMIN_ROLES = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}


def _password() -> str:
    """From ``GUANTONG_PASSWORD``, else asked twice at the terminal; never an argument others can see."""
    given = os.environ.get("GUANTONG_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refusal(_("请在终端里运行，或用环境变量 GUANTONG_PASSWORD 提供密码。"))
    first = getpass.getpass(_("密码："))
    if first != getpass.getpass(_("再输一次：")):
        raise Refusal(_("两次输入的密码不一致。"))
    return first


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise Refusal(_("没有代码为“%(code)s”的单位，请先导入单位。") % {"code": code})
    return unit


def _admin_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=sorted(ADMIN_ROLES))
    parser.add_argument("--sign-in", required=True)
    parser.add_argument("--unit", required=True, metavar="CODE", help="the unit the administrator belongs to")


def create_admin(given: Arguments, report: Report) -> dict[str, Any]:
    """One of the three administrators; nobody can be two of them."""
    role = ADMIN_ROLES[given.role]
    unit = _unit(given.unit)
    now = clock.now()
    with transaction.atomic():
        person = Person.objects.by_sign_in(given.sign_in)
        if person is None:
            person = create_person(
                sign_in=given.sign_in,
                display_name=str(role.label),
                password=_password(),
                actor=Console(),
                now=now,
            )
        office = Office.objects.filter(unit=unit, seat=role.value).first() or open_office(
            unit=unit, seat=role.value, title=f"{unit.name}{role.label}", role=role, actor=Console(), now=now
        )
        hold_office(person=person, office=office, starts_on=clock.today(now), actor=Console(), now=now)
    report.say(_("已设%(role)s“%(name)s”。") % {"role": role.label, "name": given.sign_in})
    return {"person": person.pk, "office": office.pk, "role": role.value}


def _appoint_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sign-in", required=True)
    parser.add_argument("--unit", required=True, metavar="CODE")
    parser.add_argument("--seat", required=True, help="such as leader, unit_head, commissioner, coordinator")
    parser.add_argument("--number", type=int, default=1)
    parser.add_argument("--display-name", default="", help="the office's title by default")
    parser.add_argument("--acting", action="store_true")


def appoint(given: Arguments, report: Report) -> dict[str, Any]:
    """Put somebody in an office; ``coordinator`` and ``assessor`` seats are made where they are missing."""
    unit = _unit(given.unit)
    now = clock.now()
    with transaction.atomic():
        office = Office.objects.filter(
            unit=unit, seat=given.seat, number=given.number, closed_on=None
        ).first()
        if office is None and given.seat in (Role.COORDINATOR, Role.ASSESSOR):
            role = Role(given.seat)
            office = open_office(
                unit=unit,
                seat=given.seat,
                number=given.number,
                title=f"{unit.name}{role.label}",
                role=role,
                scope=unit.parent or unit,
                actor=Console(),
                now=now,
            )
        if office is None:
            raise Refusal(
                _("“%(unit)s”没有岗位“%(seat)s”，请先启动周期。") % {"unit": unit.name, "seat": given.seat}
            )
        person = Person.objects.by_sign_in(given.sign_in) or create_person(
            sign_in=given.sign_in,
            display_name=given.display_name or office.title,
            password=_password(),
            actor=Console(),
            now=now,
        )
        holding = hold_office(
            person=person,
            office=office,
            starts_on=clock.today(now),
            acting=given.acting,
            full_time=office.full_time,
            actor=Console(),
            now=now,
        )
    report.say(_("“%(name)s”任%(office)s。") % {"name": given.sign_in, "office": office})
    return {"person": person.pk, "office": office.pk, "holding": holding.pk}


COMMANDS = [
    Command("create-admin", "set up one of the three administrators", create_admin, _admin_arguments),
    Command("appoint", "put somebody in an office", appoint, _appoint_arguments),
]

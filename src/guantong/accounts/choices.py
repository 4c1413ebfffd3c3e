"""Roles of offices and the functions each may use.

A right is *function x subtree x time*: the role gives the functions, the office's scope unit the
subtree, the holding the time. The three administrators can read no business content.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("统筹协调")
    ASSESSOR = "assessor", _("考核")
    LEADER = "leader", _("领导")
    UNIT_HEAD = "unit_head", _("单位主要负责人")
    CLERK = "clerk", _("单位经办")
    COMMISSIONER = "commissioner", _("专职委员")
    LIAISON = "liaison", _("联络员")
    HOME_KEEPER = "home_keeper", _("之家负责人")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

# What a function allows is said where it is used; the words are `room.verb`.
_EVERYBODY = frozenset({"business.read", "records.write", "obligations.claim", "imports.use"})
_ANSWERS = frozenset({"supervision.answer"})  # signs for matters, replies to findings, asks for a recheck
_CALLS = frozenset({"leadership.call"})  # calls meetings and keeps courses of its own unit
_ASKS = frozenset({"burden.issue"})  # asks units below for figures: requests and their fields
_HEAD = (
    _EVERYBODY
    | _ANSWERS
    | {"duties.sign", "duties.object", "obligations.review", "tasks.split", "assessment.answer"}
    | {"cases.handle"}
    | _CALLS
    | _ASKS
)

FUNCTIONS: dict[str, frozenset[str]] = {
    Role.COORDINATOR: _EVERYBODY
    | {
        "cycles.run",
        "duties.issue",
        "tasks.issue",
        "obligations.review",
        "supervision.run",
        "assessment.review",
        "assessment.run",
        "assessment.mark",
        "assessment.read",
        "approvals.read",
        "leadership.run",
        "leadership.call",
        "cases.run",
        "cases.handle",
        "reception.run",
        "reception.read",
        "partners.read",
        "burden.issue",
        "grassroots.run",
        "documents.templates",
        "search.words",
    },
    Role.ASSESSOR: frozenset(
        {
            "business.read",
            "assessment.mark",
            "assessment.run",
            "assessment.read",
            "assessment.review",
            "approvals.read",
        }
    ),
    Role.LEADER: _EVERYBODY
    | {"duties.sign", "duties.object", "obligations.review", "approvals.read", "supervision.sign"}
    | {"leadership.lead", "leadership.call", "cases.host", "cases.handle", "reception.host", "reception.read"}
    | {"partners.read", "burden.sign"},
    Role.UNIT_HEAD: _HEAD,
    Role.CLERK: _EVERYBODY
    | _ANSWERS
    | _CALLS
    | _ASKS
    | {"duties.object", "assessment.answer", "cases.handle"},
    Role.COMMISSIONER: _EVERYBODY | _ANSWERS | _CALLS | {"duties.object", "cases.handle"},
    Role.LIAISON: _EVERYBODY | _ANSWERS | {"duties.sign", "duties.object", "cases.handle"},
    Role.HOME_KEEPER: _EVERYBODY | {"duties.sign", "duties.object"},
    Role.SYSTEM_ADMIN: frozenset(
        {"system.read", "system.run", "administration.read", "documents.templates", "search.words"}
    ),
    Role.SECURITY_ADMIN: frozenset({"security.read", "security.run", "administration.read", "imports.use"}),
    Role.AUDIT_ADMIN: frozenset({"audit.read", "audit.run", "administration.read"}),
}

# The role that a package's seat carries unless an administrator says otherwise.
ROLE_OF_SEAT: dict[str, str] = {
    "first_responsible": Role.UNIT_HEAD,
    "unit_head": Role.UNIT_HEAD,
    "leader": Role.LEADER,
    "group_head": Role.LEADER,
    "commissioner": Role.COMMISSIONER,
    "liaison": Role.LIAISON,
    "home_keeper": Role.HOME_KEEPER,
}


def role_of_seat(seat: str) -> str:
    return ROLE_OF_SEAT.get(seat, Role.CLERK)

"""The kinds of thing that are written down in three taps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.accounts.acting import Acting
from guantong.accounts.choices import Role
from guantong.grassroots.queries.services import SERVES
from guantong.grassroots.rules.demands import RAISES
from guantong.records.choices import RecordKind


class QuickKind(models.TextChoices):
    SERVICE = "service", _("联络服务")
    DEMAND = "demand", _("群众诉求")
    ACTIVITY = "activity", _("之家活动")
    MEETING = "meeting", _("会议活动")
    STUDY = "study", _("学习宣讲")
    VISIT = "visit", _("联系走访")
    OTHER = "other", _("其他工作")
    NOTHING_NEW = "nothing_new", _("本期无变化")


ICONS = {
    QuickKind.SERVICE: "hand-raised",
    QuickKind.DEMAND: "chat-bubble-left-right",
    QuickKind.ACTIVITY: "home-modern",
    QuickKind.MEETING: "user-group",
    QuickKind.STUDY: "book-open",
    QuickKind.VISIT: "map-pin",
    QuickKind.OTHER: "pencil-square",
    QuickKind.NOTHING_NEW: "check-circle",
}

# Kinds that are a plain record of work.
WORK: dict[str, RecordKind] = {
    QuickKind.MEETING: RecordKind.MEETING,
    QuickKind.STUDY: RecordKind.STUDY,
    QuickKind.VISIT: RecordKind.VISIT,
    QuickKind.OTHER: RecordKind.PROGRESS,
}
# Kinds that somebody else may enter from paper.
ON_PAPER = (QuickKind.SERVICE, QuickKind.DEMAND, *WORK)


def kinds_for(acting: Acting) -> list[QuickKind]:
    """What the home page offers to an office, by its role alone."""
    if acting.office is None or not acting.may("records.write"):
        return []
    role = acting.office.role
    missing = {
        QuickKind.SERVICE: role not in SERVES,
        QuickKind.DEMAND: role not in RAISES,
        QuickKind.ACTIVITY: role not in (Role.HOME_KEEPER, Role.COMMISSIONER),
    }
    return [each for each in QuickKind if not missing.get(each)]


def buttons(kinds: list[QuickKind]) -> list[dict[str, str]]:
    """The kinds as large buttons."""
    return [{"kind": each.value, "label": str(each.label), "icon": ICONS[each]} for each in kinds]

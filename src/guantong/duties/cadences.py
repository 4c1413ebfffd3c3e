"""How often a duty is to be done and by when, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guantong.mechanisms.package.model import Cadence

PERIODS = {
    "year": gettext_lazy("每年"),
    "half": gettext_lazy("每半年"),
    "quarter": gettext_lazy("每季度"),
    "month": gettext_lazy("每月"),
    "ten_days": gettext_lazy("每旬"),
    "week": gettext_lazy("每周"),
    "workday": gettext_lazy("每个工作日"),
}


def in_words(cadence: Cadence) -> str:
    """每季度 1 次，最迟当季最后一个月 25 日 – as the package says; without a day, by the end of the period."""
    if cadence.upon or not cadence.per:
        return _("有事时办理，没有固定期限")
    times = max(int(cadence.count or 1), 1)
    often = ngettext("%(per)s %(n)s 次", "%(per)s %(n)s 次", times) % {
        "per": PERIODS[cadence.per],
        "n": times,
    }
    return _("%(often)s，%(by)s") % {"often": often, "by": _by(cadence, times)}


def _by(cadence: Cadence, times: int) -> str:
    if cadence.due:
        month, day = (int(part) for part in cadence.due.split("-"))
        return _("最迟 %(month)s 月 %(day)s 日") % {"month": month, "day": day}
    if cadence.due_day:
        return _("最迟当期最后一个月 %(day)s 日") % {"day": cadence.due_day}
    return _("按次数平分，各段最后一天到期") if times > 1 else _("当期最后一天到期")

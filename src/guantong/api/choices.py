"""What a token may be made for, what an address may be told of, and how telling it ended."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

# The functions that the interface uses, with what each opens. A token has those that were ticked.
OFFERED: dict[str, object] = {
    "business.read": _("查看业务内容"),
    "records.write": _("登记工作记录、活动、服务和群众诉求"),
    "obligations.claim": _("申报完成"),
    "cases.handle": _("查看本单位承办的诉求"),
    "cases.run": _("查看统筹的诉求"),
    "cases.host": _("查看包案的诉求"),
    "supervision.run": _("查看全部督办事项"),
    "tasks.issue": _("查看全部任务"),
    "assessment.read": _("查看未公布的得分"),
}
LONGEST = dt.timedelta(days=366)
MOST_TOKENS = 20  # in force, of one person


class EventKind(models.TextChoices):
    """Kinds of change that an address may be told of."""

    OBLIGATION_RED = "obligation.red", _("事项亮红灯")
    OBLIGATION_CLAIMED = "obligation.claimed", _("申报完成")
    OBLIGATION_REVIEWED = "obligation.reviewed", _("审核申报")
    MATTER_MOVED = "matter.moved", _("督办事项有进展")
    CASE_MOVED = "case.moved", _("诉求有进展")
    SCORE_PUBLISHED = "score.published", _("公布考核结果")
    TEST = "test", _("测试")


class SendOutcome(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    SENDING = "sending", _("正在发送")
    TAKEN = "taken", _("对方已接收")
    FAILED = "failed", _("多次未送达，不再重试")
    UNKNOWN = "unknown", _("多次没有答复，不清楚对方是否收到，不再重试")
    DROPPED = "dropped", _("已停止通知，没有发送")

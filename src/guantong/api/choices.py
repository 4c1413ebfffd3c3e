"""What a token may be made for, what an address may be told of, and how telling it ended."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

# The functions that the interface uses, with what each opens. A token has those that were ticked.
OFFERED: dict[str, object] = {
    "business.read": _("查看业务内容"),
    "records.write": _("登记工作记录、活动、服务和群众诉求，预订房间"),
    "obligations.claim": _("申报完成，申请延期"),
    "obligations.review": _("审核申报"),
    "duties.sign": _("签收责任清单"),
    "duties.object": _("对责任清单提出异议"),
    "duties.issue": _("答复责任清单的异议"),
    "tasks.split": _("把任务分解到下级单位"),
    "tasks.issue": _("查看全部任务，确定任务里待确定的内容"),
    "supervision.answer": _("签收、退签、分解督办事项，答复指出的问题"),
    "supervision.run": _("查看和办理全部督办事项，答复延期"),
    "cases.handle": _("查看和办理本单位承办的诉求"),
    "cases.run": _("查看和办理统筹的诉求"),
    "cases.host": _("查看和办理包案的诉求"),
    "partners.read": _("查看联系的组织、企业和商会"),
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

"""Kinds, stages and outcomes of a case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKind(models.TextChoices):
    QUESTION = "question", _("咨询")
    SUGGESTION = "suggestion", _("意见建议")
    DIFFICULTY = "difficulty", _("困难求助")
    COMPLAINT = "complaint", _("投诉")


class Channel(models.TextChoices):
    WEB = "web", _("网上提交")
    PHONE = "phone", _("电话")
    WINDOW = "window", _("窗口")
    RECEPTION = "reception", _("接待")
    VISIT = "visit", _("走访座谈")
    HOME = "home", _("之家")


class CaseStage(models.TextChoices):
    """The ladder of a case; `chain.py` is its one transition table."""

    REGISTERED = "registered", _("已登记")
    ACCEPTED = "accepted", _("已受理")
    HANDLING = "handling", _("办理中")
    ANSWERED = "answered", _("已答复")
    CLOSED = "closed", _("已办结")
    REFUSED = "refused", _("不予受理")
    REFERRED = "referred", _("已移送")
    WITHDRAWN = "withdrawn", _("已撤回")


class Outcome(models.TextChoices):
    SOLVED = "solved", _("已解决")
    PARTLY = "partly", _("部分解决")
    EXPLAINED = "explained", _("解释说明")


class AnswerKind(models.TextChoices):
    ANSWER = "answer", _("答复")
    REVIEW = "review", _("复查意见")
    SECOND_REVIEW = "second_review", _("复核意见")


class ClockKind(models.TextChoices):
    """What a period of the case is for. The periods themselves come from the package."""

    NOTIFY = "notify", _("告知受理情况")
    CLOSE = "close", _("办结")
    ASK_REVIEW = "ask_review", _("申请复查")
    REVIEW = "review", _("复查答复")
    ASK_SECOND_REVIEW = "ask_second", _("申请复核")
    SECOND_REVIEW = "second_review", _("复核答复")


class PauseReason(models.TextChoices):
    """Why a clock may stand still; the applicant sees it. Time of a hearing does not count (信访工作条例 第36条)."""

    MORE_FROM_APPLICANT = "more", _("等待当事人补充材料")
    HEARING = "hearing", _("举行听证")
    EXPERT = "expert", _("检测鉴定")
    COURT = "court", _("等待司法或复议结果")
    FORCE = "force", _("不可抗力")


class Elsewhere(models.TextChoices):
    """Other statutory systems a case may belong to: it is handed over and marked, never clocked twice."""

    PETITION = "petition", _("信访")
    HOTLINE = "hotline", _("12345热线")
    COURT = "court", _("诉讼仲裁复议")
    DISCIPLINE = "discipline", _("纪检监察")
    POLICE = "police", _("公安")

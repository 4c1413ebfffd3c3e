"""Kinds of host, content and result of a home; stages of an activity and of a demand passed up."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HostKind(models.TextChoices):
    GOVERNMENT = "government", _("机关单位")
    COMMUNITY = "community", _("嘎查村社区")
    ENTERPRISE = "enterprise", _("企业")
    CHAMBER = "chamber", _("商会协会")
    SCHOOL = "school", _("院校")
    ORGANISATION = "organisation", _("社会组织")
    VOLUNTEERS = "volunteers", _("志愿团队")


class ContentKind(models.TextChoices):
    STUDY = "study", _("学习宣传")
    CONSULTATION = "consultation", _("议事协商")
    SERVICE = "service", _("便民服务")
    CULTURE = "culture", _("文化体育")
    TRAINING = "training", _("技能培训")
    MEDIATION = "mediation", _("矛盾调解")
    CHARITY = "charity", _("公益帮扶")


class ResultKind(models.TextChoices):
    SOLVED = "solved", _("解决诉求")
    PROPOSAL = "proposal", _("形成建议")
    PROJECT = "project", _("促成项目")
    HELPED = "helped", _("帮扶到位")
    LEARNT = "learnt", _("培训合格")
    PRACTICE = "practice", _("形成做法")


class ActivityStage(models.TextChoices):
    PLANNED = "planned", _("已计划")
    HELD = "held", _("已开展")
    CANCELLED = "cancelled", _("已取消")


class DemandStage(models.TextChoices):
    """The ladder of a demand on its way up and back; `demand_chain.py` is its one transition table."""

    RAISED = "raised", _("已收集")
    TAKEN_UP = "taken_up", _("办理中")
    CASE = "case", _("已转为诉求件")
    ANSWERED = "answered", _("已有答复")
    TOLD = "told", _("已告知提出人")
    DROPPED = "dropped", _("已撤回")


class HomeKind(models.TextChoices):
    """Kinds of home, by the names that packages give them; another name of a package stands as it is."""

    TOWNSHIP = "township_home", _("苏木乡镇街道之家")
    VILLAGE = "village_home", _("嘎查村社区之家")
    ENTERPRISE = "enterprise_home", _("企业之家")
    ASSOCIATION = "association_home", _("商会协会之家")
    ONLINE = "online_home", _("网上之家")

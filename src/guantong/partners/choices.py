"""Kinds of partner."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    """The first three are organisations; a representative appears only by their own consent."""

    ORGANISATION = "organisation", _("组织团体")
    ENTERPRISE = "enterprise", _("企业")
    CHAMBER = "chamber", _("商会")
    REPRESENTATIVE = "representative", _("代表人士")

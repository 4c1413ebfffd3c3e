"""Parts to sign for, refusals to answer, matters to verify and to strike off."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart

MATTER, PART = "supervision.matter", "supervision.matterpart"
TO_SIGN = _("请签收；不属于本单位的，写明理由退签。")
TO_ANSWER_REFUSAL = _("有单位退签，请维持交办或改派。")
TO_VERIFY = _("已办结，请核查是否属实。")
TO_STRIKE_OFF = _("请销号，或者退回重办并写明理由。")
SIGN_MINUTES, REFUSAL_MINUTES, VERIFY_MINUTES, STRIKE_OFF_MINUTES = 2, 3, 10, 3


def asked_about_parts(cycle: Cycle) -> Iterator[Asked]:
    """The unit that has to sign, and whoever gave it the part where it was refused."""
    rows = MatterPart.objects.filter(
        matter__cycle=cycle, stage__in=[PartStage.ASSIGNED, PartStage.REFUSED]
    ).values_list(
        "pk", "matter", "matter__title", "unit__name", "office", "parent__office", "matter__issued_by", "stage", "sign_by"
    )  # fmt: skip
    for pk, matter, title, name, office, upper, issuer, stage, sign_by in rows:
        url = reverse("matter", args=[matter])
        if stage == PartStage.ASSIGNED:
            yield Asked(
                office, NoticeKind.SIGN_FOR, PART, pk, title, str(TO_SIGN), SIGN_MINUTES, url, sign_by
            )
        else:
            yield Asked(
                upper or issuer,
                NoticeKind.REFUSAL,
                PART,
                pk,
                f"{name}：{title[:220]}",
                str(TO_ANSWER_REFUSAL),
                REFUSAL_MINUTES,
                url,
                sign_by,
            )


def asked_about_matters(cycle: Cycle) -> Iterator[Asked]:
    """The issuer: to have it verified where its kind asks for it, then to strike it off."""
    verified = {kind.id for kind in cycle.package.matters if kind.verify}
    rows = Matter.objects.filter(
        cycle=cycle, stage__in=[MatterStage.COMPLETED, MatterStage.VERIFIED]
    ).values_list("pk", "title", "issued_by", "kind", "stage", "due_on")
    for pk, title, issuer, kind, stage, due_on in rows:
        url = reverse("matter", args=[pk])
        if stage == MatterStage.COMPLETED and kind in verified:
            yield Asked(
                issuer, NoticeKind.VERIFY, MATTER, pk, title, str(TO_VERIFY), VERIFY_MINUTES, url, due_on
            )
        else:
            yield Asked(
                issuer,
                NoticeKind.STRIKE_OFF,
                MATTER,
                pk,
                title,
                str(TO_STRIKE_OFF),
                STRIKE_OFF_MINUTES,
                url,
                due_on,
            )

"""Drafts to register and to hand out, parts to sign for, refusals to answer, matters to verify and to strike off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from guantong.kernel.bilingual import Text
from guantong.mechanisms.models import Cycle
from guantong.notices.choices import NoticeKind
from guantong.notices.operations import Asked
from guantong.notices.said import say
from guantong.obligations.models import Claim, Review
from guantong.supervision.addressing import Directory
from guantong.supervision.choices import MatterStage, PartStage
from guantong.supervision.models import Matter, MatterPart

MATTER, PART = "supervision.matter", "supervision.matterpart"
TO_SIGN = say("请签收；不属于本单位的，写明理由退签。")
TO_ANSWER_REFUSAL = say("有单位退签，请维持交办或改派。")
TO_REGISTER = say("草稿已拟好，请核对后立项；不再需要的，撤销。")
TO_DISPATCH = say("已立项，请交办给承办单位。")
TO_VERIFY = say("已办结，请核查是否属实。参加过反馈和审核的人回避。")
TO_STRIKE_OFF = say("请销号，或者退回重办并写明理由。")
SIGN_MINUTES, REFUSAL_MINUTES = 2, 3

# stage: (kind of notice, what is missing, minutes) for the issuing office
OF_ISSUER = {
    MatterStage.DRAFT: (NoticeKind.REGISTER, TO_REGISTER, 3),
    MatterStage.REGISTERED: (NoticeKind.DISPATCH, TO_DISPATCH, 2),
    MatterStage.COMPLETED: (NoticeKind.STRIKE_OFF, TO_STRIKE_OFF, 3),
    MatterStage.VERIFIED: (NoticeKind.STRIKE_OFF, TO_STRIKE_OFF, 3),
}
VERIFY_MINUTES = 10


def asked_about_parts(cycle: Cycle) -> Iterator[Asked]:
    """The unit that has to sign, and whoever gave it the part where it was refused."""
    rows = MatterPart.objects.filter(
        matter__cycle=cycle, stage__in=[PartStage.ASSIGNED, PartStage.REFUSED]
    ).values_list(
        "pk", "matter", "matter__title", "unit__name", "unit__name_en", "office", "parent__office", "matter__issued_by", "stage", "sign_by"
    )  # fmt: skip
    for pk, matter, title, name, name_en, office, upper, issuer, stage, sign_by in rows:
        url = reverse("matter", args=[matter])
        if stage == PartStage.ASSIGNED:
            yield Asked(office, NoticeKind.SIGN_FOR, PART, pk, title, TO_SIGN, SIGN_MINUTES, url, sign_by)
        else:
            words = say("%(unit)s：%(title)s", unit=Text(name, name_en), title=title)
            yield Asked(
                upper or issuer, NoticeKind.REFUSAL, PART, pk, words, TO_ANSWER_REFUSAL, REFUSAL_MINUTES, url, sign_by
            )  # fmt: skip


def asked_about_matters(cycle: Cycle, directory: Directory) -> Iterator[Asked]:
    """The issuer, to register, to hand out and to strike off; in between whoever may verify, where the kind asks it."""
    verified = {kind.id for kind in cycle.package.matters if kind.verify}
    rows = list(
        Matter.objects.filter(cycle=cycle, stage__in=list(OF_ISSUER)).values_list(
            "pk", "title", "issued_by", "issued_by__unit__path", "kind", "stage", "due_on"
        )
    )
    to_verify = [row[0] for row in rows if row[4] in verified and row[5] == MatterStage.COMPLETED]
    took_part = _offices_behind(to_verify)
    for pk, title, issuer, path, kind, stage, due_on in rows:
        url = reverse("matter", args=[pk])
        if stage == MatterStage.COMPLETED and kind in verified:
            office = directory.decider(unit=0, path=path, without=took_part[pk]) or issuer
            yield Asked(office, NoticeKind.VERIFY, MATTER, pk, title, TO_VERIFY, VERIFY_MINUTES, url, due_on)
        else:
            what, missing, minutes = OF_ISSUER[MatterStage(stage)]
            yield Asked(issuer, what, MATTER, pk, title, missing, minutes, url, due_on)


def _offices_behind(matters: list[int]) -> defaultdict[int, set[int | None]]:
    """Matter → offices that reported for it or took a step of a review: they stand aside when it is verified."""
    found: defaultdict[int, set[int | None]] = defaultdict(set)
    if not matters:
        return found
    claims = Claim.objects.filter(obligation__matter_part__matter__in=matters)
    for matter, office in claims.values_list("obligation__matter_part__matter", "claimed_by"):
        found[matter].add(office)
    reviews = Review.objects.filter(claim__obligation__matter_part__matter__in=matters)
    for matter, office in reviews.values_list("claim__obligation__matter_part__matter", "reviewed_by"):
        found[matter].add(office)
    return found

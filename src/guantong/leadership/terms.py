"""What a package says about meetings, study and publicity, read once and typed; defaults where it says nothing.

A package names duties in words. Which of them a meeting fulfils follows from the words, the evidence they ask for and,
where the duty is to chair or to hear, from who chaired.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guantong.kernel.bilingual import Text
from guantong.leadership.choices import MeetingKind
from guantong.mechanisms.package import Package
from guantong.mechanisms.package.model import DutyTemplate
from guantong.records.choices import RecordKind, kinds_fitting

# A field visit is an activity of the meetings' pillar: paired visits are records of another kind.
RECORD_OF: dict[str, str] = {
    MeetingKind.DEPLOYMENT: RecordKind.MEETING,
    MeetingKind.DELIBERATION: RecordKind.MEETING,
    MeetingKind.SYMPOSIUM: RecordKind.MEETING,
    MeetingKind.FIELD_VISIT: RecordKind.MEETING,
    MeetingKind.HEARING: RecordKind.HEARING,
    MeetingKind.STUDY: RecordKind.STUDY,
}
MEETINGS = ("会议", "座谈", "调研")
WORDS: dict[str, tuple[str, ...]] = {
    MeetingKind.DEPLOYMENT: MEETINGS,
    MeetingKind.DELIBERATION: MEETINGS,
    MeetingKind.SYMPOSIUM: MEETINGS,
    MeetingKind.FIELD_VISIT: MEETINGS,
    MeetingKind.HEARING: ("听取", *MEETINGS),
    MeetingKind.STUDY: ("专题学习", "学习会"),
}
OF_THE_CHAIR = ("主持", "听取")  # duties that only whoever chairs fulfils
VAGUE = {"statement", "none"}  # evidence that any record is: never claimed by a meeting itself
COMPULSORY = (  # the compulsory content of every curriculum (必修课程), where the package does not say
    ("theory", _("理论")),
    ("policy", _("政策")),
    ("law", _("法律法规")),
)
HALF_DAY_HOURS = Decimal("3")
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Fulfils:
    """The rules of duties a kind of meeting fulfils: for everybody who was there, and for the chair besides."""

    everybody: tuple[str, ...]
    chair: tuple[str, ...]
    pillars: tuple[str, ...]


def fulfilled_by(package: Package, kind: str) -> Fulfils:
    """Which duties a meeting of the kind shows done."""
    fitting = [each for each in package.duties if _fits(each, kind)]
    chair = tuple(each.id for each in fitting if _is_of_the_chair(each))
    return Fulfils(
        everybody=tuple(each.id for each in fitting if each.id not in chair),
        chair=chair,
        pillars=tuple(dict.fromkeys(each.pillar for each in fitting)),
    )


def _fits(duty: DutyTemplate, kind: str) -> bool:
    shown = [each for each in duty.evidence if each not in VAGUE]
    words = duty.what.zh
    return (
        bool(shown) and RECORD_OF[kind] in kinds_fitting(shown) and any(each in words for each in WORDS[kind])
    )


def _is_of_the_chair(duty: DutyTemplate) -> bool:
    return any(each in duty.what.zh for each in OF_THE_CHAIR)


def hearing_rules(package: Package) -> tuple[str, ...]:
    """The duties that say the work is heard at intervals (定期听取汇报)."""
    return tuple(
        each.id for each in package.duties if "听取" in each.what.zh and _fits(each, MeetingKind.HEARING)
    )


def pillar_of(package: Package, kind: str) -> str:
    """The pillar a meeting of the kind belongs to: that of the duty it is for, else the one named for it."""
    heard = [each for each in package.duties if each.id in hearing_rules(package)]
    if kind == MeetingKind.HEARING and heard:
        return heard[0].pillar
    return _named(package, ("study",) if kind == MeetingKind.STUDY else ("meet",))


def publicity_pillar(package: Package) -> str:
    return _named(package, ("publicity", "study"))


def _named(package: Package, words: Iterable[str]) -> str:
    pillars = [each.id for tier in package.tiers for each in tier.pillars]
    return next((each for word in words for each in pillars if word in each), pillars[0])


def compulsory_of(package: Package) -> list[tuple[str, str]]:
    """The compulsory content of every curriculum: (id, name)."""
    named = [(row["id"], Text.read(row["name"])) for row in package.study.get("compulsory") or ()]
    return [(key, str(name)) for key, name in named or COMPULSORY]


def seats_of(package: Package) -> list[tuple[str, str]]:
    """The seats a course can be for: (id, name)."""
    return [(each.id, str(each.name)) for each in package.offices]

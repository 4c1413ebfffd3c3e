"""What a field may be: of one meaning, about work and never about a person, and nothing that is never asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.burden.choices import FieldKind
from guantong.burden.models import Field
from guantong.kernel.privacy import forbidden_word
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.package.lint.persons import names, pieces

MOST_OPTIONS, LONGEST_OPTION = 12, 30
LONGEST = {"name": 60, "name_en": 120, "meaning": 300, "measure": 20, "differs": 300}


@dataclass(frozen=True, slots=True)
class Terms:
    """A field as it is proposed."""

    name: str
    name_en: str
    meaning: str
    kind: str
    measure: str = ""
    options: tuple[str, ...] = ()
    minutes: int | None = None
    differs: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.name, self.name_en, self.meaning, self.measure, *self.options)


def word_about_a_person(texts: Iterable[str]) -> str:
    """The first word that would keep something about somebody's private life."""
    return next((word for text in texts if (word := forbidden_word(text))), "")


def word_never_asked(terms: Terms, never: Mapping[str, str]) -> str:
    """The word of the package's ban that the field falls under. "Service points" in English is no points system."""
    plainly = [way for way in never if not way.isascii() or len(pieces(way)) > 1]
    for text in terms.texts:
        found = names(text, plainly) or (text.strip().lower() if text.strip().lower() in never else None)
        if found:
            return never[found]
    return ""


def refuse_unfit(terms: Terms, *, never: Mapping[str, str]) -> None:
    """Say no, with the reason, to a field that nobody may register."""
    if not terms.name or not terms.name_en or not terms.meaning:
        raise Refusal(_("请写明名称、英文名称和含义。"))
    if any(len(getattr(terms, name)) > most for name, most in LONGEST.items()):
        raise Refusal(_("名称、含义或计量单位太长，请写短一些。"))
    if terms.kind not in FieldKind.values:
        raise Refusal(_("请选择填报项的类型。"))
    if terms.minutes is not None and not 1 <= terms.minutes <= 120:
        raise Refusal(_("每次用时须在 1 到 120 分钟之间。"))
    if word := word_about_a_person(terms.texts):
        raise Refusal(_("“%(word)s”涉及个人，任何填报项都不得收集。") % {"word": word})
    if ban := word_never_asked(terms, never):
        raise Refusal(_("机制包规定不得要求“%(ban)s”（burden.never），不能登记为填报项。") % {"ban": ban})
    _refuse_unfit_options(terms)


def _refuse_unfit_options(terms: Terms) -> None:
    if terms.kind != FieldKind.CHOICE:
        return
    if not 2 <= len(set(terms.options)) <= MOST_OPTIONS:
        raise Refusal(_("选项须有 2 到 %(n)s 个，各不相同。") % {"n": MOST_OPTIONS})
    if any(len(each) > LONGEST_OPTION for each in terms.options):
        raise Refusal(_("每个选项不超过 %(n)s 字。") % {"n": LONGEST_OPTION})


def may_retire(actor: Actor, field: Field) -> bool:
    """The owner, and whoever runs the year over it."""
    if not actor.may("burden.issue") or not field.is_live:
        return False
    if not isinstance(actor, Acting) or actor.office is None:
        return True
    return actor.office.unit_id == field.owner_id or (
        actor.may("cycles.run") and actor.sees(field.owner.path)
    )

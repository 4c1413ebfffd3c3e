"""Rule 7: the package stays within its own limits on what it asks of people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guantong.kernel.decimals import plain
from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.forms import form_counts
from guantong.mechanisms.package.lint.persons import names, pieces
from guantong.mechanisms.package.model import Package
from guantong.mechanisms.package.spots import Outline, Spot
from guantong.mechanisms.package.vocabulary import ways_of_what_is_never_asked


def limits_are_kept(outline: Outline, findings: Findings) -> None:
    _nothing_banned(outline, findings)
    most = outline.top.at("burden", "max_fields_per_report").whole
    if most is not None:
        for spot in _reports(outline):
            asked = sum(1 for _each in spot.each())
            if asked > most:
                findings.error(
                    7,
                    spot,
                    _("一张表要填 %(asked)s 项，超过 burden 规定的 %(most)s 项。")
                    % {"asked": asked, "most": most},
                    _("请减去 %(n)s 项，或让系统从已有记录带出。") % {"n": asked - most},
                )


def _reports(outline: Outline) -> Iterator[Spot]:
    """The field lists that people fill in. Import columns come out of a workbook that is there already."""
    top = outline.top
    for pairing in top.at("pairing").each():
        yield pairing.at("record", "fields")
        yield pairing.at("partner_person", "fields")
    for reception in top.at("reception").each():
        yield reception.at("personal_fields")
    for task_list in top.at("task_lists").each():
        yield task_list.at("report", "fields")
    for document in top.at("documents").each():
        if document.at("kind").text == "form":
            yield document.at("fields")
    yield top.at("patrol", "record_fields")


def _asked(outline: Outline) -> Iterator[tuple[Spot, str]]:
    """Words that make somebody do or show something."""
    top = outline.top
    spots = [
        top.at("patrol"),
        top.at("pairing"),
        top.at("reception"),
        top.at("campaigns"),
        top.at("task_lists"),
    ]
    spots += [duty.at(key) for duty in top.at("duties").each() for key in ("evidence", "gate")]
    spots += [indicator.at("measure") for indicator in top.at("indicators").each()]
    spots += [document.at("fields") for document in top.at("documents").each()]
    spots += [card.at(key) for card in top.at("scorecards").each() for key in ("rewards", "tie_break")]
    for spot in spots:
        for each in spot.walk():
            key = each.path[-1] if each.path else ""
            if isinstance(key, str) and each.value not in (None, False):
                yield each, key
            if each.text is not None and key not in {"zh", "en", "id"}:
                yield each, each.text


def _said(outline: Outline) -> Iterator[tuple[Spot, str]]:
    """The sentences in which people read what is asked of them."""
    top = outline.top
    spots = [duty.at("what") for duty in top.at("duties").each()]
    spots += [indicator.at("title") for indicator in top.at("indicators").each()]
    for block in ("task_lists", "campaigns", "documents", "pairing", "reception"):
        spots += [row.at("name") for row in top.at(block).each()]
    for spot in spots:
        for each in spot.walk():
            if each.text is not None:
                yield each, each.text


def _nothing_banned(outline: Outline, findings: Findings) -> None:
    said = set(outline.top.at("burden", "never").words())
    banned = ways_of_what_is_never_asked(said)
    # in a sentence "work points" and "on track" are harmless, "打卡" and "check in" are not
    in_sentences = [way for way in banned if not way.isascii() or len(pieces(way)) > 1]
    asked = [(spot, word, names(word, banned)) for spot, word in _asked(outline)]
    asked += [(spot, text, names(text, in_sentences)) for spot, text in _said(outline)]
    for spot, word, found in asked:
        if not found:
            continue
        ban = banned[found]
        sentence = (
            _("“%(word)s”违反 burden.never 里的“%(ban)s”。")
            if ban in said
            else _("“%(word)s”是基层减负规定不允许的（%(ban)s），burden.never 没有写也一样。")
        )
        findings.error(
            7,
            spot,
            sentence % {"word": word, "ban": ban},
            _("请改用一句说明（statement）或已有记录作为依据。"),
        )


def records_are_within_budget(package: Package, outline: Outline, findings: Findings) -> None:
    """Where the package sets a yearly limit of records for an office, its own duties keep it."""
    spot = outline.top.at("burden", "max_records_per_year")
    if spot.whole is None:
        return
    for count in form_counts(package):
        if count.forms_per_year > spot.whole:
            findings.error(
                7,
                spot,
                _("岗位“%(office)s”全年要填 %(forms)s 份，超过 burden 规定的 %(most)s 份。")
                % {"office": count.name, "forms": plain(count.forms_per_year), "most": spot.whole},
                _("请减少频次，或让一份记录覆盖多个对象。"),
            )

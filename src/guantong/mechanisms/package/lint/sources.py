"""Rule 5: every pillar a duty stands under, and every pillar shown, has records behind it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.lint.names import pillars
from guantong.mechanisms.package.spots import Outline, Spot

# Pillars of packages that do not say ``served_by`` yet, known by a word of their identifier.
SERVED_BY_NAME = {
    "assess": "scorecards",
    "score": "scorecards",
    "problem": "problems",
    "lead": "meetings",
    "meet": "meetings",
    "task": "task_lists",
}


def pillars_have_sources(outline: Outline, findings: Findings) -> None:
    for pillar in pillars(outline):
        name = pillar.at("id").text
        if name is None or pillar.at("display_only").value is True or _recorded(outline, name):
            continue
        served = pillar.at("served_by").words()
        empty = [block for block in served if not _kept(outline, block)]
        if served and not empty:
            continue
        if empty:
            findings.error(
                5,
                pillar.at("served_by"),
                _("抓手“%(id)s”说由 %(blocks)s 支撑，但机制包里没有。")
                % {"id": name, "blocks": "、".join(empty)},
                _("请补上相应的块，或改 served_by。"),
            )
            continue
        _unsaid(outline, pillar, name, findings)


def _unsaid(outline: Outline, pillar: Spot, name: str, findings: Findings) -> None:
    """No duty gives records and nothing is said: taken from the name with a warning, else an error."""
    block = next((block for word, block in SERVED_BY_NAME.items() if word in name.split("_")), None)
    if block is not None and _kept(outline, block):
        findings.warning(
            5,
            pillar,
            _("抓手“%(id)s”没有职责记录，暂按名称认定由 %(block)s 支撑。") % {"id": name, "block": block},
            _("请写明 served_by: [%(block)s]。") % {"block": block},
        )
        return
    findings.error(
        5,
        pillar,
        _("抓手“%(id)s”没有任何记录来源，页面上永远是空的。") % {"id": name},
        _("请给它一项留有记录的职责（evidence 不是 none），写 served_by:，或写 display_only: true。"),
    )


def _recorded(outline: Outline, pillar: str) -> bool:
    """A duty of the pillar leaves a record, or its office is counted by a coverage rule."""
    top = outline.top
    covered = {rule.at("needs", "office").text for rule in top.at("coverage").each()} - {None}
    for duty in top.at("duties").each():
        if duty.at("pillar").text == pillar and (
            set(duty.at("evidence").words()) - {"none"} or duty.at("who").text in covered
        ):
            return True
    return False


def _kept(outline: Outline, block: str) -> bool:
    """Is there anything in the block a pillar leans on? Meetings are duties that meet."""
    if block == "meetings":
        return any("meeting_ref" in duty.at("evidence").words() for duty in outline.top.at("duties").each())
    return bool(outline.top.at(block).value)

"""Rule 1 for consequences: a veto, a circular, a step of the ladder always waits for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guantong.mechanisms.package.findings import Findings
from guantong.mechanisms.package.lint.names import veto_definitions
from guantong.mechanisms.package.spots import Outline


def people_decide(outline: Outline, findings: Findings) -> None:
    for veto in veto_definitions(outline):
        if veto.at("human_confirm").value is not True:
            findings.error(
                1,
                veto.at("human_confirm") if veto.has("human_confirm") else veto,
                _("一票否决“%(id)s”不能自动生效。") % {"id": veto.at("id").text or ""},
                _("请写 human_confirm: true，由有权的人依据事实和规则确认。"),
            )
    for reminder in outline.top.at("supervision", "reminders").each():
        if reminder.has("action") and reminder.at("human_confirm").value is not True:
            findings.error(
                1,
                reminder,
                _("催办动作“%(action)s”不能自动执行。") % {"action": reminder.at("action").text or ""},
                _("请写 human_confirm: true。"),
            )
    for block in ("supervision", "accountability"):
        spot = outline.top.at(block)
        if spot.at("ladder").there and spot.at("human_only").value is not True:
            findings.error(
                1,
                spot.at("human_only") if spot.has("human_only") else spot.at("ladder"),
                _("追责问责的各步只能由人作出。"),
                _("请在 %(block)s 里写 human_only: true。") % {"block": block},
            )

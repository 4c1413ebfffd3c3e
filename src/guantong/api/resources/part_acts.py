"""What a unit does with its own part of a matter, and the answers of whoever gave it out."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, done_to, plain, typed
from guantong.api.resources.common import BUSINESS, of_the_row
from guantong.api.resources.matters import MATTER_PART
from guantong.api.shapes.acts import NewDecision, NewExtension, NewMove, NewReason
from guantong.api.shapes.matters import NewPartSplit, NewRefusalAnswer
from guantong.obligations.forms import DecisionForm, ExtensionForm
from guantong.obligations.models import Extension
from guantong.organisation.models import Unit
from guantong.supervision import matter_forms as forms
from guantong.supervision.models import MatterPart
from guantong.supervision.operations import more_time, parts
from guantong.ui.forms import valid

_act = acts_on(MATTER_PART, "api-matter-part", "supervision.answer")


def _refusal_answered(call: Call) -> MatterPart:
    """Insist, or give it to another unit."""
    row: MatterPart = MATTER_PART.row(call)
    above = row.parent.unit if row.parent else row.matter.cycle.unit
    given = valid(forms.RefusalAnswerForm(typed(call.body), units=Unit.objects.below(above)))
    if given["unit"] is not None:
        parts.reassign_part(part=row, actor=call.acting, now=call.now, **given)
    else:
        parts.insist_on_part(part=row, reason=given["reason"], actor=call.acting, now=call.now)
    return row


def _split(call: Call) -> MatterPart:
    row: MatterPart = MATTER_PART.row(call)
    below = Unit.objects.below(row.unit, include_self=False)
    given = valid(forms.SplitForm(typed(call.body), units=below))
    units = list(given.pop("units"))
    parts.split_part(part=row, units=units, terms=parts.SplitTerms(**given), actor=call.acting, now=call.now)
    return row


def _decided(call: Call) -> MatterPart:
    row: MatterPart = MATTER_PART.row(call)
    sent = cast(NewDecision, call.body)
    asked = Extension.objects.filter(obligation=row.obligation_id)
    extension = of_the_row(asked, sent.extension, _("延期申请"))
    given = valid(DecisionForm(typed(sent)))
    more_time.decide_more_time(extension=extension, part=row, actor=call.acting, now=call.now, **given)
    return row


SIGNATURE = _act("signForPart", _("签收督办事项"), NewMove, done_to(MATTER_PART, "part", parts.sign_for))
REFUSAL = _act(
    "refusePart", _("退签督办事项"), NewReason,
    done_to(MATTER_PART, "part", parts.refuse_part, plain(forms.ReasonForm)),
)  # fmt: skip
REFUSAL_ANSWER = _act(
    "answerRefusal", _("答复退签：维持，或改派"), NewRefusalAnswer, _refusal_answered, function=BUSINESS
)
SPLIT = _act("splitPart", _("把督办事项分解到下级单位"), NewPartSplit, _split)
EXTENSION = _act(
    "askPartExtension", _("申请督办事项延期"), NewExtension,
    done_to(MATTER_PART, "part", more_time.ask_more_time, plain(ExtensionForm)),
)  # fmt: skip
EXTENSION_DECISION = _act(
    "decidePartExtension", _("答复督办事项的延期申请"), NewDecision, _decided, function="supervision.run"
)

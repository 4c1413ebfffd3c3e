"""Signing a duty list, objecting to an item, and the issuer's answer."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy as _

from guantong.api.contract.acts import Call
from guantong.api.contract.page_acts import acts_on, done_to, typed
from guantong.api.resources.common import of_the_row
from guantong.api.resources.duties import DUTY_LIST
from guantong.api.shapes.acts import NewMove
from guantong.api.shapes.duties import NewObjection, NewObjectionAnswer
from guantong.duties import operations, views
from guantong.duties.models import DutyList, Objection
from guantong.ui.forms import valid

_act = acts_on(DUTY_LIST, "api-duty-list", "duties.sign")


def _objected(call: Call) -> DutyList:
    row: DutyList = DUTY_LIST.row(call)
    sent = cast(NewObjection, call.body)
    item = of_the_row(row.items.all(), sent.item, _("责任条目"))
    given = valid(views.ReasonForm(typed(sent)))
    operations.object_to_item(item=item, actor=call.acting, now=call.now, **given)
    return row


def _answered(call: Call) -> DutyList:
    row: DutyList = DUTY_LIST.row(call)
    sent = cast(NewObjectionAnswer, call.body)
    said = Objection.objects.select_related("item").filter(item__duty_list=row)
    objection = of_the_row(said, sent.objection, _("异议"))
    given = valid(views.AnswerForm(typed(sent)))
    operations.answer_objection(objection=objection, actor=call.acting, now=call.now, **given)
    return row


SIGNATURE = _act(
    "signDutyList", _("签收责任清单"), NewMove, done_to(DUTY_LIST, "duty_list", operations.sign_duty_list)
)
OBJECTION = _act(
    "objectToDutyItem", _("对一项职责提出异议"), NewObjection, _objected, function="duties.object"
)
OBJECTION_ANSWER = _act(
    "answerObjection", _("答复异议"), NewObjectionAnswer, _answered, function="duties.issue"
)

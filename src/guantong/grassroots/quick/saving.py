"""One quick record, stored once however often it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting
from guantong.accounts.idempotency import Answer, digest_of, once
from guantong.accounts.models import Office
from guantong.grassroots.operations.activities import record_activity
from guantong.grassroots.operations.demands import raise_demand
from guantong.grassroots.operations.services import give_service
from guantong.grassroots.quick.forms import QuickForm, day_of
from guantong.grassroots.quick.kinds import WORK, QuickKind
from guantong.grassroots.quick.offered import Offer
from guantong.kernel.refusals import Refusal
from guantong.obligations.operations import claim_nothing_new
from guantong.records.operations import enter_record

CREATED = 201
UNSEEN = {"csrfmiddlewaretoken", "key"}


def body_of(sent: Mapping[str, list[str]]) -> str:
    """The digest of what was typed; the token and the key are no part of it."""
    return digest_of({name: values for name, values in sent.items() if name not in UNSEEN})


def save_quick(*, form: QuickForm, key: str, body: str, now: dt.datetime) -> Answer:
    """Store what the form says, once for its key; the same key with another body is refused.

    Whether the key was used is asked first: a repetition gets its answer also where what was chosen is gone by now.
    """
    person = form.offer.acting.person
    assert person is not None

    def keep() -> Answer:
        if not form.is_valid():
            raise Refusal.of(mistakes(form))
        return Answer(status=CREATED, led_to=_WAYS.get(form.what, _work)(form, now))

    return once(person=person, key=key, body=body, now=now, do=keep)


def mistakes(form: QuickForm) -> list[str]:
    """Every mistake with the name of its field."""
    found = []
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        found += [
            _("%(field)s：%(why)s") % {"field": label, "why": each} if label else str(each) for each in errors
        ]
    return found


def _entering(offer: Offer) -> tuple[Acting, Office]:
    assert offer.acting.office is not None
    return offer.acting, offer.acting.office


def _service(form: QuickForm, now: dt.datetime) -> str:
    offer, data = form.offer, form.cleaned_data
    acting, office = _entering(offer)
    service = give_service(
        item=form.chosen("item", offer.items),
        villages=[each for each in offer.villages if str(each.pk) in data["villages"]],
        people=data["people"],
        happened_on=day_of(form),
        entered_by=office,
        office=offer.office,
        on_paper=offer.on_paper,
        actor=acting,
        now=now,
        today=offer.today,
    )
    return reverse("record", args=[service.record_id])


def _demand(form: QuickForm, now: dt.datetime) -> str:
    """From paper it is raised by whoever enters it, of the place where it was asked."""
    offer = form.offer
    acting, office = _entering(offer)
    assert offer.cycle is not None
    demand = raise_demand(
        unit=form.chosen("unit", offer.places),
        wording=form.cleaned_data["wording"],
        raised_by=office,
        actor=acting,
        now=now,
        cycle=offer.cycle,
    )
    return reverse("demand", args=[demand.pk])


def _activity(form: QuickForm, now: dt.datetime) -> str:
    offer, data = form.offer, form.cleaned_data
    acting, office = _entering(offer)
    assert offer.cycle is not None
    activity = record_activity(
        cycle=offer.cycle,
        home=form.chosen("home", offer.homes),
        content=data["content"],
        title=data["title"],
        day=day_of(form),
        signed_in=data["signed_in"],
        planned_by=office,
        actor=acting,
        now=now,
        today=offer.today,
    )
    return reverse("record", args=[activity.record_id])


def _work(form: QuickForm, now: dt.datetime) -> str:
    offer, data = form.offer, form.cleaned_data
    acting, office = _entering(offer)
    if offer.on_paper and not acting.sees(offer.office.unit.path):
        raise Refusal(_("只能为本单位和下级单位的岗位代为录入。"))
    record = enter_record(
        kind=WORK[form.what],
        happened_on=day_of(form),
        summary=data["summary"],
        place=data["place"],
        entered_by=office,
        participants=[offer.office],
        references=[_("纸质登记单，代为录入")] if offer.on_paper else [],
        actor=acting,
        now=now,
        today=offer.today,
    )
    return reverse("record", args=[record.pk])


def _nothing_new(form: QuickForm, now: dt.datetime) -> str:
    acting, office = _entering(form.offer)
    owed = form.chosen("obligation", form.offer.unchanged)
    claim_nothing_new(obligation=owed, claimed_by=office, actor=acting, now=now)
    return reverse("obligation", args=[owed.pk])


_WAYS: dict[str, Callable[[QuickForm, dt.datetime], str]] = {
    QuickKind.SERVICE: _service,
    QuickKind.DEMAND: _demand,
    QuickKind.ACTIVITY: _activity,
    QuickKind.NOTHING_NEW: _nothing_new,
}

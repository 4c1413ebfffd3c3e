"""One's own settings for what leaves the system, and what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guantong.accounts.middleware import Request
from guantong.accounts.policies import signed_in
from guantong.channels.forms import ChoiceForm, of_choice
from guantong.channels.operations.choices import choose_outside
from guantong.channels.queries.channels import channels_open_to, choice_of, deliveries_to
from guantong.channels.views.outcomes import with_tones
from guantong.notices.queries import hour_of
from guantong.ui.forms import valid

SHOWN = 20


@signed_in
@require_GET
def notice_settings(request: Request) -> HttpResponse:
    """Which notices leave the system, through what, and when."""
    person = request.acting.person
    assert person is not None
    channels = channels_open_to(person, on=request.today)
    initial = of_choice(choice_of(person), hour=hour_of(person), language=get_language() or "zh-hans")
    context = {
        "form": ChoiceForm(channels=channels, initial=initial),
        "channels": channels,
        "deliveries": with_tones(deliveries_to(person)[:SHOWN]),
    }
    return render(request, "channels/choices.html", context)


@signed_in
@require_POST
def notice_choices(request: Request) -> HttpResponseBase:
    """Keep the choice."""
    person = request.acting.person
    assert person is not None
    form = ChoiceForm(request.POST, channels=channels_open_to(person, on=request.today))
    valid(form)
    choose_outside(
        person=person, wishes=form.wishes(choice_of(person)), actor=request.acting, now=request.now
    )
    messages.success(request, _("提醒设置已保存。"))
    return redirect("notice-settings")

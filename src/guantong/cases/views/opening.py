"""What every page without an account does: open a case by its code, and keep the answer out of caches."""

from __future__ import annotations

from django.http import HttpResponse

from guantong.accounts.adapters import source_of
from guantong.accounts.middleware import Request
from guantong.cases.codes import tidy
from guantong.cases.limits import note_wrong_code, refuse_guessing
from guantong.cases.models import Case
from guantong.cases.queries import case_by_code


def opened(request: Request) -> tuple[Case | None, str]:
    """The case that the code opens, and the code as it is meant. A wrong one is counted, whatever is wrong with it."""
    source = source_of(request)
    refuse_guessing(source)
    code = tidy(request.POST.get("code", ""))
    case = case_by_code(code)
    if case is None:
        note_wrong_code(source)
    return case, code


def kept_out(answer: HttpResponse) -> HttpResponse:
    """Kept by no browser and found by no search engine."""
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer

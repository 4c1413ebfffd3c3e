"""Which cases somebody may see: those they run, those their unit was given, those they host or may review."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from guantong.accounts.acting import Acting
from guantong.cases.applicant import Applicant, Doer
from guantong.cases.codes import digest_of_code, tidy
from guantong.cases.conflicts import apart_from_parties
from guantong.cases.models import Case, Handling, ReviewRequest

WITH = ("cycle__stored", "cycle__unit", "unit", "host__unit", "against", "partner", "subject")


def cases_visible_to(acting: Doer) -> QuerySet[Case]:
    """The cases an office may open. The party complained of sees none against it, whatever its scope."""
    cases = Case.objects.select_related(*WITH)
    if isinstance(acting, Applicant):
        return cases.filter(pk=acting.case_ref) if acting.case_ref else cases.none()
    if not isinstance(acting, Acting):
        return cases
    if acting.office is None or not acting.scope_path:
        return cases.none()
    mine = Q(pk__in=[])
    if acting.may("cases.run"):
        mine |= run_within(acting.scope_path)
    if acting.may("cases.host"):
        mine |= Q(host=acting.office)
        # where the coordinating body is complained of, a leader runs the case
        mine |= run_within(acting.scope_path) & Q(against__isnull=False, unit=F("cycle__unit"))
        # and a review wants somebody who did not answer
        waiting = ReviewRequest.objects.filter(case=OuterRef("pk"), answer__isnull=True)
        mine |= run_within(acting.scope_path) & Q(Exists(waiting))
    if acting.may("cases.handle"):
        given = Handling.objects.filter(
            case=OuterRef("pk"), unit=acting.office.unit_id, released_on__isnull=True
        )
        mine |= Q(Exists(given))
    return apart_from_parties(cases.filter(mine), acting)


def run_within(path: str) -> Q:
    """The cases registered by the units of a subtree."""
    return Q(unit__path__gte=path, unit__path__lt=path + "~")


def case_by_code(code: str) -> Case | None:
    """The case somebody follows by this code, however it was typed; None without telling why."""
    known = tidy(code)
    if not known:
        return None
    return Case.objects.select_related(*WITH).filter(code_digest=digest_of_code(known)).first()

"""The permission table, written by hand, and the cast and objects it speaks of.

It says again, apart from the program, who may use which address: the policy, the methods answered, and whose
objects can be reached. `test_permission_matrix.py` holds every address of the program against it.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from PIL import Image

from conftest import CONSOLE, START, City, at
from guantong.accounts.acting import Acting
from guantong.accounts.approvals import ask_approval
from guantong.accounts.choices import Role
from guantong.accounts.models import Approval, Holding, Office, Person
from guantong.accounts.operations import end_holding, hold_office, open_office
from guantong.assessment.models import Appeal, Publication, Run, ScoreLine, SelfScore, Veto
from guantong.assessment.operations import ask_publication, open_round, run_scores
from guantong.audit.operations import issue_receipt
from guantong.audit.queries import history_of
from guantong.audit.sequencing import checkpoint, sequence
from guantong.burden.models import Field, FieldRequest
from guantong.burden.operations.fields import register_field
from guantong.burden.rules.fields import Terms as FieldTerms
from guantong.calendars.operations import enter_days
from guantong.cases.choices import CaseKind, Channel
from guantong.cases.operations import register_case
from guantong.duties.models import DutyItem, DutyList, Objection
from guantong.duties.operations import open_cycle
from guantong.grassroots.models import Certificate
from guantong.kernel import clock
from guantong.leadership.models import Pairing, PartnerContact
from guantong.mechanisms.models import Cycle, Phase
from guantong.mechanisms.operations import read_valid_package
from guantong.obligations.choices import Part, State
from guantong.obligations.models import Claim, Extension, Obligation
from guantong.organisation.models import Unit
from guantong.organisation.operations import open_unit
from guantong.partners.models import Partner
from guantong.partners.operations import agree, ask_consent
from guantong.privacy.operations import issue_link
from guantong.privacy.secrets import seal_secret
from guantong.reception.models import Booking, ReceptionDay, Slot
from guantong.records.models import Record
from guantong.records.operations import enter_record
from guantong.reporting.models import DutyReport
from guantong.reporting.tallies import recount
from guantong.supervision.models import (
    Circular,
    Escalation,
    Finding,
    FindingNotice,
    Sample,
    SampleItem,
    Visit,
)
from guantong.supervision.operations import matter_drafts, matters
from guantong.supervision.operations.matter_drafts import PartPlan, Terms
from guantong.supervision.operations.more_time import ask_more_time
from guantong.tasks.drafts import PartDraft, QuestionDraft, TaskDraft
from guantong.tasks.models import Assignment, OpenQuestion
from guantong.tasks.operations import issue_task_list
from guantong.tasks.scheduling import Due
from web.demanding import demanded_in
from web.homing import home_at
from web.importing_files import imported_at
from web.leading import led_at, taught_in
from web.papering import papers_at, template_of
from web.reaching import reached_in
from web.searching import saved_by, searched_in
from web.serving import offered_in, served_at
from web.telling import told_in

# Who holds each function. Said by role in the program, by actor here.
BUSINESS = {"village", "township", "district_a", "district_b", "member", "leader", "office", "reviewer", "assessor"}  # fmt: skip
MAY: dict[str, set[str]] = {
    "business.read": BUSINESS,
    "records.write": BUSINESS - {"assessor"},
    "obligations.claim": BUSINESS - {"assessor"},
    "imports.use": (BUSINESS - {"assessor"}) | {"security_admin"},
    "obligations.review": {"district_a", "district_b", "member", "leader", "office", "reviewer"},
    "duties.sign": {"village", "district_a", "district_b", "member", "leader", "reviewer"},
    "duties.object": {"village", "township", "district_a", "district_b", "member", "leader", "reviewer"},
    "duties.issue": {"office"},
    "tasks.issue": {"office"},
    "tasks.split": {"district_a", "district_b", "member", "reviewer"},
    "supervision.run": {"office"},
    "supervision.answer": {"village", "township", "district_a", "district_b", "member", "reviewer"},
    "assessment.answer": {"district_a", "district_b", "member", "reviewer"},
    "assessment.review": {"office", "assessor"},
    "cycles.run": {"office"},
    "assessment.run": {"office", "assessor"},
    "assessment.read": {"office", "assessor"},
    "assessment.mark": {"office", "assessor"},
    "approvals.read": {"office", "assessor", "leader"},
    "leadership.run": {"office"},
    "leadership.call": {"township", "district_a", "district_b", "member", "leader", "office", "reviewer"},
    "cases.run": {"office"},
    "cases.handle": BUSINESS - {"assessor"},
    "reception.run": {"office"},
    "reception.read": {"leader", "office"},
    "partners.read": {"leader", "office"},
    "burden.issue": {"district_a", "district_b", "member", "office", "reviewer"},
    "burden.sign": {"leader"},
    "documents.templates": {"office", "system_admin"},
    "grassroots.run": {"office"},
    "search.words": {"office", "system_admin"},
    "system.read": {"system_admin"},
    "system.run": {"system_admin"},
    "security.read": {"security_admin"},
    "security.run": {"security_admin"},
    "audit.read": {"audit_admin"},
    "audit.run": {"audit_admin"},
    "administration.read": {"system_admin", "security_admin", "audit_admin"},
}

# actor: (unit, seat, unit whose subtree they see, own unit's code, somebody else's unit)
CAST: dict[str, tuple[str, str, str, str, str]] = {
    "village": ("150602001001", "liaison", "150602001001", "150602001001", "150602001002"),
    "township": ("150602001", "commissioner", "150602001", "150602001", "150622100"),
    "district_a": ("150602", "first_responsible", "150602", "150602", "150622"),
    "district_b": ("150622", "first_responsible", "150622", "150622", "150602"),
    "member": ("1506-MU-01", "unit_head", "1506-MU-01", "1506-MU-01", "1506-MU-02"),
    "leader": ("1506-LG", "leader", "1506", "150602", "1502-MU-01"),
    "office": ("1506-LGO", "coordinator", "1506", "1506-MU-01", "1502-MU-01"),
    "reviewer": ("1506-LGO", "reviewer", "1506", "1506-MU-01", "1502-MU-01"),
    "assessor": ("1506-LGO", "assessor", "1506", "1506-MU-01", "1502-MU-01"),
    "system_admin": ("1506-LGO", "system_admin", "", "1506-MU-01", "1502-MU-01"),
    "security_admin": ("1506-LGO", "security_admin", "", "1506-MU-01", "1502-MU-01"),
    "audit_admin": ("1506-LGO", "audit_admin", "", "1506-MU-01", "1502-MU-01"),
}
# Nobody signed in; somebody whose data is held, by their link; a new account without any office.
WITHOUT_OFFICE = ("anonymous", "applicant", "newcomer")
ACTORS = (*WITHOUT_OFFICE, *CAST)


@dataclass(frozen=True)
class Rule:
    """One line of the table. ``reach``: whose objects can be fetched (see `REACHES`)."""

    policy: str
    methods: str
    reach: str = "none"
    key: str = ""


REACHES = {
    "none": "the address names no object",
    "unit": "objects of units in the actor's subtree",
    "score": "published scores of units in the actor's subtree",
    "near": "objects of units in the actor's subtree and in the county of the actor's unit",
    "own_unit": "objects of the very unit acted for",
    "cycle": "objects of cycles of the actor's unit, of those above and of those below it",
    "city": "objects whose whole scope lies in the actor's subtree",
    "holder": "objects of the very office acted for",
    "any": "whoever passes the policy",
    "code": "whoever knows the code",
    "confirmed": "one's own, after proving again who one is: everybody is first asked to",
    "absent": "nobody: there is no such thing in the tests",
}
G, P, GP = "GET", "POST", "GET POST"

TABLE: dict[str, Rule] = {
    # the shell and signing in
    "home": Rule("signed_in", G),
    "sign-in": Rule("public", GP),
    "account_login": Rule("public", GP),
    "account_inactive": Rule("public", GP),
    "socialaccount_signup": Rule("public", GP),
    "sign-out": Rule("signed_in", P),
    "account_logout": Rule("public", P),
    "mfa_authenticate": Rule("public", GP),
    "mfa_login_webauthn": Rule("public", GP),
    "socialaccount_login_cancelled": Rule("public", G),
    "socialaccount_login_error": Rule("public", G),
    "openid_connect_login": Rule("public", GP, "absent"),
    "openid_connect_callback": Rule("public", GP, "absent"),
    "set_language": Rule("public", P),
    "display": Rule("public", GP),
    "service-worker": Rule("public", G),
    "healthz": Rule("public", G),
    "readyz": Rule("public", G),
    "metrics": Rule("public", G, "absent"),
    "styleguide": Rule("public", G),
    "acting-office": Rule("signed_in", P),
    # one's own data
    "account": Rule("signed_in", G),
    "own-name": Rule("signed_in", P),
    "own-erasure": Rule("signed_in", P),
    "own-data": Rule("signed_in", G),
    "own-link": Rule("signed_in", P),
    "mine": Rule("public", G, "code", "link"),
    "mine-name": Rule("public", P, "code", "link"),
    "mine-erasure": Rule("public", P, "code", "link"),
    "receipts": Rule("public", G),
    "receipt": Rule("public", G, "code", "receipt"),
    "receipt-file": Rule("public", G, "code", "receipt"),
    "password": Rule("signed_in", GP),
    "usersessions_list": Rule("signed_in", GP),
    "account_reauthenticate": Rule("signed_in", GP),
    "mfa_index": Rule("signed_in", G),
    "mfa_reauthenticate": Rule("signed_in", GP),
    "mfa_activate_totp": Rule("signed_in", GP),
    "mfa_deactivate_totp": Rule("signed_in", GP),
    "mfa_list_webauthn": Rule("signed_in", G),
    "mfa_add_webauthn": Rule("signed_in", GP),
    "mfa_remove_webauthn": Rule("signed_in", GP, "confirmed"),
    "mfa_edit_webauthn": Rule("signed_in", GP, "confirmed"),
    "mfa_reauthenticate_webauthn": Rule("signed_in", GP, "confirmed"),
    "mfa_view_recovery_codes": Rule("signed_in", G),
    "mfa_generate_recovery_codes": Rule("signed_in", GP),
    "mfa_download_recovery_codes": Rule("signed_in", GP),
    "socialaccount_connections": Rule("signed_in", GP),
    # the three administrators
    "system": Rule("system.read", G),
    "administration": Rule("administration.read", G),
    "people": Rule("security.read", G),
    "new-person": Rule("security.run", GP),
    "person": Rule("security.read", G, "any", "person"),
    "appointments": Rule("security.run", P, "any", "person"),
    "unlocking": Rule("security.run", P, "any", "person"),
    "standing": Rule("security.run", P, "any", "person"),
    "sign-in-reset": Rule("security.run", P, "any", "person"),
    "holding-end": Rule("security.run", P, "any", "holding"),
    "absences": Rule("security.run", P, "any", "holding"),
    "audit": Rule("audit.read", G),
    "verifications": Rule("audit.run", P),
    "checkpoints": Rule("audit.read", G),
    "checkpoint": Rule("audit.read", G, "any", "checkpoint"),
    # the year
    "light-matrix": Rule("business.read", G, "unit", "cycle_unit"),
    "task-timeline": Rule("business.read", G),
    "cycles": Rule("business.read", G),
    "package": Rule("business.read", G, "cycle", "package"),
    "package-change": Rule("cycles.run", P, "cycle", "cycle"),
    "phase-closure": Rule("cycles.run", P, "cycle", "phase"),
    "phase-reopening": Rule("cycles.run", P, "cycle", "phase"),
    "calendar": Rule("business.read", G),
    "calendar-year": Rule("business.read", G, "any", "year"),
    "calendar-days": Rule("cycles.run", P, "any", "year"),
    "calendar-completion": Rule("cycles.run", P, "any", "year"),
    "calendar-day-withdrawal": Rule("cycles.run", P, "city", "calendar_day"),
    "approvals": Rule("approvals.read", G),
    "approval-decision": Rule("approvals.read", P, "city", "approval"),
    "handover": Rule("business.read", G, "holder", "handover"),
    "handover-acceptance": Rule("business.read", P, "holder", "handover"),
    # duty lists
    "duty-lists": Rule("business.read", G),
    "duty-library": Rule("business.read", G),
    "duty-list": Rule("business.read", G, "unit", "duty_list"),
    "signature": Rule("duties.sign", P, "unit", "duty_list"),
    "objections": Rule("duties.object", P, "unit", "duty_item"),
    "objection-answer": Rule("duties.issue", P, "unit", "objection"),
    "issue-duty-lists": Rule("duties.issue", P, "cycle", "cycle"),
    # obligations and records
    "inbox": Rule("business.read", G),
    "obligations": Rule("business.read", G),
    "obligation": Rule("business.read", G, "unit", "obligation"),
    "no-change": Rule("obligations.claim", P, "unit", "obligation"),
    "extensions": Rule("obligations.claim", P, "unit", "obligation"),
    "suspension": Rule("supervision.run", P, "unit", "obligation"),
    "resumption": Rule("supervision.run", P, "unit", "obligation"),
    "extension-decision": Rule("supervision.run", P, "unit", "extension"),
    "reviews": Rule("obligations.review", G),
    "review": Rule("obligations.review", P, "unit", "claim"),
    "records": Rule("business.read", G),
    "record": Rule("business.read", G, "unit", "record"),
    "new-record": Rule("records.write", GP),
    "fitting-obligations": Rule("records.write", G),
    "record-claims": Rule("obligations.claim", P, "unit", "record"),
    "evidence-file": Rule("business.read", G, "unit", "evidence"),
    # matters under supervision
    "matters": Rule("business.read", G),
    "new-matter": Rule("supervision.run", GP),
    "matter-terms": Rule("supervision.run", G),
    "matters-alike": Rule("supervision.run", G),
    "matter-following": Rule("business.read", P),
    "matter": Rule("business.read", G, "unit", "matter"),
    "matter-draft": Rule("supervision.run", GP, "unit", "matter"),
    "matter-registration": Rule("supervision.run", P, "unit", "matter"),
    "matter-dispatch": Rule("supervision.run", P, "unit", "matter"),
    "matter-verification": Rule("business.read", P, "unit", "matter"),
    "matter-return": Rule("business.read", P, "unit", "matter"),
    "matter-closing": Rule("supervision.run", P, "unit", "matter"),
    "matter-suspension": Rule("supervision.run", P, "unit", "matter"),
    "matter-resumption": Rule("supervision.run", P, "unit", "matter"),
    "matter-cancelling": Rule("supervision.run", P, "unit", "matter"),
    "matter-reopening": Rule("supervision.run", P, "unit", "matter"),
    "matter-merger": Rule("supervision.run", P, "unit", "matter"),
    "matter-subscription": Rule("business.read", P, "unit", "matter"),
    "matter-unsubscription": Rule("business.read", P, "unit", "matter"),
    "part-signature": Rule("supervision.answer", P, "unit", "matter_part"),
    "part-refusal": Rule("supervision.answer", P, "unit", "matter_part"),
    "part-refusal-answer": Rule("business.read", P, "unit", "matter_part"),
    "part-splits": Rule("supervision.answer", P, "unit", "matter_part"),
    "part-extensions": Rule("supervision.answer", P, "unit", "matter_part"),
    "part-extension-decision": Rule("supervision.run", P, "unit", "matter_time"),
    # tasks
    "tasks": Rule("business.read", G),
    "task": Rule("business.read", G, "unit", "task"),
    "milestones": Rule("business.read", P, "unit", "task"),
    "splits": Rule("tasks.split", P, "unit", "assignment"),
    "task-questions": Rule("tasks.issue", G),
    "question-answer": Rule("tasks.issue", P, "unit", "question"),
    "import-tasks": Rule("tasks.issue", GP, "cycle", "cycle"),
    # the import centre
    "imports": Rule("imports.use", GP),
    "import-export": Rule("imports.use", G),
    "import": Rule("imports.use", G, "own_unit", "import"),
    "import-columns": Rule("imports.use", GP, "own_unit", "import"),
    "import-trial": Rule("imports.use", P, "own_unit", "import"),
    "import-application": Rule("imports.use", P, "own_unit", "import"),
    "import-undoing": Rule("imports.use", P, "own_unit", "import"),
    "import-discarding": Rule("imports.use", P, "own_unit", "import"),
    "import-remarks": Rule("imports.use", G, "own_unit", "import"),
    # cases: for anybody, by the code of one, for whoever runs, carries or handles it
    "file-case": Rule("public", GP),
    "track": Rule("public", GP),
    "tracked-words": Rule("public", P),
    "tracked-contact": Rule("public", P),
    "tracked-rating": Rule("public", P),
    "tracked-review": Rule("public", P),
    "tracked-withdrawal": Rule("public", P),
    "tracked-erasure": Rule("public", P),
    "cases": Rule("cases.handle", G),
    "new-case": Rule("cases.run", GP),
    "case": Rule("cases.handle", G, "city", "case"),
    "case-acceptance": Rule("cases.handle", P, "city", "case"),
    "case-amendment": Rule("cases.handle", P, "city", "case"),
    "case-refusal": Rule("cases.handle", P, "city", "case"),
    "case-referral": Rule("cases.handle", P, "city", "case"),
    "case-assignments": Rule("cases.handle", P, "city", "case"),
    "case-host": Rule("cases.handle", P, "city", "case"),
    "case-extension": Rule("cases.handle", P, "city", "case"),
    "case-pause": Rule("cases.handle", P, "city", "case"),
    "case-resumption": Rule("cases.handle", P, "city", "case"),
    "case-answer": Rule("cases.handle", P, "city", "case"),
    "case-closing": Rule("cases.handle", P, "city", "case"),
    "case-reopening": Rule("cases.handle", P, "city", "case"),
    "case-contact": Rule("cases.handle", P, "city", "case"),
    "case-withdrawal": Rule("cases.handle", P, "city", "case"),
    "case-gathering": Rule("cases.run", GP, "city", "case"),
    "case-setting-apart": Rule("cases.run", P, "city", "case"),
    "case-release": Rule("cases.handle", P, "city", "case_part"),
    "case-dispute": Rule("cases.handle", P, "city", "case_part"),
    "case-dispute-decision": Rule("cases.handle", P, "city", "case_dispute"),
    "case-review": Rule("cases.handle", P, "city", "case_review"),
    "case-call-back": Rule("cases.run", P, "city", "case_closure"),
    "case-proposals": Rule("cases.run", G),
    "case-proposal": Rule("cases.run", G, "city", "case_proposal"),
    "call-back-draws": Rule("cases.run", GP),
    "call-back-draw": Rule("public", G, "any", "call_back_draw"),
    "call-back-list": Rule("public", G, "any", "call_back_list"),
    "call-back-seed": Rule("cases.run", P, "city", "call_back_draw"),
    # reception: for anybody, by the code of a case, for whoever receives or runs it
    "reception": Rule("public", G),
    "slot-booking": Rule("public", GP, "any", "slot"),
    "waiting-order": Rule("public", G, "any", "slot"),
    "waiting-order-file": Rule("public", G, "any", "slot"),
    "new-appointment": Rule("public", GP),
    "my-confirmation": Rule("public", P, "absent"),
    "my-cancellation": Rule("public", P, "absent"),
    "my-other-time": Rule("public", P, "absent"),
    "my-change": Rule("public", P, "absent"),
    "reception-days": Rule("reception.read", G),
    "lay-out-days": Rule("reception.run", GP),
    "days-publication": Rule("reception.run", P),
    "reception-day": Rule("reception.read", G, "city", "reception_day"),
    "day-list": Rule("reception.read", G, "city", "reception_day"),
    "day-edit": Rule("reception.run", GP, "city", "reception_day"),
    "day-stand-in": Rule("reception.run", P, "city", "reception_day"),
    "day-swap": Rule("reception.run", P, "city", "reception_day"),
    "day-move": Rule("reception.run", P, "city", "reception_day"),
    "day-cancellation": Rule("reception.run", P, "city", "reception_day"),
    "day-record": Rule("reception.read", P, "city", "reception_day"),
    "bookings": Rule("reception.read", G),
    "booking": Rule("reception.read", G, "city", "booking"),
    "booking-acceptance": Rule("reception.read", P, "city", "booking"),
    "booking-proposal": Rule("reception.read", P, "city", "booking"),
    "booking-slot-proposal": Rule("reception.read", P, "city", "booking"),
    "booking-declining": Rule("reception.read", P, "city", "booking"),
    "booking-confirmation": Rule("reception.read", P, "city", "booking"),
    "booking-cancellation": Rule("reception.read", P, "city", "booking"),
    "booking-check-in": Rule("reception.read", P, "city", "booking"),
    "new-walk-in": Rule("reception.read", GP),
    # findings, the ladder, circulars
    "findings": Rule("business.read", G),
    "new-finding": Rule("supervision.run", GP),
    "finding": Rule("business.read", G, "unit", "finding"),
    "finding-text": Rule("supervision.run", P, "unit", "finding"),
    "finding-notice": Rule("supervision.run", P, "unit", "finding"),
    "finding-reply": Rule("supervision.answer", P, "unit", "finding"),
    "finding-ruling": Rule("approvals.read", P, "unit", "finding"),
    "finding-recheck": Rule("supervision.answer", P, "unit", "finding"),
    "recheck-decision": Rule("approvals.read", P, "unit", "finding"),
    "escalations": Rule("business.read", G),
    "escalation-decisions": Rule("supervision.run", P),
    "escalation": Rule("business.read", G, "unit", "escalation"),
    "escalation-talk": Rule("supervision.run", P, "unit", "escalation"),
    "circulars": Rule("business.read", G),
    "new-circular": Rule("supervision.run", P),
    "circular": Rule("business.read", G, "cycle", "circular"),
    "circular-text": Rule("supervision.run", GP, "cycle", "circular"),
    "circular-matters": Rule("supervision.run", P, "cycle", "circular"),
    "circular-drawing": Rule("supervision.run", P, "cycle", "circular"),
    "circular-issue": Rule("supervision.run", P, "cycle", "circular"),
    "circular-figure": Rule("business.read", G, "cycle", "circular_figure"),
    # notices
    "notices": Rule("business.read", G),
    "digest": Rule("signed_in", G),
    "digest-hour": Rule("signed_in", P),
    # what leaves the system, and calendar feeds
    "notice-settings": Rule("signed_in", G),
    "notice-choices": Rule("signed_in", P),
    "own-feed": Rule("signed_in", G),
    "new-feed": Rule("signed_in", P),
    "feed-end": Rule("signed_in", P, "holder", "own_feed"),
    "feed": Rule("public", G, "code", "feed"),
    "channels": Rule("system.read", G),
    "deliveries": Rule("system.read", G),
    "new-channel": Rule("system.run", GP, "any", "channel_kind"),
    "channel": Rule("system.read", G, "any", "channel"),
    "channel-terms": Rule("system.run", P, "any", "channel"),
    "channel-switch": Rule("system.run", P, "any", "channel"),
    "channel-test": Rule("system.run", P, "any", "channel"),
    # the board and its figures
    "board": Rule("business.read", G, "unit", "cycle_unit"),
    "board-element": Rule("business.read", G, "unit", "cycle_unit_pillar"),
    "unit": Rule("business.read", G, "unit", "cycle_unit"),
    "coverage": Rule("business.read", G, "unit", "cycle_unit_rule"),
    # roster and coverage of the base tier
    "coverage-districts": Rule("business.read", G, "unit", "cycle_unit_rule"),
    "coverage-days": Rule("business.read", G, "unit", "cycle_unit_rule"),
    "gaps": Rule("business.read", G),
    "rosters": Rule("business.read", G),
    "roster": Rule("business.read", G, "unit", "unit_number"),
    "term-ends": Rule("business.read", G),
    "certificates": Rule("business.read", G),
    "holding-certificates": Rule("records.write", GP, "unit", "held_office"),
    "certificate-acceptance": Rule("obligations.review", P, "unit", "certificate"),
    # homes, their rooms and activities
    "homes": Rule("business.read", G),
    "home-registration": Rule("records.write", GP, "unit", "new_home"),
    "home-page": Rule("business.read", G, "near", "a_home"),
    "home-edit": Rule("records.write", GP, "unit", "a_home"),
    "home-hosts": Rule("records.write", GP, "unit", "a_home"),
    "home-host-end": Rule("records.write", P, "unit", "home_host"),
    "home-use": Rule("business.read", G, "unit", "a_home"),
    "home-diversity": Rule("business.read", G, "unit", "a_home"),
    "home-rooms": Rule("records.write", GP, "unit", "a_home"),
    "idle-rooms": Rule("business.read", G),
    "room-booking": Rule("records.write", GP, "near", "room"),
    "room-closing": Rule("records.write", P, "unit", "room"),
    "room-freeing": Rule("records.write", P, "unit", "room_booking"),
    "home-activities": Rule("business.read", G, "unit", "a_home"),
    "activity-new": Rule("records.write", GP, "unit", "a_home"),
    "activity-record": Rule("records.write", GP, "unit", "a_home"),
    "activity": Rule("business.read", G, "unit", "activity"),
    "activity-held": Rule("records.write", GP, "unit", "activity"),
    "activity-cancellation": Rule("records.write", P, "unit", "activity"),
    "activity-sheet": Rule("records.write", G, "unit", "activity"),
    "activity-open": Rule("public", GP, "code", "activity_code"),
    # services, demands, campaigns
    "services": Rule("business.read", G),
    "new-service": Rule("records.write", GP),
    "service-paper": Rule("records.write", G),
    "service-items": Rule("grassroots.run", GP),
    "service-items-built-in": Rule("grassroots.run", P),
    "service-item-stop": Rule("grassroots.run", P, "cycle", "service_item"),
    "quick-record": Rule("records.write", GP),
    "quick-paper": Rule("records.write", G),
    "quick-offline": Rule("records.write", G),
    "quick-token": Rule("signed_in", G),
    "demands": Rule("business.read", G),
    "new-demand": Rule("records.write", GP),
    "demand": Rule("business.read", G, "unit", "demand"),
    "demand-move": Rule("records.write", GP, "unit", "demand_move"),
    "campaigns": Rule("business.read", G),
    "new-campaign": Rule("grassroots.run", GP, "any", "campaign_name"),
    "campaign": Rule("business.read", G, "cycle", "campaign"),
    "campaign-unit": Rule("business.read", G, "unit", "campaign_unit"),
    "township": Rule("business.read", G, "unit", "unit_number"),
    # the ledger and the duty report
    "ledgers": Rule("business.read", G),
    "ledger": Rule("business.read", G, "unit", "office"),
    "new-duty-report": Rule("records.write", P, "unit", "office"),
    "duty-report": Rule("business.read", G, "unit", "duty_report"),
    "duty-report-text": Rule("records.write", GP, "unit", "duty_report"),
    "duty-report-drawing": Rule("records.write", P, "unit", "duty_report"),
    "duty-report-submission": Rule("records.write", P, "unit", "duty_report"),
    "duty-report-taking-back": Rule("records.write", P, "unit", "duty_report"),
    "duty-report-sources": Rule("business.read", G, "unit", "sentence"),
    # documents
    "paper": Rule("business.read", G, "unit", "paper"),
    "paper-issue": Rule("business.read", P, "unit", "paper"),
    "document": Rule("business.read", G, "unit", "document"),
    "document-file": Rule("business.read", G, "unit", "document"),
    "document-pdf": Rule("business.read", GP, "unit", "document"),
    "document-print": Rule("business.read", G, "unit", "document"),
    "document-templates": Rule("documents.templates", G),
    "document-template": Rule("documents.templates", GP, "any", "document_kind"),
    "document-template-builtin": Rule("documents.templates", G, "any", "document_kind"),
    "document-template-trial": Rule("documents.templates", P, "any", "document_kind"),
    "document-template-choice": Rule("documents.templates", P, "any", "document_kind"),
    "document-template-file": Rule("documents.templates", G, "absent"),
    # search and saved views
    "search": Rule("business.read", G),
    "found-unit": Rule("business.read", G, "unit", "unit_number"),
    "synonyms": Rule("search.words", GP),
    "synonym-end": Rule("search.words", P, "any", "synonym"),
    "saved-views": Rule("business.read", G),
    "new-view": Rule("business.read", GP),
    "saved-view": Rule("business.read", G, "holder", "saved_view"),
    "saved-view-end": Rule("business.read", P, "holder", "saved_view"),
    "shared-view": Rule("business.read", G, "any", "shared_view"),
    # partners and paired contact
    "partners": Rule("partners.read", G),
    "new-partner": Rule("leadership.run", GP),
    "consent-link": Rule("leadership.run", GP),
    "partner": Rule("partners.read", G, "unit", "partner"),
    "partner-correction": Rule("leadership.run", GP, "unit", "partner"),
    "partner-closing": Rule("leadership.run", P, "unit", "partner"),
    "partner-recusal": Rule("partners.read", P, "unit", "partner"),
    "partner-recusal-lifting": Rule("partners.read", P, "unit", "partner"),
    "new-contact": Rule("partners.read", GP, "unit", "partner"),
    "contact-done": Rule("partners.read", GP, "unit", "partner"),
    "contact-note": Rule("partners.read", GP, "unit", "contact"),
    "contact-cancellation": Rule("partners.read", P, "unit", "contact"),
    "pairings": Rule("partners.read", G),
    "pairing-quality": Rule("partners.read", G),
    "pairing-proposal": Rule("leadership.run", GP),
    "pairing": Rule("partners.read", G, "unit", "pairing"),
    "pairing-handover": Rule("leadership.run", P, "unit", "pairing"),
    "pairing-ending": Rule("leadership.run", P, "unit", "pairing"),
    # bodies, meetings, hearings
    "bodies": Rule("business.read", G),
    "new-body": Rule("leadership.run", GP),
    "body": Rule("business.read", G, "unit", "body"),
    "body-change": Rule("leadership.run", P, "unit", "body"),
    "body-members": Rule("leadership.run", P, "unit", "body"),
    "first-responsible": Rule("leadership.run", P, "unit", "body"),
    "body-closing": Rule("leadership.run", P, "unit", "body"),
    "membership-end": Rule("leadership.run", P, "unit", "membership"),
    "meetings": Rule("business.read", G),
    "new-meeting": Rule("leadership.call", GP),
    "meeting-load": Rule("business.read", G),
    "sign-in-at-meeting": Rule("business.read", GP, "code", "sign_code"),
    "meeting": Rule("business.read", G, "unit", "meeting"),
    "meeting-change": Rule("leadership.call", GP, "unit", "meeting"),
    "meeting-call": Rule("leadership.call", P, "unit", "meeting"),
    "meeting-cancelling": Rule("leadership.call", P, "unit", "meeting"),
    "meeting-series": Rule("leadership.call", P, "unit", "meeting"),
    "meeting-merger": Rule("leadership.call", P, "unit", "meeting"),
    "meeting-reply": Rule("business.read", P, "unit", "meeting"),
    "agenda": Rule("leadership.call", P, "unit", "meeting"),
    "agenda-removal": Rule("leadership.call", P, "unit", "agenda_item"),
    "paper-file": Rule("business.read", G, "unit", "agenda_item"),
    "invitations": Rule("leadership.call", P, "unit", "meeting"),
    "invitation-removal": Rule("leadership.call", P, "unit", "invitation"),
    "sign-code": Rule("leadership.call", G, "unit", "meeting"),
    "sign-list": Rule("leadership.call", G, "unit", "meeting"),
    "attendance": Rule("leadership.call", P, "unit", "meeting"),
    "meeting-holding": Rule("leadership.call", P, "unit", "meeting"),
    "minutes": Rule("leadership.call", P, "unit", "meeting"),
    "minute-lines": Rule("leadership.call", P, "unit", "meeting"),
    "line-removal": Rule("leadership.call", P, "unit", "minute_line"),
    "line-task": Rule("leadership.call", P, "unit", "minute_line"),
    "line-case": Rule("leadership.call", GP, "unit", "minute_line"),
    "hearings": Rule("business.read", G),
    "hearing-brief": Rule("business.read", G, "unit", "meeting"),
    "brief-drawing": Rule("leadership.call", P, "unit", "meeting"),
    "brief-figure": Rule("business.read", G, "unit", "brief_figure"),
    # study and publicity
    "courses": Rule("business.read", G),
    "new-course": Rule("leadership.call", GP),
    "course": Rule("business.read", G, "cycle", "course"),
    "course-change": Rule("leadership.call", GP, "cycle", "course"),
    "course-closing": Rule("leadership.call", P, "cycle", "course"),
    "course-coverage": Rule("business.read", G, "cycle", "course"),
    "course-classes": Rule("leadership.call", P, "cycle", "course"),
    "course-test": Rule("business.read", GP, "cycle", "course"),
    "course-credit": Rule("business.read", P, "cycle", "course"),
    "course-class": Rule("business.read", G, "cycle", "course_class"),
    "enrolments": Rule("business.read", P, "cycle", "course_class"),
    "class-hours": Rule("leadership.call", P, "cycle", "course_class"),
    "class-ending": Rule("leadership.call", P, "cycle", "course_class"),
    "enrolment-cancelling": Rule("business.read", P, "cycle", "enrolment"),
    "credit-decision": Rule("leadership.call", P, "cycle", "credit"),
    "credit-file": Rule("business.read", G, "cycle", "credit"),
    "publicity": Rule("business.read", G),
    "new-publicity": Rule("leadership.run", GP),
    "publicity-item": Rule("business.read", G, "unit", "publicity_item"),
    "publicity-report": Rule("obligations.claim", P, "unit", "publicity_item"),
    "publicity-cancelling": Rule("leadership.run", P, "unit", "publicity_item"),
    # a representative's own page, by the link they agreed under
    "consent": Rule("public", GP, "code", "consent"),
    "consent-details": Rule("public", P, "code", "consent"),
    "consent-renewal": Rule("public", P, "code", "consent"),
    "consent-withdrawal": Rule("public", P, "code", "consent"),
    # sample checks and the calendar of checks
    "samples": Rule("business.read", G),
    "new-sample": Rule("supervision.run", GP),
    "sample-verifier": Rule("business.read", G),
    "sample": Rule("business.read", G, "cycle", "sample"),
    "sample-list": Rule("business.read", G, "cycle", "sample"),
    "sample-seed": Rule("supervision.run", P, "cycle", "sample"),
    "sample-check": Rule("supervision.run", P, "unit", "sample_item"),
    "visits": Rule("business.read", G),
    "new-visit": Rule("supervision.run", GP),
    "unit-visits": Rule("business.read", G, "unit", "unit_itself"),
    "visit-cancellation": Rule("supervision.run", P, "unit", "visit"),
    # burden: what is asked, the dictionary of fields, requests and their answers
    "burden": Rule("business.read", G),
    "burden-rows": Rule("business.read", G),
    "burden-table": Rule("business.read", G),
    "burden-records": Rule("business.read", G),
    "burden-villages": Rule("business.read", G),
    "burden-issuer": Rule("business.read", G, "unit", "unit_number"),
    "burden-budget": Rule("cycles.run", P, "unit", "unit_number"),
    "burden-signatures": Rule("burden.sign", G),
    "fields": Rule("business.read", G),
    "new-field": Rule("burden.issue", GP),
    "field": Rule("business.read", G, "cycle", "field"),
    "field-retirement": Rule("burden.issue", P, "cycle", "field"),
    "field-requests": Rule("business.read", G),
    "new-field-request": Rule("burden.issue", GP),
    "field-request": Rule("business.read", G, "unit", "field_request"),
    "field-request-terms": Rule("burden.issue", GP, "unit", "field_request"),
    "field-request-fields": Rule("burden.issue", P, "unit", "field_request"),
    "field-request-issue": Rule("burden.issue", P, "unit", "field_request"),
    "field-request-signature": Rule("burden.issue", P, "unit", "field_request"),
    "field-request-end": Rule("burden.issue", P, "unit", "field_request"),
    "field-request-withdrawal": Rule("burden.issue", P, "unit", "field_request"),
    "field-request-results": Rule("business.read", G, "unit", "field_request"),
    "field-request-file": Rule("business.read", G, "unit", "field_request"),
    "field-request-slips": Rule("business.read", G, "unit", "field_request"),
    "request-answer": Rule("obligations.claim", GP, "unit", "asked_fields"),
    "request-unchanged": Rule("obligations.claim", P, "unit", "asked_fields"),
    "paper-answers": Rule("records.write", GP),
    # assessment
    "scores": Rule("business.read", G),
    "score": Rule("business.read", G, "score", "score"),
    "score-line": Rule("business.read", G, "score", "line"),
    "runs": Rule("assessment.run", P, "cycle", "cycle"),
    "bench": Rule("assessment.read", G),
    "bench-stability": Rule("assessment.read", G),
    "bench-draws": Rule("assessment.read", P),
    "publication": Rule("assessment.run", P, "cycle", "run"),
    "marks": Rule("assessment.mark", P, "unit", "cycle_unit"),
    "facts": Rule("assessment.mark", P, "unit", "cycle_unit"),
    # the year's round
    "round": Rule("business.read", G),
    "rounds": Rule("assessment.run", P, "cycle", "cycle"),
    "round-stage": Rule("assessment.run", P, "cycle", "round"),
    "round-days": Rule("assessment.run", P, "cycle", "round"),
    "round-cancellation": Rule("assessment.run", P, "cycle", "round"),
    "round-publication": Rule("assessment.run", P, "cycle", "round"),
    "round-unit": Rule("assessment.review", G, "unit", "round_unit"),
    "round-line": Rule("assessment.answer", G, "own_unit", "round_line"),
    "self-score-agreements": Rule("assessment.answer", P, "cycle", "round"),
    "self-score-agreement": Rule("assessment.answer", P, "own_unit", "round_line"),
    "self-score": Rule("assessment.answer", P, "own_unit", "round_line"),
    "self-score-reviews": Rule("assessment.review", P, "unit", "round_unit"),
    "self-score-review": Rule("assessment.review", P, "unit", "self_score"),
    "appeals": Rule("assessment.answer", P, "own_unit", "round_line"),
    "appeal-decision": Rule("assessment.review", P, "unit", "appeal"),
    "vetoes": Rule("assessment.mark", G),
    "veto-confirmation": Rule("assessment.mark", P, "unit", "veto_finding"),
    "veto-lifting": Rule("assessment.mark", P, "unit", "veto"),
    # tokens, addresses told of changes, what programs can do (their own table is in tests/api/permissions.py)
    "own-tokens": Rule("signed_in", G),
    "new-token": Rule("signed_in", GP),
    "token-revocation": Rule("signed_in", P, "absent"),
    "webhooks": Rule("cycles.run", G),
    "new-webhook": Rule("cycles.run", GP),
    "webhook": Rule("cycles.run", G, "city", "webhook"),
    "webhook-ending": Rule("cycles.run", P, "city", "webhook"),
    "webhook-test": Rule("cycles.run", P, "city", "webhook"),
    "api-docs": Rule("public", G),
    "api-openapi": Rule("public", G),
    # use of results
    "result-uses": Rule("business.read", G),
    "next-year-list": Rule("business.read", G),
    "unit-results": Rule("business.read", G, "unit", "unit_number"),
    "corrections": Rule("assessment.run", P, "cycle", "publication"),
}

SECOND_CITY = (
    ("1502", "包头市", "territory", "city", "15"),
    ("150203", "昆都仑区", "territory", "county", "1502"),
    ("1502-LGO", "领导小组办公室", "group_office", "city", "1502"),
    ("1502-MU-01", "市教育局", "member_unit", "city", "1502"),
)
Address = tuple[object, ...]


@dataclass
class World:
    """Two cities with a year each; for every unit of interest one object of each kind, by kind and unit code."""

    city: City
    cycles: dict[str, Cycle]
    units: dict[str, Unit]
    people: dict[str, Acting] = field(default_factory=dict)
    objects: dict[str, dict[str, Address]] = field(default_factory=dict)

    def put(self, kind: str, code: str, *address: object) -> None:
        self.objects.setdefault(kind, {})[code] = address

    def cycle_of(self, code: str) -> Cycle:
        return self.cycles[code[:4]]


def build(city: City) -> World:
    """Everything the table speaks of."""
    units = dict(city.units)
    for code, name, kind, level, parent in SECOND_CITY:
        units[code] = open_unit(
            code=code, name=name, kind=kind, level=level, parent=units[parent],
            on=dt.date(2025, 1, 1), actor=CONSOLE, now=START,
        )  # fmt: skip
    second = open_cycle(
        package=read_valid_package("three-threes"), unit=units["1502"], year=2026, actor=CONSOLE, now=START
    )
    world = World(city, {"1506": city.cycle, "1502": second.cycle}, units)
    _seat_the_cast(world)
    for actor in sorted(BUSINESS):
        saved_by(world, actor)
    searched_in(world)
    for code in sorted({code for cast in CAST.values() for code in cast[3:]}):
        _one_of_each(world, units[code])
    for code, cycle in world.cycles.items():
        _of_a_cycle(world, code, cycle)
        _checks_of(world, code, cycle)
        _reception_of(world, code, cycle)
        taught_in(world, code, cycle)
        demanded_in(world, code, cycle)
        template_of(world, code)
        offered_in(world, code, cycle)
        told_in(world, code)
    for side, year in (("own", 2026), ("other", 2027)):
        world.put("year", side, year)
    _of_persons(world)
    reached_in(world)
    return world


def with_second_factor(person: Person) -> Person:
    """The person with a password, a one-time code and recovery codes: every page of signing in has its subject."""
    person.set_password("two-words-and-a-number-7")
    person.save()
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": seal_secret(generate_totp_secret())}
    )
    RecoveryCodes.activate(person)
    return person


def _seat_the_cast(world: World) -> None:
    office = world.units["1506-LGO"]
    for role, seat in ((Role.SECURITY_ADMIN, "security_admin"), (Role.UNIT_HEAD, "reviewer")):
        open_office(
            unit=office, seat=seat, title=seat, role=role, scope=world.units["1506"], actor=CONSOLE, now=START
        )
    for actor, (code, seat, *_rest) in CAST.items():
        world.people[actor] = world.city.acting(code, seat)
        with_second_factor(world.people[actor].person)  # type: ignore[arg-type]


def _one_of_each(world: World, unit: Unit) -> None:
    code, cycle = unit.code, world.cycle_of(unit.code)
    office = Office.objects.filter(unit=unit).order_by("pk")[0]
    owed = list(Obligation.objects.filter(unit=unit, cycle=cycle).order_by("pk")[:2])
    while len(owed) < 2:
        number = len(owed)
        owed.append(
            Obligation.objects.create(
                cycle=cycle, unit=unit, unit_path=unit.path, office=office, pillar="link_duty",
                source="duty", source_ref=10_000 + unit.pk * 10 + number, rule="D12", title="季度进展",
                evidence=["progress_line"], starts_on=dt.date(2026, 1, 1), due_on=dt.date(2026, 12, 25),
            )
        )  # fmt: skip
    first, second = owed
    second.state = State.CLAIMED
    second.save()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    record = enter_record(
        kind="progress", happened_on=dt.date(2026, 3, 2), summary=f"{unit.name}做了什么", entered_by=office,
        actor=CONSOLE, now=at(3, 2), today=dt.date(2026, 3, 2), files=[("现场.png", picture)],
    )  # fmt: skip
    evidence = record.evidence.get()
    claim = Claim.objects.create(
        obligation=second, nothing_new=True, claimed_by=second.office, claimed_at=at(3, 2)
    )
    extension = Extension.objects.create(
        obligation=first,
        asked_by=first.office,
        asked_at=at(3, 2),
        asked_until=dt.date(2026, 12, 30),
        reason="—",
    )
    duty_list = DutyList.objects.get(unit=unit, cycle=cycle) if _has_list(unit) else _list_for(unit, cycle)
    item = duty_list.items.order_by("pk").first() or DutyItem.objects.create(
        duty_list=duty_list, office=office, duty="D12", pillar="link_task", text_zh="报告", times=1, minutes=5
    )
    objection = Objection.objects.create(item=item, reason="—", raised_by=office, raised_at=at(1, 20))
    task_list = issue_task_list(
        cycle=cycle, name=f"{unit.name}任务", file_name="t.xlsx", digest=f"{unit.pk:064d}", actor=CONSOLE,
        now=at(2, 1),
        drafts=[
            TaskDraft(
                sheet="1", row=1, title=f"{unit.name}的任务", due=Due("due", (dt.date(2026, 11, 30),)),
                parts=[PartDraft(unit, Part.LEAD, unit.name)],
                questions=[QuestionDraft("cooperating", "unknown_unit", "某局", "不认得的单位")],
            )
        ],
    )  # fmt: skip
    task = task_list.tasks.get()
    for kind, row in (
        ("obligation", first), ("claim", claim), ("extension", extension), ("record", record),
        ("evidence", evidence), ("duty_list", duty_list), ("duty_item", item), ("objection", objection),
        ("task", task), ("assignment", Assignment.objects.get(task=task)),
        ("question", OpenQuestion.objects.get(task=task)),
    ):  # fmt: skip
        world.put(kind, code, row.pk)
    papers_at(world, duty_list)
    _matter_of(world, unit)
    _finding_at(world, first)
    _duty_report_of(world, office, record)
    _partner_at(world, unit)
    led_at(world, unit, evidence)
    _field_request_to(world, unit)
    world.put("unit_number", code, unit.pk)
    world.put("cycle_unit", code, cycle.pk, unit.pk)
    world.put("cycle_unit_pillar", code, cycle.pk, unit.pk, "link_task")
    world.put("cycle_unit_rule", code, cycle.pk, unit.pk, "C01")
    _certificate_of(world, office)
    served_at(world, office)
    home_at(world, office)
    imported_at(world, unit)


def _certificate_of(world: World, office: Office) -> None:
    """A holder of the office with a certificate that nobody has accepted."""
    code = office.unit.code
    holding = Holding.objects.filter(office=office).order_by("pk").first()
    if holding is None:
        person = Person.objects.create_person(sign_in=f"holder-{code}", password=None, display_name="任职人")
        holding = Holding.objects.create(office=office, person=person, starts_on=dt.date(2025, 7, 1))
    certificate = Certificate.objects.create(
        holding=holding, title="岗前培训", issued_on=dt.date(2026, 1, 9), entered_by=office
    )
    world.put("held_office", code, holding.pk)
    world.put("certificate", code, certificate.pk)


def _matter_of(world: World, unit: Unit) -> None:
    """A matter handed out to the unit alone, with a request for more time."""
    cycle, office = world.cycle_of(unit.code), world.city.office("1506-LGO", "coordinator")
    matter = matter_drafts.draft_matter(
        cycle=cycle, terms=Terms("other", f"{unit.name}的督办事项", "check", "督查通报", due_on=dt.date(2026, 12, 1)),
        parts=[PartPlan(unit, Part.LEAD)], issued_by=office, actor=CONSOLE, now=at(3, 2),
    )  # fmt: skip
    matters.register_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    matters.dispatch_matter(matter=matter, actor=CONSOLE, now=at(3, 2))
    part = matter.parts.get()
    asked = ask_more_time(part=part, until=dt.date(2026, 12, 9), reason="—", actor=CONSOLE, now=at(3, 3))
    for kind, row in (("matter", matter), ("matter_part", part), ("matter_time", asked)):
        world.put(kind, unit.code, row.pk)


def _partner_at(world: World, unit: Unit) -> None:
    """A company in the unit's territory, kept by a leader, who plans to visit it."""
    leader = world.city.office("1506-LG", "leader", 2)
    company = Partner.objects.create(
        kind="enterprise", name=f"{unit.name}的企业", area=unit, registered_at=START
    )
    pairing = Pairing.objects.create(
        cycle=world.cycle_of(unit.code),
        rule="P01",
        office=leader,
        partner=company,
        starts_on=dt.date(2026, 1, 12),
    )
    contact = PartnerContact.objects.create(
        partner=company, office=leader, pairing=pairing, mode="visit", day=dt.date(2026, 3, 2), purpose="了解情况",
        planned_at=START,
    )  # fmt: skip
    for kind, row in (("partner", company), ("pairing", pairing), ("contact", contact)):
        world.put(kind, unit.code, row.pk)


def _duty_report_of(world: World, office: Office, record: Record) -> None:
    """A submitted report of one sentence."""
    report = DutyReport.objects.create(
        cycle=world.cycle_of(office.unit.code), office=office, as_of=dt.date(2026, 3, 2), drafted_at=at(3, 2),
        submitted_at=at(3, 2), record=record,
    )  # fmt: skip
    sentence = report.sentences.create(
        section="overall", order=0, key="overall", text="有一条记录。", sources={"record": [record.pk]}
    )
    world.put("office", office.unit.code, office.pk)
    world.put("duty_report", office.unit.code, report.pk)
    world.put("sentence", office.unit.code, report.pk, sentence.pk)


def _finding_at(world: World, owed: Obligation) -> None:
    """A finding that the unit was told of, and a talk that was confirmed."""
    office = world.city.office("1506-LGO", "coordinator")
    finding = Finding.objects.create(
        cycle=owed.cycle, unit=owed.unit, text="报告与记录不符", basis="抽查", stage="notified", found_by=office,
        found_at=at(3, 2),
    )  # fmt: skip
    FindingNotice.objects.create(
        finding=finding, sent_by=office, sent_at=at(3, 2), reply_by=dt.date(2026, 3, 16)
    )
    talk = Escalation.objects.create(
        cycle=owed.cycle, unit=owed.unit, obligation=owed, step="talk", about="—", proposed_at=at(3, 2),
        confirmed=True, decided_by=office, decided_at=at(3, 3),
    )  # fmt: skip
    world.put("finding", owed.unit.code, finding.pk)
    world.put("escalation", owed.unit.code, talk.pk)


def _field_request_to(world: World, unit: Unit) -> None:
    """A request of the coordinating office to the unit alone, with one field."""
    cycle = world.cycle_of(unit.code)
    office = Office.objects.select_related("unit", "scope").filter(unit__code=f"{unit.code[:4]}-LGO").first() or open_office(
        unit=world.units[f"{unit.code[:4]}-LGO"], seat="coordinator", title="领导小组办公室", role=Role.COORDINATOR,
        scope=cycle.unit, actor=CONSOLE, now=START,
    )  # fmt: skip
    field = Field.objects.filter(domain=cycle.unit).first() or register_field(
        cycle=cycle, terms=FieldTerms("活动室面积", "Area", "室内面积", "whole"), registered_by=office, actor=CONSOLE,
        now=at(3, 2),
    )  # fmt: skip
    request = FieldRequest.objects.create(
        cycle=cycle, issuer=office.unit, drafted_by=office, drafted_at=at(3, 2), title="阵地情况", purpose="—", basis="—",
        pillar="base_home", starts_on=dt.date(2026, 3, 2), ends_on=dt.date(2026, 12, 31), stage="issued",
        issued_on=dt.date(2026, 3, 2), minutes=2,
    )  # fmt: skip
    request.asked_fields.create(field=field, position=1)
    first = Office.objects.filter(unit=unit).order_by("pk")[0]
    addressee = request.addressees.create(unit=unit, office=first, code=f"{unit.pk:011d}")
    owed = Obligation.objects.create(
        cycle=cycle, unit=unit, unit_path=unit.path, office=first, pillar="base_home", source="request",
        source_ref=addressee.pk, rule=f"request:{request.pk}", title="填报：阵地情况", evidence=["answers"], minutes=2,
        starts_on=dt.date(2026, 3, 2), due_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    world.put("field", unit.code[:4], field.pk)
    world.put("field_request", unit.code, request.pk)
    world.put("asked_fields", unit.code, owed.pk)


def _has_list(unit: Unit) -> bool:
    return DutyList.objects.filter(unit=unit).exists()


def _list_for(unit: Unit, cycle: Cycle) -> DutyList:
    return DutyList.objects.create(cycle=cycle, unit=unit, sign_by=dt.date(2026, 2, 28))


def _of_a_cycle(world: World, code: str, cycle: Cycle) -> None:
    day = dt.date(2026, 7, 1)
    run = run_scores(cycle=cycle, as_of=day, actor=CONSOLE, now=at(7, 1))
    recount(cycle, on=day, now=at(7, 1))
    asked = ask_publication(run=run, reason="年中", actor=CONSOLE, now=at(7, 2))
    asked.granted = True
    asked.save()
    made = Publication.objects.create(run=run, approval=asked, published_at=at(7, 2))
    world.put("publication", code, made.pk)
    for score in run.scores.filter(office=None).select_related("unit"):
        world.put("score", score.unit.code, score.pk)
        line = ScoreLine.objects.filter(score=score).order_by("pk").first()
        assert line is not None
        world.put("line", score.unit.code, line.pk)
    later: Run = run_scores(cycle=cycle, as_of=day + dt.timedelta(1), actor=CONSOLE, now=at(7, 3))
    waiting: Approval = ask_approval(
        kind=asked.kind, object_ref=later.pk, scope=cycle.unit, reason="—", actor=CONSOLE, now=at(7, 3)
    )
    circular = Circular.objects.create(
        cycle=cycle, unit=cycle.unit, number=1, title="通报", as_of=day, drafted_at=at(7, 1), issued_at=at(7, 1),
        paragraphs=[{"name": "overall", "text": "应完成{due}项。", "edited": False}],
    )  # fmt: skip
    circular.figures.create(key="due", label="应完成事项", value="0", refs=[])
    world.put("circular", code, circular.pk)
    world.put("circular_figure", code, circular.pk, "due")
    _of_a_round(world, code, cycle)
    world.put("cycle", code, cycle.pk)
    world.put("package", code, cycle.stored_id)
    world.put("phase", code, Phase.objects.filter(cycle=cycle).order_by("starts_on")[0].pk)
    world.put("run", code, run.pk)
    world.put("approval", code, waiting.pk)
    [day] = enter_days(
        unit=cycle.unit, first=dt.date(2026, 7, 11), last=dt.date(2026, 7, 11), kind="off", name="那达慕",
        basis="自治区通知", actor=CONSOLE, now=START, today=START.date(),
    )  # fmt: skip
    world.put("calendar_day", code, day.pk)


def _reception_of(world: World, code: str, cycle: Cycle) -> None:
    """A public reception day still to come, with a slot and a booking in it; the leader of the cast receives."""
    mine = world.people["leader"].office
    host = mine if code == "1506" else Office.objects.filter(unit__path__startswith=cycle.unit.path)[0]
    day = ReceptionDay.objects.create(
        cycle=cycle, rule="R01", host=host, day=clock.today() + dt.timedelta(days=30), planned_on=dt.date(2026, 12, 15),
        starts_at=dt.time(9), ends_at=dt.time(10), place="接待室", published_at=at(7, 1),
    )  # fmt: skip
    slot = Slot.objects.create(day=day, starts_at=dt.time(9), ends_at=dt.time(10), capacity=2)
    case, _code = register_case(
        cycle=cycle, unit=cycle.unit, kind=CaseKind.DIFFICULTY, channel=Channel.WEB, wording="—", name="某人", contact="1",
        host=host, actor=CONSOLE, now=at(7, 1),
    )  # fmt: skip
    booking = Booking.objects.create(
        kind="fixed", case=case, host=host, slot=slot, seat=1, stage="booked", asked_at=at(7, 1)
    )
    world.put("reception_day", code, day.pk)
    world.put("booking", code, booking.pk)
    world.put("slot", "own" if code == "1506" else "other", slot.pk)


def _checks_of(world: World, code: str, cycle: Cycle) -> None:
    """A sample drawn from the cycle, and a visit planned at each of its units."""
    sample = Sample.objects.create(
        cycle=cycle, name="抽查", list_csv="id\n1\n", list_digest="0" * 64, population=1, size=1,
        share_false="0.05", confidence="0.95", frozen_at=at(7, 1), seed_source="2026-07-02 开奖号码",
    )  # fmt: skip
    world.put("sample", code, sample.pk)
    for unit_code, (obligation,) in world.objects["obligation"].items():
        if unit_code.startswith(code):
            item = SampleItem.objects.create(sample=sample, position=obligation, obligation_id=obligation)  # type: ignore[misc]
            visit = Visit.objects.create(
                cycle=cycle, unit=world.units[unit_code], starts_on=dt.date(2026, 12, 1), ends_on=dt.date(2026, 12, 1),
                purpose="查看", basis="年度计划", planned_by=Office.objects.filter(unit__path__startswith=cycle.unit.path)[0],
                planned_at=at(7, 1),
            )  # fmt: skip
            world.put("sample_item", unit_code, item.pk)
            world.put("visit", unit_code, visit.pk)
            world.put("unit_itself", unit_code, world.units[unit_code].pk)


def _of_a_round(world: World, code: str, cycle: Cycle) -> None:
    """An open round; of every unit in it a line, a self-score, an appeal, a finding and a veto."""
    round = open_round(
        cycle=cycle, as_of=dt.date(2026, 7, 1), self_by=dt.date(2026, 7, 10), review_by=dt.date(2026, 7, 20),
        actor=CONSOLE, now=at(7, 3),
    )  # fmt: skip
    world.put("round", code, round.pk)
    for score in round.prefilled.scores.filter(office=None).select_related("unit"):
        unit, line = score.unit, score.lines.order_by("pk").filter(points__isnull=False)[0]
        assert line.points is not None
        said = SelfScore.objects.create(
            round=round, line=line, unit=unit, points=line.points, stated_at=at(7, 3)
        )
        appeal = Appeal.objects.create(
            round=round,
            line=line,
            unit=unit,
            reason="—",
            appealed_at=at(7, 3),
            answer_by=dt.date(2026, 7, 17),
        )
        finding = Finding.objects.create(
            cycle=cycle, unit=unit, text="—", basis="—", rule_cited="—", found_at=at(7, 1)
        )
        veto = Veto.objects.create(
            cycle=cycle, unit=unit, scorecard=score.scorecard, veto="V1", finding=finding, reason="—",
            confirmed_at=at(7, 3), appeal_until=dt.date(2026, 7, 10),
        )  # fmt: skip
        world.put("round_line", unit.code, line.pk)
        world.put("round_unit", unit.code, round.pk, unit.pk)
        world.put("self_score", unit.code, said.pk)
        world.put("appeal", unit.code, appeal.pk)
        world.put("veto_finding", unit.code, finding.pk)
        world.put("veto", unit.code, veto.pk)


def _of_persons(world: World) -> None:
    former = Person.objects.create_person(sign_in="former", password=None, display_name="某人")
    for actor, acting in world.people.items():
        assert acting.office is not None
        past = hold_office(
            person=former, office=acting.office, starts_on=dt.date(2025, 1, 1), actor=CONSOLE, now=START
        ) if acting.office.role not in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.SECURITY_ADMIN) else None  # fmt: skip
        if past:
            world.put("handover", actor, end_holding(
                holding=past, ends_on=dt.date(2025, 6, 30), actor=CONSOLE, now=START).pk)  # fmt: skip
    code = issue_link(subject=former.subject, actor=CONSOLE, now=at(3, 1))
    entry = history_of(former.subject).get()
    sequence()
    newest = checkpoint("daily", now=at(3, 2))
    assert newest is not None
    world.put("link", "own", code)
    world.put("link", "other", code[:-1] + ("A" if code[-1] != "A" else "B"))
    asked, consent_code = ask_consent(
        area=world.units["150602"], retention_days=3650, actor=world.city.coordinator, now=clock.now()
    )
    agree(consent=asked, name="某代表", contact="000", now=clock.now())
    world.put("consent", "own", consent_code)
    world.put("consent", "other", consent_code[:-1] + ("A" if consent_code[-1] != "A" else "B"))
    world.put("receipt", "own", issue_receipt(entry, now=at(3, 2)).code)
    world.put("receipt", "other", "0000000001P")
    holding = Holding.objects.get(person=former, office=world.people["member"].office)
    for side in ("own", "other"):
        world.put("person", side, former.pk)
        world.put("holding", side, holding.pk)
        world.put("checkpoint", side, newest.pk)

"""Partners and paired contact in the demonstration year: a register, consents, an even assignment, visits, demands."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from guantong.accounts.acting import Acting, Console
from guantong.accounts.models import Holding, Office
from guantong.calendars.queries import calendar_for
from guantong.cases.applicant import Applicant
from guantong.cases.choices import CaseKind, Outcome
from guantong.cases.models import Case
from guantong.cases.operations.accepting import accept_case
from guantong.cases.operations.answering import answer_case, rate_answer
from guantong.config.demo.samples import coordinator_of
from guantong.kernel import clock
from guantong.kernel.refusals import Refusal
from guantong.leadership.choices import ContactMode
from guantong.leadership.models import Pairing, PartnerContact
from guantong.leadership.operations.contact_notes import Demand, note_unplanned_contact
from guantong.leadership.operations.contacts import join_contact, plan_contact
from guantong.leadership.operations.pairings import confirm_pairings
from guantong.leadership.queries.pairing_proposal import proposed_for
from guantong.leadership.rules.pairings import terms_of
from guantong.mechanisms.models import Cycle
from guantong.obligations.choices import Verdict
from guantong.obligations.operations import review_claim
from guantong.organisation.models import Unit
from guantong.partners.choices import PartnerKind
from guantong.partners.models import Partner
from guantong.partners.operations import agree, ask_consent, declare_recusal, register_organisation

ACTOR = Console("load-demo")
DAY = dt.timedelta(days=1)
NAMES = (
    (PartnerKind.ORGANISATION, "{area}工商业联合会", "Federation of Industry and Commerce, {area}"),
    (PartnerKind.ENTERPRISE, "{area}绿能装备有限公司", "{area} Green Energy Equipment Co."),
    (PartnerKind.CHAMBER, "{area}青年企业家商会", "{area} Young Entrepreneurs’ Chamber"),
    (PartnerKind.ENTERPRISE, "{area}牧原乳业有限公司", "{area} Muyuan Dairy Co."),
)
PEOPLE = (("演示代表甲", "000-0001"), ("演示代表乙", "000-0002"), ("演示代表丙", "demo@example.org"))
PURPOSES = ("了解生产经营和用工情况", "听取对营商环境的意见", "送政策上门", "了解上次诉求的落实情况")
SUMMARIES = (
    "了解了订单和用工情况，介绍了稳岗政策。",
    "听取了对办事流程的意见，约定下月答复。",
    "介绍了技改补助政策，企业表示将按要求申报。",
    "回访了上次提出的问题，对方确认已经解决。",
)
ANSWER = "已会同有关部门办理，情况已当面说明。"
DEMANDS = (
    (CaseKind.DIFFICULTY, "厂区外道路没有路灯，夜班工人出行不便，希望尽快安装。", "厂区外道路照明"),
    (CaseKind.SUGGESTION, "建议把涉企检查集中安排，减少重复上门。", "集中安排涉企检查"),
    (CaseKind.QUESTION, "想了解技改补助今年的申报时间和条件。", "技改补助申报"),
)


@dataclass
class _Play:
    cycle: Cycle
    now: dt.datetime
    chooser: random.Random
    acting: Acting

    @property
    def today(self) -> dt.date:
        return clock.today(self.now)

    def at(self, day: dt.date) -> dt.datetime:
        """The same hour on that day, or now where the day is still to come."""
        return min(self.now, self.now - (self.today - day))


def play_pairings(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> int:
    """Partners, consents, pairings, contacts and what was asked; returns how many contacts stand in the calendars."""
    acting = coordinator_of(cycle, now)
    terms = next(iter(terms_of(cycle.package)), None)
    if acting is None or acting.office is None or terms is None:
        return 0
    play = _Play(cycle, now, chooser, acting)
    begun = play.at(dt.date(cycle.year, 1, 12))
    areas = list(cycle.unit.children.filter(level="county").order_by("path"))[:4]
    partners = _register(play, areas, begun)
    _consents(play, areas, begun)
    _recusal(play, partners[0])
    proposed = proposed_for(cycle, terms)
    chosen = {each.partner: each.office for each in proposed.placed if each.office is not None}
    waiting = list(chosen)[-2:]  # left for the coordinating office to confirm
    for partner in waiting:
        del chosen[partner]
    made = confirm_pairings(cycle=cycle, terms=terms, chosen=chosen, actor=acting, now=begun)
    for pairing in made:
        _contacts(play, pairing)
    _joint(play, made)
    _spent(play, made)
    return PartnerContact.objects.filter(cancelled_at__isnull=True).count()


def _register(play: _Play, areas: list[Unit], begun: dt.datetime) -> list[Partner]:
    return [
        register_organisation(
            kind=kind,
            name=name.format(area=area.name),
            name_en=name_en.format(area=area.name_en or area.name),
            area=area,
            actor=play.acting,
            now=begun,
        )
        for area in areas
        for kind, name, name_en in NAMES
    ]


def _consents(play: _Play, areas: list[Unit], begun: dt.datetime) -> None:
    """Three people agreed themselves; one link waits for an answer."""
    for area, (name, contact) in zip(areas, PEOPLE, strict=False):
        consent, _code = ask_consent(area=area, retention_days=365, actor=play.acting, now=begun)
        agree(consent=consent, name=name, contact=contact, now=begun + DAY / 2)
    ask_consent(area=areas[-1], retention_days=365, actor=play.acting, now=play.now)


def _recusal(play: _Play, partner: Partner) -> None:
    """One leader stands aside from one partner."""
    leader = _leaders(play)[:1]
    if leader:
        declare_recusal(partner=partner, actor=leader[0], now=play.at(dt.date(play.cycle.year, 1, 12)))


def _leaders(play: _Play) -> list[Acting]:
    holdings = (
        Holding.objects.on(play.today)
        .filter(office__seat="leader", office__unit__path__startswith=play.cycle.unit.path)
        .select_related("office__unit", "office__scope", "person")
        .order_by("office__number", "pk")
    )
    return [Acting(each.person, each.office) for each in holdings]


def _contacts(play: _Play, pairing: Pairing) -> None:
    """A contact in most of the quarters that are over, one under way in some, one planned."""
    calendar = calendar_for(play.cycle.year, play.cycle.unit_id)
    for month in (2, 5, 8, 11):
        day = calendar.next_workday(dt.date(play.cycle.year, month, play.chooser.randint(3, 24)))
        if day < play.today and play.chooser.random() < 0.82:
            _noted(play, pairing, day)
    day = calendar.add_workdays(play.today, play.chooser.randint(4, 25))
    if day.year == play.cycle.year and play.chooser.random() < 0.5:
        _planned(play, pairing, pairing.office, day)


def _noted(play: _Play, pairing: Pairing, day: dt.date) -> None:
    """One contact that took place, its claim reviewed, what was asked answered in most cases."""
    mode = ContactMode.PHONE if play.chooser.random() < 0.25 else ContactMode.VISIT
    asked = [Demand(*play.chooser.choice(DEMANDS))] if play.chooser.random() < 0.18 else []
    try:
        noted = note_unplanned_contact(
            cycle=play.cycle, partner=pairing.partner, office=pairing.office, mode=mode, day=day,
            purpose=play.chooser.choice(PURPOSES), summary=play.chooser.choice(SUMMARIES), demands=asked,
            actor=ACTOR, now=play.at(day + DAY),
        )  # fmt: skip
    except Refusal:
        return
    for claim in noted.claims:
        if day + 5 * DAY < play.today:
            review_claim(
                claim=claim, verdict=Verdict.ACCEPTED, reason="", actor=ACTOR, now=play.at(day + 5 * DAY)
            )
    for (case, _code), demand in zip(noted.cases, asked, strict=True):
        _followed(play, case, demand, day)


def _followed(play: _Play, case: Case, demand: Demand, day: dt.date) -> None:
    """Most demands were accepted, answered and found solved by whoever asked; the latest are under way."""
    accepted, answered, rated = (play.at(day + days * DAY) for days in (3, 32, 36))
    if accepted >= play.now:
        return
    accept_case(case=case, title=demand.title, actor=play.acting, now=accepted)
    if rated < play.now and play.chooser.random() < 0.85:
        answer_case(case=case, wording=ANSWER, outcome=Outcome.SOLVED, actor=play.acting, now=answered)
        rate_answer(case=case, stars=5, solved=True, actor=Applicant(case.pk), now=rated)


def _planned(play: _Play, pairing: Pairing, office: Office, day: dt.date) -> PartnerContact | None:
    try:
        return plan_contact(
            cycle=play.cycle, partner=pairing.partner, office=office, mode=ContactMode.VISIT, day=day,
            purpose=play.chooser.choice(PURPOSES), actor=ACTOR, now=play.now,
        )  # fmt: skip
    except Refusal:
        return None


def _joint(play: _Play, made: list[Pairing]) -> None:
    """Two offices go together: one visit; and one that takes place today waits to be written down."""
    calendar = calendar_for(play.cycle.year, play.cycle.unit_id)
    if len(made) < 3:
        return
    first, second = made[1:3]  # the first partner has a recused office
    host = _planned(play, first, first.office, calendar.add_workdays(play.today, 6))
    other = next((each.office for each in made if each.office_id != first.office_id), None)
    if host is not None and other is not None:
        join_contact(contact=host, office=other, purpose="一并了解用电问题", actor=ACTOR, now=play.now)
    _planned(play, second, second.office, play.today)


def _spent(play: _Play, made: list[Pairing]) -> None:
    """One partner whose visits for the year are all taken."""
    calendar = calendar_for(play.cycle.year, play.cycle.unit_id)
    for number in range(1, 8):
        if made:
            _planned(play, made[-1], made[-1].office, calendar.add_workdays(play.today, number))

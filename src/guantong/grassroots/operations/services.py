"""A service given is one record of work; it claims what it fulfils, so that nobody writes it down again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.audit import operations as audit
from guantong.duties.models import DutyItem
from guantong.grassroots.models import Home, Service, ServiceItem
from guantong.grassroots.queries.services import SERVES
from guantong.kernel.refusals import Refusal
from guantong.obligations.claiming import claim_what_it_fulfils
from guantong.organisation.models import Unit
from guantong.records.choices import RecordKind
from guantong.records.models import Record
from guantong.records.operations import enter_record

MOST_PEOPLE, MOST_VILLAGES = 5000, 60


@transaction.atomic
def give_service(
    *,
    item: ServiceItem,
    villages: Sequence[Unit],
    people: int,
    happened_on: dt.date,
    entered_by: Office,
    actor: Actor,
    now: dt.datetime,
    today: dt.date,
    office: Office | None = None,
    home: Home | None = None,
    stars: int | None = None,
    summary: str = "",
    on_paper: bool = False,
    submission_key: str | None = None,
) -> Service:
    """Keep a service once, whatever number of villages it was for.

    ``office`` is whose service it was; somebody else enters it from a paper list (``on_paper``). ``stars`` is a mark
    without anybody's name. The same ``submission_key`` twice gives the first service back. The duties it fulfils, one for each village covered, are claimed with the same record.
    """
    office = office or entered_by
    villages = list({each.pk: each for each in villages}.values())
    _refuse_stranger(actor, entered_by, office)
    if submission_key and (earlier := _given_before(submission_key, entered_by)):
        return earlier
    _refuse_unfit(item, villages, people, happened_on, stars, office)
    if home is not None and not home.unit.path.startswith(item.cycle.unit.path):
        raise Refusal(_("请从名单中选择之家。"))
    record = enter_record(
        kind=RecordKind.SERVICE,
        happened_on=happened_on,
        summary=summary.strip() or _said(item, villages, people),
        place=_places(villages),
        entered_by=entered_by,
        participants=[office],
        submission_key=submission_key,
        references=[_("纸质登记单，代为录入")] if on_paper else [],
        actor=actor,
        now=now,
        today=today,
    )
    service = Service.objects.create(record=record, item=item, home=home, people=people, stars=stars)
    service.villages.set(villages)
    audit.record(
        "grassroots.service_given",
        target=service,
        actor=actor,
        at=now,
        payload={"record": record.pk, "item": item.pk, "villages": sorted(each.pk for each in villages)},
    )
    _claim(record, office, villages, actor, now)
    return service


def _given_before(submission_key: str, entered_by: Office) -> Service | None:
    same = Service.objects.filter(record__submission_key=submission_key, record__entered_by=entered_by)
    return same.select_related("record", "item").first()


def _refuse_stranger(actor: Actor, entered_by: Office, office: Office) -> None:
    if not isinstance(actor, Acting):
        return
    if not actor.may("records.write") or actor.office_ref != entered_by.pk:
        raise Refusal(_("服务由服务的岗位登记，或由看得到它的岗位代为录入。"))
    if office.pk != entered_by.pk and not actor.sees(office.unit.path):
        raise Refusal(_("只能为本单位和下级单位的岗位代为录入。"))


def _refuse_unfit(
    item: ServiceItem,
    villages: Sequence[Unit],
    people: int,
    on: dt.date,
    stars: int | None,
    office: Office,
) -> None:
    if office.role not in SERVES:
        raise Refusal(_("服务由联络员、专职委员和之家负责人提供。"))
    if item.closed_on is not None and item.closed_on <= on:
        raise Refusal(_("“%(item)s”已从服务目录中停用。") % {"item": item})
    if not villages:
        raise Refusal(_("请选择在哪个嘎查村社区。"))
    if len(villages) > MOST_VILLAGES:
        raise Refusal(_("一次最多 %(n)s 个嘎查村社区。") % {"n": MOST_VILLAGES})
    top = item.cycle.unit.path
    for each in villages:
        if not each.path.startswith(top) or not _serves(office, each):
            raise Refusal(_("“%(unit)s”不是“%(office)s”联系的地方。") % {"unit": each, "office": office})
    if not 1 <= people <= MOST_PEOPLE:
        raise Refusal(_("人次应在 1 到 %(n)s 之间。") % {"n": MOST_PEOPLE})
    if stars is not None and not 1 <= stars <= 5:
        raise Refusal(_("满意度请选 1 到 5 分，没有的不填。"))


def _serves(office: Office, unit: Unit) -> bool:
    """A village within the office's reach; for a keeper, the place of the home too."""
    reach = office.scope.path
    return unit.path.startswith(reach) or (office.role == Role.HOME_KEEPER and reach.startswith(unit.path))


def _places(villages: Sequence[Unit]) -> str:
    """The names, as many as fit."""
    names = "、".join(each.name for each in villages)
    return names if len(names) <= 200 else names[:199] + "…"


def _said(item: ServiceItem, villages: Sequence[Unit], people: int) -> str:
    return f"{item.name}（{_places(villages)}），{people} 人次"


def _claim(record: Record, office: Office, villages: Sequence[Unit], actor: Actor, now: dt.datetime) -> None:
    """What the office owes to each village covered, and what it owes to none in particular."""
    items = DutyItem.objects.filter(office=office, duty_list__cycle__year=record.happened_on.year)
    about: dict[int | None, list[int]] = defaultdict(list)
    pillars: set[str] = set()
    covered = {each.pk for each in villages}
    for pk, village, pillar in items.values_list("pk", "about", "pillar"):
        if village in covered or (village is None and office.role == Role.LIAISON):
            about[village].append(pk)
            pillars.add(pillar)
    for each in about.values():
        claim_what_it_fulfils(
            record=record, offices=[office], pillars=sorted(pillars), items=each, actor=actor, now=now
        )

"""A client in plain Python: needs neither Django nor any package, and gives the typed shapes of the interface.

    from guantong.api.client import Guantong, ProblemAnswer
    from guantong.api.shapes.work import NewRecord

    city = Guantong("https://gt.example.gov.cn", "gt_…")
    for obligation in city.obligations(light="red"):      # all pages, one after the other
        print(obligation.due_on, obligation.title)
    record = city.enter_record(NewRecord(kind="progress", happened_on=date.today(), summary="…"))

A sending that gets no answer is repeated under its own number, so that it is done once. What is not done raises
`ProblemAnswer` with the sentence that the page would show.
"""

from __future__ import annotations

from collections.abc import Iterator

from guantong.api.connection import Connection, Filter, ProblemAnswer
from guantong.api.shapes import duties as lists
from guantong.api.shapes import following, grassroots, results, structure, work
from guantong.api.shapes import tasks as tasking

__all__ = ["Guantong", "ProblemAnswer"]


class Guantong(Connection):
    """A method for every operation; `get`, `each` and `post` for whatever a newer installation has besides."""

    def me(self) -> structure.Me:
        return self.get(structure.Me, "me/")

    def units(self, **filters: Filter) -> Iterator[structure.Unit]:
        return self.each(structure.Unit, "units/", **filters)

    def unit(self, number: int) -> structure.Unit:
        return self.get(structure.Unit, f"units/{number}/")

    def offices(self, **filters: Filter) -> Iterator[structure.Office]:
        return self.each(structure.Office, "offices/", **filters)

    def office(self, number: int) -> structure.Office:
        return self.get(structure.Office, f"offices/{number}/")

    def cycles(self) -> Iterator[structure.Cycle]:
        return self.each(structure.Cycle, "cycles/")

    def cycle(self, number: int) -> structure.Cycle:
        return self.get(structure.Cycle, f"cycles/{number}/")

    def notices(self) -> Iterator[structure.Notice]:
        return self.each(structure.Notice, "notices/")

    def duty_lists(self, **filters: Filter) -> Iterator[lists.DutyList]:
        return self.each(lists.DutyList, "duty-lists/", **filters)

    def duty_list(self, number: int) -> lists.FullDutyList:
        return self.get(lists.FullDutyList, f"duty-lists/{number}/")

    def obligations(self, **filters: Filter) -> Iterator[work.Obligation]:
        return self.each(work.Obligation, "obligations/", **filters)

    def obligation(self, number: int) -> work.FullObligation:
        return self.get(work.FullObligation, f"obligations/{number}/")

    def claim(
        self, number: int, claim: work.NewClaim, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/claims/"
        return self.post(work.FullObligation, path, claim, key=key, if_match=if_match)

    def records(self, **filters: Filter) -> Iterator[work.Record]:
        return self.each(work.Record, "records/", **filters)

    def record(self, number: int) -> work.FullRecord:
        return self.get(work.FullRecord, f"records/{number}/")

    def enter_record(self, record: work.NewRecord, *, key: str = "") -> work.FullRecord:
        return self.post(work.FullRecord, "records/", record, key=key)

    def tasks(self, **filters: Filter) -> Iterator[tasking.Task]:
        return self.each(tasking.Task, "tasks/", **filters)

    def task(self, number: int) -> tasking.FullTask:
        return self.get(tasking.FullTask, f"tasks/{number}/")

    def matters(self, **filters: Filter) -> Iterator[following.Matter]:
        return self.each(following.Matter, "matters/", **filters)

    def matter(self, number: int) -> following.FullMatter:
        return self.get(following.FullMatter, f"matters/{number}/")

    def cases(self, **filters: Filter) -> Iterator[following.Case]:
        return self.each(following.Case, "cases/", **filters)

    def case(self, number: int) -> following.FullCase:
        return self.get(following.FullCase, f"cases/{number}/")

    def scores(self, **filters: Filter) -> Iterator[results.Score]:
        return self.each(results.Score, "scores/", **filters)

    def score(self, number: int) -> results.FullScore:
        return self.get(results.FullScore, f"scores/{number}/")

    def score_rows(self, line: int, **filters: Filter) -> Iterator[results.ScoreRow]:
        return self.each(results.ScoreRow, f"score-lines/{line}/rows/", **filters)

    def board(self, cycle: int, unit: int) -> results.Board:
        return self.get(results.Board, f"boards/{cycle}/{unit}/")

    def homes(self) -> Iterator[grassroots.Home]:
        return self.each(grassroots.Home, "homes/")

    def home(self, number: int) -> grassroots.Home:
        return self.get(grassroots.Home, f"homes/{number}/")

    def activities(self, **filters: Filter) -> Iterator[grassroots.Activity]:
        return self.each(grassroots.Activity, "activities/", **filters)

    def activity(self, number: int) -> grassroots.Activity:
        return self.get(grassroots.Activity, f"activities/{number}/")

    def record_activity(self, activity: grassroots.NewActivity, *, key: str = "") -> grassroots.Activity:
        return self.post(grassroots.Activity, "activities/", activity, key=key)

    def service_items(self, **filters: Filter) -> Iterator[grassroots.ServiceItem]:
        return self.each(grassroots.ServiceItem, "service-items/", **filters)

    def services(self, **filters: Filter) -> Iterator[grassroots.Service]:
        return self.each(grassroots.Service, "services/", **filters)

    def service(self, number: int) -> grassroots.Service:
        return self.get(grassroots.Service, f"services/{number}/")

    def give_service(self, service: grassroots.NewService, *, key: str = "") -> grassroots.Service:
        return self.post(grassroots.Service, "services/", service, key=key)

    def demands(self, **filters: Filter) -> Iterator[grassroots.Demand]:
        return self.each(grassroots.Demand, "demands/", **filters)

    def demand(self, number: int) -> grassroots.Demand:
        return self.get(grassroots.Demand, f"demands/{number}/")

    def raise_demand(self, demand: grassroots.NewDemand, *, key: str = "") -> grassroots.Demand:
        return self.post(grassroots.Demand, "demands/", demand, key=key)

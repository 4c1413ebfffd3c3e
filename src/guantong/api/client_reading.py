"""What the client reads: a method for every list and every row."""

from __future__ import annotations

from collections.abc import Iterator

from guantong.api.connection import Connection, Filter, LoadedFile
from guantong.api.shapes import campaigns as improving
from guantong.api.shapes import duties as lists
from guantong.api.shapes import following, grassroots, results, structure, work
from guantong.api.shapes import matters as supervising
from guantong.api.shapes import meetings as meeting_shapes
from guantong.api.shapes import partners as outside
from guantong.api.shapes import rooms as places
from guantong.api.shapes import tasks as tasking


class Reading(Connection):
    """Everything that may be read with the token."""

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

    def records(self, **filters: Filter) -> Iterator[work.Record]:
        return self.each(work.Record, "records/", **filters)

    def record(self, number: int) -> work.FullRecord:
        return self.get(work.FullRecord, f"records/{number}/")

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

    def service_items(self, **filters: Filter) -> Iterator[grassroots.ServiceItem]:
        return self.each(grassroots.ServiceItem, "service-items/", **filters)

    def services(self, **filters: Filter) -> Iterator[grassroots.Service]:
        return self.each(grassroots.Service, "services/", **filters)

    def service(self, number: int) -> grassroots.Service:
        return self.get(grassroots.Service, f"services/{number}/")

    def demands(self, **filters: Filter) -> Iterator[grassroots.Demand]:
        return self.each(grassroots.Demand, "demands/", **filters)

    def demand(self, number: int) -> grassroots.Demand:
        return self.get(grassroots.Demand, f"demands/{number}/")

    def claims_to_review(self, **filters: Filter) -> Iterator[work.WaitingClaim]:
        return self.each(work.WaitingClaim, "claims-to-review/", **filters)

    def evidence_of(self, record: int) -> Iterator[work.Evidence]:
        return self.each(work.Evidence, f"records/{record}/evidence/")

    def evidence(self, number: int) -> work.Evidence:
        return self.get(work.Evidence, f"evidence/{number}/")

    def evidence_file(self, number: int) -> LoadedFile:
        return self.load(f"evidence/{number}/file/")

    def matter_part(self, number: int) -> following.MatterPart:
        return self.get(following.MatterPart, f"matter-parts/{number}/")

    def findings(self, **filters: Filter) -> Iterator[supervising.Finding]:
        return self.each(supervising.Finding, "findings/", **filters)

    def finding(self, number: int) -> supervising.FullFinding:
        return self.get(supervising.FullFinding, f"findings/{number}/")

    def rooms(self, **filters: Filter) -> Iterator[places.Room]:
        return self.each(places.Room, "rooms/", **filters)

    def room(self, number: int) -> places.Room:
        return self.get(places.Room, f"rooms/{number}/")

    def bookings(self, **filters: Filter) -> Iterator[places.Booking]:
        return self.each(places.Booking, "bookings/", **filters)

    def booking(self, number: int) -> places.Booking:
        return self.get(places.Booking, f"bookings/{number}/")

    def campaigns(self, **filters: Filter) -> Iterator[improving.Campaign]:
        return self.each(improving.Campaign, "campaigns/", **filters)

    def campaign(self, number: int) -> improving.FullCampaign:
        return self.get(improving.FullCampaign, f"campaigns/{number}/")

    def campaign_measure(self, number: int, criterion: str | None = None) -> improving.FullCampaignMeasure:
        path = f"campaigns/{number}/measure/"
        return self.get(improving.FullCampaignMeasure, path, criterion=criterion)

    def meetings(self, **filters: Filter) -> Iterator[meeting_shapes.Meeting]:
        return self.each(meeting_shapes.Meeting, "meetings/", **filters)

    def meeting(self, number: int) -> meeting_shapes.FullMeeting:
        return self.get(meeting_shapes.FullMeeting, f"meetings/{number}/")

    def partners(self, **filters: Filter) -> Iterator[outside.Partner]:
        return self.each(outside.Partner, "partners/", **filters)

    def partner(self, number: int) -> outside.Partner:
        return self.get(outside.Partner, f"partners/{number}/")

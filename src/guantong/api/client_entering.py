"""What the client enters: records with their files, claims, activities, services, demands, bookings."""

from __future__ import annotations

from collections.abc import Sequence

from guantong.api.connection import Connection
from guantong.api.shapes import following, grassroots, work
from guantong.api.shapes import matters as supervising
from guantong.api.shapes import rooms as places


class Entering(Connection):
    """Something new."""

    def claim(
        self, number: int, claim: work.NewClaim, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/claims/"
        return self.post(work.FullObligation, path, claim, key=key, if_match=if_match)

    def enter_record(
        self, record: work.NewRecord, *, files: Sequence[tuple[str, bytes]] = (), key: str = ""
    ) -> work.FullRecord:
        """With the files that show it: each its name and its content."""
        if files:
            return self.post_files(work.FullRecord, "records/", ("record", record), files, key=key)
        return self.post(work.FullRecord, "records/", record, key=key)

    def record_activity(self, activity: grassroots.NewActivity, *, key: str = "") -> grassroots.Activity:
        return self.post(grassroots.Activity, "activities/", activity, key=key)

    def give_service(self, service: grassroots.NewService, *, key: str = "") -> grassroots.Service:
        return self.post(grassroots.Service, "services/", service, key=key)

    def raise_demand(self, demand: grassroots.NewDemand, *, key: str = "") -> grassroots.Demand:
        return self.post(grassroots.Demand, "demands/", demand, key=key)

    def book_room(self, booking: places.NewBooking, *, key: str = "") -> places.Booking:
        return self.post(places.Booking, "bookings/", booking, key=key)

    def draft_matter(self, matter: supervising.NewMatter, *, key: str = "") -> following.FullMatter:
        return self.post(following.FullMatter, "matters/", matter, key=key)

"""What the client does to what is there: reviews, signatures, moves. ``if_match`` is the tag that was read."""

from __future__ import annotations

from guantong.api.connection import Connection
from guantong.api.shapes import acts, work
from guantong.api.shapes import duties as lists
from guantong.api.shapes import matters as supervising
from guantong.api.shapes import rooms as places
from guantong.api.shapes import tasks as tasking
from guantong.api.shapes.acts import NewMove


class Acting(Connection):
    """On obligations, duty lists, tasks, findings and bookings."""

    def review_claim(
        self, number: int, review: acts.NewReview, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/reviews/"
        return self.post(work.FullObligation, path, review, key=key, if_match=if_match)

    def ask_extension(
        self, number: int, wanted: acts.NewExtension, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/extensions/"
        return self.post(work.FullObligation, path, wanted, key=key, if_match=if_match)

    def decide_extension(
        self, number: int, decision: acts.NewDecision, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/extension-decisions/"
        return self.post(work.FullObligation, path, decision, key=key, if_match=if_match)

    def suspend_obligation(
        self, number: int, suspension: acts.NewSuspension, *, key: str = "", if_match: str = ""
    ) -> work.FullObligation:
        path = f"obligations/{number}/suspensions/"
        return self.post(work.FullObligation, path, suspension, key=key, if_match=if_match)

    def resume_obligation(self, number: int, *, key: str = "", if_match: str = "") -> work.FullObligation:
        path = f"obligations/{number}/resumptions/"
        return self.post(work.FullObligation, path, NewMove(), key=key, if_match=if_match)

    def sign_duty_list(self, number: int, *, key: str = "", if_match: str = "") -> lists.FullDutyList:
        path = f"duty-lists/{number}/signatures/"
        return self.post(lists.FullDutyList, path, NewMove(), key=key, if_match=if_match)

    def object_to_duty_item(
        self, number: int, objection: lists.NewObjection, *, key: str = "", if_match: str = ""
    ) -> lists.FullDutyList:
        path = f"duty-lists/{number}/objections/"
        return self.post(lists.FullDutyList, path, objection, key=key, if_match=if_match)

    def answer_objection(
        self, number: int, answer: lists.NewObjectionAnswer, *, key: str = "", if_match: str = ""
    ) -> lists.FullDutyList:
        path = f"duty-lists/{number}/objection-answers/"
        return self.post(lists.FullDutyList, path, answer, key=key, if_match=if_match)

    def add_milestone(
        self, number: int, milestone: tasking.NewMilestone, *, key: str = "", if_match: str = ""
    ) -> tasking.FullTask:
        path = f"tasks/{number}/milestones/"
        return self.post(tasking.FullTask, path, milestone, key=key, if_match=if_match)

    def split_assignment(
        self, number: int, split: tasking.NewSplit, *, key: str = "", if_match: str = ""
    ) -> tasking.FullTask:
        path = f"tasks/{number}/splits/"
        return self.post(tasking.FullTask, path, split, key=key, if_match=if_match)

    def answer_question(
        self, number: int, answer: tasking.NewQuestionAnswer, *, key: str = "", if_match: str = ""
    ) -> tasking.FullTask:
        path = f"tasks/{number}/question-answers/"
        return self.post(tasking.FullTask, path, answer, key=key, if_match=if_match)

    def reply_to_finding(
        self, number: int, reply: supervising.NewReply, *, key: str = "", if_match: str = ""
    ) -> supervising.FullFinding:
        path = f"findings/{number}/replies/"
        return self.post(supervising.FullFinding, path, reply, key=key, if_match=if_match)

    def ask_recheck(
        self, number: int, wanted: supervising.NewRecheck, *, key: str = "", if_match: str = ""
    ) -> supervising.FullFinding:
        path = f"findings/{number}/rechecks/"
        return self.post(supervising.FullFinding, path, wanted, key=key, if_match=if_match)

    def cancel_booking(self, number: int, *, key: str = "", if_match: str = "") -> places.Booking:
        path = f"bookings/{number}/cancellations/"
        return self.post(places.Booking, path, NewMove(), key=key, if_match=if_match)

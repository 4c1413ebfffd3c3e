"""What the client does to what is there: reviews, signatures, moves. ``if_match`` is the tag that was read."""

from __future__ import annotations

from guantong.api.connection import Connection
from guantong.api.shapes import acts, following
from guantong.api.shapes import cases as handling
from guantong.api.shapes.acts import NewMove


class Handling(Connection):
    """On cases: no word of the applicant goes in or out."""

    def accept_case(
        self, number: int, acceptance: handling.NewAcceptance, *, key: str = "", if_match: str = ""
    ) -> following.FullCase | None:
        path = f"cases/{number}/acceptances/"
        return self.post_or_hidden(following.FullCase, path, acceptance, key=key, if_match=if_match)

    def amend_case(
        self, number: int, amendment: handling.NewAmendment, *, key: str = "", if_match: str = ""
    ) -> following.FullCase | None:
        path = f"cases/{number}/amendments/"
        return self.post_or_hidden(following.FullCase, path, amendment, key=key, if_match=if_match)

    def refuse_case(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/refusals/"
        return self.post(following.FullCase, path, why, key=key, if_match=if_match)

    def refer_case(
        self, number: int, referral: handling.NewReferral, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/referrals/"
        return self.post(following.FullCase, path, referral, key=key, if_match=if_match)

    def assign_case(
        self, number: int, assignment: handling.NewAssignment, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/assignments/"
        return self.post(following.FullCase, path, assignment, key=key, if_match=if_match)

    def set_case_host(
        self, number: int, host: handling.NewHost, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/hosts/"
        return self.post(following.FullCase, path, host, key=key, if_match=if_match)

    def extend_case(
        self, number: int, extension: handling.NewCaseExtension, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/extensions/"
        return self.post(following.FullCase, path, extension, key=key, if_match=if_match)

    def pause_case(
        self, number: int, pause: handling.NewPause, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/pauses/"
        return self.post(following.FullCase, path, pause, key=key, if_match=if_match)

    def resume_case(self, number: int, *, key: str = "", if_match: str = "") -> following.FullCase:
        path = f"cases/{number}/resumptions/"
        return self.post(following.FullCase, path, NewMove(), key=key, if_match=if_match)

    def answer_case(
        self, number: int, answer: handling.NewAnswer, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/answers/"
        return self.post(following.FullCase, path, answer, key=key, if_match=if_match)

    def close_case(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/closings/"
        return self.post(following.FullCase, path, why, key=key, if_match=if_match)

    def reopen_case(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/reopenings/"
        return self.post(following.FullCase, path, why, key=key, if_match=if_match)

    def withdraw_case(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/withdrawals/"
        return self.post(following.FullCase, path, why, key=key, if_match=if_match)

    def release_unit(
        self, number: int, release: handling.NewRelease, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/releases/"
        return self.post(following.FullCase, path, release, key=key, if_match=if_match)

    def dispute_case(
        self, number: int, dispute: handling.NewRelease, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/disputes/"
        return self.post(following.FullCase, path, dispute, key=key, if_match=if_match)

    def decide_dispute(
        self, number: int, decision: handling.NewDisputeDecision, *, key: str = "", if_match: str = ""
    ) -> following.FullCase | None:
        path = f"cases/{number}/dispute-decisions/"
        return self.post_or_hidden(following.FullCase, path, decision, key=key, if_match=if_match)

    def answer_review(
        self, number: int, answer: handling.NewReviewAnswer, *, key: str = "", if_match: str = ""
    ) -> following.FullCase | None:
        path = f"cases/{number}/review-answers/"
        return self.post_or_hidden(following.FullCase, path, answer, key=key, if_match=if_match)

    def record_call_back(
        self, number: int, call_back: handling.NewCallBack, *, key: str = "", if_match: str = ""
    ) -> following.FullCase:
        path = f"cases/{number}/call-backs/"
        return self.post(following.FullCase, path, call_back, key=key, if_match=if_match)

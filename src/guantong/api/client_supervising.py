"""What the client does to what is there: reviews, signatures, moves. ``if_match`` is the tag that was read."""

from __future__ import annotations

from guantong.api.connection import Connection
from guantong.api.shapes import acts, following
from guantong.api.shapes import matters as supervising
from guantong.api.shapes.acts import NewMove


class Supervising(Connection):
    """On matters and the parts of units in them."""

    def amend_matter(
        self, number: int, matter: supervising.NewMatter, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/drafts/"
        return self.post(following.FullMatter, path, matter, key=key, if_match=if_match)

    def register_matter(self, number: int, *, key: str = "", if_match: str = "") -> following.FullMatter:
        path = f"matters/{number}/registrations/"
        return self.post(following.FullMatter, path, NewMove(), key=key, if_match=if_match)

    def dispatch_matter(
        self, number: int, dispatch: supervising.NewDispatch, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/dispatches/"
        return self.post(following.FullMatter, path, dispatch, key=key, if_match=if_match)

    def verify_matter(
        self, number: int, verification: supervising.NewVerification, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/verifications/"
        return self.post(following.FullMatter, path, verification, key=key, if_match=if_match)

    def send_matter_back(
        self, number: int, sent_back: supervising.NewReturn, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/returns/"
        return self.post(following.FullMatter, path, sent_back, key=key, if_match=if_match)

    def close_matter(self, number: int, *, key: str = "", if_match: str = "") -> following.FullMatter:
        path = f"matters/{number}/closings/"
        return self.post(following.FullMatter, path, NewMove(), key=key, if_match=if_match)

    def suspend_matter(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/suspensions/"
        return self.post(following.FullMatter, path, why, key=key, if_match=if_match)

    def resume_matter(self, number: int, *, key: str = "", if_match: str = "") -> following.FullMatter:
        path = f"matters/{number}/resumptions/"
        return self.post(following.FullMatter, path, NewMove(), key=key, if_match=if_match)

    def cancel_matter(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/cancellations/"
        return self.post(following.FullMatter, path, why, key=key, if_match=if_match)

    def reopen_matter(
        self, number: int, reopened: supervising.NewReturn, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/reopenings/"
        return self.post(following.FullMatter, path, reopened, key=key, if_match=if_match)

    def merge_matter(
        self, number: int, merger: supervising.NewMerger, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/mergers/"
        return self.post(following.FullMatter, path, merger, key=key, if_match=if_match)

    def follow_matter(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter:
        path = f"matters/{number}/subscriptions/"
        return self.post(following.FullMatter, path, why, key=key, if_match=if_match)

    def unfollow_matter(
        self, number: int, *, key: str = "", if_match: str = ""
    ) -> following.FullMatter | None:
        path = f"matters/{number}/subscription-ends/"
        return self.post_or_hidden(following.FullMatter, path, NewMove(), key=key, if_match=if_match)

    def sign_for_part(self, number: int, *, key: str = "", if_match: str = "") -> following.MatterPart:
        path = f"matter-parts/{number}/signatures/"
        return self.post(following.MatterPart, path, NewMove(), key=key, if_match=if_match)

    def refuse_part(
        self, number: int, why: acts.NewReason, *, key: str = "", if_match: str = ""
    ) -> following.MatterPart:
        path = f"matter-parts/{number}/refusals/"
        return self.post(following.MatterPart, path, why, key=key, if_match=if_match)

    def answer_refusal(
        self, number: int, answer: supervising.NewRefusalAnswer, *, key: str = "", if_match: str = ""
    ) -> following.MatterPart:
        path = f"matter-parts/{number}/refusal-answers/"
        return self.post(following.MatterPart, path, answer, key=key, if_match=if_match)

    def split_part(
        self, number: int, split: supervising.NewPartSplit, *, key: str = "", if_match: str = ""
    ) -> following.MatterPart:
        path = f"matter-parts/{number}/splits/"
        return self.post(following.MatterPart, path, split, key=key, if_match=if_match)

    def ask_part_extension(
        self, number: int, wanted: acts.NewExtension, *, key: str = "", if_match: str = ""
    ) -> following.MatterPart:
        path = f"matter-parts/{number}/extensions/"
        return self.post(following.MatterPart, path, wanted, key=key, if_match=if_match)

    def decide_part_extension(
        self, number: int, decision: acts.NewDecision, *, key: str = "", if_match: str = ""
    ) -> following.MatterPart:
        path = f"matter-parts/{number}/extension-decisions/"
        return self.post(following.MatterPart, path, decision, key=key, if_match=if_match)

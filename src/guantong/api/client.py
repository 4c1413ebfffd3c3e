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

from guantong.api.client_acting import Acting
from guantong.api.client_entering import Entering
from guantong.api.client_handling import Handling
from guantong.api.client_reading import Reading
from guantong.api.client_supervising import Supervising
from guantong.api.connection import LoadedFile, ProblemAnswer

__all__ = ["Guantong", "LoadedFile", "ProblemAnswer"]


class Guantong(Reading, Entering, Acting, Supervising, Handling):
    """A method for every operation; `get`, `each` and `post` for whatever a newer installation has besides."""

"""Every kind of document by its name."""

from __future__ import annotations

from guantong.documents.kinds import circulars, duty_books, duty_reports, letters, minutes, reception, scores
from guantong.documents.kinds.paper import Paper

PAPERS: dict[str, Paper] = {
    str(each.kind): each
    for each in (
        circulars.PAPER,
        letters.PAPER,
        duty_reports.PAPER,
        duty_books.PAPER,
        minutes.PAPER,
        reception.PAPER,
        scores.SHEET,
        scores.NOTICE,
    )
}

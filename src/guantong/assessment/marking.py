"""What people's marks for one indicator of one unit come to: one mark, parts marked one by one, a panel's mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from django.utils.translation import gettext as _

from guantong.assessment.ledger import MarkRow
from guantong.assessment.scoring import PRECISION, ZERO, shown
from guantong.kernel.decimals import exact
from guantong.mechanisms.package import Indicator


@dataclass(frozen=True, slots=True)
class Panel:
    """How the marks of several people become one: without the ``trim`` highest and lowest, from ``least`` on."""

    trim: int
    least: int


@dataclass(frozen=True, slots=True)
class Marked:
    """Points given of points to give; ``num`` is None where too few have marked."""

    num: Decimal | None = None
    den: Decimal | None = None
    traced: list[tuple[str, int, bool]] = field(default_factory=list)
    note: str = ""


def panel_of(indicator: Indicator) -> Panel | None:
    """The panel that marks an indicator, or None where one person does."""
    rating = indicator.measure.get("rating")
    said = rating.get("panel") if isinstance(rating, Mapping) else None
    if not isinstance(said, Mapping):
        return None
    trim = int(said.get("trim", 0))
    return Panel(trim, int(said.get("min", 2 * trim + 1)))


def marked(indicator: Indicator, given: Mapping[str, Sequence[MarkRow]]) -> Marked:
    """Parts that are marked, together; a part nobody marked leaves both sides. Without parts, the mark itself."""
    panel = panel_of(indicator)
    parts = [str(part["id"]) for part in indicator.parts if str(part["id"]) in given]
    found = [_one(given[part], panel) for part in parts or [""] if part in given]
    usable = [each for each in found if each.num is not None and each.den]
    note = "；".join(each.note for each in found if each.note)
    if not usable:
        return Marked(note=note)
    return Marked(
        num=sum((each.num for each in usable if each.num is not None), ZERO),
        den=sum((each.den for each in usable if each.den is not None), ZERO),
        traced=[row for each in usable for row in each.traced],
        note=note,
    )


def _one(rows: Sequence[MarkRow], panel: Panel | None) -> Marked:
    if panel is None:
        last = rows[-1]
        return Marked(last.value, last.scale, [("marks", last.ref, True)])
    if len(rows) < max(panel.least, 2 * panel.trim + 1):
        said = _("评委 %(n)s 人，少于 %(least)s 人，暂不计分") % {"n": len(rows), "least": panel.least}
        return Marked(note=said)
    scale = rows[0].scale
    ordered = sorted(rows, key=lambda each: (each.value / each.scale, each.ref))
    kept = ordered[panel.trim : len(ordered) - panel.trim]
    with localcontext() as context:
        context.prec = PRECISION
        values = [each.value * scale / each.scale for each in kept]
        mean = sum(values, ZERO) / exact(len(kept))
    refs = {each.ref for each in kept}
    return Marked(
        mean,
        scale,
        [("marks", each.ref, each.ref in refs) for each in rows],
        _mean(len(rows), panel, values, mean),
    )


def _mean(number: int, panel: Panel, values: Sequence[Decimal], mean: Decimal) -> str:
    added = " + ".join(shown(each) for each in values)
    return _("评委 %(n)s 人，去掉最高、最低各 %(trim)s 个：(%(added)s) ÷ %(of)s = %(mean)s") % {
        "n": number,
        "trim": panel.trim,
        "added": added,
        "of": len(values),
        "mean": shown(mean),
    }

"""The score sheet of a unit or office, and the notice of its published result."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.accounts.choices import Role
from guantong.accounts.models import Office
from guantong.assessment.groups import is_ranked
from guantong.assessment.models import LineStatus, Publication, Score, ScoreLine
from guantong.assessment.queries import package_of, scores_visible_to
from guantong.assessment.standing import card_name, grade_name, in_words, standings_of
from guantong.documents.builtin.letters import result_notice as build_notice
from guantong.documents.builtin.tables import score_sheet as build_sheet
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Number, Value, closed_up, day
from guantong.documents.kinds.figures import figures_in
from guantong.documents.kinds.paper import Paper
from guantong.documents.kinds.score_fields import NOTICE_FIELDS, SHEET_FIELDS
from guantong.documents.layout.titles import broken
from guantong.kernel.decimals import plain, round_half_up


def sheet_content(item: Score) -> Content:
    lines = list(item.lines.all())
    title = f"{_whom(item)}{item.run.cycle.year}年度考核计分表"
    return Content(
        title=title,
        unit=item.unit,
        cycle=item.run.cycle,
        values=_shared(item)
        | {
            "title": broken(title),
            "lines": [_line(n, each) for n, each in enumerate(lines, start=1)],
            "steps": [{"text": closed_up(in_words(each))} for each in item.steps],
            "state": "" if _publication(item) else "尚未公布",
        },
        numbers=[
            *_totals(item),
            *(found for each in lines for found in (*_points(each), *_formula(each))),
            *(
                Number(f"step_{n}", _("合计过程"), closed_up(in_words(each)), "score", (item.pk,))
                for n, each in enumerate(item.steps, start=1)
            ),
        ],
    )


def notice_content(item: Score) -> Content:
    lost = [
        each
        for each in item.lines.all()
        if each.points is not None and each.weight is not None and each.points < each.weight
    ]
    title = f"关于{item.run.cycle.year}年度考核结果的通知"
    return Content(
        title=f"{_whom(item)}：{title}",
        unit=item.unit,
        cycle=item.run.cycle,
        values=_shared(item)
        | {
            "title": broken(title),
            "number": "",
            "mark": f"{_body(item)}文件",
            "to": _whom(item),
            "lost": [_line(n, each) for n, each in enumerate(lost, start=1)],
        },
        numbers=[*_totals(item), *(found for each in lost for found in _points(each))],
    )


def _whom(item: Score) -> str:
    return item.office.title if item.office else item.unit.name


def _publication(item: Score) -> Publication | None:
    return getattr(item.run, "publication", None)


def _body(item: Score) -> str:
    """Who issues it: the body whose office asked for the publication, else the one that coordinates the cycle."""
    publication, cycle = _publication(item), item.run.cycle
    office = publication.approval.asked_by if publication else None
    if office is None:
        seats = Office.objects.filter(role=Role.COORDINATOR, scope=cycle.unit).select_related("unit")
        office = seats.order_by("pk").first()
    return str(office.unit.name if office else cycle.unit.name)


def _shared(item: Score) -> dict[str, Value]:
    package = package_of(item.run)
    card = package.scorecard(item.scorecard)
    [placed] = standings_of([item])
    publication = _publication(item)
    on = timezone.localdate(publication.published_at) if publication else item.run.as_of
    said = f"在{placed.number}个有得分的可比对象中列第{item.rank}位（第{item.band}档）" if item.rank else ""
    return {
        "whom": _whom(item),
        "card": card_name(card.of, package),
        "year": str(item.run.cycle.year),
        "as_of": day(item.run.as_of),
        "total": format(item.total, "f") if item.total is not None else f"未计分（{placed.none_label}）",
        "grade": str(grade_name(item.grade)) if item.grade else "",
        "rank": str(item.rank or ""),
        "band": str(item.band or ""),
        "group_size": str(placed.number) if is_ranked(card) else "",
        "standing": said or closed_up(placed.why.rstrip("。")),
        "signer": _body(item),
        "date": day(on),
    }


def _totals(item: Score) -> list[Number]:
    found = [("total", _("得分"), format(item.total, "f") if item.total is not None else "")]
    found += [("rank", _("位次"), str(item.rank or "")), ("band", _("分档"), str(item.band or ""))]
    [placed] = standings_of([item])
    if item.rank:
        found.append(("group_size", _("可比对象数"), str(placed.number)))
    numbers = [Number(key, label, value, "score", (item.pk,)) for key, label, value in found if value]
    if not item.rank:
        numbers += figures_in(closed_up(placed.why), "standing", "score", (item.pk,))
    return numbers


def _line(n: int, line: ScoreLine) -> dict[str, str]:
    status = "" if line.status == LineStatus.MEASURED else str(LineStatus(line.status).label)
    return {
        "n": str(n),
        "title": line.title_zh,
        "weight": plain(line.weight) if line.weight is not None else "—",
        "formula": "；".join(filter(None, (status, line.formula))) or "—",
        "points": _shown(line),
    }


def _shown(line: ScoreLine) -> str:
    return plain(round_half_up(line.points)) if line.points is not None else "不计"


def _points(line: ScoreLine) -> list[Number]:
    """What a line is worth and what it got."""
    found = [("points", _("得分"), _shown(line))]
    if line.weight is not None:
        found.append(("weight", _("权重"), plain(line.weight)))
    return [_of_line(line, key, f"{line.title_zh} · {label}", value) for key, label, value in found]


def _formula(line: ScoreLine) -> list[Number]:
    return [_of_line(line, "formula", f"{line.title_zh} · {_('算式')}", line.formula)] if line.formula else []


def _of_line(line: ScoreLine, key: str, label: str, value: str) -> Number:
    return Number(f"line_{line.indicator}_{key}"[:80], label, value, "score-line", (line.pk,))


def against_notice(item: Score) -> str:
    if not package_of(item.run).scorecard(item.scorecard).grades:
        return _("这一类对象只列事实，不出结果通知。")
    return "" if hasattr(item.run, "publication") else _("考核结果公布以后才能出结果通知。")


def against_public(item: Score) -> str:
    if item.office_id:
        return _("对岗位的考核结果不出公开用的一份。")
    return against_notice(item)


SHEET = Paper(Kind.SCORE_SHEET, SHEET_FIELDS, scores_visible_to, sheet_content, build_sheet, "score")
NOTICE = Paper(
    Kind.RESULT_NOTICE, NOTICE_FIELDS, scores_visible_to, notice_content, build_notice, "score",
    against=against_notice, against_public=against_public,
)  # fmt: skip

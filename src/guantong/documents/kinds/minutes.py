"""Minutes: who was called and came, in numbers; the agenda; what was decided, each with its task. Nobody is named."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.documents.builtin.reports import minutes as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, clock_time, day
from guantong.documents.kinds.figures import figures_in
from guantong.documents.kinds.paper import DATE, MARK, SIGNER, TITLE, Paper
from guantong.documents.layout.titles import broken
from guantong.leadership.choices import LineKind, MeetingStage
from guantong.leadership.models import Meeting, MinuteLine
from guantong.leadership.queries.lines import lines_of
from guantong.leadership.queries.meetings import (
    Attendance,
    attendance_of,
    meetings_visible_to,
    offices_present,
)

FIELDS = (
    TITLE, MARK, SIGNER, DATE,
    Field("kind", "会议类型"), Field("held_on", "会议日期", must=True), Field("time", "会议时间"),
    Field("place", "地点"), Field("chair", "主持"), Field("called_by", "召集单位"),
    Field("asked", "应到数"), Field("present", "实到数"), Field("on_leave", "请假数"), Field("outside", "来宾数"),
    Field("attending", "出席"),
    Field("agenda", "议题", (Field("n", "序号"), Field("title", "名称"), Field("reporter", "汇报"))),
    Field("texts", "会议记录", (Field("text", "段落"),)),
    Field(
        "lines", "议定事项",
        (Field("n", "序号"), Field("kind", "种类"), Field("wording", "内容"), Field("lead", "牵头单位"),
         Field("cooperating", "配合单位"), Field("due", "期限"), Field("assigned", "分工")),
        must=True,
    ),
)  # fmt: skip


def content(item: Meeting) -> Content:
    counted = attendance_of(item, item.invitations.select_related("office__unit", "stand_in"))
    lines = list(lines_of([item]))
    by = item.body.name if item.body else item.unit.name
    title = f"{item.title}纪要"
    return Content(
        title=title,
        unit=item.unit,
        cycle=item.cycle,
        values={
            "title": broken(title),
            "mark": f"{by}会议纪要",
            "signer": by,
            "date": day(timezone.localdate(item.minuted_at) if item.minuted_at else item.day),
            "kind": item.get_kind_display(),
            "held_on": day(item.day),
            "time": "—".join(filter(None, (clock_time(item.starts_at), clock_time(item.ends_at)))),
            "place": item.place,
            "chair": item.chair.title if item.chair else "",
            "called_by": item.called_by.unit.name,
            "asked": str(counted.asked),
            "present": str(counted.present),
            "on_leave": str(counted.on_leave or ""),
            "outside": str(item.outside or ""),
            "attending": "、".join(f"{each.unit.name}{each.title}" if each.unit.name not in each.title
                                   else each.title for each in offices_present(item)),
            "agenda": [
                {"n": str(n), "title": each.title, "reporter": each.reporter.title if each.reporter else ""}
                for n, each in enumerate(item.agenda.select_related("reporter"), start=1)
            ],
            "texts": [{"text": each.strip()} for each in item.minutes.splitlines() if each.strip()],
            "lines": [_row(n, each) for n, each in enumerate(lines, start=1)],
        },
        numbers=[*_counts(item, counted), *_typed(item), *_becomings(item, lines)],
    )  # fmt: skip


def _row(n: int, line: MinuteLine) -> dict[str, str]:
    lead = line.lead.name if line.lead else ""
    cooperating = "、".join(each.name for each in line.cooperating.all())
    said = [f"牵头单位：{lead}" if lead else "", f"配合单位：{cooperating}" if cooperating else ""]
    said.append(f"完成时限：{day(line.due_on)}" if line.due_on else "")
    assigned = "；".join(filter(None, said))
    return {
        "n": str(n),
        "kind": str(LineKind(line.kind).label),
        "wording": line.wording.rstrip("。"),
        "lead": lead,
        "cooperating": cooperating,
        "due": day(line.due_on),
        "assigned": f"（{assigned}）" if assigned else "",
    }


def _counts(item: Meeting, counted: Attendance) -> list[Number]:
    """Those that stand on the paper: nobody on leave and no guests are not mentioned."""
    figures = (
        ("asked", _("应到"), counted.asked),
        ("present", _("实到"), counted.present),
        ("on_leave", _("请假"), counted.on_leave or None),
        ("outside", _("来宾"), item.outside or None),
    )
    return [
        Number(key, label, str(each), "meeting", (item.pk,))
        for key, label, each in figures
        if each is not None
    ]


def _typed(item: Meeting) -> list[Number]:
    """The figures in what was minuted: they are the words of the meeting."""
    return figures_in(item.minutes, "minutes", "meeting", (item.pk,))


def _becomings(item: Meeting, lines: list[MinuteLine]) -> list[Number]:
    """The day and the figures of each line, with the task that it became."""
    found = []
    for each in lines:
        page: tuple[str, tuple[int, ...]] = ("meeting", (item.pk,))
        if each.task_id:
            page = ("task", (each.task_id,))
        if each.due_on:
            found.append(Number(f"line_{each.pk}_due", each.wording[:200], day(each.due_on), *page))
        found += figures_in(each.wording, f"line_{each.pk}", *page)
    return found


def against(item: Meeting) -> str:
    if item.stage != MeetingStage.HELD:
        return _("会议召开以后才能出会议纪要。")
    if not item.minutes and not item.lines.exists():
        return _("还没有写会议记录和议定事项。")
    return ""


PAPER = Paper(Kind.MINUTES, FIELDS, meetings_visible_to, content, build, "meeting", against=against)

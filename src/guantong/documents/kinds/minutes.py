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
    TITLE,
    MARK,
    SIGNER,
    DATE,
    Field("kind", "会议类型", eg="部署会议"),
    Field("held_on", "会议日期", must=True, eg="2026年2月14日"),
    Field("time", "会议时间", eg="9:00—11:00", is_optional=True),
    Field("place", "地点", eg="市委一会议室", is_free=True, is_optional=True),
    Field("chair", "主持", eg="领导小组组长", is_optional=True),
    Field("called_by", "召集单位", eg="市委工作领导小组办公室"),
    Field("asked", "应到数", eg="16"),
    Field("present", "实到数", eg="13"),
    Field("on_leave", "请假数", eg="3", is_optional=True),
    Field("outside", "来宾数", eg="2", is_optional=True),
    Field(
        "attending",
        "出席",
        eg="领导小组组长、市发展和改革委员会主要负责人、东胜区第一责任人",
        is_optional=True,
    ),
    Field(
        "agenda",
        "议题",
        (
            Field("n", "序号", eg="1"),
            Field("title", "名称", eg="通报工作进展", is_free=True),
            Field("reporter", "汇报", eg="市发展和改革委员会主要负责人", is_optional=True),
        ),
    ),
    Field(
        "texts",
        "会议记录",
        (
            Field(
                "text", "段落", eg="会议听取了工作情况汇报，研究了存在的问题，明确了下一步任务", is_free=True
            ),
        ),
    ),
    Field(
        "lines",
        "议定事项",
        (
            Field("n", "序号", eg="1"),
            Field("kind", "种类", eg="决定事项"),
            Field("wording", "内容", eg="逐户核对欠款台账", is_free=True),
            Field("lead", "牵头单位", eg="市发展和改革委员会", is_optional=True),
            Field("cooperating", "配合单位", eg="市财政局、市审计局", is_optional=True),
            Field("due", "期限", eg="2026年4月5日", is_optional=True),
            Field(
                "assigned",
                "分工",
                eg="（牵头单位：市发展和改革委员会；完成时限：2026年4月5日）",
                is_optional=True,
            ),
        ),
        must=True,
    ),
)


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

"""The supervision letter: what is to be done, by whom, by when, and how progress is told."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.documents.builtin.letters import supervision_letter as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, Value, day
from guantong.documents.kinds.figures import figures_in
from guantong.documents.kinds.paper import DATE, MARK, NUMBER, SIGNER, TITLE, TO, Paper
from guantong.documents.layout.titles import broken
from guantong.kernel.decimals import plain
from guantong.supervision.choices import PartStage
from guantong.supervision.models import Matter, MatterPart
from guantong.supervision.operations.waist import kind_of
from guantong.supervision.queries.matters import matters_visible_to, number_text

FIELDS = (
    TITLE,
    NUMBER,
    MARK,
    TO,
    SIGNER,
    DATE,
    Field("matter", "事项", must=True, eg="清理拖欠民营企业账款", is_free=True),
    Field("kind", "事项类别", eg="会议议定"),
    Field("basis", "依据", eg="市政府常务会议纪要〔2026〕4号"),
    Field("detail", "具体要求", eg="逐户核对欠款台账，按月报送清偿进度", is_free=True, is_optional=True),
    Field("due", "办结期限", must=True, eg="2026年12月31日"),
    Field("sign_by", "签收期限", eg="2026年12月3日", is_optional=True),
    Field("report_days", "反馈间隔", eg="14", is_optional=True),
    Field("unit_count", "承办单位数", eg="3"),
    Field(
        "parts",
        "承办单位",
        (
            Field("n", "序号", eg="1"),
            Field("unit", "单位", eg="市发展和改革委员会"),
            Field("part", "承担方式", eg="配合"),
            Field("wording", "任务", eg="核对台账并提出清偿计划", is_free=True),
            Field("target", "目标", eg="36.5万元", is_optional=True),
            Field("due", "期限", eg="2026年12月31日"),
        ),
        must=True,
    ),
)

INNER = str.maketrans("“”", "‘’")  # marks within marks


def content(item: Matter) -> Content:
    parts = list(
        item.parts.filter(parent=None)
        .exclude(stage=PartStage.WITHDRAWN)
        .select_related("unit")
        .order_by("pk")
    )
    by = item.issued_by.unit.name
    kind = kind_of(item)
    first = item.steps.order_by("taken_at", "pk").filter(verb="dispatch").first()
    date = timezone.localdate(first.taken_at if first else item.drafted_at)
    matter = item.title.translate(INNER)
    title = f"关于督办“{matter}”的通知"
    signs = [each.sign_by for each in parts if each.sign_by]
    values: dict[str, Value] = {
        "title": broken(title),
        "number": number_text(item),
        "mark": f"{by}督办通知",
        "to": "、".join(each.unit.name for each in parts),
        "matter": matter,
        "kind": kind.name.zh,
        "basis": item.basis.rstrip("。"),
        "detail": item.detail.strip(),
        "due": day(item.due_on),
        "sign_by": day(min(signs) if signs else None),
        "report_days": str(kind.report_days or ""),
        "unit_count": str(len(parts)),
        "signer": by,
        "date": day(date),
        "parts": [_row(n, each) for n, each in enumerate(parts, start=1)],
    }
    return Content(
        title=title,
        unit=item.cycle.unit,
        cycle=item.cycle,
        reference=number_text(item),
        values=values,
        numbers=_numbers(item, parts, values),
    )


def _row(n: int, part: MatterPart) -> dict[str, str]:
    return {
        "n": str(n),
        "unit": part.unit.name,
        "part": part.get_part_display(),
        "wording": part.wording or part.matter.title,
        "target": _target(part),
        "due": day(part.due_on),
    }


def _target(part: MatterPart) -> str:
    return f"{plain(part.target)}{part.target_unit}" if part.target is not None else ""


def _numbers(item: Matter, parts: list[MatterPart], values: Mapping[str, Value]) -> list[Number]:
    labels = {
        "due": _("办结期限"), "unit_count": _("承办单位数"), "sign_by": _("签收期限"), "report_days": _("反馈间隔（日）"),
    }  # fmt: skip
    found = [
        Number(key, label, str(values[key]), "matter", (item.pk,))
        for key, label in labels.items()
        if values[key]
    ]
    found += figures_in(item.title, "title", "matter", (item.pk,))
    found += figures_in(item.detail, "detail", "matter", (item.pk,))
    for each in parts:
        page: tuple[str, tuple[int, ...]] = ("matter", (item.pk,))
        if each.obligation_id:
            page = ("obligation", (each.obligation_id,))
        found.append(
            Number(f"part_{each.pk}_due", f"{each.unit.name} · {_('期限')}", day(each.due_on), *page)
        )
        if each.target is not None:
            label = f"{each.unit.name} · {_('目标')}"
            found.append(Number(f"part_{each.pk}_target", label, _target(each), *page))
        found += figures_in(each.wording, f"part_{each.pk}_wording", *page)
    return found


def against(item: Matter) -> str:
    return "" if item.number else _("事项立项编号以后才能出督办通知。")


PAPER = Paper(Kind.SUPERVISION_LETTER, FIELDS, matters_visible_to, content, build, "matter", against=against)

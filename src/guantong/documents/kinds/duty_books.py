"""The duty book of a unit for the year: every duty of every office, how often, how long, and the signature."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.documents.builtin.tables import duty_book as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, day
from guantong.documents.kinds.paper import DATE, SIGNER, TITLE, Paper
from guantong.documents.layout.titles import broken
from guantong.duties.models import DutyList, ListState
from guantong.duties.queries import duty_lists_visible_to

FIELDS = (
    TITLE,
    SIGNER,
    DATE,
    Field("unit", "单位", eg="市发展和改革委员会"),
    Field("mechanism", "机制", eg="重点工作责任机制"),
    Field("year", "年度", eg="2026"),
    Field("duty_count", "职责数", eg="16"),
    Field("times", "全年填报次数", eg="59"),
    Field("minutes", "全年用时", eg="429"),
    Field("sign_by", "签收期限", eg="2026年2月28日", is_optional=True),
    Field("signed_office", "签收岗位", eg="主要负责人", is_optional=True),
    Field("signed_on", "签收日期", eg="2026年2月4日", is_optional=True),
    Field("state", "状态", eg="已签收"),
    Field(
        "duties",
        "职责清单",
        (
            Field("n", "序号", eg="1"),
            Field("office", "岗位", eg="主要负责人"),
            Field("text", "职责", eg="参加会议、座谈和调研活动，研究部署工作", is_free=True),
            Field("times", "次数", eg="59"),
            Field("minutes", "每次用时", eg="429"),
        ),
        must=True,
    ),
)


def content(item: DutyList) -> Content:
    rows = list(
        item.items.filter(withdrawn=False)
        .select_related("office", "about")
        .order_by("office__number", "office", "duty", "about__path")
    )
    times, minutes = sum(each.times for each in rows), sum(each.times * each.minutes for each in rows)
    signature = getattr(item, "signature", None)
    title = f"{item.unit.name}{item.cycle.year}年度责任清单"
    by = item.issued_at or item.cycle.opened_at
    return Content(
        title=title,
        unit=item.unit,
        cycle=item.cycle,
        values={
            "title": broken(title),
            "unit": item.unit.name,
            "mechanism": str(item.cycle.stored.name),
            "year": str(item.cycle.year),
            "duty_count": str(len(rows)),
            "times": str(times),
            "minutes": str(minutes),
            "sign_by": day(item.sign_by),
            "signed_office": signature.office.title if signature and signature.office else "",
            "signed_on": day(signature.signed_on) if signature else "",
            "state": str(ListState(item.state).label),
            "signer": item.unit.name,
            "date": day(signature.signed_on if signature else timezone.localdate(by)),
            "duties": [
                {
                    "n": str(n),
                    "office": each.office.title,
                    "text": each.text_zh,
                    "times": str(each.times) if each.times else "随时",
                    "minutes": f"{each.minutes}分钟",
                }
                for n, each in enumerate(rows, start=1)
            ],
        },
        numbers=[
            Number("duty_count", _("职责数"), str(len(rows)), "duty-list", (item.pk,)),
            Number("times", _("全年填报次数"), str(times), "duty-list", (item.pk,)),
            Number("minutes", _("全年用时（分钟）"), str(minutes), "duty-list", (item.pk,)),
            *(
                Number(f"duty_{each.pk}", f"{each.office.title} · {each.text_zh}"[:200],
                       _("%(times)s 次，每次 %(minutes)s 分钟") % {"times": each.times, "minutes": each.minutes},
                       "duty-list", (item.pk,))
                for each in rows
            ),
        ],
    )  # fmt: skip


def against_public(item: DutyList) -> str:
    return "" if item.is_signed else _("清单签收以后才有公开用的一份。")


PAPER = Paper(
    Kind.DUTY_BOOK, FIELDS, duty_lists_visible_to, content, build, "duty-list", against_public=against_public
)

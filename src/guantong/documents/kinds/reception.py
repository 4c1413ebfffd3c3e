"""The reception notice: the published days of a body in a month, from any one of them. Nothing about who comes."""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.documents.builtin.tables import reception_notice as build
from guantong.documents.choices import Kind
from guantong.documents.content import Content, Field, Number, clock_time, day
from guantong.documents.kinds.paper import DATE, SIGNER, TITLE, Paper
from guantong.documents.layout.titles import broken
from guantong.reception.models import ReceptionDay
from guantong.reception.queries.days import WITH, days_visible_to

FIELDS = (
    TITLE,
    SIGNER,
    DATE,
    Field("unit", "接待单位", eg="市委工作领导小组"),
    Field("month", "月份", eg="2026年9月"),
    Field("day_count", "接待日数", eg="3"),
    Field("place_count", "名额合计", eg="30"),
    Field(
        "days",
        "接待安排",
        (
            Field("n", "序号", eg="1"),
            Field("date", "日期", eg="9月15日"),
            Field("weekday", "星期", eg="星期二"),
            Field("time", "时间", eg="9:00—11:30"),
            Field("place", "地点", eg="市民服务中心一楼接待室", is_free=True, is_optional=True),
            Field("office", "接待领导", eg="领导小组组长"),
            Field("portfolio", "分管工作", eg="民营经济、招商引资", is_free=True, is_optional=True),
            Field("places", "名额", eg="10"),
            Field("note", "备注", eg="请提前预约", is_free=True, is_optional=True),
        ),
        must=True,
    ),
)
WEEKDAYS = "一二三四五六日"


def of_the_month(item: ReceptionDay) -> QuerySet[ReceptionDay]:
    """The published days of the same body in the same month, cancelled ones too: people may have planned for them."""
    return (
        ReceptionDay.objects.filter(
            cycle=item.cycle_id,
            host__unit=item.host.unit_id,
            day__year=item.day.year,
            day__month=item.day.month,
            published_at__isnull=False,
        )
        .select_related(*WITH)
        .annotate(n_places=Sum("slots__capacity"))
        .order_by("day", "starts_at", "pk")
    )


def content(item: ReceptionDay) -> Content:
    days = list(of_the_month(item))
    open_days = [each for each in days if each.cancelled_at is None]
    places = sum(_places(each) for each in open_days)
    by, month = item.host.unit.name, f"{item.day.year}年{item.day.month}月"
    title = f"{by}{month}领导接待日安排的公告"
    published = max((each.published_at for each in days if each.published_at), default=None)
    return Content(
        title=title,
        unit=item.host.unit,
        cycle=item.cycle,
        values={
            "title": broken(f"关于{title}"),
            "signer": by,
            "unit": by,
            "month": month,
            "date": day(timezone.localdate(published) if published else item.day),
            "day_count": str(len(open_days)),
            "place_count": str(places),
            "days": [_row(n, each) for n, each in enumerate(days, start=1)],
        },
        numbers=[
            Number("day_count", _("接待日数"), str(len(open_days)), "reception-days", ()),
            Number("place_count", _("名额合计"), str(places), "reception-days", ()),
            *(
                Number(f"day_{each.pk}", f"{day(each.day)} {each.receiver.title} · {_('名额')}",
                       str(_places(each)), "reception-day", (each.pk,))
                for each in days
            ),
        ],
    )  # fmt: skip


def _places(each: ReceptionDay) -> int:
    """As `of_the_month` counted them."""
    return int(getattr(each, "n_places", 0) or 0)


def _row(n: int, each: ReceptionDay) -> dict[str, str]:
    return {
        "n": str(n),
        "date": f"{each.day.month}月{each.day.day}日",
        "weekday": f"星期{WEEKDAYS[each.day.weekday()]}",
        "time": f"{clock_time(each.starts_at)}—{clock_time(each.ends_at)}",
        "place": each.place,
        "office": each.receiver.title,
        "portfolio": each.portfolio,
        "places": str(_places(each)),
        "note": f"已取消（{each.reason}）" if each.cancelled_at else "",
    }


def against(item: ReceptionDay) -> str:
    return "" if item.published_at else _("接待日公布以后才能出公告。")


PAPER = Paper(
    Kind.RECEPTION_NOTICE, FIELDS, days_visible_to, content, build, "reception-day",
    against=against, against_public=against,
)  # fmt: skip

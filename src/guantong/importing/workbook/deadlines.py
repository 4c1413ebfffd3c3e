"""What a deadline cell says: its kind, its dates, the rule – or that a person must decide."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from guantong.importing.workbook.numerals import plain_text
from guantong.importing.workbook.spellings import respelt, without_time
from guantong.kernel.periods import month_end

DUE, SPAN, ONGOING, RECURRING = "due", "span", "ongoing", "recurring"
MILESTONES, RELATIVE, IMMEDIATE, EXTERNAL = "milestones", "relative", "immediate", "external"
NONE, UNKNOWN = "none", "unknown"


@dataclass(frozen=True)
class Deadline:
    """``value`` is the understanding in one notation: days, ``quarterly``, ``monthly:15``, ``20 working days``.

    ``dates``: one for ``due``, several for ``milestones``, start and end for a ``span`` that has them.
    ``goals`` are what each date asks for; ``flags`` what a person should look at.
    """

    kind: str
    dates: list[dt.date] = field(default_factory=list)
    value: str = ""
    text: str = ""
    flags: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)


class ImpossibleDateError(ValueError):
    """A day that no calendar has, such as 2月30日."""


@dataclass(frozen=True)
class Context:
    base_year: int
    issued_on: dt.date | None = None


VAGUE = re.compile(
    r"见成效|取得(明显|阶段性|初步)?(成效|进展)|基本|力争|争取|原则上|左右|适时|尽快|及时|抓紧"
)
ONLY_VAGUE = re.compile(
    r"^(适时|尽快|尽早|及时|抓紧|择机|视情|待定|另行通知|根据.*情况.*|结合实际.*)(推进|办理|完成|启动|实施|开展)?$"
)
IMMEDIATE_WORDS = re.compile(
    r"立行立改|即知即改|边查边改|立查立改|立即|即时|马上|即行|当即|即刻|随到随办|即办"
)
EXTERNAL_WORDS = re.compile(
    r"^(按|按照|根据|依据|依照|以|待|与)?.*(自治区|省|国家|中央|上级|部委|国务院|盟市|市委|市政府|市里|全市|全区|全省|统一|领导小组|相关文件|有关规定|文件|方案|合同|批复|规划|计划)"
    r".*(要求|部署|安排|通知|规定|时限|时间|为准|下达|同步|节点|进度|执行|约定)"
)
ONGOING_WORDS = re.compile(
    r"持续|长期|常态|经常性|不断|日常|全程|全周期|贯穿|随时|始终|坚持|不间断|滚动|动态|连续推进|一以贯之|久久为功|适时更新|长效"
)
PER_WORDS: tuple[tuple[str, str], ...] = (
    (r"每(个)?(工作)?[日天]|逐日|按日|日报", "daily"),
    (r"每(一)?(个)?周|逐周|按周|周报|每星期|每(个)?礼拜", "weekly"),
    (r"每(个)?旬|逐旬|按旬|旬报|每10天", "ten-daily"),
    (r"每(两|2|二)个?月|双月|隔月", "bimonthly"),
    (r"每半(个)?年|半年(报|一次|1次|度)|按半年", "half-yearly"),
    (r"每(个)?季(度)?|逐季|按季(度)?|季报|(?<![1-4一二三四第])季度(报|末|一次|1次|报送|通报|调度)|每3个月|每三个月", "quarterly"),
    (r"每(个)?月|逐月|按月|月报|月度|每30天", "monthly"),
    (r"每(1|一)?(个)?年(度)?|逐年|按年(度)?|年报|一年一次|每12个月", "yearly"),
)  # fmt: skip
SPANS_IN_YEARS = re.compile(r"(未来|今后|用)?(\d+)(?:[至\-—~到](\d+))?年(内|之内|时间|左右|期)")
RELATIVE_WORDS = re.compile(
    r"(?:(?:收到|接到|接|自|从|经|在)?(?P<from>[^0-9]{0,24}?)(?:之日)?(?:起|后|之后|以后|起算)?(?:的)?)?"
    r"(?P<number>\d+|半)(?P<unit>个?工作日|个?自然日|个?日历日|日|天|个月|月|周|个星期|星期|小时|年)(?:(?:之?内|以内|内|前)|(?<=[作然]日)$)"
)
RELATIVE_FROM = re.compile(
    r"收到|接到|接报|下发|印发|发布|公布|通知|批复|批准|通过|之日起|起算|签订|立项|开工|受理|反馈|会后|会议后|结束后|发生后|交办|指出|后(?=\d)|起(?=\d)"
)
DATE = re.compile(
    r"(?:(?P<year>\d{4}|\d{2}(?=年))[年./\-]|(?P<relative>今年|本年度?|当年|明年|次年|下年|翌年|来年|后年|去年))?"
    r"(?P<month>\d{1,2})(?:月(?:份)?|[./\-](?=\d))"
    r"(?:(?P<day>\d{1,2})(?:日|号)?(?!\d|%|个|项)|(?P<part>上旬|中旬|下旬|初|中|底|末|月底|月末))?"
)
COMPACT = re.compile(r"(?<!\d)(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)")
WHOLE = re.compile(r"(?P<year>\d{4})年?(?P<word>全年|年内|年底|年末|年度内|年终|年中|底前|底|末|内)")
HALF = re.compile(
    r"(?:(?P<year>\d{4})年|(?P<relative>今年|明年|次年|本年))?(?P<half>上半年|下半年)(末|底|内|前)?"
)
QUARTER = re.compile(
    r"(?:(?P<year>\d{4})年|(?P<relative>今年|明年|次年|本年))?(?:第)?(?P<quarter>[1-4一二三四])季度(?:末|底|内|前|结束前)?"
)
YEAR_END = re.compile(
    r"(?:(?P<relative>今年|明年|次年|本年度?|当年|来年|后年))?"
    r"(?<![\d半])(?P<word>年底|年末|年内|年度内|年终|本年度|当年内|全年度内|岁末|年中)(?!内?第)"
)
NEXT_YEAR_END = re.compile(r"(?P<relative>今年|明年|次年|来年|后年)(?=$|内|前|以内|完成|全面|基本|底)")
PLAIN_YEAR = re.compile(r"(?<!\d)(?P<year>20\d{2})年?(?:前|内|以内|完成|$)")
FEASTS: tuple[tuple[str, int, int], ...] = (
    ("元旦", 1, 1), ("三八", 3, 8), ("五一|劳动节", 5, 1), ("五四|青年节", 5, 4), ("六一|儿童节", 6, 1),
    ("七一|建党节", 7, 1), ("八一|建军节", 8, 1), ("教师节", 9, 10), ("国庆节?|十一(?=前|黄金周|假期)", 10, 1),
)  # fmt: skip
LUNAR = re.compile(
    r"春节|清明|端午|中秋|重阳|元宵|除夕|小年|两会|汛期|开学|封冻|采暖期|供暖期|开犁|备耕|双节|高考|中考"
)
OF_A_MONTH = re.compile(
    r"^(?P<which>本|当|这个|下|次)个?月(?:(?P<day>\d{1,2})[日号]?|(?P<part>上旬|中旬|下旬|初|底|末))?(?:之|以)?(?:前|内|完成|$)"
)
YEAR_SPAN = re.compile(r"(20\d{2})年?[\-—–~至到]+(20\d{2})年?")
MONTH_SPAN = re.compile(
    r"^(?:(\d{4})年)?(\d{1,2})(?:月|\.)?(?:(\d{1,2})日?)?[\-—–~至到]+(?:(\d{4})年|(次年|明年|翌年))?(\d{1,2})月(?:(\d{1,2})日|(底|末|上旬|中旬|下旬))?(?:底|末)?"
)
PLAN_PERIOD = {"十四五": (2021, 2025), "十五五": (2026, 2030), "十三五": (2016, 2020)}
GOAL = re.compile(r"^(?:日?(?:\d{1,2}[时点])?(?:\(含\))?(?:之|以)?前|止|内|底|末|[，,：:、\s]|各一次|分别)*")
NO_GOAL = {"", "完成", "办结", "完成任务", "达到", "并"}
SPLIT = re.compile(
    r"[；;。\n]|[，,、](?=(?:到|至|在|并于|于)?(?:\d{4}年|\d{1,2}月|上半年|下半年|年底|年末|年内|年中|明年|次年|今年|第?[1-4一二三四]季度|\d+[./]\d+))"
)
WEEKDAYS = re.compile(r"周[1-7一二三四五六日天]")


def read_deadline(text: object, *, base_year: int, issued_on: dt.date | None = None) -> Deadline:
    """Understand one cell. Dates without a year are of ``base_year``; never raises on what it says."""
    if isinstance(text, dt.datetime):
        text = text.date()
    if isinstance(text, dt.date):
        return Deadline(DUE, [text], text.isoformat(), text.isoformat())
    original = "" if text is None else str(text).strip()
    flat = respelt(plain_text(without_time(original)))
    if not flat or flat in {"-", "—", "/", "无", "——"}:
        return Deadline(NONE, text=original)
    context = Context(base_year, issued_on)
    try:
        found = _read(flat, context)
    except ImpossibleDateError:
        return Deadline(UNKNOWN, text=original, flags=["impossible_date"])
    except (ValueError, OverflowError):
        return Deadline(UNKNOWN, text=original)
    flags = list(found.flags)
    if VAGUE.search(flat) and "vague" not in flags:
        flags.append("vague")
    return Deadline(found.kind, found.dates, found.value, original, flags, found.goals)


def _read(flat: str, context: Context) -> Deadline:
    if ONLY_VAGUE.match(flat):
        return Deadline(UNKNOWN)
    readers: tuple[Callable[[str, Context], Deadline | None], ...] = (
        _recurring,
        _of_a_month,
        _from_a_day,
        _relative,
        _plan_period,
        _year_span,
        _month_span,
        _listed_months,
        _several,
        _whole_year,
        _years,
        _one_date,
        _immediate,
        _external,
        _ongoing,
    )
    for reader in readers:
        found = reader(flat, context)
        if found:
            return found
    return Deadline(UNKNOWN)


def _due(day: dt.date, flat: str, *, goal: str = "") -> Deadline:
    """One date; what goes on afterwards or is vague about it is flagged."""
    flags = ["ongoing_after"] if ONGOING_WORDS.search(flat) else []
    return Deadline(DUE, [day], day.isoformat(), flags=flags, goals=[goal] if goal else [])


def _dates_deadline(pairs: list[tuple[dt.date, str]], flat: str) -> Deadline:
    merged: dict[dt.date, str] = {}
    for day, goal in pairs:
        merged[day] = "；".join(filter(None, [merged.get(day, ""), goal]))
    days = sorted(merged)
    if len(days) == 1:
        return _due(days[0], flat)
    flags = ["ongoing_after"] if ONGOING_WORDS.search(flat) else []
    goals = [merged[day] for day in days]
    value = ";".join(day.isoformat() for day in days)
    return Deadline(MILESTONES, days, value, flags=flags, goals=goals if any(goals) else [])


# --- dates -------------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ImpossibleDateError(f"{year}-{month}-{day}") from error


def _year_of(groups: dict[str, str | None], context: Context) -> int:
    if groups.get("year"):
        year = int(str(groups["year"]))
        return year + 2000 if year < 100 else year
    shift = {"明年": 1, "次年": 1, "下年": 1, "翌年": 1, "来年": 1, "后年": 2, "去年": -1}
    return context.base_year + shift.get(str(groups.get("relative") or ""), 0)


def _date_of(match: re.Match[str], context: Context) -> dt.date:
    groups = match.groupdict()
    year, month = _year_of(groups, context), int(match["month"])
    if not 1 <= month <= 12:
        raise ImpossibleDateError(match[0])
    if groups.get("day"):
        return _day(year, month, int(match["day"]))
    part = groups.get("part") or ""
    if part in {"上旬", "初"}:
        return _day(year, month, 10)
    if part == "中旬":
        return _day(year, month, 20)
    if part == "中":
        return _day(year, month, 15)
    return month_end(year, month)


def _find_dates(flat: str, context: Context) -> list[tuple[int, int, dt.date]]:
    """Every date in the text: (start, end, day), in order, none inside another."""
    found: list[tuple[int, int, dt.date]] = []
    taken: list[tuple[int, int]] = []

    def take(match: re.Match[str], day: dt.date) -> None:
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            found.append((match.start(), match.end(), day))

    for match in COMPACT.finditer(flat):
        take(match, _day(int(match["year"]), int(match["month"]), int(match["day"])))
    for match in DATE.finditer(flat):
        if not _is_number_with_dot(match, flat):
            take(match, _date_of(match, context))
    for match in QUARTER.finditer(flat):
        quarter = (
            int(match["quarter"]) if match["quarter"].isdigit() else "一二三四".index(match["quarter"]) + 1
        )
        take(match, month_end(_year_of(match.groupdict(), context), quarter * 3))
    for match in HALF.finditer(flat):
        year = _year_of(match.groupdict(), context)
        take(match, month_end(year, 6 if match["half"] == "上半年" else 12))
    for match in WHOLE.finditer(flat):
        take(
            match,
            dt.date(int(match["year"]), 6, 30)
            if match["word"] == "年中"
            else dt.date(int(match["year"]), 12, 31),
        )
    for match in YEAR_END.finditer(flat):
        year = _year_of(match.groupdict(), context)
        take(match, dt.date(year, 6, 30) if match["word"] == "年中" else dt.date(year, 12, 31))
    for words, month, day in FEASTS:
        for match in re.finditer(f'[“"]?(?:{words})[”"]?(?=前|之前|以前|期间|当天|$)', flat):
            take(match, _day(context.base_year, month, day))
    for pattern in (NEXT_YEAR_END, PLAIN_YEAR):
        for match in pattern.finditer(flat):
            take(match, dt.date(_year_of(match.groupdict(), context), 12, 31))
    return sorted(found)


def _is_number_with_dot(match: re.Match[str], flat: str) -> bool:
    """``11.88亿`` or ``6.2%`` is an amount, not a day: a dotted pair needs a year, or 前/底 or nothing after it."""
    if "月" in match[0] or match.groupdict().get("year"):
        return False
    rest = flat[match.end() :]
    return bool(match.start() and flat[match.start() - 1].isdigit()) or not re.match(
        r"^(前|之前|以前|止|完成|$|[，,；;、至\-—~])", rest
    )


def _goal_of(rest: str) -> str:
    """What is asked by a date: the words after it, without the "by" and the stops."""
    goal = GOAL.sub("", rest).rstrip("，,；;。、")
    return "" if goal in NO_GOAL or len(goal) > 80 else goal


def _several(flat: str, context: Context) -> Deadline | None:
    """Dates set apart by stops, or by commas before a date: milestones with what each asks for."""
    pairs: list[tuple[dt.date, str]] = []
    for part in SPLIT.split(flat):
        dates = _find_dates(part or "", context)
        if len(dates) == 1:
            _start, end, day = dates[0]
            pairs.append((day, _goal_of(part[end:])))
        elif dates:
            pairs += [(day, "") for _start, _end, day in dates]
    if len(pairs) < 2 or LUNAR.search(flat):
        return None
    return _dates_deadline(pairs, flat)


def _one_date(flat: str, context: Context) -> Deadline | None:
    dates = _find_dates(flat, context)
    if LUNAR.search(flat):  # a day the calendar of the year moves: a person sets it
        return Deadline(UNKNOWN if dates else EXTERNAL, flags=["moving_day"])
    if not dates:
        return None
    if len(dates) > 1:
        return _dates_deadline([(day, "") for _start, _end, day in dates], flat)
    _start, end, day = dates[0]
    return _due(day, flat, goal=_goal_of(flat[end:]))


def _listed_months(flat: str, context: Context) -> Deadline | None:
    """``6月、12月`` or ``3、6、9、12月底``: one date each."""
    match = re.match(
        r"^(?:(\d{4})年)?((?:\d{1,2}月?[、,，和及])+\d{1,2})月(底|末|上旬|中旬|下旬)?(前|各.*|分别.*|完成|)$",
        flat,
    )
    if not match:
        return None
    year = int(match[1]) if match[1] else context.base_year
    days = []
    for word in re.findall(r"\d{1,2}", match[2]):
        month = int(word)
        if not 1 <= month <= 12:
            raise ImpossibleDateError(flat)
        end = month_end(year, month)
        days.append({"上旬": end.replace(day=10), "中旬": end.replace(day=20)}.get(match[3] or "", end))
    return _dates_deadline([(day, "") for day in days], flat)


# --- stretches ---------------------------------------------------------------------------------------


def _span(start: dt.date, end: dt.date, *, flags: list[str] | None = None) -> Deadline | None:
    if end < start:
        return None
    return Deadline(SPAN, [start, end], f"{start.isoformat()}/{end.isoformat()}", flags=flags or [])


def _whole_year(flat: str, context: Context) -> Deadline | None:
    match = re.match(
        r"^(?:(\d{4})年?|本年度?|今年|(明年|次年))?(?:全年|整年|全年度|年度$|1-12月|1至12月|1—12月)(?!.*\d月)",
        flat,
    )
    if not match or re.search(r"年底|年末|年内", flat):
        return None
    year = int(match[1]) if match[1] else context.base_year + (1 if match[2] else 0)
    return _span(dt.date(year, 1, 1), dt.date(year, 12, 31))


def _plan_period(flat: str, context: Context) -> Deadline | None:
    for word, (first, last) in PLAN_PERIOD.items():
        if word in flat:
            if re.search(r"末|底|结束前|收官", flat):
                return _due(dt.date(last, 12, 31), flat)
            return _span(dt.date(first, 1, 1), dt.date(last, 12, 31))
    return None


def _year_span(flat: str, context: Context) -> Deadline | None:
    match = YEAR_SPAN.search(flat)
    if not match or re.search(r"月", flat):
        return None
    return _span(dt.date(int(match[1]), 1, 1), dt.date(int(match[2]), 12, 31))


def _month_span(flat: str, context: Context) -> Deadline | None:
    match = MONTH_SPAN.match(flat)
    if not match:
        return None
    year, month, day = int(match[1] or context.base_year), int(match[2]), int(match[3] or 1)
    last_year = int(match[4]) if match[4] else year + (1 if match[5] else 0)
    last_month = int(match[6])
    if not (1 <= month <= 12 and 1 <= last_month <= 12):
        raise ImpossibleDateError(flat)
    end = month_end(last_year, last_month)
    if match[7]:
        end = _day(last_year, last_month, int(match[7]))
    elif match[8] in {"上旬", "中旬"}:
        end = end.replace(day=10 if match[8] == "上旬" else 20)
    start = _day(year, month, day)
    if end < start and not match[4] and not match[5]:  # 11月至2月: the second month is next year's
        later = month_end(year + 1, last_month)
        end = later.replace(day=min(end.day, later.day)) if match[7] or match[8] else later
    return _span(start, end)


def _years(flat: str, context: Context) -> Deadline | None:
    """``5年内``: counted from the day of issue, which the cell does not say."""
    match = SPANS_IN_YEARS.search(flat)
    if not match or _find_dates(flat, context):
        return None
    years = int(match[3] or match[2])
    value = f"{years} years from issue date"
    if context.issued_on is None:
        return Deadline(SPAN, value=value, flags=["issue_date_needed"])
    issued = context.issued_on
    end_year = issued.year + years
    end = min(month_end(end_year, issued.month), dt.date(end_year, issued.month, min(issued.day, 28)))
    return Deadline(SPAN, [issued, end], value)


# --- kinds without a date ----------------------------------------------------------------------------


def _recurring(flat: str, context: Context) -> Deadline | None:
    yearly_date = re.match(r"^每年(度)?(.+)$", flat)
    if yearly_date:
        dates = _find_dates(yearly_date[2], context)
        if dates:
            return Deadline(RECURRING, value="yearly:" + ",".join(f"{day:%m-%d}" for _s, _e, day in dates))
    for pattern, word in PER_WORDS:
        if not re.search(pattern, flat):
            continue
        days = [int(each) for each in re.findall(r"(\d{1,2})(?:日|号)", flat)]
        if days and word in {"monthly", "quarterly", "half-yearly", "bimonthly"}:
            if not all(1 <= each <= 31 for each in days):
                raise ImpossibleDateError(flat)
            return Deadline(RECURRING, value=f"{word}:" + ",".join(str(each) for each in days))
        dated = _find_dates(re.sub(pattern, "", flat), context)
        if (
            dated and not days
        ):  # "report quarterly, finish by the year's end": the end counts, the rhythm is flagged
            found = _dates_deadline([(day, "") for _start, _end, day in dated], flat)
            return Deadline(found.kind, found.dates, found.value, flags=[*found.flags, f"also_{word}"])
        weekday = WEEKDAYS.search(flat) if word == "weekly" else None
        if weekday:
            number = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}.get(
                weekday[0][1], weekday[0][1]
            )
            return Deadline(RECURRING, value=f"weekly:{number}")
        return Deadline(RECURRING, value=word)
    return None


def _of_a_month(flat: str, context: Context) -> Deadline | None:
    """``本月底``, ``下月10日前``: of the month of issue, or the one after it; without a day of issue nobody can tell."""
    match = OF_A_MONTH.match(flat)
    if not match:
        return None
    if context.issued_on is None:
        return Deadline(UNKNOWN, flags=["issue_date_needed"])
    months = context.issued_on.year * 12 + context.issued_on.month - 1 + (match["which"] in "下次")
    year, month = divmod(months, 12)
    part = match["part"] or ""
    day = {"上旬": 10, "初": 10, "中旬": 20}.get(part) or (int(match["day"]) if match["day"] else 0)
    return _due(_day(year, month + 1, day) if day else month_end(year, month + 1), flat)


def _from_a_day(flat: str, context: Context) -> Deadline | None:
    """``4月1日起``: when it begins, and nothing of when it has to be done."""
    dates = _find_dates(flat, context)
    if len(dates) == 1 and re.fullmatch(
        r"(日|号)?(开始|起)(开始|施行|执行|实施|正式.{2,4})?", flat[dates[0][1] :]
    ):
        return Deadline(UNKNOWN)
    return None


def _relative(flat: str, context: Context) -> Deadline | None:
    match = RELATIVE_WORDS.search(flat)
    if not match:
        return None
    unit = match["unit"].removeprefix("个")
    if (unit == "年" and match["number"] != "半") or (
        unit == "月" and match["number"] != "半" and "个" not in match["unit"]
    ):
        return None
    from_event = RELATIVE_FROM.search(flat[: match.end()])
    if not from_event and _find_dates(flat, context):
        return None
    units = {"工作日": "working days", "自然日": "days", "日历日": "days", "日": "days", "天": "days", "月": "months",
             "周": "weeks", "星期": "weeks", "小时": "hours", "年": "years"}  # fmt: skip
    word = units[unit]
    number = match["number"]
    if number == "半":
        if unit == "年":
            return Deadline(RELATIVE, value="6 months", flags=_no_event(from_event))
        return Deadline(
            RELATIVE, value="15 days" if word == "months" else f"0.5 {word}", flags=_no_event(from_event)
        )
    if int(number) == 1:
        word = word.removesuffix("s")
    return Deadline(RELATIVE, value=f"{int(number)} {word}", flags=_no_event(from_event))


def _no_event(from_event: re.Match[str] | None) -> list[str]:
    return [] if from_event else ["start_day_needed"]


def _immediate(flat: str, context: Context) -> Deadline | None:
    return Deadline(IMMEDIATE) if IMMEDIATE_WORDS.search(flat) else None


def _external(flat: str, context: Context) -> Deadline | None:
    return Deadline(EXTERNAL) if EXTERNAL_WORDS.search(flat) else None


def _ongoing(flat: str, context: Context) -> Deadline | None:
    return Deadline(ONGOING) if ONGOING_WORDS.search(flat) else None

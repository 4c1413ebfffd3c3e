"""The sentences of a circular, drafted from live data with ``{key}`` where a figure stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from guantong.organisation.models import Unit
from guantong.supervision.figures import Counted, Numbers, group_of
from guantong.supervision.mending import Paragraph, keys_in
from guantong.supervision.queries.ladder import LISTED

MIN_DUE = 3  # a unit with fewer obligations due is compared with nobody
MIN_UNITS = 3  # fewer units make no ranking
NAMED, MOST_NAMED, MOST_LISTED = 3, 5, 10


def drafted(numbers: Numbers) -> list[Paragraph]:
    """The paragraphs that the data give, in order; those with nothing to say are left out."""
    texts = {
        "overall": _overall(numbers),
        "elements": _elements(numbers),
        "behind": _behind(numbers),
        "good": _good(numbers),
        "supervision": _supervision(numbers),
        "matters": _matters(numbers),
        "listed": _listed(numbers),
        "request": "请有关单位抓紧办理逾期事项，办结后及时填报；对所列数据有不同意见的，可逐项打开核对并提出。",
    }
    return [{"name": name, "text": text, "edited": False} for name, text in texts.items() if text]


def _overall(numbers: Numbers) -> str:
    day, unit = f"{numbers.as_of:%Y}年{numbers.as_of.month}月{numbers.as_of.day}日", numbers.unit.name
    text = (
        f"截至{day}，{unit}应完成事项{{due}}项，已完成{{done}}项，完成率{{rate}}，其中按期完成{{on_time}}项；"
    )
    if numbers.all.n("waiting"):
        text += "已申报待审核{waiting}项；"
    return text + "逾期未完成{overdue}项。"


def _elements(numbers: Numbers) -> str:
    parts = []
    for place, (identifier, name) in enumerate(numbers.pillars):
        heap = numbers.by_pillar.get(identifier)
        if heap is not None and heap.n("due"):
            late = f"、逾期{{p{place}_overdue}}项" if heap.n("overdue") else ""
            parts.append(f"{name}应完成{{p{place}_due}}项，完成{{p{place}_done}}项{late}")
    return f"分工作看：{'；'.join(parts)}。" if parts else ""


def _groups(numbers: Numbers) -> dict[str, list[int]]:
    """Units that may be compared, by group: enough of them, each with enough due."""
    groups: dict[str, list[int]] = {}
    for pk, unit in numbers.children.items():
        if pk in numbers.by_child and numbers.by_child[pk].n("due") >= MIN_DUE:
            groups.setdefault(group_of(unit), []).append(pk)
    return {group: units for group, units in groups.items() if len(units) >= MIN_UNITS}


def _group_name(numbers: Numbers, unit_id: int) -> str:
    unit, package = numbers.children[unit_id], numbers.cycle.package
    names = {each.map: each.name.zh for each in package.levels} if unit.kind == "territory" else {}
    kinds = {each.id: each.name.zh for each in package.unit_kinds}
    return names.get(unit.level) or kinds.get(unit.kind) or "各单位"


def _behind(numbers: Numbers) -> str:
    """Who has the largest share overdue of what was due, with the number it rests on."""
    sentences = []
    for units in _groups(numbers).values():
        shares = {
            pk: Fraction(numbers.by_child[pk].n("overdue"), numbers.by_child[pk].n("due"))
            for pk in units
            if numbers.by_child[pk].n("overdue")
        }
        named = _first_ones(shares)
        if named:
            words = "、".join(
                f"{numbers.children[pk].name}（应完成{{u{pk}_due}}项，逾期{{u{pk}_overdue}}项）"
                for pk in named
            )
            sentences.append(
                f"{_group_name(numbers, units[0])}中，逾期事项占应完成事项比重较高的是：{words}。"
            )
    return "".join(sentences)


def _first_ones(shares: Mapping[int, Fraction]) -> list[int]:
    """The highest three. Equal shares are named together or not at all."""
    order = sorted(shares, key=lambda pk: (-shares[pk], pk))
    if len(order) <= NAMED:
        return order
    last = shares[order[NAMED - 1]]
    together = [pk for pk in order if shares[pk] >= last]
    return together if len(together) <= MOST_NAMED else [pk for pk in order if shares[pk] > last]


def _good(numbers: Numbers) -> str:
    sentences = []
    for group, units in _groups(numbers).items():
        perfect = [pk for pk in units if numbers.is_perfect(pk)]
        if not perfect:
            continue
        by_size = {pk: Fraction(numbers.by_child[pk].n("due")) for pk in perfect}
        named = "、".join(f"{numbers.children[pk].name}（{{u{pk}_due}}项）" for pk in _first_ones(by_size))
        examples = f"，其中事项较多的有{named}" if named else ""
        name = _group_name(numbers, units[0])
        sentences.append(f"{name}中，应完成事项全部按期完成的有{{all_on_time_{group}}}家{examples}。")
    return "".join(sentences)


def _supervision(numbers: Numbers) -> str:
    parts = [
        words
        for key, words in (
            ("struck", "督办事项销号{struck}件"),
            ("matters_overdue", "逾期未办结督办事项{matters_overdue}项"),
            ("reminded", "经确认提醒{reminded}项"),
            ("talked", "约谈{talked}项"),
        )
        if (found := numbers.figure(key)) is not None and found.value != "0"
    ]
    return f"督查督办方面：{'，'.join(parts)}。" if parts else ""


def _matters(numbers: Numbers) -> str:
    """The matters longest overdue, each by its name and number."""
    overdue = numbers.overdue_matters
    if not overdue:
        return ""
    words = "、".join(f"{{m{pk}}}" for pk in overdue[:NAMED])
    others = "等" if len(overdue) > NAMED else ""
    return f"逾期时间较长的督办事项有：{words}{others}，请承办单位抓紧办结。"


def _listed(numbers: Numbers) -> str:
    if not numbers.listed:
        return ""
    names = _names(numbers.listed)
    units = sorted(numbers.listed, key=lambda pk: (-len(numbers.listed[pk]), pk))[:MOST_LISTED]
    words = "、".join(f"{names[pk]}{{l{pk}}}项" for pk in units)
    others = "等" if len(numbers.listed) > len(units) else ""
    return f"经确认，对{{{LISTED}}}项逾期事项予以通报，涉及：{words}{others}。"


def _names(units: Iterable[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=list(units)).values_list("pk", "name"))


def counted_for(
    paragraphs: Iterable[Paragraph], numbers: Numbers, *, also: Iterable[str] = ()
) -> list[Counted]:
    """The figures that the paragraphs need, and those wanted besides."""
    keys = dict.fromkeys([*keys_in(paragraphs), *also])
    return [found for key in keys if (found := numbers.figure(key)) is not None]

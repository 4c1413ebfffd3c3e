"""Finding at city size, on either database: 50 different questions, median and worst, for three offices.

The texts of the city are given words of a skewed vocabulary first, so that a question finds anything from nothing to
half the rows. What is timed is the whole of `search.finding.find`: index, scoped queries of the rooms, words marked.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"
os.environ["GUANTONG_ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

from city import ACTOR, NOW, build  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from guantong.accounts.acting import Acting  # noqa: E402
from guantong.accounts.models import Office, Person  # noqa: E402
from guantong.accounts.operations import hold_office  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.duties.models import DutyItem  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.records.models import Evidence, Record  # noqa: E402
from guantong.search.finding import find  # noqa: E402
from guantong.search.following import reindex  # noqa: E402
from guantong.search.models import Standing, Synonym  # noqa: E402
from guantong.tasks.models import Task  # noqa: E402

# From the most to the least frequent; each next one about as often as its place in the list says (Zipf).
WORDS = [
    "工作",
    "落实",
    "责任",
    "会议",
    "学习",
    "调研",
    "推进",
    "检查",
    "企业",
    "服务",
    "群众",
    "座谈",
    "督查",
    "民营经济",
    "政策",
    "宣传",
    "培训",
    "走访",
    "联系",
    "接待",
    "问题",
    "整改",
    "乡镇",
    "苏木",
    "嘎查",
    "社区",
    "网格",
    "活动",
    "代表",
    "商会",
    "诉求",
    "办理",
    "反馈",
    "销号",
    "立项",
    "签收",
    "通报",
    "考核",
    "指标",
    "述职",
    "专项",
    "行动",
    "方案",
    "清单",
    "项目",
    "投资",
    "贷款",
    "用电",
    "增容",
    "供水",
    "防汛",
    "河道",
    "巡查",
    "草原",
    "生态",
    "修复",
    "造林",
    "沙地",
    "牧民",
    "养殖",
    "棚圈",
    "物流",
    "园区",
    "招商",
    "税务",
    "发票",
    "账款",
    "清欠",
    "法治",
    "仲裁",
    "调解",
    "信访",
    "约访",
    "志愿",
    "养老",
    "托育",
    "学校",
    "课程",
    "教材",
    "讲座",
    "党校",
    "干部",
    "任前",
    "谈话",
    "轮训",
    "档案",
    "保密",
    "值班",
    "应急",
    "演练",
    "消防",
    "燃气",
    "食品",
    "药品",
    "抽检",
    "疫苗",
    "体检",
    "文化",
    "旅游",
    "那达慕",
    "非遗",
    "场馆",
    "广播",
    "栏目",
    "海报",
    "展板",
    "志书",
]
AROUND = "按照年度安排完成第季度任务情况良好形成材料报送备案及时研究解决存在困难会同有关单位共同做好后续跟踪"
QUESTIONS = [
    *WORDS[:6], *WORDS[10:20], *WORDS[40:50], *WORDS[-6:], "督办", "民营经济政策", "学习 宣传", "企业 用电增容", "座谈会", "接待日约访",
    "党委〔2026〕12号", "市府[2026]7号", "纪要（2026）33号", "乡镇3-7", "旗区4 检查", "查无此词", "河", "学", "2026", "落实責任",
    "工作 落实 责任", "那达慕 非遗",
]  # fmt: skip


def sentences(chooser: random.Random) -> Iterator[str]:
    weights = [1 / (place + 1) for place in range(len(WORDS))]
    while True:
        words = chooser.choices(WORDS, weights, k=chooser.randint(2, 6))
        start = chooser.randrange(len(AROUND) - 12)
        yield "".join([words[0], AROUND[start : start + chooser.randint(2, 12)], *words[1:]])


def reword(model: type[Model], field: str, chooser: random.Random) -> None:
    """Another sentence for every row, in bulk."""
    rows, texts = list(model._base_manager.only("pk")), sentences(chooser)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {model._meta.db_table} SET {field} = %s WHERE id = %s",
            [(next(texts), row.pk) for row in rows],
        )


def dress(chooser: random.Random) -> None:
    reword(Record, "summary", chooser)
    reword(Task, "title", chooser)
    reword(DutyItem, "text_zh", chooser)
    some = list(Record.objects.order_by("pk").values_list("pk", flat=True)[::3])
    numbers = [
        f"{chooser.choice(['鄂党委', '市府', '纪要'])}〔2026〕{chooser.randint(1, 60)}号" for _each in some
    ]
    Evidence.objects.bulk_create(
        (Evidence(record_id=pk, reference=number) for pk, number in zip(some, numbers, strict=True)),
        batch_size=1000,
    )


def holder(name: str, **office: Any) -> Acting:
    found = Office.objects.select_related("unit", "scope").filter(**office).order_by("pk")[0]
    if there := Person.objects.by_sign_in(name):
        return Acting(there, found)
    person = Person.objects.create_person(sign_in=name, password=None, display_name=name)
    hold_office(
        person=person, office=found, starts_on=NOW.date().replace(month=1, day=1), actor=ACTOR, now=NOW
    )
    return Acting(person, found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    assert len(set(QUESTIONS)) == 50, len(set(QUESTIONS))
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    begun = time.perf_counter()
    if not Record.objects.exists():
        build()
        dress(random.Random(7))  # noqa: S311 - repeatable
    if connection.vendor == "sqlite":
        connection.cursor().execute("ANALYZE")
    else:
        connection.cursor().execute("VACUUM ANALYZE")
    print(f"{connection.display_name}: city built in {time.perf_counter() - begun:.0f} s")
    if not Standing.objects.exists():
        begun = time.perf_counter()
        done = reindex(now=NOW)
        print(f"{done.indexed:,} rows indexed in {time.perf_counter() - begun:.0f} s")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    offices = {
        "city": holder("s-city", unit__code="9901-LGO", role="coordinator"),
        "district": holder("s-district", unit__code="990110", seat="first_responsible"),
        "village": holder("s-village", unit__level="village"),
    }
    print(
        f"{'office':10}{'median ms':>10}{'p90':>8}{'worst':>8}{'best of turns: median':>23}{'worst':>8}  worst question, hits"
    )
    for name, acting in offices.items():
        figures: dict[str, float] = {}
        best: dict[str, float] = {}
        floor: list[float] = []
        for question in QUESTIONS:
            find(question, acting=acting)
            turns = [_timed(question, acting) for _turn in range(rounds)]
            floor.append(_floor())
            figures[question] = statistics.median(turns)
            best[question] = min(turns)
        ordered = sorted(figures.values())
        worst = max(figures, key=lambda each: figures[each])
        print(
            f"{name:10}{statistics.median(ordered):10.1f}{ordered[45]:8.1f}{ordered[-1]:8.1f}"
            f"{statistics.median(best.values()):23.1f}{max(best.values()):8.1f}  {worst} "
            f"{find(worst, acting=acting).total}"
        )
        ratio = statistics.median(ordered) / statistics.median(floor)
        print(f"{'':10}nine empty queries {statistics.median(floor):.1f} ms, so {ratio:.1f} times")
        if name == "city":
            slow = sorted(figures, key=lambda each: -figures[each])[:8]
            print("  ", ", ".join(f"{each} {figures[each]:.0f}" for each in slow))
    _pages(offices["city"], rounds)


def _floor() -> float:
    """Nine of the smallest queries through the ORM: what as many cost that find nothing, at this moment."""
    start = time.perf_counter()
    for _turn in range(9):
        list(Synonym.objects.filter(ended_at=None))
    return (time.perf_counter() - start) * 1000


def _timed(question: str, acting: Acting) -> float:
    start = time.perf_counter()
    find(question, acting=acting)
    return (time.perf_counter() - start) * 1000


def _pages(acting: Acting, rounds: int) -> None:
    """The whole page too, with middleware and template."""
    client = Client()
    client.force_login(acting.person)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": plain}
    ):
        spent = []
        for question in QUESTIONS:
            client.get("/search/", {"q": question})
            for _turn in range(rounds):
                start = time.perf_counter()
                answer = client.get("/search/", {"q": question})
                spent.append((time.perf_counter() - start) * 1000)
                assert answer.status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "督查"})
    print(
        f"page      {statistics.median(spent):10.1f}{sorted(spent)[int(len(spent) * 0.9)]:8.1f}{max(spent):8.1f}  {len(captured)} queries"
    )


if __name__ == "__main__":
    main()

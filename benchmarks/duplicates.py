"""Near-duplicates of a drafted matter over 36,580 different titles, against a bare page, in one run.

``python benchmarks/duplicates.py``; on PostgreSQL ``python tools/with_postgres.py -- python benchmarks/duplicates.py``.
There is no cache: "first" is the first call of a connection, "next" every later one. The bare page lists 50 titles
through the whole middleware; the ratio to it is what counts, since single times say more about the machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"
os.environ["GUANTONG_ALLOWED_HOSTS"] = "testserver"

import django  # noqa: E402

django.setup()

from city import ACTOR, NOW, TASKS  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import clear_url_caches, path, set_urlconf  # noqa: E402

from guantong.accounts.models import Person  # noqa: E402
from guantong.accounts.policies import signed_in  # noqa: E402
from guantong.config import urls  # noqa: E402
from guantong.config.commands import migrate  # noqa: E402
from guantong.duties.operations import open_cycle  # noqa: E402
from guantong.kernel.commands import Report  # noqa: E402
from guantong.mechanisms.models import Cycle  # noqa: E402
from guantong.mechanisms.operations import read_valid_package  # noqa: E402
from guantong.organisation.models import Unit  # noqa: E402
from guantong.organisation.operations import open_unit  # noqa: E402
from guantong.supervision.duplicates import similar_matters  # noqa: E402
from guantong.tasks.models import Assignment, Task, TaskList  # noqa: E402

WHO = [
    "各旗区",
    "重点园区",
    "乡镇街道",
    "嘎查村",
    "社区",
    "机关单位",
    "民营企业",
    "商会组织",
    "中小学校",
    "医疗机构",
    "驻市单位",
    "合作社",
]
WHAT = ["联络站", "同心之家", "专职委员", "联络员", "结对联系", "接待日", "政策宣讲", "诉求办理", "培训", "营商环境", "融资服务", "安全生产", "老旧小区", "人居环境", "河湖治理", "防火", "供暖", "用水"]  # fmt: skip
HOW = ["规范化建设", "全覆盖", "能力提升", "专项行动", "排查整治", "长效机制", "试点示范", "满意度测评", "信息化管理", "标准化改造", "集中攻坚", "跟踪问效"]  # fmt: skip
FORMS = ("关于推进{}{}{}的通知", "加强{}{}{}工作", "{}{}{}", "认真落实{}{}{}，按季度报告进展情况")
BARE = "<html><body><table>{% for each in rows %}<tr><td>{{ each.title }}</td></tr>{% endfor %}</table></body></html>"
DRAFTS = {
    "short title": "重点园区融资服务集中攻坚",
    "title with a paper's wording": "关于进一步加强民营企业商会组织诉求办理长效机制建设工作的通知",
    "longest title": "推进各旗区重点园区乡镇街道联络站同心之家规范化建设和标准化改造" * 9,
    "nothing like it": "迎接自治区成立八十周年文艺演出彩排",
}


def titles(number: int) -> list[str]:
    """That many different titles, as alike as those of a city's task lists are."""
    made = []
    for at in range(number):
        rest, form = divmod(at, len(FORMS))
        rest, who = divmod(rest, len(WHO))
        rest, what = divmod(rest, len(WHAT))
        rest, how = divmod(rest, len(HOW))
        title = FORMS[form].format(WHO[who], WHAT[what], HOW[how])
        made.append(f"{title}（第{rest + 1}批）" if rest else title)
    return made


def build() -> tuple[Cycle, list[Unit]]:
    """A city with as many tasks as `city.TASKS`, each with its own title and a unit."""
    city = open_unit(
        code="9901",
        name="某市",
        kind="territory",
        level="city",
        parent=None,
        on=NOW.date(),
        actor=ACTOR,
        now=NOW,
    )
    units = [
        open_unit(
            code=f"9901{at + 10}", name=f"旗区{at}", kind="territory", level="county", parent=city,
            on=NOW.date(), actor=ACTOR, now=NOW,
        )
        for at in range(9)
    ]  # fmt: skip
    cycle = open_cycle(
        package=read_valid_package("three-threes"), unit=city, year=2026, actor=ACTOR, now=NOW
    ).cycle
    source = TaskList.objects.create(
        cycle=cycle, name="年度工作要点", file_name="bench", digest="0" * 64, imported_at=NOW
    )
    tasks = Task.objects.bulk_create(
        (
            Task(task_list=source, sheet="1", row=row, title=title, pillar="link_task", due_kind="due")
            for row, title in enumerate(titles(TASKS), 1)
        ),
        batch_size=1000,
    )
    Assignment.objects.bulk_create(
        (Assignment(task=task, unit=units[at % 9], part="implementing") for at, task in enumerate(tasks)),
        batch_size=1000,
    )
    Person.objects.create_person(sign_in="bench", password=None, display_name="bench")
    return cycle, units


@signed_in
def bare(request: Any) -> HttpResponse:
    """50 titles through the whole middleware, nothing else."""
    rows = Task.objects.order_by("pk")[:50]
    return HttpResponse(engines["django"].from_string(BARE).render({"rows": rows}, request))


def timed(call: Callable[[], Any], *, afresh: bool) -> float:
    """Milliseconds of one call, with a new connection or the one there is."""
    if afresh:
        connection.close()
        connection.ensure_connection()
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    cycle, units = build()
    connection.cursor().execute("ANALYZE")
    urls.urlpatterns.append(path("bare/", bare))
    clear_url_caches()
    set_urlconf(None)
    client = Client()
    client.force_login(Person.objects.get_by_natural_key("bench"))

    def check(title: str) -> Callable[[], Any]:
        return lambda: similar_matters(cycle=cycle, title=title, basis="年度工作要点", units=units[:2])

    calls = {("bare page, 50 rows", False): lambda: client.get("/bare/")}
    for name, title in DRAFTS.items():
        calls[name, True] = calls[name, False] = check(title)
    times: dict[tuple[str, bool], list[float]] = {which: [] for which in calls}
    first = timed(calls["short title", True], afresh=True)
    with override_settings(STORAGES={"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
                                     "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}):  # fmt: skip
        for turn in range(rounds + 2):
            for which, call in calls.items():
                spent = timed(call, afresh=which[1])
                if turn >= 2:
                    times[which].append(spent)
    floor = statistics.median(times["bare page, 50 rows", False])
    different = Task.objects.values("title").distinct().count()
    print(f"{connection.display_name}: {different} titles; very first call of the process {first:.1f} ms")
    print(f"{'':36}{'connection':>12}{'median ms':>10}{'min':>8}{'max':>8}{'ratio':>8}")
    for (name, afresh), found in times.items():
        median = statistics.median(found)
        when = "first" if afresh else "next"
        print(f"{name:36}{when:>12}{median:10.1f}{min(found):8.1f}{max(found):8.1f}{median / floor:8.2f}")


if __name__ == "__main__":
    main()

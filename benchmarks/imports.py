"""100,000 rows through the import centre: received, read in the child, judged, applied, taken back, returned with remarks.

Goals: at most 20 s from the file to the applied import, at most 300 MB in each process. Beside the seconds stands the
ratio to reading the same file with the reader's library alone, in the same run, and the load of the machine.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = tempfile.mkdtemp(prefix="guantong-bench-")
os.environ.setdefault("GUANTONG_HOME", HOME)
os.environ.setdefault("GUANTONG_DATABASE_URL", f"sqlite:///{HOME}/bench.sqlite3")
os.environ.setdefault("GUANTONG_LOG_REQUESTS", "false")  # figures only
os.environ["DJANGO_SETTINGS_MODULE"] = "guantong.config.settings"

MAKE = """
import sys
from openpyxl import Workbook
rows, path = int(sys.argv[1]), sys.argv[2]
book = Workbook(write_only=True)
sheet = book.create_sheet()
sheet.append(["区划代码", "名称", "级别", "上级代码", "类型", "设立日期"])
n = 0
for county in range(1, 100):
    for township in range(1000):
        above, first = f"9901{county:02}", township - township % 20 + 1
        if n < rows and township % 20 == 0:
            sheet.append([f"{above}{first:03}", f"第{township}镇", "township", above, "territory", "2020-01-01"])
            n += 1
        if n < rows:
            code = f"{above}{first:03}"
            sheet.append([f"{code}{township % 20 + 200:03}", f"第{township}村", "village", code, "territory", "2020-01-01"])
            n += 1
book.save(path)
"""


REMARK = """
import resource, sys, time
from pathlib import Path
from guantong.importing.reading import marked
path, rows = Path(sys.argv[1]), int(sys.argv[2])
remarks = (("Sheet", n + 2, 1, "error", f"代码“{n}”与第 {n} 行重复。") for n in range(rows))
begun = time.perf_counter()
marked(path.read_bytes(), name="units.xlsx", remarks=remarks, merged={})
print(round(time.perf_counter() - begun, 2), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def alone(path: Path) -> float:
    """Seconds of the library by itself, in a process of its own."""
    code = "import sys; from python_calamine import CalamineWorkbook as B; sum(1 for _ in B.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())"
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(path)], check=True)
    return time.perf_counter() - begun


def remarked(path: Path, rows: int) -> tuple[float, int]:
    """(seconds, KB of the child) of giving the file back with a remark on every row, from a small process."""
    out = subprocess.run(
        [sys.executable, "-c", REMARK, str(path), str(rows)], check=True, capture_output=True
    )
    seconds, kilobytes = out.stdout.split()
    return float(seconds), int(kilobytes)


def children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    path = Path(HOME) / "units.xlsx"
    subprocess.run([sys.executable, "-c", MAKE, str(rows), str(path)], check=True)
    plain = alone(path)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    import django

    django.setup()
    from django.utils import timezone

    from guantong.accounts.acting import Console
    from guantong.config.commands import migrate
    from guantong.importing.operations import (
        apply_import,
        check_import,
        read_import,
        receive_file,
        undo_import,
    )
    from guantong.importing.units.operations import import_units_file
    from guantong.kernel.commands import Report
    from guantong.organisation.models import Unit

    migrate(argparse.Namespace(back_to=None), Report(as_json=True))
    actor, now = Console("benchmark"), timezone.now()
    tree = Path(HOME) / "tree.csv"
    counties = "".join(f"9901{n:02},第{n}县\n" for n in range(1, 100))
    tree.write_text(f"code,name\n99,某省\n9901,某市\n{counties}", encoding="utf-8")
    import_units_file(tree, actor=actor, now=now)
    root = Unit.objects.get(code="99")
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        done = work()
        spent[name] = round(time.perf_counter() - begun, 2)
        return done

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, child_started = time.process_time(), children_cpu()
    found = timed(
        "receive",
        lambda: receive_file(content=path.read_bytes(), name="units.xlsx", unit=root, actor=actor, now=now),
    )
    found = timed("read", lambda: read_import(imported=found, actor=actor))
    reading = resource.getrusage(
        resource.RUSAGE_CHILDREN
    ).ru_maxrss  # later ones start as big as their parent is then
    found = timed("check", lambda: check_import(imported=found, actor=actor, now=now))
    found = timed("apply", lambda: apply_import(imported=found, only_valid=False, actor=actor, now=now))
    end_to_end = sum(spent.values())
    cpu = round(time.process_time() - started + children_cpu() - child_started, 1)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if found.n_applied != rows:
        raise SystemExit(f"{found.n_applied} of {rows} rows: {found.n_errors} wrong")
    timed("undo", lambda: undo_import(imported=found, actor=actor, now=now))
    spent["remarks"], remarking = remarked(path, rows)
    answer = {
        "rows": rows,
        "seconds": spent,
        "end to end": round(end_to_end, 2),
        "times the library alone": round(end_to_end / plain, 1),
        "CPU seconds": cpu,
        "MB of this process": after // 1024,
        "MB of it before": before // 1024,
        "MB of the child that reads": max(children, reading) // 1024,
        "MB of the child that remarks": remarking // 1024,
        "load": [round(each, 1) for each in os.getloadavg()],
    }
    out = io.StringIO()
    json.dump(answer, out, ensure_ascii=False, indent=1)
    print(out.getvalue())


if __name__ == "__main__":
    main()

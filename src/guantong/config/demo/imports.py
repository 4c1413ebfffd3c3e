"""The import centre of the demonstration city: one table brought in, one with wrong rows that waits, one taken back."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random

from guantong.accounts.acting import Acting
from guantong.config.demo.samples import coordinator_of
from guantong.importing.models import Import
from guantong.importing.operations import apply_import, check_import, read_import, receive_file, undo_import
from guantong.mechanisms.models import Cycle

HOUR = dt.timedelta(hours=1)
HEAD = ("类别", "登记名称", "所在地代码")
REGISTER = (
    ("企业", "鄂尔多斯市示例羊绒制品有限公司", "150602"),
    ("企业", "康巴什示例数字科技有限公司", "150603"),
    ("商会", "达拉特旗示例农畜产品商会", "150621"),
    ("企业", "准格尔旗示例新能源有限公司", "150622"),
)
WRONG = (
    ("企业", "伊金霍洛旗示例装备制造有限公司", "150627"),
    ("企业", "", "150626"),
    ("公司", "杭锦旗示例牧业有限公司", "150625"),
    ("商会", "鄂托克旗示例餐饮商会", "15064"),
    ("企业", "伊金霍洛旗示例装备制造有限公司", "150627"),
    ("商会", "乌审旗示例文旅商会", "150626"),
)
TWICE = (("企业", "鄂托克前旗示例物流有限公司", "150623"), ("企业", "鄂托克前旗示例商贸有限公司", "150623"))


def play_imports(cycle: Cycle, now: dt.datetime, chooser: random.Random) -> list[Import]:
    """Tables of partners, as the coordinating office would bring them in."""
    office = coordinator_of(cycle, now)
    if office is None:
        return []
    applied = _checked(REGISTER, "联系对象登记表.csv", cycle, office, now - 50 * HOUR)
    apply_import(imported=applied, only_valid=False, actor=office, now=now - 49 * HOUR)
    undone = _checked(TWICE, "联系对象登记表（重复上报）.csv", cycle, office, now - 26 * HOUR)
    apply_import(imported=undone, only_valid=False, actor=office, now=now - 26 * HOUR)
    undo_import(imported=undone, actor=office, now=now - 25 * HOUR)
    waiting = _checked(WRONG, "旗区补报联系对象.csv", cycle, office, now - 2 * HOUR)
    return [applied, undone, waiting]


def _checked(
    rows: tuple[tuple[str, ...], ...], name: str, cycle: Cycle, office: Acting, now: dt.datetime
) -> Import:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD, *rows])
    received = receive_file(
        content=out.getvalue().encode("gb18030"),
        name=name,
        kind="partners",
        cycle=cycle,
        actor=office,
        now=now,
    )
    return check_import(imported=read_import(imported=received, actor=office), actor=office, now=now)

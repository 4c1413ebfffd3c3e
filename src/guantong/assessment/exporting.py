"""A run as a file that anybody can compute again: rules, data, result, and a program that needs nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from guantong.assessment.models import Run
from guantong.assessment.results import kept_result
from guantong.assessment.snapshot import digest, stored_bytes
from guantong.kernel.refusals import Refusal
from guantong.mechanisms.models import StoredPackage

RECOMPUTE = Path(__file__).with_name("recompute.py")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can say: the same run gives the same bytes

README = """\
贯通 考核计分结果，可由任何人独立重算
=====================================

计分截至：{as_of}    程序版本：{program}

  rules.json     机制包（考核规则）          SHA-256 {rules}
  data.json      计分时读到的全部数据        SHA-256 {data}
  result.json    计分结果                    SHA-256 {result}
  recompute.py   独立的重算程序，只用 Python 标准库

怎样重算：装有 Python 3.9 以上的任何一台电脑，不需要联网、不需要安装本系统。解压后在本文件夹里运行

    python3 -I recompute.py

程序按规则从数据重新计算，与 result.json 逐字节比较。一致时退出码为 0；有任何一个字节不同，
逐个对象、逐项列出不同之处，退出码为 1。最后一行是重算结果的 SHA-256，应与公布的结果编号相同：

    {result}

data.json 各表的列（日期为文字，小数为文字）：

{columns}


Guantong: a score run that anybody can compute again
====================================================

Figures as of {as_of}, program version {program}

  rules.json     the package: the rules of assessment
  data.json      every row the run read, as it stood
  result.json    the result
  recompute.py   a program of its own, standard library of Python only

To compute it again, on any computer with Python 3.9 or later, without a network and without this system, unpack
the file and run in this folder

    python3 -I recompute.py

It computes the result from rules and data and compares it with result.json byte for byte. Exit code 0: the same;
1: something differs, and each subject and line that does is printed. The last line printed is the SHA-256 of the
result as computed, which should be the number published: {result}
The columns of the tables in data.json are listed above.
"""
COLUMNS = """\
  units         id, code, name, subkind, path           考核对象所在单位
  offices       id, title                               考核的岗位
  subjects      评分表: unit, office                    各评分表的考核对象
  obligations   id, source, path, office, pillar, rule, state, due, claimed, settled, is a report
                                                        职责、任务、督办事项
  duty_lists    id, path, sign by, signed on            责任清单签收
  coverage      规则: unit, path, met                   覆盖情况
  successions   from path, into path, on                单位合并
  marks         id, unit, indicator, part, value, scale, office   人工评分（不含评分人）
  facts         id, unit, side, kind, office            已确认的加扣分事项
  findings      id, unit, kind                          已认定的问题
  adjustments   id, unit, card, indicator, points, reason, source, office   复核、申诉改定的分值
  vetoes        id, unit, card, veto, reason            已生效的一票否决"""


def export_run(run: Run) -> dict[str, bytes]:
    """The files by name. Nothing is scored again: the result is that of the kept rows, refused if they changed."""
    rules = (
        StoredPackage.objects.filter(digest=run.rules_digest).values_list("canonical", flat=True).first()
        or ""
    ).encode()
    data, result = stored_bytes(run), kept_result(run)
    if digest(rules) != run.rules_digest:
        raise Refusal(_("这次计分所用的机制包与计分时不同，已被改动。"))
    if digest(result) != run.result_digest:
        raise Refusal(_("保存的计分结果与计分时不同，已被改动；请用 verify-log 查明。"))
    said = README.format(
        as_of=run.as_of.isoformat(),
        program=run.program,
        rules=run.rules_digest,
        data=run.data_digest,
        result=run.result_digest,
        columns=COLUMNS,
    )
    return {
        "README.txt": said.encode(),
        "data.json": data,
        "recompute.py": RECOMPUTE.read_bytes(),
        "result.json": result,
        "rules.json": rules,
    }


def write_zip(path: Path, files: dict[str, bytes]) -> None:
    """The same files give the same bytes: names in order, one moment, one mode."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content, compresslevel=6)

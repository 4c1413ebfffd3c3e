"""What is wrong with a file that was not read, and what was left aside in one that was: code to sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from guantong.kernel.refusals import Refusal


def _why() -> dict[str, str]:
    return {
        "empty": _("“%(name)s”是空文件。"),
        "encoding": _("“%(name)s”的编码无法识别（第 %(at)s 个字节处出错），请另存为 UTF-8 编码的 CSV 再试。"),
        "marked_encoding": _(
            "“%(name)s”标明是 %(encoding)s 编码，但第 %(at)s 个字节处不合规，请另存为 UTF-8 编码再试。"
        ),
        "csv": _("“%(name)s”的分隔或引号有误：%(error)s。"),
        "too_many_rows": _("“%(name)s”超过 %(most)s 行，请删去空行或拆成几份。"),
        "many_sheets": _("工作表超过 %(most)s 张，请拆成几份。"),
        "bomb": _("“%(name)s”解压后过大，不像任务表。"),
        "many_entries": _("“%(name)s”里有 %(n)s 个部件，不像正常的工作簿，没有打开。"),
        "odd_names": _("“%(name)s”里有不正常的文件名，可能被人动过手脚，没有打开。请从原表另存一份再试。"),
        "password": _("“%(name)s”加了密码。请在 Excel 或 WPS 里去掉密码，另存后再试。"),
        "entities": _(
            "“%(name)s”里有不应出现的 XML 实体定义，可能被人动过手脚，没有打开。请从原表另存一份再试。"
        ),
        "not_a_table": _("“%(name)s”是文字或演示文稿，不是表格。请把表格复制到 Excel 再试。"),
        "archive_of_files": _("“%(name)s”是压缩包，请解压后选择其中的表格。"),
        "not_a_workbook": _("“%(name)s”不是工作簿。请选择 .xlsx、.xls、WPS 表格或 CSV 文件。"),
        "other_kind": _("“%(name)s”不是工作簿。请选择 .xlsx、.xls、WPS 表格或 CSV 文件。"),
        "too_much": _("“%(name)s”读取时超出内存限制，没有导入任何内容。请删去空行空列或拆成几份再试。"),
        "too_slow": _("“%(name)s”读取时间过长，已经停止，没有导入任何内容。请拆成几份再试。"),
        "broken": _(
            "“%(name)s”不是能打开的工作簿（可能已损坏、加了密码，或不是 Excel 文件）。请另存为 .xlsx 再试。"
        ),
    }


def refusal_of(code: str, figures: Mapping[str, Any], *, name: str) -> Refusal:
    if code == "too_many_rows" and figures.get("sheet"):
        said = _("工作表“%(sheet)s”有 %(n)s 行，超过 %(most)s 行，请删去空行或拆成几份。")
    else:
        said = _why().get(code, _why()["broken"])
    return Refusal(said % {"name": name[-120:], **figures})


def note_of(code: str) -> str:
    """What was noticed about the file and does not stop it; empty for an unknown code."""
    return {
        "macros": _("文件里有宏。宏没有运行，也不会保存。"),
        "external_links": _("文件里有指向其他文件的链接。没有打开链接，只读取了单元格里保存的值。"),
        "dde": _("文件里有 DDE 链接。没有连接任何程序，只读取了单元格里保存的值。"),
        "embedded": _("文件里嵌有其他文件或控件，没有打开。"),
        "formulas": _("表里有公式，按保存的计算结果读取。"),
        "hidden_rows": _("表里有隐藏的行，也已读取。"),
        "hidden_columns": _("表里有隐藏的列，也已读取。"),
        "hidden_sheet": _("有隐藏的工作表，也可以选择。"),
        "merged": _("表里有合并的单元格：合并区域里的每一行都取左上角的值。"),
        "repeated": _("表头里有同一个意思的列名出现了两次，只取了前一列，请核对。"),
        "wide": _("第 200 列以后的内容没有读取。"),
        "big5": _("文件是 Big5（繁体）编码，请核对文字。"),
        "other_extension": _("文件的扩展名与内容不符，已按内容读取。"),
    }.get(code, "")

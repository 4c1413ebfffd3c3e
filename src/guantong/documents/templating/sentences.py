"""What is wrong with a template, and what to do about it, in sentences for whoever edits it in Word."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

FORBIDDEN = {
    "Call": "()",
    "Macro": "macro",
    "CallBlock": "call",
    "Import": "import",
    "FromImport": "from … import",
    "Include": "include",
    "Extends": "extends",
    "Block": "block",
    "Assign": "set",
    "AssignBlock": "set",
    "Getitem": "[ ]",
}


def sentence_of(code: str, about: str, near: str = "") -> str:
    """One sentence for a code of `sandbox`, `opening` or `worker`."""
    said = {"about": FORBIDDEN.get(about, about), "near": near}
    if code == "unknown" and near:
        return _("没有名为“%(about)s”的字段，您是不是想用“%(near)s”？") % said
    if code == "syntax":
        return _syntax(about, near)
    return str(_sentences().get(code, _("模板读不出来，请用 Word 另存为 .docx 后再传。"))) % said


def _sentences() -> dict[str, str]:
    return {
        "unknown": _("没有名为“%(about)s”的字段，请从字段表中选用。"),
        "not_rows": _("“%(about)s”不是列表，不能用 for 逐行列出，请直接写 {{ %(about)s }}。"),
        "forbidden": _("模板里用了“%(about)s”，不允许。模板只能写字段、for 逐行、if 判断，请删去这一处。"),
        "filter": _("模板里用了“| %(about)s”，不允许。请删去竖线和后面的词。"),
        "nested": _("for 套了三层以上，请减少层数。"),
        "loop": _("for 只能逐行列出列表字段，例如 {%% for row in parts %%}，请照此改写。"),
        "too_large": _("文件太大或内容太多，请删去图片和多余内容后再传。"),
        "old_format": _("这是旧格式的 .doc 文件，请用 Word 另存为 .docx 后再传。"),
        "not_a_document": _("这不是 Word 文档（.docx），或者文件已损坏，请用 Word 另存为 .docx 后再传。"),
        "macros": _("文件含有宏或程序，请另存为不带宏的 .docx 后再传。"),
        "embedded": _("文件里嵌有别的文件或对象，请删去后再传。"),
        "external": _("文件引用了外部链接或外部文件，请断开链接、删去超链接后再传。"),
        "entities": _("文件里有不该有的定义，请用 Word 另存为 .docx 后再传。"),
        "endless": _("套用时超过了时限，请减少 for 的层数和内容。"),
        "failed": _("套用时出错，请对照内置模板检查字段的写法。"),
        "empty": _("是空文件，请重新选择。"),
    }


def _syntax(said: str, near: str) -> str:
    """Jinja2's message in words, with the place."""
    place = {"near": near, "said": said}
    if re.search(r"unexpected end of template|Unexpected end", said, re.I):
        return _("有 for 或 if 没有写结束，请在它后面补上 {%% endfor %%} 或 {%% endif %%}。") % place
    if re.search(r"unknown tag '(endfor|endif|else|elif)'", said):
        return _("“%(near)s”前面没有对应的 for 或 if，请补上开头或删去这一处。") % place
    if "unknown tag" in said:
        return _("“%(near)s”不是可用的写法，模板只认 for、if、else、endfor、endif，请改写或删去。") % place
    return _("“%(near)s”写得不完整，请检查花括号是否成对、是否用了半角符号。") % place

"""What is wrong with a template, and what to do about it, in sentences for whoever edits it in Word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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


def sentence_of(code: str, about: str, near: str = "", part: str = "", words: str = "") -> str:
    """One sentence for a code of `sandbox`, `opening`, `inside` or `worker`, with the place where one is known."""
    sentence, place = _sentence(code, about, near), _place(part, words)
    return _("%(place)s：%(sentence)s") % {"place": place, "sentence": sentence} if place else sentence


def sentence_for(said: Mapping[str, Any]) -> str:
    """The sentence for an answer of `worker` that is no document: the first thing wrong, or the error."""
    if said.get("wrong"):
        return sentence_of(*said["wrong"][0])
    return sentence_of(
        said.get("error", ""),
        said.get("said", ""),
        said.get("near", ""),
        said.get("part", ""),
        said.get("words", ""),
    )


def _place(part: str, words: str) -> str:
    names = {
        "body": _("正文"),
        "header": _("页眉"),
        "footer": _("页脚"),
        "footnotes": _("脚注"),
        "properties": _("文档属性"),
    }
    name = names.get(part, "")
    return _("%(part)s“%(words)s”处") % {"part": name, "words": words} if name and words else name


def _sentence(code: str, about: str, near: str) -> str:
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
        "rows": _(
            "“%(about)s”是列表，不能直接写 {{ %(about)s }}，请用 {%% for row in %(about)s %%} 逐行列出。"
        ),
        "taken": _("for 后面的“%(about)s”已是字段名，请换一个名字，例如 row。"),
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
        "changes": _("文件里有批注或修订痕迹，会随公文一起发出，请接受或拒绝全部修订、删去批注后再传。"),
        "hidden": _("文件里有隐藏文字，会随公文一起发出，请显示并删去隐藏文字后再传。"),
        "crossed": _(
            "for 或 if 的开头和结尾不在同一层（例如一个在段落、一个在表格里），请让两者同在正文段落，或同在一个表格里。"
        ),
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

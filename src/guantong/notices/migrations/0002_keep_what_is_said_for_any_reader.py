"""Titles and what is missing, from finished Chinese sentences to texts of the catalogue with their values.

Every notice keeps its words: what is no known text is kept as it was typed. Notices of a talk, of a reminder and of a
finding to rule on get kinds of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BATCH = 500
ESCALATION, FINDING = "supervision.escalation", "supervision.finding"
# (kind, about) and how the title began: what it is from now on
KINDS = (
    ("escalation", ESCALATION, "约谈", "hold_talk"),
    ("overdue", ESCALATION, "约谈：", "talk"),
    ("overdue", ESCALATION, "提醒：", "reminded"),
    ("review", FINDING, "", "rule"),
)
PREFIXED = {
    "hold_talk": (r"约谈(?P<unit>.*?)：(?P<title>.*)", "约谈%(unit)s：%(title)s"),
    "talk": (r"约谈：(?P<title>.*)", "约谈：%(title)s"),
    "reminded": (r"提醒：(?P<title>.*)", "提醒：%(title)s"),
}
OF_A_UNIT = {"review", "extension", "refusal", "finding", "rule", "ruling", "recheck"}
COUNTED = "%(n)s 项建议措施等待确认"
TEXTS = {
    "缺进展报告：填一条进展；没有变化的，点“本期无变化”。",
    "缺会议活动记录：填时间、主题和纪要文号。",
    "缺文件或学习记录：填名称和文号。",
    "缺走访记录：填时间、地点和解决的问题。",
    "缺接待记录：填时间和接待批次。",
    "缺办理结果：填一条办结情况。",
    "缺述职报告。",
    "缺巡查记录。",
    "缺签收。",
    "缺完成情况：填一条工作记录。",
    "请审核：通过，或者退回并写明要补什么。",
    "请答复：同意，或者不同意并写明理由。",
    "请签收；不属于本单位的，写明理由退签。",
    "有单位退签，请维持交办或改派。",
    "请销号，或者退回重办并写明理由。",
    "请在期限前答复：情况是否属实、有什么说明。",
    "单位已答复或答复期已满，请作出认定。提出问题的人回避。",
    "对认定有不同意见的，可在期限前申请复核；没有意见的，不需要办理。",
    "请复核并写明理由。提出问题和作出认定的人回避。",
    "请逐项确认或说明不采取的理由。系统不会自动采取措施。",
    "请按通知参加约谈，并带上办理情况。",
    "请安排约谈，谈后登记时间、情况和商定的措施。",
    "年度考核自评",
    "核对预填的得分，逐项确认或写明不同意见",
    "考核初步结果",
    "查看本单位各项得分；有不同意见，请在申诉期内逐项提出",
    "一票否决事项告知",
    "查看依据；有不同意见，请在申诉期内提出",
    "由未复核过这一项的人作出答复，写明理由",
}


def kind_of(kind: str, about: str, title: str) -> str:
    for was, of, begins, now in KINDS:
        if (kind, about) == (was, of) and title.startswith(begins):
            return now
    return kind


def title_of(kind: str, about: str, title: str) -> Any:
    if kind in PREFIXED:
        pattern, text = PREFIXED[kind]
        found = re.fullmatch(pattern, title, re.S)
        return {"say": text, "with": found.groupdict()} if found else title
    if kind == "escalation" and (number := re.fullmatch(r"(\d+) 项建议措施等待确认", title)):
        n = int(number[1])
        return {"say": COUNTED, "plural": COUNTED, "count": n, "with": {"n": n}}
    if title in TEXTS:
        return {"say": title}
    if kind in OF_A_UNIT and about.startswith(("supervision.", "obligations.")) and "：" in title:
        unit, _mark, rest = title.partition("：")
        return {"say": "%(unit)s：%(title)s", "with": {"unit": unit, "title": rest}}
    return title


def keep_for_any_reader(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    def change(notice: Any) -> None:
        notice.kind = kind_of(notice.kind, notice.about, notice.title)
        notice.said_title = title_of(notice.kind, notice.about, notice.title)
        known = notice.kind != "returned" and notice.missing in TEXTS
        notice.said_missing = {"say": notice.missing} if known else notice.missing

    _each(apps, schema_editor, change, ["kind", "said_title", "said_missing"])


def back_to_chinese(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    kinds = {now: was for was, _about, _begins, now in KINDS}

    def change(notice: Any) -> None:
        notice.kind = kinds.get(notice.kind, notice.kind)[:12]
        notice.title, notice.missing = chinese(notice.said_title)[:300], chinese(notice.said_missing)[:300]

    _each(apps, schema_editor, change, ["kind", "title", "missing"])


def chinese(said: Any) -> str:
    if not isinstance(said, dict):
        return str(said)
    if "say" not in said:
        return str(said.get("zh", ""))
    values = {name: chinese(value) for name, value in said.get("with", {}).items()}
    return str(said["say"]) % values if values else str(said["say"])


def _each(
    apps: Apps, schema_editor: BaseDatabaseSchemaEditor, change: Callable[[Any], None], fields: list[str]
) -> None:
    rows = apps.get_model("notices", "Notice").objects.using(schema_editor.connection.alias)
    last, batch = 0, list(rows.order_by("pk")[:BATCH])
    while batch:
        for notice in batch:
            change(notice)
        rows.bulk_update(batch, fields)
        last = batch[-1].pk
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_ask_whoever_moves_next")]

    operations = [
        migrations.AlterField(
            "notice",
            "kind",
            models.CharField(
                max_length=20,
                choices=[
                    ("sign_list", "责任清单待签收"),
                    ("objection", "异议待答复"),
                    ("question", "任务待确定"),
                    ("register", "待立项"),
                    ("dispatch", "待交办"),
                    ("sign_for", "待签收"),
                    ("due", "临近到期"),
                    ("overdue", "已逾期"),
                    ("returned", "已退回，请补充"),
                    ("review", "待审核"),
                    ("verify", "待核查"),
                    ("strike_off", "待销号"),
                    ("extension", "延期申请待答复"),
                    ("refusal", "退签待处理"),
                    ("escalation", "拟采取措施，待确认"),
                    ("reminded", "经确认的提醒"),
                    ("talk", "约谈通知"),
                    ("hold_talk", "待约谈"),
                    ("list", "待列入通报"),
                    ("issue", "通报待印发"),
                    ("notify", "问题待告知"),
                    ("finding", "问题告知，可答复"),
                    ("rule", "待认定"),
                    ("ruling", "认定结论，可申请复核"),
                    ("recheck", "复核申请待决定"),
                    ("seed", "种子待登记"),
                    ("check", "抽查待核查"),
                    ("approval", "待批准"),
                    ("self_score", "待自评"),
                    ("result", "初步结果，可申诉"),
                    ("appeal", "申诉待答复"),
                ],
            ),
        ),
        migrations.AddField("notice", "said_title", models.JSONField(default=""), preserve_default=False),
        migrations.AddField("notice", "said_missing", models.JSONField(default=""), preserve_default=False),
        migrations.RunPython(keep_for_any_reader, back_to_chinese),
        migrations.AlterField("notice", "title", models.CharField(max_length=300, default="")),
        migrations.AlterField("notice", "missing", models.CharField(max_length=300, default="")),
        migrations.RemoveField("notice", "title"),
        migrations.RemoveField("notice", "missing"),
    ]

"""Built-in templates whose body is a table: the duty book, the reception notice, the score sheet."""

from __future__ import annotations

from guantong.documents.builtin import bytes_of
from guantong.documents.layout.page import new_page
from guantong.documents.layout.pieces import Column, put, signature, table, title


def duty_book() -> bytes:
    page = new_page()
    title(page, "{{ title }}")
    put(
        page,
        "公文正文",
        "按照“{{ mechanism }}”，{{ unit }}{{ year }}年度承担职责{{ duty_count }}项，全年填报{{ times }}次，预计用时{{ minutes }}分钟。{% if not signed_on and sign_by %}清单签收表示收到并核对，请于{{ sign_by }}前签收。{% endif %}",
    )
    table(
        page,
        "duties",
        (
            Column("序号", "{{ row.n }}", 14, is_figure=True),
            Column("岗位", "{{ row.office }}", 44),
            Column("职责", "{{ row.text }}", 54),
            Column("全年次数", "{{ row.times }}", 22, is_figure=True),
            Column("每次用时", "{{ row.minutes }}", 22, is_figure=True),
        ),
    )
    put(
        page,
        "公文正文",
        "{% if signed_on %}签收：{% if signed_office %}{{ signed_office }}，{% endif %}{{ signed_on }}。{% else %}签收：（{{ state }}）{% endif %}",
    )
    signature(page)
    return bytes_of(page)


def reception_notice() -> bytes:
    page = new_page()
    title(page, "{{ title }}")
    put(
        page,
        "公文正文",
        "现将{{ unit }}{{ month }}领导接待日安排公告如下。本月共安排{{ day_count }}次，提供名额{{ place_count }}个，面向全体群众，无需注册，不核验证件，请提前预约。",
    )
    table(
        page,
        "days",
        (
            Column("日期", "{{ row.date }}\n{{ row.weekday }}", 24, is_figure=True),
            Column("时间", "{{ row.time }}", 28, is_figure=True),
            Column("接待领导", "{{ row.office }}", 34),
            Column("分管工作", "{{ row.portfolio }}", 28),
            Column("地点", "{{ row.place }}{% if row.note %}\n{{ row.note }}{% endif %}", 28),
            Column("名额", "{{ row.places }}", 14, is_figure=True),
        ),
    )
    put(page, "公文正文", "名额约满的，可登记候补；需要随时约见的，不受接待日限制。")
    signature(page)
    return bytes_of(page)


def score_sheet() -> bytes:
    page = new_page()
    title(page, "{{ title }}", "（数据截至{{ as_of }}{% if state %}，{{ state }}{% endif %}）")
    put(
        page,
        "公文正文",
        "考核对象：{{ whom }}（{{ card }}）。得分{{ total }}{% if grade %}，等次为{{ grade }}{% endif %}{% if rank %}，{{ standing }}{% elif standing %}。{{ standing }}{% endif %}。",
    )
    table(
        page,
        "lines",
        (
            Column("序号", "{{ row.n }}", 14, is_figure=True),
            Column("指标", "{{ row.title }}", 46),
            Column("权重", "{{ row.weight }}", 16, is_figure=True),
            Column("算式", "{{ row.formula }}", 60),
            Column("得分", "{{ row.points }}", 20, is_figure=True),
        ),
    )
    put(page, "公文正文", "{%p if steps %}")
    put(page, "一级标题", "合计")
    put(page, "公文正文", "{%p for row in steps %}")
    put(page, "公文正文", "{{ loop.index }}. {{ row.text }}")
    put(page, "公文正文", "{%p endfor %}")
    put(page, "公文正文", "{%p endif %}")
    signature(page)
    return bytes_of(page)

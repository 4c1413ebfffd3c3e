"""Built-in templates of letters: a head with the red rule, a title, whom it is to, what it says, who signs."""

from __future__ import annotations

from guantong.documents.builtin import bytes_of
from guantong.documents.layout.page import new_page
from guantong.documents.layout.pieces import Column, head, imprint, put, signature, table, title


def circular() -> bytes:
    page = new_page()
    head(page, "{{ mark }}", "{{ number }}")
    title(page, "{{ title }}")
    put(page, "主送机关", "{{ to }}：")
    put(page, "公文正文", "{%p for row in paragraphs %}")
    put(page, "公文正文", "{{ row.text }}")
    put(page, "公文正文", "{%p endfor %}")
    signature(page)
    imprint(page)
    return bytes_of(page)


def supervision_letter() -> bytes:
    page = new_page()
    head(page, "{{ mark }}", "{{ number }}")
    title(page, "{{ title }}")
    put(page, "主送机关", "{{ to }}：")
    put(
        page,
        "公文正文",
        "根据{{ basis }}，“{{ matter }}”已立项督办，现交由你单位办理，办结期限为{{ due }}。现将有关要求通知如下。",
    )
    put(page, "一级标题", "一、办理要求")
    put(page, "公文正文", "{%p if detail %}")
    put(page, "公文正文", "{{ detail }}")
    put(page, "公文正文", "{%p endif %}")
    put(
        page,
        "公文正文",
        "{% if sign_by %}请于{{ sign_by }}前签收。{% endif %}有牵头单位的，由牵头单位统一反馈；确需延期的，请在到期前说明理由提出申请。",
    )
    put(page, "一级标题", "二、任务分工")
    put(page, "公文正文", "本事项由{{ unit_count }}个单位承办，分工如下。")
    table(
        page,
        "parts",
        (
            Column("序号", "{{ row.n }}", 14, is_figure=True),
            Column("承办单位", "{{ row.unit }}", 36),
            Column("承担方式", "{{ row.part }}", 22, is_figure=True),
            Column("任务", "{{ row.wording }}{% if row.target %}（目标：{{ row.target }}）{% endif %}", 44),
            Column("期限", "{{ row.due }}", 40, is_figure=True),
        ),
    )
    put(page, "一级标题", "三、反馈方式")
    put(
        page,
        "公文正文",
        "{% if report_days %}办理期间每{{ report_days }}日反馈一次进展，没有变化的可直接确认。{% endif %}办结后及时反馈结果和依据，经核查认可后销号。",
    )
    signature(page)
    imprint(page)
    return bytes_of(page)


def result_notice() -> bytes:
    page = new_page()
    head(page, "{{ mark }}", "{% if number %}{{ number }}{% else %}〔{{ year }}〕　号{% endif %}")
    title(page, "{{ title }}")
    put(page, "主送机关", "{{ to }}：")
    put(page, "公文正文", "{{ year }}年度考核结果已经公布（数据截至{{ as_of }}），现将你单位的结果通知如下。")
    put(page, "一级标题", "一、考核结果")
    put(
        page,
        "公文正文",
        "你单位属“{{ card }}”类考核对象，得分{{ total }}{% if grade %}，等次为{{ grade }}{% endif %}{% if rank %}，{{ standing }}{% elif standing %}。{{ standing }}{% endif %}。",
    )
    put(page, "公文正文", "{%p if lost %}")
    put(page, "一级标题", "二、失分指标")
    table(
        page,
        "lost",
        (
            Column("序号", "{{ row.n }}", 14, is_figure=True),
            Column("指标", "{{ row.title }}", 82),
            Column("满分", "{{ row.weight }}", 30, is_figure=True),
            Column("得分", "{{ row.points }}", 30, is_figure=True),
        ),
    )
    put(page, "公文正文", "{%p endif %}")
    put(page, "公文正文", "各项得分的算式和依据可在系统内逐项核对。")
    signature(page)
    imprint(page)
    return bytes_of(page)

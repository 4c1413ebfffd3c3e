"""Built-in templates of running text: the duty report and the minutes."""

from __future__ import annotations

from guantong.documents.builtin import bytes_of
from guantong.documents.layout.page import new_page
from guantong.documents.layout.pieces import attendance, blank, head, imprint, put, signature, title


def duty_report() -> bytes:
    page = new_page()
    title(page, "{{ title }}", "{{ signer }}{% if state %}（{{ state }}）{% endif %}")
    put(page, "公文正文", "{%p for row in sections %}")
    put(page, "一级标题", "{{ row.numeral }}、{{ row.name }}")
    put(page, "公文正文", "{{ row.text }}")
    put(page, "公文正文", "{%p endfor %}")
    signature(page)
    return bytes_of(page)


def minutes() -> bytes:
    page = new_page()
    head(page, "{{ mark }}", "{{ held_on }}")
    title(page, "{{ title }}")
    put(
        page,
        "公文正文",
        "{{ held_on }}{% if time %}{{ time }}{% endif %}，{{ called_by }}{% if place %}在{{ place }}{% endif %}召开{{ kind }}。{% if chair %}会议由{{ chair }}主持。{% endif %}",
    )
    put(
        page,
        "公文正文",
        "会议应到{{ asked }}人，实到{{ present }}人{% if on_leave %}，请假{{ on_leave }}人{% endif %}{% if outside %}，另有来宾{{ outside }}人{% endif %}。",
    )
    put(page, "公文正文", "{%p if agenda %}")
    put(page, "一级标题", "一、会议议题")
    put(page, "公文正文", "{%p for row in agenda %}")
    put(
        page,
        "公文正文",
        "{{ row.n }}. {{ row.title }}{% if row.reporter %}（{{ row.reporter }}汇报）{% endif %}",
    )
    put(page, "公文正文", "{%p endfor %}")
    put(page, "公文正文", "{%p endif %}")
    put(page, "公文正文", "{%p if texts %}")
    put(page, "一级标题", "{% if agenda %}二{% else %}一{% endif %}、会议情况")
    put(page, "公文正文", "{%p for row in texts %}")
    put(page, "公文正文", "{{ row.text }}")
    put(page, "公文正文", "{%p endfor %}")
    put(page, "公文正文", "{%p endif %}")
    put(page, "公文正文", "{%p if lines %}")
    put(
        page,
        "一级标题",
        "{% if agenda and texts %}三{% elif agenda or texts %}二{% else %}一{% endif %}、议定事项",
    )
    put(page, "公文正文", "{%p for row in lines %}")
    put(page, "公文正文", "{{ row.n }}. {{ row.wording }}。{{ row.assigned }}")
    put(page, "公文正文", "{%p endfor %}")
    put(page, "公文正文", "{%p endif %}")
    put(page, "公文正文", "{%p if attending %}")
    blank(page)
    attendance(page, "出席", "{{ attending }}。")
    put(page, "公文正文", "{%p endif %}")
    imprint(page)
    return bytes_of(page)

"""The fields of the score sheet and of the notice of a result."""

from __future__ import annotations

from guantong.documents.content import Field
from guantong.documents.kinds.paper import AS_OF, DATE, MARK, NUMBER, SIGNER, TITLE, TO

SHARED = (
    Field("whom", "考核对象", eg="市发展和改革委员会"),
    Field("card", "考核类别", eg="成员单位"),
    Field("year", "年度", eg="2026"),
    AS_OF,
    Field("total", "得分", must=True, eg="86.50"),
    Field("grade", "等次", eg="良好", is_optional=True),
    Field("rank", "位次", eg="8", is_optional=True),
    Field("band", "分档", eg="2", is_optional=True),
    Field("group_size", "可比对象数", eg="28", is_optional=True),
    Field("standing", "位次说明", eg="在28个有得分的可比对象中列第8位（第2档）", is_optional=True),
)
SHEET_FIELDS = (
    TITLE,
    SIGNER,
    DATE,
    *SHARED,
    Field(
        "lines",
        "计分明细",
        (
            Field("n", "序号", eg="1"),
            Field("title", "指标", eg="任务按期完成率"),
            Field("weight", "权重", eg="40"),
            Field("formula", "算式", eg="40 × 3 ÷ 5 = 24"),
            Field("points", "得分", eg="24"),
        ),
        must=True,
    ),
    Field("steps", "合计过程", (Field("text", "步骤", eg="各项得分合计 24 + 10 + 20 + 6 = 60"),)),
    Field("state", "公布状态", eg="尚未公布", is_optional=True),
)
NOTICE_FIELDS = (
    TITLE,
    NUMBER,
    MARK,
    TO,
    SIGNER,
    DATE,
    *SHARED,
    Field(
        "lost",
        "失分指标",
        (
            Field("n", "序号", eg="1"),
            Field("title", "指标", eg="任务按期完成率"),
            Field("weight", "权重", eg="40"),
            Field("points", "得分", eg="24"),
        ),
    ),
)

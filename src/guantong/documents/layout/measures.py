"""The numbers of GB/T 9704-2012 (layout of official documents), in millimetres and points unless said otherwise."""

from __future__ import annotations

import math

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, LEFT = 37, 28
TEXT_WIDTH, TEXT_HEIGHT = 156, 225
RIGHT = PAGE_WIDTH - LEFT - TEXT_WIDTH
BOTTOM = PAGE_HEIGHT - TOP - TEXT_HEIGHT
LINES, CHARACTERS = 22, 28

# Chinese type sizes by their names: 二号, 三号, 四号 and 小四.
SIZE_TITLE, SIZE_BODY, SIZE_SMALL, SIZE_TABLE = 22, 16, 14, 12
SIZE_MARK, SIZE_MARK_LEAST = 42, 22  # the name of the issuing body at the head; smaller where it is long

FONT_TITLE, FONT_BODY, FONT_FIRST, FONT_SECOND, FONT_PAGE = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "宋体",
)
# What stands in where the font is not installed; written in the file's font table, and in docs.
FALLBACKS = {
    FONT_TITLE: ("小标宋", "FZXiaoBiaoSong-B05S", "宋体", "SimSun", "Noto Serif CJK SC"),
    FONT_BODY: ("仿宋", "FangSong", "方正仿宋简体", "Noto Serif CJK SC"),
    FONT_FIRST: ("SimHei", "方正黑体简体", "Noto Sans CJK SC"),
    FONT_SECOND: ("楷体", "KaiTi", "方正楷体简体", "AR PL UKai CN", "Noto Serif CJK SC"),
    FONT_PAGE: ("SimSun", "AR PL UMing CN", "Noto Serif CJK SC"),
}
RED = "FF0000"

TWIPS_PER_MM = 1440 / 25.4


def twips(mm: float) -> int:
    return round(mm * TWIPS_PER_MM)


# In a table: the pitch of its lines and the room before and after it in points; the room above a cell's words.
TABLE_LINE, TABLE_GAP, TABLE_MARGIN = 18, 10, 0.8
SHORT_TABLE, SHORT_TABLE_CHARACTERS = (
    6,
    400,
)  # rows that no page break parts, unless there is too much in them

# One line and one character of the grid, rounded down: a twip too much would leave 21 lines on a page.
LINE_TWIPS = int(twips(TEXT_HEIGHT) / LINES)
CHARACTER_TWIPS = twips(SIZE_BODY * 25.4 / 72)
# How much narrower than its size a character stands, in 1/4096 point, as the grid of a section wants it.
CHARACTER_SPACE = int((TEXT_WIDTH / 25.4 * 72 / CHARACTERS - SIZE_BODY) * 4096) - 1
# The same in twips, rounded so that the 28th character still fits.
NARROWER_TWIPS = math.floor(TEXT_WIDTH * TWIPS_PER_MM / CHARACTERS - SIZE_BODY * 20)
TITLE_CHARACTERS = int(TEXT_WIDTH / (SIZE_TITLE * 25.4 / 72))
SIGNATURE_INDENT = 4  # characters between the date and the right edge where a seal goes on it
SIGNATURE_SPARE = 1  # characters at each side of the signature, for figures wider than half a character
MARK_DROP = 35  # from the top of the text block to the issuing body's name
MARK_SHARE = 0.92  # of the line, for the longest of such names
RULE_GAP = 4  # between the document number and the red rule
PAGE_NUMBER_EDGE = 25  # from the lower edge of the page: 7 below the text block, less its own height

"""The catalogue a cycle begins with: what a liaison officer usually does for people, and how long it takes."""

from __future__ import annotations

BUILT_IN: tuple[tuple[str, str, int], ...] = (
    ("政策宣传解读", "Explain policy", 10),
    ("便民代办", "Run an errand for somebody", 15),
    ("走访看望", "Call on people at home", 15),
    ("收集诉求建议", "Collect demands and suggestions", 10),
    ("矛盾纠纷调解", "Mediate a quarrel", 30),
    ("帮助办理证照和补贴", "Help with papers and allowances", 20),
    ("就业和技能信息", "Pass on jobs and training", 10),
    ("惠企服务对接", "Connect an enterprise with help", 20),
    ("安全和防灾提醒", "Warn of dangers", 5),
    ("组织参加之家活动", "Bring people to the home", 10),
)
"""(name, English name, minutes)"""

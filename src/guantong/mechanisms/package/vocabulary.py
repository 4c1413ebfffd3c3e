"""The closed vocabularies of ``mechanism/1``: a package picks words, it never brings code."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

FORMAT = "mechanism/1"

DIVISION_LEVELS = ("province", "city", "county", "township", "village")
PER = ("year", "half", "quarter", "month", "ten_days", "week", "workday")
UPON = ("case_assigned", "problem_assigned", "office_change", "event")
EACH = {"village": _("村（社区）"), "pairing": _("结对对象"), "section": _("河段")}

# Minutes one record of a kind takes, where a duty does not say its own. Typing time of an office worker,
# estimated; a package corrects it with ``minutes:``.
MINUTES_BY_EVIDENCE = {
    "none": 0,
    "statement": 3,
    "document_ref": 3,
    "meeting_ref": 3,
    "contact_note": 5,
    "reception_session": 10,
    "case_closure": 8,
    "progress_line": 2,
    "sign_off": 5,
    "duty_report": 60,
    "patrol_record": 3,
    "scorecard": 30,
}
EVIDENCE = tuple(MINUTES_BY_EVIDENCE)

MEASURES = ("ratio", "count", "terms", "sum_of_parts", "rating")

# What a family's records may be counted by. Blocks of a package that declare states of their own
# (task_lists.states, reception.case_flow, problems.flow) add to these.
FAMILY_STATES: dict[str, tuple[str, ...]] = {
    "tasks": ("due", "issued", "closed", "closed_on_time", "late", "all"),
    "duties": ("due", "issued", "done", "done_on_time", "signed", "signed_by_due", "late", "all"),
    "reports": ("due", "done", "on_time", "late", "all"),
    "cases": ("due", "closed", "closed_in_time", "overdue", "reopened", "satisfied", "all"),
    "contacts": ("due", "done", "done_on_time", "late", "all"),
    "coverage": ("met", "gap", "all"),
    "problems": ("due", "closed", "closed_in_time", "overdue", "passed_on", "department_done", "all"),
    "sections": ("all", "target_met", "sign_posted", "patrolled"),
}
# Facts of any kind that the package names; ``confirmed`` takes every kind.
FACT_FAMILIES = ("findings", "recognitions")
FAMILIES = (*FAMILY_STATES, *FACT_FAMILIES)
MEASURE_FILTERS = ("pillar",)

PLAIN_SCORING = ("proportional", "as_given")
RULED_SCORING = ("deduct", "add", "terms", "bands", "linear", "rank", "escalate")
ROUNDING = ("floor", "exact", "ceil")
MISSING = ("exclude", "zero", "full")
MISSING_ITEMS = ("rescale",)
DIRECTIONS = ("up", "down")
GENERIC_SUBJECTS = ("unit", "territory", "leader_office", "office")

EXCLUDE_CODES = ("dev_zone",)
PARTNER_KINDS = ("organisation", "representative", "enterprise", "chamber", "branch")
RUNS = ("cycle", "supervision", "assessment")
PROOFS = ("statement", "second_witness", "location_point")
DOCUMENT_KINDS = ("list", "letter", "report", "notice", "form", "minutes")
LADDER = ("remind", "talk", "circular", "refer")
PILLAR_SOURCES = (
    "scorecards",
    "problems",
    "meetings",
    "task_lists",
    "coverage",
    "reception",
    "pairing",
    "patrol",
)

# Who takes a step in the review of a matter; where a matter comes from.
REVIEWERS = ("own_head", "issuer", "leader")
ORIGINS = ("instruction", "meeting", "paper", "proposal", "demand", "task", "check")

# Blocks that are parsed, checked and kept, and wait for the issue that gives them behaviour.
NOT_YET_USED = {"assets": _("职责针对的对象"), "patrol": _("巡查"), "problems": _("问题台账")}

# Never a field of any package, whatever its own privacy block says (mission, Privacy).
ALWAYS_BLOCKED = (
    "ethnicity",
    "religion",
    "political_opinion",
    "thoughts",
    "family",
    "biometrics",
    "face",
    "gps",
)
# How a blocked field may also be written.
ALSO_WRITTEN: dict[str, tuple[str, ...]] = {
    "ethnicity": ("ethnic", "nationality_group", "民族", "族别"),
    "religion": ("religious", "faith", "belief", "宗教", "信仰"),
    "political_opinion": ("political_view", "政治观点", "政治倾向"),
    "thoughts": ("thought", "ideology", "mindset", "思想动态", "思想状况"),
    "family": ("family_members", "家庭成员", "家庭情况"),
    "household": ("household_members", "家庭", "户籍"),
    "party": ("party_membership", "党派", "政治面貌"),
    "biometrics": ("biometric", "fingerprint", "指纹", "生物特征"),
    "face": ("facial", "人脸"),
    "gps": ("gps_track", "定位"),
    "track": ("trajectory", "轨迹"),
    "health": ("medical", "健康", "病史"),
    "id_number": ("identity_number", "id_card", "身份证", "身份证号"),
}
PRIVATE_PERSONS = (
    "private_person",
    "contact_partner",
    "partner",
    "applicant",
    "reporter",
    "complainant",
    "petitioner",
    "resident",
    "villager",
    "citizen",
    "visitor",
)
# Never asked by any package, whatever its own burden block says (grassroots burden rules, rules.md §2.8).
ALWAYS_NEVER = ("check_in", "login_ranking", "online_time", "forced_photo", "location_track")
# What a ban of the burden block covers besides its own word.
NEVER_MEANS: dict[str, tuple[str, ...]] = {
    "check_in": ("check_ins", "clock_in", "punch_in", "打卡", "签到打卡"),
    "points": ("point_ranking", "积分"),
    "login_ranking": ("login", "logins", "登录次数", "登录排名", "使用排名", "活跃度排名"),
    "online_time": ("online_minutes", "online_hours", "在线时长"),
    "forced_photo": ("photo", "photos", "selfie", "拍照", "照片"),
    "location_track": ("track", "tracks", "trajectory", "gps", "轨迹"),
    "forced_track": ("track", "tracks", "trajectory", "gps", "轨迹"),
}


def ways_of_what_is_never_asked(words: Iterable[str]) -> dict[str, str]:
    """Every way of writing the banned words and those that are always banned, with the word of the ban."""
    ways: dict[str, str] = {}
    for word in dict.fromkeys((*words, *ALWAYS_NEVER)):
        for way in (word, *NEVER_MEANS.get(word, ())):
            ways.setdefault(way, word)
    return ways

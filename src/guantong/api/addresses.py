"""Every address of the interface with what it does. The URLs, the document and the table of permissions come from it."""

from __future__ import annotations

from collections.abc import Sequence

from guantong.api.contract.acts import Act
from guantong.api.resources import (
    cases,
    duties,
    homes,
    liaison,
    matters,
    obligations,
    records,
    results,
    structure,
    tasks,
)

# route below /api/v1/, name, acts; the first act gives the policy of the address
ADDRESSES: Sequence[tuple[str, str, tuple[Act, ...]]] = (
    ("me/", "api-me", (structure.ME,)),
    ("units/", "api-units", (structure.UNITS,)),
    ("units/<int:pk>/", "api-unit", (structure.UNIT,)),
    ("offices/", "api-offices", (structure.OFFICES,)),
    ("offices/<int:pk>/", "api-office", (structure.OFFICE,)),
    ("cycles/", "api-cycles", (structure.CYCLES,)),
    ("cycles/<int:pk>/", "api-cycle", (structure.CYCLE,)),
    ("notices/", "api-notices", (structure.NOTICES,)),
    ("duty-lists/", "api-duty-lists", (duties.DUTY_LISTS,)),
    ("duty-lists/<int:pk>/", "api-duty-list", (duties.DUTY_LIST,)),
    ("obligations/", "api-obligations", (obligations.OBLIGATIONS,)),
    ("obligations/<int:pk>/", "api-obligation", (obligations.OBLIGATION,)),
    ("obligations/<int:pk>/claims/", "api-claims", (obligations.CLAIM,)),
    ("records/", "api-records", (records.RECORDS, records.NEW_RECORD)),
    ("records/<int:pk>/", "api-record", (records.RECORD,)),
    ("tasks/", "api-tasks", (tasks.TASKS,)),
    ("tasks/<int:pk>/", "api-task", (tasks.TASK,)),
    ("matters/", "api-matters", (matters.MATTERS,)),
    ("matters/<int:pk>/", "api-matter", (matters.MATTER,)),
    ("cases/", "api-cases", (cases.CASES,)),
    ("cases/<int:pk>/", "api-case", (cases.CASE,)),
    ("scores/", "api-scores", (results.SCORES,)),
    ("scores/<int:pk>/", "api-score", (results.SCORE,)),
    ("score-lines/<int:pk>/rows/", "api-score-rows", (results.SCORE_ROWS,)),
    ("boards/<int:cycle>/<int:unit>/", "api-board", (results.BOARD,)),
    ("homes/", "api-homes", (homes.HOMES,)),
    ("homes/<int:pk>/", "api-home", (homes.HOME,)),
    ("activities/", "api-activities", (homes.ACTIVITIES, homes.NEW_ACTIVITY)),
    ("activities/<int:pk>/", "api-activity", (homes.ACTIVITY,)),
    ("service-items/", "api-service-items", (liaison.ITEMS,)),
    ("services/", "api-services", (liaison.SERVICES, liaison.NEW_SERVICE)),
    ("services/<int:pk>/", "api-service", (liaison.SERVICE,)),
    ("demands/", "api-demands", (liaison.DEMANDS, liaison.NEW_DEMAND)),
    ("demands/<int:pk>/", "api-demand", (liaison.DEMAND,)),
)

"""Reading cases, within what somebody may see: a file for each noun."""

from guantong.cases.queries.visible import case_by_code, cases_visible_to

__all__ = ["case_by_code", "cases_visible_to"]

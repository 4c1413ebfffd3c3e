"""What happens to a case, by whom: a file for each noun."""

from guantong.cases.operations.registering import register_case, registering_unit
from guantong.cases.operations.wishes import erase_applicant

__all__ = ["erase_applicant", "register_case", "registering_unit"]

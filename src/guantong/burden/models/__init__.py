"""Fields, the requests that ask for them, what was answered, and the minutes an issuing unit may ask: a file each."""

from guantong.burden.models.answers import Answer, Response
from guantong.burden.models.budgets import Budget
from guantong.burden.models.fields import Field
from guantong.burden.models.requests import Addressee, FieldRequest, RequestField, RequestStep

__all__ = [
    "Addressee",
    "Answer",
    "Budget",
    "Field",
    "FieldRequest",
    "RequestField",
    "RequestStep",
    "Response",
]

"""The code in the link of an activity's sheet. It follows from the activity, its day and the installation's key.

The database keeps its SHA-256 alone, so that whoever reads the database cannot add to a count.
"""

from __future__ import annotations

import base64

from django.utils.crypto import salted_hmac

from guantong.grassroots.models import Activity
from guantong.privacy.operations import link_digest

LENGTH = 16  # characters of base 32: 80 bits, short enough to type


def code_for(activity: Activity) -> str:
    mark = salted_hmac("guantong.grassroots.activity", f"{activity.pk} {activity.day}", algorithm="sha256")
    return base64.b32encode(mark.digest()).decode()[:LENGTH].lower()


def digest_for(activity: Activity) -> str:
    return link_digest(code_for(activity))


def tidy(code: str) -> str:
    """A code as it is meant, however it was typed."""
    return "".join(each for each in code.lower() if each.isalnum())

"""The code in the sign-in link of a meeting's day. It follows from the meeting, its day and the installation's key.

The database keeps its SHA-256 alone, so that whoever reads the database cannot sign anybody in.
"""

from __future__ import annotations

import base64

from django.utils.crypto import salted_hmac

from guantong.leadership.models import Meeting
from guantong.privacy.operations import link_digest

LENGTH = 24  # characters of base 32: 120 bits


def code_for(meeting: Meeting) -> str:
    mark = salted_hmac("guantong.leadership.sign_in", f"{meeting.pk} {meeting.day}", algorithm="sha256")
    return base64.b32encode(mark.digest()).decode()[:LENGTH]


def digest_for(meeting: Meeting) -> str:
    return link_digest(code_for(meeting))

"""What the room keeps, a file per noun."""

from guantong.leadership.models.bodies import Body, FirstResponsible, Membership
from guantong.leadership.models.meetings import AgendaItem, Brief, Invitation, Meeting, MinuteLine
from guantong.leadership.models.pairings import Pairing, PartnerContact
from guantong.leadership.models.publicity import PublicityItem
from guantong.leadership.models.study import Course, CourseClass, Enrolment, Sitting

__all__ = [
    "AgendaItem", "Body", "Brief", "Course", "CourseClass", "Enrolment", "FirstResponsible", "Invitation", "Meeting",
    "Membership", "MinuteLine", "Pairing", "PartnerContact", "PublicityItem", "Sitting",
]  # fmt: skip

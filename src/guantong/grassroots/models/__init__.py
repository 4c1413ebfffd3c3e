"""What the room keeps, a file per noun."""

from guantong.grassroots.models.campaigns import Campaign, CampaignUnit
from guantong.grassroots.models.homes import Activity, Home, HomeHost, PastHours, Room, RoomBooking
from guantong.grassroots.models.roster import Certificate, Gap
from guantong.grassroots.models.services import Demand, DemandStep, Service, ServiceItem

__all__ = [
    "Activity",
    "Campaign",
    "CampaignUnit",
    "Certificate",
    "Demand",
    "DemandStep",
    "Gap",
    "Home",
    "HomeHost",
    "PastHours",
    "Room",
    "RoomBooking",
    "Service",
    "ServiceItem",
]

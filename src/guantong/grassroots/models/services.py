"""What a liaison officer does for people, and what people ask that goes up and comes back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from guantong.accounts.models import Office, Person
from guantong.cases.models import Case
from guantong.grassroots.choices import DemandStage
from guantong.grassroots.models.homes import Home
from guantong.kernel.privacy import Privacy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Record


class ServiceItem(models.Model):
    """One line of the catalogue: what a liaison officer can do, and how long it usually takes."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="service_items")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(default=10)
    closed_on = models.DateField(null=True)

    privacy = Privacy(business="cycle name name_en minutes closed_on", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "name"], name="service_item_once_per_cycle")]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Service(models.Model):
    """A service given: a work record with its line of the catalogue. One may cover several villages.

    ``people`` is a number; ``stars`` (1-5) is what somebody said of it, if they wished to.
    """

    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="service")
    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="services")
    villages = models.ManyToManyField(Unit, related_name="services")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="services")
    people = models.PositiveSmallIntegerField(default=1)
    stars = models.PositiveSmallIntegerField(null=True)

    privacy = Privacy(business="record item home people stars", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__gte=1, stars__lte=5),
                name="service_one_to_five_stars",
            )
        ]


class Demand(models.Model):
    """Something people asked for, in neutral words and without anybody's name.

    It is at one office (``at_office``) at a time: liaison, commissioner, coordination; where it is somebody's own
    trouble it becomes a case, and the case holds what is personal. The answer comes back down the same way.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="demands")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="demands")
    home = models.ForeignKey(Home, on_delete=models.PROTECT, null=True, related_name="demands")
    wording = models.CharField(max_length=500)
    raised_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="demands_raised")
    raised_at = models.DateTimeField()
    at_office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="demands_held")
    stage = models.CharField(max_length=10, choices=DemandStage.choices, default=DemandStage.RAISED)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="demand")
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    told_on = models.DateField(null=True)

    privacy = Privacy(
        business="cycle unit home wording raised_by raised_at at_office stage case answer answered_at told_on",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage__in=[DemandStage.ANSWERED, DemandStage.TOLD]) | ~Q(answer=""),
                name="answered_demand_has_an_answer",
            )
        ]
        indexes = [models.Index(fields=["at_office", "stage"]), models.Index(fields=["unit", "stage"])]

    def __str__(self) -> str:
        return self.wording if len(self.wording) <= 60 else self.wording[:59] + "…"


class DemandStep(models.Model):
    """One move of a demand: from which office to which, why, and when."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    from_office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    to_office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()

    privacy = Privacy(
        business="demand verb before after from_office to_office note taken_at",
        pseudonym="person",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        indexes = [models.Index(fields=["demand", "taken_at"])]

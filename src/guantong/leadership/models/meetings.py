"""A meeting: called, answered, signed in, minuted; what was decided becomes a task, what was asked a case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office
from guantong.cases.models import Case
from guantong.kernel.privacy import Privacy
from guantong.leadership.choices import LineKind, MeetingKind, MeetingStage, Reply, SignedHow
from guantong.leadership.models.bodies import Body
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Record, StoredFile
from guantong.tasks.models import Task


class Meeting(models.Model):
    """A meeting, study session, hearing, symposium or field visit. ``series`` is the first of a recurring one.

    ``sign_code_digest`` is the SHA-256 of the code in the sign-in QR of the day. ``record`` is the one record of work
    made when it was held; everybody who was there takes part in it. ``outside`` counts guests who hold no office: a
    number, no list of people.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=16, choices=MeetingKind.choices)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, related_name="meetings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=200)
    pillar = models.CharField(max_length=60)
    chair = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="chaired_meetings")
    called_by = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    starts_at = models.TimeField(null=True)
    ends_at = models.TimeField(null=True)
    place = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=10, choices=MeetingStage.choices, default=MeetingStage.PLANNED)
    called_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    series = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="recurrences")
    sign_code_digest = models.CharField(max_length=64, blank=True)
    minutes = models.TextField(blank=True, max_length=20000)
    minuted_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    minuted_at = models.DateTimeField(null=True)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="meeting")
    outside = models.PositiveSmallIntegerField(null=True)

    privacy = Privacy(
        business="cycle kind body unit title pillar chair called_by day starts_at ends_at place stage called_at held_at cancelled_at reason series minutes minuted_by minuted_at record outside",
        credential="sign_code_digest",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="meeting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(stage=MeetingStage.CANCELLED) | ~Q(reason=""),
                name="meeting_cancelled_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "day"]), models.Index(fields=["unit", "day"])]

    def __str__(self) -> str:
        return self.title

    @property
    def agenda(self) -> models.QuerySet[AgendaItem]:
        """Its items, in order."""
        return self.agenda_rows.filter(dropped_at=None)

    @property
    def invitations(self) -> models.QuerySet[Invitation]:
        """Who is asked to come."""
        return self.invitation_rows.filter(dropped_at=None)

    @property
    def lines(self) -> models.QuerySet[MinuteLine]:
        """What was decided, found or asked, in order."""
        return self.line_rows.filter(dropped_at=None)


class AgendaItem(models.Model):
    """One item, who reports on it, its paper. One taken off again has ``dropped_at``."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda_rows")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    reporter = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True)
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    paper_name = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="meeting order title reporter minutes paper paper_name reference dropped_at", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="agenda_order_once")]


class Invitation(models.Model):
    """An office is asked to come: what it answered, who comes instead, whether it signed in. Absence has a reason.

    One that was taken back has ``dropped_at``.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="invitation_rows")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="invitations")
    reply = models.CharField(max_length=10, choices=Reply.choices, default=Reply.NONE)
    reason = models.CharField(max_length=300, blank=True)
    stand_in = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    signed_how = models.CharField(max_length=6, choices=SignedHow.choices, blank=True)
    dropped_at = models.DateTimeField(null=True)

    privacy = Privacy(
        business="meeting office reply reason stand_in signed_at signed_how dropped_at", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "office"], condition=Q(dropped_at__isnull=True), name="office_invited_once"
            ),
            models.CheckConstraint(
                condition=~Q(reply__in=[Reply.LEAVE, Reply.STAND_IN]) | ~Q(reason=""),
                name="leave_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(reply=Reply.STAND_IN) | Q(stand_in__isnull=False), name="stand_in_is_named"
            ),
        ]
        indexes = [models.Index(fields=["office", "signed_at"])]


class MinuteLine(models.Model):
    """One line of the minutes: decided, found or asked; with the task or case it became.

    A task quotes it word for word. Of a demand it is the office's neutral name: what somebody said in their own words
    stands sealed in the case alone. One taken out again has ``dropped_at``.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="line_rows")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind.choices, default=LineKind.DECISION)
    wording = models.CharField(max_length=500)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    cooperating = models.ManyToManyField(Unit, related_name="+")
    due_on = models.DateField(null=True)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, null=True, related_name="minute_line")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="minute_line")
    dropped_at = models.DateTimeField(null=True)

    privacy = Privacy(business="meeting order kind wording lead due_on task case dropped_at", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="minute_line_order_once")]

    def __str__(self) -> str:
        return self.wording


class Brief(models.Model):
    """The two pages a hearing gets, drawn from live data at a moment; every number with what it was counted from."""

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="brief")
    content = models.JSONField()
    made_at = models.DateTimeField()

    privacy = Privacy(business="meeting content made_at", technical="id")
    unlogged = frozenset[str]()

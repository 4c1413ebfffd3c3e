"""Courses of the party school and the academies: curricula, classes, enrolment, completion."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from guantong.accounts.models import Office, Person
from guantong.kernel.privacy import Privacy
from guantong.leadership.choices import CompletedBy
from guantong.mechanisms.models import Cycle
from guantong.organisation.models import Unit
from guantong.records.models import Record, StoredFile


class Course(models.Model):
    """What is taught. ``compulsory`` names the content every curriculum must carry; ``target`` the seats it is for.

    ``test`` is a short test: a list of {question, answers, right}; ``pass_mark`` the number of right answers needed.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="courses")
    school = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(max_length=200)
    compulsory = models.JSONField(default=list)
    target = models.JSONField(default=list)
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    test = models.JSONField(default=list)
    pass_mark = models.PositiveSmallIntegerField(null=True)
    closed_on = models.DateField(null=True)

    privacy = Privacy(
        business="cycle school title compulsory target hours test pass_mark closed_on", technical="id"
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "school", "title"], name="course_once_per_school_and_year"
            ),
            models.CheckConstraint(condition=Q(hours__gt=0), name="course_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title


class CourseClass(models.Model):
    """A course held from a day to a day, with places. ``record`` is the work record of its end."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="classes")
    name = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    capacity = models.PositiveSmallIntegerField()
    record = models.OneToOneField(Record, on_delete=models.PROTECT, null=True, related_name="course_class")

    privacy = Privacy(business="course name starts_on ends_on place capacity record", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="class_ends_after_it_starts"
            )
        ]


class Sitting(models.Model):
    """One half-day of a class, and how many hours it counts."""

    course_class = models.ForeignKey(CourseClass, on_delete=models.CASCADE, related_name="sittings")
    day = models.DateField()
    half = models.PositiveSmallIntegerField(default=1)
    hours = models.DecimalField(max_digits=4, decimal_places=1)

    privacy = Privacy(business="course_class day half hours", technical="id")
    unlogged = frozenset[str]()

    class Meta:
        ordering = ["day", "half"]
        constraints = [
            models.UniqueConstraint(fields=["course_class", "day", "half"], name="sitting_once_per_half_day")
        ]


class Enrolment(models.Model):
    """An office in a class, or its credit for the same course taken elsewhere (``course_class`` empty, with a file).

    Counted, not tracked: ``hours`` attended in all, no list of who was where when. ``tries`` counts attempts at the
    test, ``right_answers`` is the best of them. ``asker`` asked for credit, so that somebody else accepts it.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="enrolments")
    course_class = models.ForeignKey(
        CourseClass, on_delete=models.PROTECT, null=True, related_name="enrolments"
    )
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    hours = models.DecimalField(max_digits=5, decimal_places=1, default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    right_answers = models.PositiveSmallIntegerField(null=True)
    completed_on = models.DateField(null=True)
    completed_by = models.CharField(max_length=10, choices=CompletedBy.choices, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    asker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_by = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    privacy = Privacy(
        business="course course_class office enrolled_at hours tries right_answers completed_on completed_by file file_name accepted_by cancelled_on reason",
        pseudonym="asker",
        technical="id",
    )
    unlogged = frozenset[str]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "office"],
                condition=Q(cancelled_on__isnull=True),
                name="office_takes_a_course_once",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True, completed_by="")
                | (Q(completed_on__isnull=False) & ~Q(completed_by="")),
                name="completion_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(course_class__isnull=False) | Q(file__isnull=False),
                name="credit_elsewhere_has_a_file",
            ),
        ]

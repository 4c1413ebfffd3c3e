"""Reading courses: which are in sight, what the curriculum covers, who of the target group has completed them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from guantong.accounts.acting import Acting, Actor
from guantong.accounts.models import Office
from guantong.accounts.queries import offices_visible_to
from guantong.leadership.models import Course, CourseClass, Enrolment
from guantong.leadership.queries.offices import business_offices
from guantong.leadership.rules.study import may_keep_course
from guantong.leadership.terms import compulsory_of
from guantong.mechanisms.package import Package
from guantong.mechanisms.queries import cycles_visible_to
from guantong.organisation.models import PAST, Unit


def courses_visible_to(actor: Actor) -> QuerySet[Course]:
    """Courses of the years in sight: whom they are for may sit anywhere in the year's unit."""
    courses = Course.objects.select_related("school", "cycle__stored", "cycle__unit")
    if not isinstance(actor, Acting):
        return courses
    return courses.filter(cycle__in=cycles_visible_to(actor).order_by().values("pk"))


def classes_visible_to(actor: Actor) -> QuerySet[CourseClass]:
    classes = CourseClass.objects.select_related(
        "course__school", "course__cycle__unit", "course__cycle__stored"
    )
    return classes.filter(course__in=courses_visible_to(actor).values("pk"))


def enrolments_in_sight(actor: Actor, *, keeps: bool) -> QuerySet[Enrolment]:
    """All of them for whoever keeps the course; else those of offices in the visible subtree."""
    found = Enrolment.objects.select_related("office__unit", "course_class", "course", "accepted_by")
    return found if keeps else found.filter(office__in=offices_visible_to(actor).values("pk"))


def with_numbers(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Each course with ``n_classes``, ``n_enrolled`` and ``n_completed``."""
    alive = Q(enrolments__cancelled_on=None)
    return courses.annotate(
        n_classes=Count("classes", distinct=True),
        n_enrolled=Count("enrolments", filter=alive, distinct=True),
        n_completed=Count(
            "enrolments", filter=alive & Q(enrolments__completed_on__isnull=False), distinct=True
        ),
    )


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A school's year: each compulsory content with the courses that carry it; missing where there is none."""

    school: Unit
    covered: list[tuple[str, str, list[Course]]]

    @property
    def missing(self) -> list[str]:
        return [name for _key, name, courses in self.covered if not courses]


def curricula_of(courses: Iterable[Course], package: Package) -> list[Curriculum]:
    """Of the courses of a year: by school, in the order of the tree. A course that was closed carries nothing any more."""
    schools: dict[int, tuple[Unit, list[Course]]] = {}
    for each in courses:
        schools.setdefault(each.school_id, (each.school, []))[1].append(each)
    content = compulsory_of(package)
    ordered = sorted(schools.values(), key=lambda pair: pair[0].path)
    return [
        Curriculum(
            school,
            [
                (key, name, [each for each in taught if key in each.compulsory and each.closed_on is None])
                for key, name in content
            ],
        )
        for school, taught in ordered
    ]


def target_offices(course: Course) -> QuerySet[Office]:
    """Whom the course is for: open offices of its seats in the year's unit."""
    path = course.cycle.unit.path
    within = Office.objects.filter(unit__path__gte=path, unit__path__lt=path + PAST, seat__in=course.target)
    return business_offices(within)


def target_in_sight(course: Course, actor: Actor) -> QuerySet[Office]:
    """The target group as far as the office sees it; whoever keeps the course sees the whole of it."""
    offices = target_offices(course)
    if may_keep_course(actor, course):
        return offices
    return offices.filter(pk__in=offices_visible_to(actor).values("pk"))


def missing_from(course: Course, actor: Actor) -> QuerySet[Office]:
    """Of the target group in sight, those who have not completed it; ``enrolled`` says whether they are in a class."""
    alive = Enrolment.objects.filter(course=course, cancelled_on=None, office=OuterRef("pk"))
    return (
        target_in_sight(course, actor)
        .filter(~Exists(alive.filter(completed_on__isnull=False)))
        .annotate(enrolled=Exists(alive))
    )


def not_yet_in(course: Course, actor: Actor) -> QuerySet[Office]:
    """Of those, who is in no class either."""
    return missing_from(course, actor).filter(enrolled=False)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the target group in sight: how many there are, how many have completed."""

    wanted: int
    completed: int

    @property
    def missing(self) -> int:
        return self.wanted - self.completed

    @property
    def percent(self) -> int | None:
        """None where nobody is in the target group: no data, not zero."""
        return round(100 * self.completed / self.wanted) if self.wanted else None


def coverage_of(course: Course, actor: Actor) -> Coverage:
    in_sight = target_in_sight(course, actor)
    done = Enrolment.objects.filter(course=course, cancelled_on=None, completed_on__isnull=False)
    return Coverage(in_sight.count(), in_sight.filter(pk__in=done.values("office")).count())


def hours_of(course_class: CourseClass) -> object:
    """The hours of all its half-days together."""
    return course_class.sittings.aggregate(hours=Sum("hours"))["hours"] or 0


def own_enrolment(course: Course, office: Office | None) -> Enrolment | None:
    found = course.enrolments.filter(office=office, cancelled_on=None).select_related("course_class")
    return found.first() if office else None


def credits_waiting(actor: Actor) -> QuerySet[Enrolment]:
    """Credit that somebody asked for and nobody decided, in the courses in sight."""
    return Enrolment.objects.filter(
        course__in=courses_visible_to(actor).values("pk"),
        course_class=None,
        completed_on=None,
        cancelled_on=None,
    ).select_related("course__school", "office__unit", "file")

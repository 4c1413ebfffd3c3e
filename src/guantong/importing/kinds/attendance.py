"""Hours attended in a class, counted per office: who was where on which day is not kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guantong.accounts.models import Office
from guantong.importing.effects import Effects
from guantong.importing.kinds import seats
from guantong.importing.kinds.base import Column, Given, Kind, Scope
from guantong.importing.kinds.reading import flat, number
from guantong.leadership.models import CourseClass, Enrolment
from guantong.leadership.operations.classes import count_hours, enrol
from guantong.leadership.queries.study import classes_visible_to
from guantong.leadership.rules.study import is_for, may_keep_course


@dataclass(frozen=True, slots=True)
class Step:
    course_class: CourseClass
    office: Office
    enrolment: Enrolment | None
    hours: Decimal


class Attendance(Kind):
    id = "attendance"
    label = gettext_lazy("培训学时")
    about = gettext_lazy("一个班次里每个岗位修了多少学时。只计学时，不记谁哪天在场。")
    function = "leadership.call"
    named_by = "unit_code"
    columns = (
        Column("class_ref", gettext_lazy("班次编号"), ("班次编号", "班次号"), True, example="12"),
        Column("class_name", gettext_lazy("班次"), ("班次", "班次名称"), shown=True),
        *(Column(c.id, c.label, c.aliases, c.required, c.shown, "commissioner" if c.id == "seat" else c.example,
                 c.values, c.note, c.instead)
          for c in seats.COLUMNS),
        Column("hours", gettext_lazy("学时"), ("学时", "实修学时", "累计学时"), True, example="6"),
    )  # fmt: skip

    def key(self, given: Given) -> object:
        return (given["class_ref"], given["unit_code"], given["seat"], given["number"] or "1")

    def look_up(self, scope: Scope) -> Any:
        classes = {
            each.pk: each
            for each in classes_visible_to(scope.actor)
            if may_keep_course(scope.actor, each.course)
        }
        taking = Enrolment.objects.filter(
            course__in={each.course_id for each in classes.values()}, cancelled_on=None
        )
        return (
            classes,
            # the school enrols offices of the whole year's unit, not of its own subtree alone
            self._offices(classes, scope),
            {(each.course_id, each.office_id): each for each in taking},
        )

    def _offices(self, classes: Mapping[int, CourseClass], scope: Scope) -> seats.Seats:
        tops = {each.course.cycle.unit.path for each in classes.values()}
        offices = Office.objects.filter(closed_on__isnull=True).select_related("unit")
        return seats.seats_of(
            (each for each in offices if any(each.unit.path.startswith(top) for top in tops)), scope.cycle
        )

    def judge(self, given: Given, known: Any, scope: Scope) -> Step | None:
        classes, offices, taking = known
        which = flat(given["class_ref"])
        found = classes.get(int(which)) if which.isascii() and which.isdigit() else None
        hours = number(given, "hours", most=200)
        if found is None:
            given.error("class_ref", _("没有编号为“%(n)s”的班次，或不由本单位开课。") % {"n": which[:40]})
            return None
        office = seats.office_in(given, offices)
        if office is None or hours is None:
            return None
        enrolment = taking.get((found.course_id, office.pk))
        if enrolment and enrolment.course_class_id == found.pk and enrolment.hours == hours:
            given.same = True
        elif found.record_id is not None:
            given.error("class_ref", _("这个班次已经结班。"))
        elif enrolment and enrolment.course_class_id != found.pk:
            given.error("seat", _("“%(office)s”已在别的班次修这门课。") % {"office": office.title})
        elif enrolment is None and not is_for(found.course, office):
            given.error("seat", _("“%(office)s”不在这门课程的对象范围内。") % {"office": office.title})
        elif found.starts_on > scope.today:
            given.error("class_ref", _("%(day)s 才开班。") % {"day": found.starts_on})
        else:
            return Step(found, office, enrolment, hours)
        return None

    def take(self, step: Step, scope: Scope, effects: Effects) -> None:
        enrolment = step.enrolment
        if enrolment is None:
            made = enrol(
                course_class=step.course_class, offices=[step.office], actor=scope.actor, now=scope.now
            )
            effects.created(*made)
            enrolment = made[0]
        with effects.altering(enrolment, "hours"):
            count_hours(
                course_class=step.course_class,
                hours={enrolment.pk: step.hours},
                actor=scope.actor,
                now=scope.now,
            )

    def export(self, scope: Scope) -> Iterator[Mapping[str, object]]:
        classes = [
            each.pk for each in classes_visible_to(scope.actor) if may_keep_course(scope.actor, each.course)
        ]
        rows = Enrolment.objects.filter(course_class__in=classes, cancelled_on=None)
        for each in rows.select_related("course_class", "office__unit").order_by(
            "course_class", "office__unit__path"
        ):
            assert each.course_class is not None
            yield {
                "class_ref": each.course_class_id, "class_name": each.course_class.name,
                **seats.shown(each.office), "hours": each.hours.normalize().__format__("f"),
            }  # fmt: skip

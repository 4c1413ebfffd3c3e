from __future__ import annotations

from django.urls import path

from guantong.leadership.views import classes, courses

urlpatterns = [
    path("courses/", courses.courses, name="courses"),
    path("courses/new/", courses.new_course, name="new-course"),
    path("courses/<int:pk>/", courses.course, name="course"),
    path("courses/<int:pk>/change/", courses.course_change, name="course-change"),
    path("courses/<int:pk>/closing/", courses.course_closing, name="course-closing"),
    path("courses/<int:pk>/coverage/", courses.course_coverage, name="course-coverage"),
    path("courses/<int:pk>/classes/", classes.classes, name="course-classes"),
    path("courses/<int:pk>/test/", classes.course_test, name="course-test"),
    path("courses/<int:pk>/credit/", classes.course_credit, name="course-credit"),
    path("classes/<int:pk>/", classes.course_class, name="course-class"),
    path("classes/<int:pk>/enrolments/", classes.enrolments, name="enrolments"),
    path("classes/<int:pk>/hours/", classes.class_hours, name="class-hours"),
    path("classes/<int:pk>/ending/", classes.class_ending, name="class-ending"),
    path("enrolments/<int:pk>/cancelling/", classes.enrolment_cancelling, name="enrolment-cancelling"),
    path("enrolments/<int:pk>/decision/", classes.credit_decision, name="credit-decision"),
    path("enrolments/<int:pk>/file/", classes.credit_file, name="credit-file"),
]

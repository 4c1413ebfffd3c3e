from __future__ import annotations

from django.urls import path

from guantong.tasks import views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/timeline/", views.timeline, name="task-timeline"),
    path("tasks/<int:pk>/", views.task, name="task"),
    path("tasks/<int:pk>/milestones/", views.milestones, name="milestones"),
    path("tasks/questions/", views.questions, name="task-questions"),
    path("task-questions/<int:pk>/answer/", views.question_answer, name="question-answer"),
    path("assignments/<int:pk>/splits/", views.splits, name="splits"),
]

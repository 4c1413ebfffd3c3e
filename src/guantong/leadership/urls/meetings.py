from __future__ import annotations

from django.urls import path

from guantong.leadership.views import meeting_planning, meetings, minutes, rounds, signing

urlpatterns = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meeting_planning.new_meeting, name="new-meeting"),
    path("meetings/load/", meetings.meeting_load, name="meeting-load"),
    path("meetings/sign-in/<str:code>/", signing.sign_in_at_meeting, name="sign-in-at-meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/change/", meeting_planning.meeting_change, name="meeting-change"),
    path("meetings/<int:pk>/call/", meeting_planning.meeting_call, name="meeting-call"),
    path("meetings/<int:pk>/cancelling/", meeting_planning.meeting_cancelling, name="meeting-cancelling"),
    path("meetings/<int:pk>/series/", meeting_planning.meeting_series, name="meeting-series"),
    path("meetings/<int:pk>/merger/", meeting_planning.meeting_merger, name="meeting-merger"),
    path("meetings/<int:pk>/agenda/", rounds.agenda, name="agenda"),
    path("meetings/<int:pk>/invitations/", rounds.invitations, name="invitations"),
    path("meetings/<int:pk>/reply/", rounds.meeting_reply, name="meeting-reply"),
    path("meetings/<int:pk>/sign-code/", signing.sign_code, name="sign-code"),
    path("meetings/<int:pk>/sign-list/", signing.sign_list, name="sign-list"),
    path("meetings/<int:pk>/attendance/", signing.attendance, name="attendance"),
    path("meetings/<int:pk>/holding/", minutes.holding, name="meeting-holding"),
    path("meetings/<int:pk>/minutes/", minutes.minutes, name="minutes"),
    path("meetings/<int:pk>/lines/", minutes.lines, name="minute-lines"),
    path("agenda-items/<int:pk>/removal/", rounds.agenda_removal, name="agenda-removal"),
    path("agenda-items/<int:pk>/paper/", rounds.paper_file, name="paper-file"),
    path("invitations/<int:pk>/removal/", rounds.invitation_removal, name="invitation-removal"),
    path("minute-lines/<int:pk>/removal/", minutes.line_removal, name="line-removal"),
    path("minute-lines/<int:pk>/task/", minutes.line_task, name="line-task"),
    path("minute-lines/<int:pk>/case/", minutes.line_case, name="line-case"),
]

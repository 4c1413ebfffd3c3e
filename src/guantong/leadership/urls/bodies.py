from __future__ import annotations

from django.urls import path

from guantong.leadership.views import bodies

urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/new/", bodies.new_body, name="new-body"),
    path("bodies/<int:pk>/", bodies.body, name="body"),
    path("bodies/<int:pk>/change/", bodies.body_change, name="body-change"),
    path("bodies/<int:pk>/members/", bodies.body_members, name="body-members"),
    path("bodies/<int:pk>/first-responsible/", bodies.first_responsible, name="first-responsible"),
    path("bodies/<int:pk>/closing/", bodies.body_closing, name="body-closing"),
    path("memberships/<int:pk>/end/", bodies.membership_end, name="membership-end"),
]

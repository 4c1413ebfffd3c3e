"""Addresses of cases: those of anybody, then those of offices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from guantong.cases.views import acts, afterwards, filing, hands, office, tracking

urlpatterns: list[URLPattern | URLResolver] = [
    path("file/", filing.file_case, name="file-case"),
    path("track/", tracking.track, name="track"),
    path("track/words/", tracking.tracked_words, name="tracked-words"),
    path("track/contact/", tracking.tracked_contact, name="tracked-contact"),
    path("track/rating/", tracking.tracked_rating, name="tracked-rating"),
    path("track/review/", tracking.tracked_review, name="tracked-review"),
    path("track/withdrawal/", tracking.tracked_withdrawal, name="tracked-withdrawal"),
    path("track/erasure/", tracking.tracked_erasure, name="tracked-erasure"),
    path("cases/", office.cases, name="cases"),
    path("cases/new/", filing.new_case, name="new-case"),
    path("cases/<int:pk>/", office.case, name="case"),
    path("cases/<int:pk>/acceptance/", acts.acceptance, name="case-acceptance"),
    path("cases/<int:pk>/amendment/", acts.amendment, name="case-amendment"),
    path("cases/<int:pk>/refusal/", acts.refusal, name="case-refusal"),
    path("cases/<int:pk>/referral/", acts.referral, name="case-referral"),
    path("cases/<int:pk>/assignments/", acts.assignments, name="case-assignments"),
    path("cases/<int:pk>/host/", acts.host, name="case-host"),
    path("cases/<int:pk>/extension/", acts.extension, name="case-extension"),
    path("cases/<int:pk>/pause/", acts.pause, name="case-pause"),
    path("cases/<int:pk>/resumption/", acts.resumption, name="case-resumption"),
    path("cases/<int:pk>/answer/", acts.answer, name="case-answer"),
    path("cases/<int:pk>/closing/", acts.closing_, name="case-closing"),
    path("cases/<int:pk>/reopening/", acts.reopening_, name="case-reopening"),
    path("cases/<int:pk>/contact/", acts.contact, name="case-contact"),
    path("cases/<int:pk>/withdrawal/", acts.withdrawal, name="case-withdrawal"),
    path("cases/<int:pk>/gathering/", afterwards.case_gathering, name="case-gathering"),
    path("cases/<int:pk>/setting-apart/", afterwards.case_setting_apart, name="case-setting-apart"),
    path("case-parts/<int:pk>/release/", hands.release, name="case-release"),
    path("case-parts/<int:pk>/dispute/", hands.dispute, name="case-dispute"),
    path("case-disputes/<int:pk>/decision/", hands.dispute_decision, name="case-dispute-decision"),
    path("case-reviews/<int:pk>/answer/", hands.review, name="case-review"),
    path("case-closures/<int:pk>/call-back/", hands.call_back, name="case-call-back"),
    path("case-proposals/", afterwards.case_proposals, name="case-proposals"),
    path("case-proposals/<int:pk>/", afterwards.case_proposal, name="case-proposal"),
    path("call-backs/", afterwards.call_back_draws, name="call-back-draws"),
    path("call-backs/<int:pk>/", afterwards.call_back_draw, name="call-back-draw"),
    path("call-backs/<int:pk>/<slug:which>.csv", afterwards.call_back_list, name="call-back-list"),
    path("call-backs/<int:pk>/seed/", afterwards.call_back_seed, name="call-back-seed"),
]

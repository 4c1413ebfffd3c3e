from __future__ import annotations

from django.urls import URLPattern, path

from guantong.supervision.views import matter_acts as acts
from guantong.supervision.views import matter_drafts as drafts
from guantong.supervision.views import matter_parts as parts
from guantong.supervision.views import matters

M, P = "supervision/matters/", "supervision/parts/"
urlpatterns: list[URLPattern] = [
    path(M, matters.matters, name="matters"),
    path(M + "new/", drafts.new_matter, name="new-matter"),
    path(M + "terms/", drafts.terms, name="matter-terms"),
    path(M + "alike/", drafts.alike, name="matters-alike"),
    path(M + "following/", matters.following, name="matter-following"),
    path(M + "<int:pk>/", matters.matter, name="matter"),
    path(M + "<int:pk>/draft/", drafts.draft, name="matter-draft"),
    path(M + "<int:pk>/registration/", acts.registration, name="matter-registration"),
    path(M + "<int:pk>/dispatch/", acts.dispatching, name="matter-dispatch"),
    path(M + "<int:pk>/verification/", acts.verification, name="matter-verification"),
    path(M + "<int:pk>/return/", acts.returning, name="matter-return"),
    path(M + "<int:pk>/closing/", acts.closing, name="matter-closing"),
    path(M + "<int:pk>/suspension/", acts.suspension, name="matter-suspension"),
    path(M + "<int:pk>/resumption/", acts.resumption, name="matter-resumption"),
    path(M + "<int:pk>/cancelling/", acts.cancelling, name="matter-cancelling"),
    path(M + "<int:pk>/reopening/", acts.reopening, name="matter-reopening"),
    path(M + "<int:pk>/merger/", acts.merger, name="matter-merger"),
    path(M + "<int:pk>/subscription/", acts.subscription, name="matter-subscription"),
    path(M + "<int:pk>/subscription/end/", acts.unsubscription, name="matter-unsubscription"),
    path(P + "<int:pk>/signature/", parts.signature, name="part-signature"),
    path(P + "<int:pk>/refusal/", parts.refusal, name="part-refusal"),
    path(P + "<int:pk>/refusal-answer/", parts.refusal_answer, name="part-refusal-answer"),
    path(P + "<int:pk>/splits/", parts.splits, name="part-splits"),
    path(P + "<int:pk>/extensions/", parts.extensions, name="part-extensions"),
    path(
        "supervision/extensions/<int:pk>/decision/", parts.extension_decision, name="part-extension-decision"
    ),
]

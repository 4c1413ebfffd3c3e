from __future__ import annotations

from django.urls import path

from guantong.leadership.views import contacts, pairings, pairings_partners, pairings_proposal

urlpatterns = [
    path("pairings/", pairings.pairings, name="pairings"),
    path("pairings/proposal/", pairings_proposal.proposal, name="pairing-proposal"),
    path("pairings/quality/", pairings.quality, name="pairing-quality"),
    path("pairings/<int:pk>/", pairings.pairing, name="pairing"),
    path("pairings/<int:pk>/handover/", pairings.handover, name="pairing-handover"),
    path("pairings/<int:pk>/ending/", pairings.ending, name="pairing-ending"),
    path("partners/", pairings_partners.partners, name="partners"),
    path("partners/new/", pairings_partners.new_partner, name="new-partner"),
    path("partners/consent-link/", pairings_partners.consent_link, name="consent-link"),
    path("partners/<int:pk>/", pairings_partners.partner, name="partner"),
    path("partners/<int:pk>/correction/", pairings_partners.correction, name="partner-correction"),
    path("partners/<int:pk>/closing/", pairings_partners.closing, name="partner-closing"),
    path("partners/<int:pk>/recusal/", pairings_partners.recusal, name="partner-recusal"),
    path(
        "partners/<int:pk>/recusal-lifting/",
        pairings_partners.recusal_lifting,
        name="partner-recusal-lifting",
    ),
    path("partners/<int:pk>/contacts/new/", contacts.new_contact, name="new-contact"),
    path("partners/<int:pk>/contacts/done/", contacts.done, name="contact-done"),
    path("contacts/<int:pk>/note/", contacts.note, name="contact-note"),
    path("contacts/<int:pk>/cancellation/", contacts.cancellation, name="contact-cancellation"),
]

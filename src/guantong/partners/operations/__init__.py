"""Changes of the register, a file per noun."""

from guantong.partners.operations.consents import (
    agree,
    ask_consent,
    correct_own_data,
    decline,
    let_consents_lapse,
    renew_consent,
    withdraw_consent,
)
from guantong.partners.operations.recusals import declare_recusal, lift_recusal
from guantong.partners.operations.register import (
    OrganisationRow,
    close_organisation,
    correct_organisation,
    import_organisations,
    register_organisation,
)

__all__ = [
    "OrganisationRow", "agree", "ask_consent", "close_organisation", "correct_organisation", "correct_own_data",
    "declare_recusal", "decline", "import_organisations", "let_consents_lapse", "lift_recusal",
    "register_organisation", "renew_consent", "withdraw_consent",
]  # fmt: skip

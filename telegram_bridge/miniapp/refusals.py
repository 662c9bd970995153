"""What a person is told when the rules say no: a sentence by the error's code, else by its class, in the reader's language."""

from __future__ import annotations

from b24app.errors import DomainError, InvalidInput, InvalidState, LimitExceeded, NotAllowed, NotFound
from b24app.i18n import Texts

STATUS: dict[type[DomainError], int] = {NotFound: 404, NotAllowed: 403, InvalidState: 409, LimitExceeded: 429}


def status_of(error: DomainError) -> int:
    """Give the HTTP status of a refusal."""
    return STATUS.get(type(error), 422)


def sentence(error: DomainError, t: Texts) -> str:
    """Say why not. The faults of a form come in the reader's language already."""
    if isinstance(error, InvalidInput):
        return error.message if error.fields else t("Something in the form needs correction.")
    by_code = {
        "questionnaire_first": t("Please fill in the questionnaire first."),
        "questionnaire_sent": t("This questionnaire was sent already."),
        "own_lot": t("This is your own lot."),
        "not_a_factory": t("Only factories answer lots."),
        "not_accepted": t("Your questionnaire must be approved first."),
        "not_verified": t("Only verified factories answer lots. Ask for the verification first."),
        "verified": t("Your factory is verified already."),
        "lot_closed": t("This lot takes no offers any more."),
        "lot_state": t("The lot has changed meanwhile. Please look again."),
        "offer_state": t("The offer has been decided meanwhile. Please look again."),
        "offer_unconfirmed": t("The factory has not confirmed the changed lot yet."),
        "last_owner": t("A company needs an owner. Make somebody else owner first."),
        "too_many_links": t("Too many invitations are open."),
        "orders_running": t("An order is still under way. Finish it or hand it over first."),
        "progress_back": t("Progress only goes forward."),
        "member_role": t("Your role in the company does not include this. Please ask its owner."),
        "no_catalogue_access": t("The catalogue is open to buyers with access. Ask the manager for it."),
        "comparison_full": t("Four factories are compared at most. Take one out first."),
        "no_colleagues": t("You have no colleagues here yet. Invite them in the settings."),
        "conversation_closed": t("This chat is closed."),
        "opened_long_ago": t(
            "To be sure that it is you: please close this page, open it again from the bot and repeat this."
        ),
    }
    by_class: dict[type[DomainError], str] = {
        NotFound: t("There is nothing here, or it is not yours to see."),
        NotAllowed: t("You are not allowed to do this."),
        InvalidState: t("This is not possible right now."),
        LimitExceeded: t("That is too much at once. Please try again later."),
    }
    return by_code.get(error.code) or by_class.get(type(error)) or t("This is not possible right now.")

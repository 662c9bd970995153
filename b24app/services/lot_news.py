"""What people are told in Telegram about a lot: its buyer, the tender channel, matching factories, responders. Called by `lots`."""

from __future__ import annotations

from b24app.domain.deliveries import AddLogMessage, EditChatMessage, SendChatMessage
from b24app.i18n import Texts, known_language
from b24app.services import bot_texts, invitations, notices, portals, settings
from b24app.services.industries import pack
from b24app.services.lot_views import announcement, hidden_names, public_view
from b24app.services.notices import Said, escaped
from b24app.services.screens import correction_path, lot_path, opening
from storage.models import Lot, Offer, Person
from storage.unit_of_work import UnitOfWork

AT_ONCE, BY_RULE = "at_once", "by_rule"
"""Who tells factories of a published lot: the publication itself, or an automation rule with `notify_factories`."""


def _moment_key(uow: UnitOfWork) -> str:
    return str(int(uow.now.timestamp() * 1000))


def handed_in(lot: Lot, t: Texts) -> str:
    """Say on the spot what became of a lot that was just handed in."""
    if lot.state == "published":
        return t("Lot No. {number} is published.", number=lot.number)
    return t("Lot No. {number} is sent for checking.", number=lot.number)


def submitted(uow: UnitOfWork, lot: Lot, person: Person) -> None:
    """Confirm that the lot arrived, by its number."""

    def say(t: Texts) -> Said:
        text = t("Lot No. {number} is being checked. We will write here once it is published.", number=lot.number)
        return text, [[opening(t("Open the lot"), lot_path(lot.id))]]

    notices.tell(uow, person, say, key=f"lot/{lot.id}:submitted:{_moment_key(uow)}", at_once=True)


def returned(uow: UnitOfWork, lot: Lot) -> None:
    """Say which fields need correction and why."""
    form = pack().forms["lot"]

    def say(t: Texts) -> Said:
        lines = [
            f"• <b>{escaped(form.question(item['field']).label(t.language))}</b>: {escaped(item['reason'])}"
            for item in lot.corrections
        ]
        text = t("Please correct lot No. {number}:", number=lot.number) + "\n" + "\n".join(lines)
        here = {"text": t("💬 Answer here in the chat"), "data": f"fill:mend:{lot.id}"}
        return text, [[opening(t("Correct"), correction_path(lot.id))], [here]]

    notices.tell_company(uow, lot.company_id, say, key=f"lot/{lot.id}:returned:{_moment_key(uow)}")


def publish(uow: UnitOfWork, lot: Lot) -> None:
    """Post the lot in the tender channel, send it to every matching factory, tell the buyer how many those are."""
    names = hidden_names(uow, lot)
    channel = settings.get(uow, "tender_channel_id")
    if channel:
        language = channel_language(uow)
        t = bot_texts.speaker(uow, language)
        uow.send(
            SendChatMessage(
                chat_id=channel,
                text=announcement(public_view(lot, language, names), t),
                buttons=[[{"text": t("Respond"), "start": f"lot_{lot.number}"}]],
            ),
            key=channel_key(lot),
        )
    at_once = settings.get(uow, "factories_told", AT_ONCE) == AT_ONCE
    told = invitations.invite(uow, lot) if at_once else 0

    def say(t: Texts) -> Said:
        text = t("Lot No. {number} is published.", number=lot.number)
        sent = t.tn("It was sent to {count} suitable factory.", "It was sent to {count} suitable factories.", told)
        return f"{text} {sent}" if told else text, [[opening(t("Open the lot"), lot_path(lot.id))]]

    notices.tell_company(uow, lot.company_id, say, key=f"lot/{lot.id}:published:v{lot.version}")
    _note_on_deal(uow, lot, told)


def _note_on_deal(uow: UnitOfWork, lot: Lot, told: int) -> None:
    t = portals.speech(uow)
    sent = t.tn("It was sent to {count} suitable factory.", "It was sent to {count} suitable factories.", told)
    if settings.get(uow, "factories_told", AT_ONCE) == BY_RULE:
        sent = t("The factories are told by an automation rule.")
    title = t("Lot No. {number} is published.", number=lot.number)
    key = f"lot/{lot.id}:published:v{lot.version}:log"
    uow.send(AddLogMessage(ref=f"lot/{lot.id}", title=title, text=sent), key=key)


def channel_key(lot: Lot) -> str:
    """Give the idempotency key of the lot's post in the tender channel: one post, whatever version it shows."""
    return f"lot/{lot.id}:published:v1:channel"


def channel_language(uow: UnitOfWork) -> str:
    """Give the language of the tender channel: the chosen one, else Russian."""
    return known_language(settings.get(uow, "channel_language"), "ru")


def mark_channel_post(uow: UnitOfWork, lot: Lot) -> None:
    """Write on the channel post that the lot is closed; its button goes away."""
    channel = settings.get(uow, "tender_channel_id")
    if not channel or lot.published_at is None:
        return
    t = bot_texts.speaker(uow, channel_language(uow))
    view = public_view(lot, t.language, hidden_names(uow, lot))
    text = announcement(view, t, mark=outcome_words(lot.outcome, t))
    uow.send(
        EditChatMessage(chat_id=channel, original=channel_key(lot), text=text),
        key=f"lot/{lot.id}:{lot.outcome}:channel",
    )


def outcome_words(outcome: str, t: Texts) -> str:
    """Say how a lot was closed."""
    return {
        "awarded": t("Closed: a factory was chosen"),
        "expired": t("Closed: the time for offers is over"),
        "cancelled": t("Closed: cancelled by the buyer"),
    }.get(outcome, "")


def lost(uow: UnitOfWork, lot: Lot, offer: Offer, outcome: str) -> None:
    """Tell a responder politely that this lot is not theirs."""

    def say(t: Texts) -> Said:
        if outcome == "awarded":
            text = t(
                "Thank you for your offer for lot No. {number}. This time the buyer chose another factory.",
                number=lot.number,
            )
        else:
            text = t("Lot No. {number} was cancelled. Thank you for your offer.", number=lot.number)
        return text, []

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:{outcome}:lost")


def expired(uow: UnitOfWork, lot: Lot) -> None:
    """Tell the buyer that nobody answered in time."""

    def say(t: Texts) -> Said:
        text = t("Lot No. {number} is closed: there were no offers in time.", number=lot.number)
        return text, [[opening(t("Open the lot"), lot_path(lot.id))]]

    notices.tell_company(uow, lot.company_id, say, key=f"lot/{lot.id}:expired")

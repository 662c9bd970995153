"""What people and the CRM are told when a published lot changes. Called by `lot_changes`.

Sends EditChatMessage (the channel post), AddLogMessage, NotifyUser and bot messages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from b24app.domain.deliveries import AddLogMessage, EditChatMessage
from b24app.i18n import Texts
from b24app.services import bot_texts, lot_news, notices, portals, settings, staff
from b24app.services.industries import pack
from b24app.services.lot_views import announcement, hidden_names, public_view
from b24app.services.notices import Said, escaped
from b24app.services.screens import lot_path, opening, tender_path
from storage.models import Company, Lot, Offer
from storage.unit_of_work import UnitOfWork


def revised(uow: UnitOfWork, lot: Lot, offers: Sequence[Offer], changed: Sequence[str]) -> None:
    """Rewrite the channel post, note on the deal what changed, ask those who answered to confirm."""
    form = pack().forms["lot"]

    def names(t: Texts) -> str:
        return ", ".join(form.question(code).label(t.language) for code in changed if form.asks(code))

    _rewrite_post(uow, lot, key=f"lot/{lot.id}:v{lot.version}:channel")
    t = portals.speech(uow)
    title = t("Lot No. {number} was changed by the buyer", number=lot.number)
    text = f"{t('version {number}', number=lot.version)}: {names(t)}"
    uow.send(AddLogMessage(ref=f"lot/{lot.id}", title=title, text=text), key=f"lot/{lot.id}:v{lot.version}:log")
    for offer in offers:
        _ask_to_confirm(uow, lot, offer, names)


def tell_employee(uow: UnitOfWork, lot: Lot) -> None:
    """Notify the responsible employee of a change that nobody was asked about."""
    title = portals.speech(uow)("Lot No. {number} was changed by the buyer", number=lot.number)
    responsible, ref = uow.session.get_one(Company, lot.company_id).responsible_id, f"lot/{lot.id}"
    staff.notify(uow, responsible, title, tag=ref, ref=ref)


def _ask_to_confirm(uow: UnitOfWork, lot: Lot, offer: Offer, names: Callable[[Texts], str]) -> None:
    def say(t: Texts) -> Said:
        head = t("The buyer changed lot No. {number}.", number=lot.number)
        ask = t("Does your offer still stand? Until you confirm, it cannot be chosen.")
        return f"<b>{escaped(head)}</b>\n{escaped(names(t))}\n\n{escaped(ask)}", [
            [{"text": t("My offer stands"), "data": f"offer:{offer.id}:confirm"}],
            [opening(t("Open the lot"), tender_path(lot.id))],
        ]

    notices.tell_company(uow, offer.company_id, say, key=f"offer/{offer.id}:lot-v{lot.version}", kind="offers")


def extended(uow: UnitOfWork, lot: Lot) -> None:
    """Rewrite the deadline on the channel post and note it on the deal."""
    stamp = lot.respond_by.date().isoformat() if lot.respond_by else ""
    _rewrite_post(uow, lot, key=f"lot/{lot.id}:until/{stamp}:channel")
    t = portals.speech(uow)
    day = t.date(lot.respond_by) if lot.respond_by else ""
    title, text = t("Lot No. {number}", number=lot.number), t("The buyer takes offers until {date}.", date=day)
    uow.send(AddLogMessage(ref=f"lot/{lot.id}", title=title, text=text), key=f"lot/{lot.id}:until/{stamp}:log")


def _rewrite_post(uow: UnitOfWork, lot: Lot, *, key: str) -> None:
    channel = settings.get(uow, "tender_channel_id")
    if not channel:
        return
    t = bot_texts.speaker(uow, lot_news.channel_language(uow))
    text = announcement(public_view(lot, t.language, hidden_names(uow, lot)), t)
    buttons = [[{"text": t("Respond"), "start": f"lot_{lot.number}"}]]
    original = lot_news.channel_key(lot)
    uow.send(EditChatMessage(chat_id=channel, original=original, text=text, buttons=buttons), key=key)


def confirmed(uow: UnitOfWork, lot: Lot, offer: Offer) -> None:
    """Tell the buyer that an offer he sees stands for the changed lot."""
    if offer.state != "allowed":
        return
    name = uow.session.get_one(Company, offer.company_id).name

    def say(t: Texts) -> Said:
        text = t("{factory} confirms its offer for the changed lot No. {number}.", factory=name, number=lot.number)
        return escaped(text), [[opening(t("Compare offers"), lot_path(lot.id))]]

    notices.tell_company(uow, lot.company_id, say, key=f"offer/{offer.id}:confirmed:v{lot.version}", kind="offers")

"""Invoices, links to pay, Stars and refunds."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.telegram.access import Access, find_person
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Message
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, send
from sandbox.telegram.posting import post
from sandbox.telegram.render import user_json

Json = dict[str, Any]
# Minor units per unit differ by currency; the limits below are the documented 1 to 10,000 US dollars, roughly.
_CURRENCIES = frozenset(
    {"XTR", "USD", "EUR", "RUB", "UZS", "KZT", "KGS", "TJS", "AED", "CNY", "GBP", "TRY", "INR", "UAH", "BYN", "PLN"}
)
_FLAGS = (
    "need_name",
    "need_phone_number",
    "need_email",
    "need_shipping_address",
    "is_flexible",
    "send_phone_number_to_provider",
    "send_email_to_provider",
)
_GAPS = (
    "amount limits of currencies are not enforced; a provider token is only checked for presence; nothing is charged"
)


def read_invoice(call: Call) -> Json:
    """The invoice of a call; refuses what the real service refuses."""
    currency = str(call.get("currency")).upper()
    if currency not in _CURRENCIES:
        raise bad_request("CURRENCY_INVALID")
    for name, limit in (("title", 32), ("description", 255)):
        if len(str(call.get(name))) > limit:
            raise bad_request(f"INVOICE_{name.upper()}_INVALID" if name == "title" else "message is too long")
    if len(str(call.get("payload")).encode()) > 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    prices: list[Json] = [
        {"label": str(price["label"]), "amount": int(price["amount"])} for price in call.get("prices")
    ]
    if not prices:
        raise bad_request("there must be at least one price")
    if any(not price["label"] for price in prices):
        raise bad_request("LabeledPrice label must be non-empty")
    total = sum(price["amount"] for price in prices)
    if currency == "XTR":
        _check_stars(call, prices, total)
    elif not call.get("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    tips = [int(tip) for tip in call.get("suggested_tip_amounts") or []]
    max_tip = int(call.get("max_tip_amount", 0))
    if len(tips) > 4:
        raise bad_request("there can be at most 4 suggested tip amounts")
    if any(tip > max_tip for tip in tips):
        raise bad_request("suggested tip amount can't be bigger than max_tip_amount")
    return {
        "bot_id": call.bot.id,
        "title": call.get("title"),
        "description": call.get("description"),
        "payload": call.get("payload"),
        "currency": currency,
        "prices": prices,
        "total_amount": total,
        "max_tip_amount": max_tip,
        "suggested_tip_amounts": tips,
        "start_parameter": call.get("start_parameter", ""),
        "photo_url": call.get("photo_url", ""),
        **{name: bool(call.get(name)) for name in _FLAGS},
    }


def _check_stars(call: Call, prices: list[Json], total: int) -> None:
    if call.get("provider_token"):
        raise bad_request("STARS_PROVIDER_INVALID")
    if len(prices) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    if not 1 <= total <= 100_000:
        raise bad_request("STARS_AMOUNT_INVALID")


def keep_invoice(call: Call, invoice: Json) -> str:
    """Stores an invoice under a fresh slug."""
    slug = call.world.secret("invoice", 22)
    call.world.state.invoices[slug] = invoice
    return slug


@method(
    "sendInvoice",
    ignored=(*SENT_ONLY_NOTED, "provider_data", "photo_size", "photo_width", "photo_height"),
    gaps=_GAPS,
)
def send_invoice(call: Call) -> Json:
    """A bill with a Pay button."""
    invoice = read_invoice(call)
    chat = call.chat(Access.WRITE)
    shown = {name: invoice[name] for name in ("title", "description", "start_parameter", "currency", "total_amount")}
    markup = call.get("reply_markup")
    if markup:
        first = (markup.get("inline_keyboard") or [[{}]])[0]
        if not first or not first[0].get("pay"):
            raise bad_request("BUTTON_POS_INVALID")
    slug = keep_invoice(call, invoice)
    message = send(call, chat, {"invoice": shown}, effects={"invoice": slug})
    if "reply_markup" not in message.content:
        label = f"⭐️ {invoice['total_amount']}" if invoice["currency"] == "XTR" else invoice["currency"]
        message.effects["pay_label"] = f"Pay {label}"
    return answer(call, chat, message)


@method(
    "createInvoiceLink",
    ignored=(
        "business_connection_id",
        "subscription_period",
        "provider_data",
        "photo_size",
        "photo_width",
        "photo_height",
    ),
    gaps=f"{_GAPS}; subscriptions are not renewed",
)
def create_invoice_link(call: Call) -> str:
    """A link that opens the payment sheet for anybody."""
    return f"https://t.me/${keep_invoice(call, read_invoice(call))}"


@method("refundStarPayment")
def refund_star_payment(call: Call) -> bool:
    """Gives Stars back, once."""
    person = find_person(call.world, call.get("user_id"))
    charge_id = call.get("telegram_payment_charge_id")
    paid = next((item for item in call.bot.star_transactions if item["id"] == charge_id and "source" in item), None)
    if paid is None or paid["source"]["user"]["id"] != person.id:
        raise bad_request("CHARGE_ID_INVALID")
    if any(item["id"] == charge_id and "receiver" in item for item in call.bot.star_transactions):
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    call.bot.stars -= paid["amount"]
    person.stars += paid["amount"]
    receiver = {**copy.deepcopy(paid["source"]), "user": user_json(person)}
    call.bot.star_transactions.append(
        {"id": charge_id, "amount": paid["amount"], "date": call.world.now(), "receiver": receiver}
    )
    chat = call.world.dialog(call.bot.id, person.id)
    refund = {
        "currency": "XTR",
        "total_amount": paid["amount"],
        "invoice_payload": paid["source"]["invoice_payload"],
        "telegram_payment_charge_id": charge_id,
    }
    # The notice of a refund comes from the person's side, so that the bot receives it as an update.
    post(call.world, chat, Message(0, 0, person.id, {"refunded_payment": refund}))
    return True


@method("getMyStarBalance")
def get_my_star_balance(call: Call) -> Json:
    """Stars that the bot holds."""
    return {"amount": call.bot.stars}


@method("getStarTransactions")
def get_star_transactions(call: Call) -> Json:
    """Payments and refunds in the order in which they happened."""
    offset = max(0, int(call.get("offset", 0)))
    limit = min(100, max(1, int(call.get("limit", 100))))
    return {"transactions": call.bot.star_transactions[offset : offset + limit]}

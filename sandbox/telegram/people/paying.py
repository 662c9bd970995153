"""A person pays an invoice: shipping, the bot's last word within ten seconds, the receipt."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.people import who
from sandbox.telegram.people.waiting import ask, open_query
from sandbox.telegram.posting import post
from sandbox.telegram.render import user_json
from sandbox.telegram.world import World

Json = dict[str, Any]
CHECKOUT_SECONDS = 10.0


def find_invoice(world: World, someone: Person, wanted: Json) -> tuple[Json, Chat | None, Message | None]:
    """The invoice behind a message or a link (slug)."""
    slug = str(wanted.get("slug") or wanted.get("invoice_link") or "").rpartition("/")[2].lstrip("$")
    if slug:
        invoice = world.state.invoices.get(slug)
        if invoice is None:
            raise ControlError(404, "no such invoice")
        return invoice, None, None
    chat = who.chat(world, someone, wanted)
    message = who.message(chat, wanted.get("message_id"))
    slug = str(message.effects.get("invoice", ""))
    if slug not in world.state.invoices:
        raise ControlError(404, "no invoice there")
    return world.state.invoices[slug], chat, message


def describe(world: World, someone: Person, wanted: Json) -> Json:
    """What the payment sheet shows."""
    invoice, _, message = find_invoice(world, someone, wanted)
    bot = world.state.bots[invoice["bot_id"]]
    paid = bool(message and message.content["invoice"].get("paid")) or _paid_once(invoice, message)
    return {**invoice, "bot": {"id": bot.id, "first_name": bot.first_name}, "stars": someone.stars, "paid": paid}


def _paid_once(invoice: Json, message: Message | None) -> bool:
    return message is not None and bool(invoice.get("paid_by"))


async def pay(world: World, someone: Person, wanted: Json) -> Json:
    """Answers {"status": paid | failed | cancelled, …}, as the Mini App event ``invoice_closed`` names it."""
    invoice, chat, message = find_invoice(world, someone, wanted)
    if wanted.get("cancel"):
        return {"status": "cancelled"}
    if _paid_once(invoice, message):
        raise ControlError(409, "INVOICE_ALREADY_PAID")
    bot = world.state.bots[invoice["bot_id"]]
    total = invoice["total_amount"] + int(wanted.get("tip_amount") or 0)
    if invoice["currency"] == "XTR" and someone.stars < total:
        return {"status": "failed", "error": "BALANCE_TOO_LOW"}
    body: Json = {
        "id": "",
        "from": user_json(someone),
        "currency": invoice["currency"],
        "total_amount": total,
        "invoice_payload": invoice["payload"],
    }
    order = _order_info(invoice, someone, wanted)
    if invoice.get("is_flexible"):
        refusal, chosen, extra = await _ship(world, someone, invoice, order, wanted)
        if refusal:
            return {"status": "failed", "error": refusal}
        body["shipping_option_id"] = chosen
        body["total_amount"] = total = total + extra
    if order:
        body["order_info"] = order
    query = open_query(world, "pre_checkout", bot.id, someone.id)
    body["id"] = query.id
    wait_seconds = float(wanted.get("wait_seconds", CHECKOUT_SECONDS))
    answer = await ask(world, query, "pre_checkout_query", body, wait_seconds, lane=f"pay:{someone.id}")
    if answer is None:
        query.answer = {"expired": True}
        return {"status": "failed", "error": "BOT_PRECHECKOUT_TIMEOUT"}
    if not answer["ok"]:
        return {"status": "failed", "error": answer["error_message"]}
    return _settle(world, someone, invoice, body, chat)


def _order_info(invoice: Json, someone: Person, wanted: Json) -> Json:
    given = wanted.get("order_info") or {}
    order: Json = {}
    if invoice.get("need_name"):
        order["name"] = given.get("name") or f"{someone.first_name} {someone.last_name}".strip()
    if invoice.get("need_phone_number"):
        order["phone_number"] = given.get("phone_number") or someone.phone_number
    if invoice.get("need_email"):
        order["email"] = given.get("email") or "buyer@example.test"
    if invoice.get("need_shipping_address") or invoice.get("is_flexible"):
        order["shipping_address"] = given.get("shipping_address") or {
            "country_code": "UZ",
            "state": "",
            "city": "Tashkent",
            "street_line1": "Amir Temur 1",
            "street_line2": "",
            "post_code": "100000",
        }
    return order


async def _ship(world: World, someone: Person, invoice: Json, order: Json, wanted: Json) -> tuple[str, str, int]:
    """(refusal, chosen way of delivery, its price)."""
    query = open_query(world, "shipping", invoice["bot_id"], someone.id)
    body = {
        "id": query.id,
        "from": user_json(someone),
        "invoice_payload": invoice["payload"],
        "shipping_address": order["shipping_address"],
    }
    answer = await ask(world, query, "shipping_query", body, CHECKOUT_SECONDS, lane=f"pay:{someone.id}")
    if answer is None or not answer["ok"]:
        return (answer or {}).get("error_message") or "SHIPPING_TIMEOUT", "", 0
    options = answer["options"]
    wanted_id = wanted.get("shipping_option_id") or options[0]["id"]
    option = next((item for item in options if item["id"] == wanted_id), None)
    if option is None:
        return "SHIPPING_NOT_AVAILABLE", "", 0
    return "", str(option["id"]), sum(int(price["amount"]) for price in option["prices"])


def _settle(world: World, someone: Person, invoice: Json, body: Json, chat: Chat | None) -> Json:
    bot = world.state.bots[invoice["bot_id"]]
    stars = invoice["currency"] == "XTR"
    charge_id = ("stx" if stars else "") + world.secret("charge", 64)
    receipt: Json = {
        "currency": body["currency"],
        "total_amount": body["total_amount"],
        "invoice_payload": body["invoice_payload"],
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": "" if stars else world.secret("provider", 20),
    }
    for name in ("shipping_option_id", "order_info"):
        if name in body:
            receipt[name] = body[name]
    if chat is not None:
        # A message's invoice is paid once; a link may be paid by many.
        invoice["paid_by"] = someone.id
    if stars:
        someone.stars -= body["total_amount"]
        bot.stars += body["total_amount"]
        bot.star_transactions.append(
            {
                "id": charge_id,
                "amount": body["total_amount"],
                "date": world.now(),
                "source": {
                    "type": "user",
                    "transaction_type": "invoice_payment",
                    "user": user_json(someone),
                    "invoice_payload": invoice["payload"],
                },
            }
        )
    place = chat if chat is not None and chat.type == "private" else world.dialog(bot.id, someone.id)
    place.started = True
    post(world, place, Message(0, 0, someone.id, {"successful_payment": receipt}))
    return {"status": "paid", "telegram_payment_charge_id": charge_id}

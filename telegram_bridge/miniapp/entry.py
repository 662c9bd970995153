"""How a person comes in: launch data is proved and traded for a session pass. Nothing is stored when it is not believed."""

from __future__ import annotations

import logging
import re
from typing import Any

from flask import Response, jsonify, request
from marshmallow import Schema, fields, validate

from b24app.access import authenticated_by
from b24app.i18n import Texts, texts
from b24app.outside_json import read_json
from b24app.services import people
from b24app.services import settings as choices
from telegram_bridge.miniapp import initdata
from telegram_bridge.miniapp.door import Door
from telegram_bridge.miniapp.session import Pass

log = logging.getLogger(__name__)


class SessionForm(Schema):
    """What the browser hands over: the launch data as Telegram gave it."""

    init_data = fields.String(required=True, validate=validate.Length(max=initdata.MAX_LENGTH))


def add_to(door: Door) -> None:
    """Offer the entry."""

    @door.blueprint.post("/session")
    @authenticated_by("init data")
    def session() -> Response:
        raw = SessionForm().load(_body())["init_data"]
        with door.transactions() as uow:
            bot_token = choices.get(uow, "bot_token", default=door.settings.telegram_bot_token)
            launch = initdata.verify(
                raw,
                bot_token=bot_token,
                now=uow.now,
                max_age_seconds=door.settings.init_data_max_age_seconds,
                bot_id=door.settings.telegram_bot_id,
                public_key=door.settings.telegram_init_data_key,
            )
            person = people.meet(
                uow,
                telegram_id=launch.telegram_id,
                chat_id=launch.telegram_id,
                first_name=launch.first_name,
                last_name=launch.last_name,
                username=launch.username,
                language_code=launch.language_code,
                payload=launch.start_param,
            )
            uow.session.flush()
            t = texts(person.language or launch.language_code or door.settings.default_language)
            return jsonify(
                token=door.passes.issue(Pass(person.id, person.telegram_id, int(launch.auth_date.timestamp()))),
                expires_in=door.passes.max_age_seconds,
                language=t.language,
                start=start_path(launch.start_param),
                texts=spoken(t),
            )

    @door.blueprint.errorhandler(initdata.Untrusted)
    def untrusted(error: initdata.Untrusted) -> Response:
        log.warning("refused launch data: %s", error.reason)
        refused = jsonify({})
        refused.status_code = 401
        return refused


def _body() -> Any:
    try:
        return read_json(request.get_data())
    except ValueError:
        return {}


def start_path(start_param: str) -> str:
    """Give the screen a deep link opens, or an empty text: `lot_256` is the lot's number, `factory_12` a factory's id."""
    if found := re.fullmatch(r"lot_(\d{1,12})", start_param):
        return f"/app/numbers/{found[1]}"
    if found := re.fullmatch(r"factory_(\d{1,12})", start_param):
        return f"/app/catalogue/{found[1]}"
    return ""


def spoken(t: Texts) -> dict[str, str]:
    """Give the sentences that the browser says by itself."""
    return {
        "cancel": t("Cancel"),
        "saving": t("Saving…"),
        "saved": t("Saved"),
        "not_saved": t("Not saved yet: no connection. Your text is kept."),
        "offline": t("No connection. Please try again."),
        "trouble": t("Something went wrong on our side. Please try again."),
        "reopen": t("Please close this page and open it again from the bot."),
        "retry": t("Try again"),
        "remove": t("Remove"),
        "too_large": t("Larger than 20 MB"),
        "not_uploaded": t("Not uploaded"),
        "no_location": t("The location is not available. Please enter it by hand."),
        "on_its_way": t("Sending…"),
        "tap_to_retry": t("Not sent. Tap to try again."),
        "leave_unsaved": t("Leave without saving? What you typed here will be lost."),
        "leave": t("Leave"),
        "open_in_telegram": t("Please open this page from the bot in Telegram."),
    }

"""Saying in an employee's language why something did not go out or could not be worked on. Called by the health page.

Reasons are kept as the program or the other side said them, in English; those that people meet are known here by a piece of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from b24app.i18n import Texts

LONGEST = 300
_FAULT_OF_OURS = re.compile(r"[\w.]*(?:Error|Exception|Exit|Interrupt)\b(?::|$)")


@dataclass(frozen=True)
class Reason:
    """Why something failed: in the reader's language, and as it was kept, for whoever can read that."""

    words: str
    raw: str


def reason(error: str | None, t: Texts) -> Reason | None:
    """Give the reason that stands in the last line of what was kept, or None when nothing was."""
    raw = (error or "").strip().split("\n")[-1][:LONGEST]
    if not raw:
        return None
    said = raw.lower()
    known = next((words for piece, words in _known(t) if piece in said), "")
    return Reason(known or _unknown(raw, t), raw)


def reason_of_telegram(error: str | None, t: Texts) -> Reason | None:
    """Give why Telegram keeps its updates to itself, which it says of its own calls to us."""
    if not error:
        return None
    said, raw = error.lower(), error[:LONGEST]
    if "timed out" in said or "timeout" in said:
        return Reason(t("Our server did not answer Telegram in time."), raw)
    if "ssl" in said or "certificate" in said:
        return Reason(t("Telegram does not accept the certificate of our address."), raw)
    if "wrong response" in said:
        return Reason(t("Our server answered Telegram with an error."), raw)
    return Reason(t("Telegram does not get through to our server."), raw)


def _unknown(raw: str, t: Texts) -> str:
    if _FAULT_OF_OURS.match(raw):
        return t("A fault of the program. Show its text to whoever looks after the server.")
    return t("The other side gave a reason that is not known here.")


def _filtered(t: Texts) -> str:
    return t("A filter on the way refuses what stands in this message. Once it lets such words pass, send it again.")


def _barred(t: Texts) -> str:
    return t("Something on the way refuses all our calls. Whoever looks after the network has to open it.")


def _known(t: Texts) -> tuple[tuple[str, str], ...]:
    limit = t("The limit of requests is used up. It goes on by itself.")
    unknown = t("The answer was lost on the way: it may have happened.")
    away = t("Our own records were out of reach for a moment. It goes on by itself.")
    return (
        ("timed out", t("The other side did not answer in time. It is tried again.")),
        ("timeout", t("The other side did not answer in time. It is tried again.")),
        ("moved to another address", t("Bitrix24 has a new address; it is being found out.")),
        ("cannot be reached", t("The other side could not be reached. It is tried again.")),
        ("could not be reached", t("The other side could not be reached. It is tried again.")),
        ("request limit", limit),
        ("query_limit_exceeded", limit),
        ("has used its time up", limit),
        ("too many requests", limit),
        ("database was away", away),
        ("answer was lost", unknown),
        ("connection to telegram broke", unknown),
        ("without a result", unknown),
        ("sender stopped before", unknown),
        ("look-up", t("Whether it happened could not be found out.")),
        ("unknown shape", t("The other side answered something unreadable.")),
        ("is not in the crm yet", t("It waits for its card in the CRM.")),
        ("no open line yet", t("No open line is chosen. Choose one in the Contact Center.")),
        ("open line is switched off", t("The open line is switched off. It waits for that line, or for another one.")),
        ("not installed", t("The application is not installed on this portal.")),
        ("was removed from the portal", t("The application was removed from the portal.")),
        ("invalid_grant", t("Bitrix24 does not accept our access any more.")),
        ("bot token is not set", t("The bot's token is not set.")),
        ("bot was blocked", t("The person blocked the bot.")),
        ("test mode is on", t("Kept back: the test mode was on.")),
        ("user is deactivated", t("The person deleted the Telegram account.")),
        ("chat not found", t("Telegram does not know this chat.")),
        ("not enough rights", t("The bot has no right to write there. Make it an administrator of the channel.")),
        (
            "need administrator rights",
            t("The bot has no right to write there. Make it an administrator of the channel."),
        ),
        ("access_denied", t("Bitrix24 refuses it: the right is missing.")),
        ("higher privileges", t("Bitrix24 refuses it: the right is missing.")),
        ("access denied", t("Bitrix24 refuses it: the right is missing.")),
        ("no such fields", t("The CRM lacks a field. Install the application again.")),
        ("does not know how to send", t("It was stored by another version of the program.")),
        ("does not let this message through", _filtered(t)),
        ("no message of this size", t("It is too large for the other side.")),
        ("not among what was written there last", t("Whether it happened could not be found out.")),
        ("wants fewer calls", limit),
        ("something in front of", _barred(t)),
        ("the portal answered 4", _barred(t)),
    )

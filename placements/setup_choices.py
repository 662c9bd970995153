"""What an administrator chooses before an installation and may change later: its form, its checks against the outside, keeping it.

Called by the installation page and by the settings. The checks ask Telegram and run before any transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from b24app.domain import roles
from b24app.i18n import Texts
from b24app.services import settings as stored
from b24app.services import staff
from storage.unit_of_work import UnitOfWork

ROLE_PREFIX = "role."


class Seen(Protocol):
    """A bot that Telegram knows."""

    @property
    def username(self) -> str:
        """Its user name."""

    @property
    def elsewhere(self) -> str:
        """The host it reports to now when that is not us."""


class Judged(Protocol):
    """What was found out about a bot and its channel."""

    @property
    def bot(self) -> Seen | None:
        """The bot, None when there is none."""

    @property
    def bot_fault(self) -> str:
        """Why it cannot be used, as a code."""

    @property
    def channel_fault(self) -> str:
        """Why it cannot post into the channel, as a code."""


class Bots(Protocol):
    """Asks Telegram."""

    def judge(self, token: str, channel_id: str) -> Judged:
        """Look at a bot and its channel."""

    def put_to_work(self) -> None:
        """Set the webhook, commands and menu of the bot in use."""


@dataclass(frozen=True)
class BotCheck:
    """The outcome in words: faults by field, and what the administrator should know."""

    faults: Mapping[str, list[str]] = field(default_factory=dict)
    username: str = ""


def check_bot(bots: Bots, form: Mapping[str, Any], t: Texts) -> BotCheck:
    """Judge the chosen bot and channel; a bot that reports elsewhere is a fault until `take_bot` says that it shall change over."""
    found = bots.judge(form["bot_token"], form["tender_channel_id"])
    faults: dict[str, list[str]] = {}
    said = {
        "bad_token": t("Telegram does not know this token. Copy it from @BotFather again."),
        "unreachable": t("Telegram does not answer. Try again in a minute."),
        "no_channel": t("The bot does not see this channel. Add it there as an administrator."),
        "not_admin": t("The bot may not post in this channel. Make it an administrator there."),
    }
    if found.bot_fault:
        faults["bot_token"] = [said[found.bot_fault]]
    elif found.bot is not None and found.bot.elsewhere and not form.get("take_bot"):
        name, host = found.bot.username, found.bot.elsewhere
        told = t("@{bot} works for {host} now. Tick “Let it work here” to take it over.", bot=name, host=host)
        faults["bot_token"] = [told]
    if found.channel_fault:
        faults["tender_channel_id"] = [said[found.channel_fault]]
    return BotCheck(faults, found.bot.username if found.bot else "")


def keep_bot(uow: UnitOfWork, form: Mapping[str, Any], actor: str) -> None:
    """Keep the bot and its channel; an empty token leaves the one that is there."""
    if form["bot_token"]:
        stored.put(uow, "bot_token", form["bot_token"], actor)
    stored.put(uow, "tender_channel_id", form["tender_channel_id"], actor)


def roles_in(form: Mapping[str, Any]) -> dict[str, str]:
    """Give the roles chosen for employees: their id → role."""
    return {
        name.removeprefix(ROLE_PREFIX): str(value)
        for name, value in form.items()
        if name.startswith(ROLE_PREFIX) and name.removeprefix(ROLE_PREFIX).isdigit()
    }


def keep_roles(uow: UnitOfWork, chosen: Mapping[str, str], actor: str) -> None:
    """Keep the roles of these employees; who is not among them keeps his."""
    for role, name in staff.NAMED.items():
        kept = [one for one in staff.named(uow, role) if one not in chosen]
        ids = [*kept, *(user_id for user_id, wanted in chosen.items() if wanted == role)]
        stored.put(uow, name, ",".join(ids), actor)


def role_choices(t: Texts) -> list[tuple[str, str]]:
    """Give what an employee can be, with a name for each."""
    return [
        (roles.OBSERVER, t("Looks only")),
        (roles.MODERATOR, t("Moderator")),
        (roles.MANAGER, t("Manager")),
        (roles.ADMIN, t("Administrator of the application")),
    ]

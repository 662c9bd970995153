"""getUpdates, webhook settings, logOut and close."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.model import Bot, Webhook
from sandbox.telegram.render import me_json
from sandbox.telegram.updates import accept_allowed, as_json, drop_expired
from sandbox.telegram.world import World

Json = dict[str, Any]
MAX_POLL_SECONDS = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_pollers: dict[tuple[int, int], asyncio.Future[str]] = {}


@method("getMe")
def get_me(call: Call) -> Json:
    """The bot itself."""
    return me_json(call.bot)


def stop_polling(world: World, bot: Bot, reason: str) -> None:
    """Ends a waiting getUpdates call with 409."""
    waiting = _pollers.pop((id(world), bot.id), None)
    if waiting is not None and not waiting.done():
        waiting.set_result(reason)


@method("getUpdates")
async def get_updates(call: Call) -> list[Json]:
    """Waiting updates from ``offset`` on; everything before it is forgotten."""
    bot, world = call.bot, call.world
    if bot.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        )
    accept_allowed(bot, call.get("allowed_updates"))
    offset = int(call.get("offset", 0))
    limit = min(100, max(1, int(call.get("limit", 100))))
    timeout = min(MAX_POLL_SECONDS, max(0, int(call.get("timeout", 0))))
    stop_polling(
        world,
        bot,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    _forget(bot, offset)
    drop_expired(world, bot)
    if not bot.updates and timeout:
        await _wait(world, bot, timeout)
    return [as_json(pending) for pending in bot.updates[:limit]]


def _forget(bot: Bot, offset: int) -> None:
    if offset < 0:
        bot.updates = bot.updates[offset:]
    elif offset and bot.updates and bot.updates[0].update_id < offset:
        bot.updates = [pending for pending in bot.updates if pending.update_id >= offset]


async def _wait(world: World, bot: Bot, timeout_seconds: int) -> None:
    waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    _pollers[id(world), bot.id] = waiting

    def arrived(changed: Bot) -> None:
        if changed is bot and not waiting.done():
            waiting.set_result("")

    world.update_listeners.append(arrived)
    try:
        with contextlib.suppress(TimeoutError):
            conflict = await asyncio.wait_for(asyncio.shield(waiting), timeout_seconds)
            if conflict:
                raise ApiError(409, conflict)
    finally:
        world.update_listeners.remove(arrived)
        if _pollers.get((id(world), bot.id)) is waiting:
            del _pollers[id(world), bot.id]


@method(
    "setWebhook",
    gaps="plain http and any port are accepted; the certificate is noted and not used; addresses are not resolved",
)
def set_webhook(call: Call) -> bool:
    """Where updates go from now on; an empty address takes the webhook away."""
    bot = call.bot
    url = str(call.raw.get("url") or "")
    dropped = bool(call.get("drop_pending_updates"))
    if not url:
        _drop(bot, wanted=dropped)
        call.note = "Webhook was deleted" if bot.webhook.url else "Webhook is already deleted"
        bot.webhook = Webhook()
        return True
    if "://" not in url:
        url = f"https://{url}"
    if not _is_address(url):
        raise bad_request("invalid webhook URL specified")
    secret = call.get("secret_token", "")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    accept_allowed(bot, call.get("allowed_updates"))
    fresh = Webhook(
        url=url,
        secret_token=secret,
        max_connections=min(100, max(1, int(call.get("max_connections", 40)))),
        ip_address=_checked_ip(call.get("ip_address", "")) or _own_ip(url),
        has_custom_certificate="certificate" in call.params,
    )
    certified = fresh.has_custom_certificate or bot.webhook.has_custom_certificate
    same = not dropped and not certified and _settings(bot.webhook) == _settings(fresh)
    _drop(bot, wanted=dropped)
    call.note = "Webhook is already set" if same else "Webhook was set"
    if not same:
        bot.webhook = fresh
    stop_polling(call.world, bot, "Conflict: terminated by setWebhook request")
    for listener in call.world.update_listeners:
        listener(bot)
    return True


def _settings(webhook: Webhook) -> tuple[str, str, int, str]:
    return webhook.url, webhook.secret_token, webhook.max_connections, webhook.ip_address


def _drop(bot: Bot, *, wanted: bool) -> None:
    if wanted:
        bot.updates.clear()


def _checked_ip(given: str) -> str:
    """An IPv4 address as it was given; anything else is refused."""
    if not given:
        return ""
    try:
        return str(ipaddress.IPv4Address(given))
    except ValueError:
        raise bad_request("bad webhook: Invalid IP address specified") from None


def _own_ip(url: str) -> str:
    """The address of a webhook whose host is one; names are not looked up."""
    host = urlsplit(url).hostname or ""
    with contextlib.suppress(ValueError):
        return str(ipaddress.ip_address("127.0.0.1" if host == "localhost" else host))
    return ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Back to polling."""
    call.note = "Webhook was deleted" if call.bot.webhook.url else "Webhook is already deleted"
    call.bot.webhook = Webhook()
    _drop(call.bot, wanted=bool(call.get("drop_pending_updates")))
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """The present settings and the last failure of delivery."""
    bot, webhook = call.bot, call.bot.webhook
    drop_expired(call.world, bot)
    info: Json = {
        "url": webhook.url,
        "has_custom_certificate": webhook.has_custom_certificate,
        "pending_update_count": len(bot.updates),
    }
    if webhook.url:
        info["max_connections"] = webhook.max_connections
        if webhook.ip_address:
            info["ip_address"] = webhook.ip_address
    if webhook.last_error_message:
        info["last_error_date"] = webhook.last_error_at
        info["last_error_message"] = webhook.last_error_message
    if bot.allowed_updates:
        info["allowed_updates"] = bot.allowed_updates
    return info


@method("logOut", gaps="the ten-minute ban from the cloud server is kept")
def log_out(call: Call) -> bool:
    """The bot leaves this server for ten minutes."""
    call.bot.logged_out_until = call.world.now() + 600
    call.bot.webhook = Webhook()
    return True


@method("close", gaps="nothing has to be closed")
def close(call: Call) -> bool:
    """Readies the bot for a move to another server."""
    return True

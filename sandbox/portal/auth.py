"""Tokens and webhooks: who a request comes from.

Used by the HTTP edge, the authorization server, events and application launches.
"""

from __future__ import annotations

from sandbox.portal.errors import RestError
from sandbox.portal.identity import Identity
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row

ACCESS_SECONDS = 3600
REFRESH_SECONDS = 180 * 24 * 3600
WRONG_TOKEN = declare(
    "wrong_token_code",
    "NO_AUTH_FOUND",
    "invalid_token",
    about="Code for an unknown access token: the common error table names NO_AUTH_FOUND, portals were seen to "
    "answer invalid_token.",
)

WRONG_WEBHOOK = declare(
    "wrong_webhook_code",
    "NO_AUTH_FOUND",
    "INVALID_CREDENTIALS",
    about="Code for an unknown webhook, status 401: the common error table names NO_AUTH_FOUND, some method pages and "
    "the official client library INVALID_CREDENTIALS.",
)


def wrong_credentials(portal: Portal, *, webhook: bool) -> RestError:
    """The refusal of an unknown webhook or token."""
    if not webhook and portal.readings[WRONG_TOKEN] == "invalid_token":
        return RestError("invalid_token", "Unable to get application by token", 401)
    if webhook and portal.readings[WRONG_WEBHOOK] == "INVALID_CREDENTIALS":
        return RestError("INVALID_CREDENTIALS", "Invalid request credentials", 401)
    return RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)


def by_webhook(portal: Portal, user_id: str, key: str) -> Identity:
    """The owner of an incoming webhook. Raises RestError."""
    hook = portal.store.table("webhooks").get(f"{user_id}/{key}")
    if hook is None or user_id not in portal.users:
        raise wrong_credentials(portal, webhook=True)
    scopes = None if hook["scopes"] is None else frozenset(hook["scopes"])
    return _active(portal, Identity(user_id=user_id, key=f"webhook:{key}", scopes=scopes))


def by_token(portal: Portal, token: str) -> Identity:
    """The user and application behind an access token. Raises RestError."""
    row = portal.store.table("access_tokens").get(token)
    app = portal.apps.get(row["app_id"]) if row else None
    if row is None or app is None:
        raise wrong_credentials(portal, webhook=False)
    if row["expires"] <= portal.clock.timestamp():
        raise RestError("expired_token", "The access token provided has expired.", 401)
    return _active(portal, app_identity(app, row["user_id"], token))


def app_identity(app: Row, user_id: str, token: str | None = None) -> Identity:
    """A user acting through an application."""
    return Identity(
        user_id=user_id, key=f"app:{app['ID']}", scopes=frozenset(app["scopes"]), app_id=app["ID"], token=token
    )


def _active(portal: Portal, identity: Identity) -> Identity:
    if not portal.users.get(identity.user_id, {}).get("ACTIVE"):
        raise RestError("INVALID_CREDENTIALS", "Invalid request credentials", 403)
    return identity


def issue(portal: Portal, app_id: str, user_id: str) -> Row:
    """A new pair of tokens: access, refresh, expires (Unix seconds)."""
    now = portal.clock.timestamp()
    access, refresh = portal.store.secret(), portal.store.secret()
    _forget_expired(portal, now)
    row = {"access": access, "refresh": refresh, "app_id": app_id, "user_id": user_id, "expires": now + ACCESS_SECONDS}
    portal.store.table("access_tokens")[access] = row
    portal.store.table("refresh_tokens")[refresh] = {
        "app_id": app_id,
        "user_id": user_id,
        "expires": now + REFRESH_SECONDS,
    }
    portal.store.touch()
    return row


def _forget_expired(portal: Portal, now: float) -> None:
    tokens = portal.store.table("access_tokens")
    day = 24 * 3600
    while tokens and (oldest := next(iter(tokens.values())))["expires"] + day < now:
        del tokens[oldest["access"]]


def event_token(portal: Portal, app_id: str, user_id: str) -> Row:
    """A pair with most of its life left, reused between events so that a flood of them does not flood the state."""
    shared: dict[str, str] = portal.store.values.setdefault("event_tokens", {})
    row = portal.store.table("access_tokens").get(shared.get(f"{app_id}:{user_id}", ""))
    if row is None or row["expires"] - portal.clock.timestamp() < ACCESS_SECONDS - 300:
        row = issue(portal, app_id, user_id)
        shared[f"{app_id}:{user_id}"] = row["access"]
    return row


def revoke(portal: Portal, app_id: str) -> None:
    """Forgets all tokens of an application."""
    for name in ("access_tokens", "refresh_tokens", "codes"):
        table = portal.store.table(name)
        for token in [token for token, row in table.items() if row["app_id"] == app_id]:
            del table[token]
    portal.store.touch()


def expire_all(portal: Portal) -> None:
    """Makes every access token old; refresh tokens stay. An old token is still known for what it was."""
    now = portal.clock.timestamp()
    for row in portal.store.rows("access_tokens"):
        row["expires"] = min(row["expires"], now)
    portal.store.touch()

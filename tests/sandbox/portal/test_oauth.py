"""Tokens: code, refresh rotation, expiry, the trusted app.info."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.sandbox.portal.conftest import InstalledApp, Running


def ask(app: InstalledApp, **params: str) -> tuple[int, dict[str, str]]:
    """A request to the token address with the application's credentials."""
    query = {"client_id": app.data["client_id"], "client_secret": app.data["client_secret"], **params}
    answer = app.portal.session.get(f"{app.portal.url}/oauth/token/", params=query, timeout=10)
    return answer.status_code, answer.json()


def test_refresh_rotates(app: InstalledApp) -> None:
    """A refresh gives a new pair in the documented form and the old refresh token dies."""
    status, pair = ask(app, grant_type="refresh_token", refresh_token=app.refresh_token)
    assert status == 200
    assert set(pair) == {
        "access_token",
        "client_endpoint",
        "domain",
        "expires",
        "expires_in",
        "member_id",
        "refresh_token",
        "scope",
        "server_endpoint",
        "status",
        "user_id",
    }
    assert pair["refresh_token"] != app.refresh_token
    assert ask(app, grant_type="refresh_token", refresh_token=app.refresh_token)[1]["error"] == "invalid_grant"
    assert app.portal.as_app(pair["access_token"], "profile").status_code == 200


def test_expired_token(app: InstalledApp) -> None:
    """An hour later the access token is expired and the refresh token still works."""
    app.portal.control("clock", {"advance_seconds": 3601})
    answer = app.portal.as_app(app.token, "profile")
    assert (answer.status_code, answer.json()["error"]) == (401, "expired_token")
    assert ask(app, grant_type="refresh_token", refresh_token=app.refresh_token)[0] == 200


def test_refresh_token_lives_180_days(app: InstalledApp) -> None:
    """A refresh token of 181 days is refused."""
    app.portal.control("clock", {"advance_seconds": 181 * 24 * 3600})
    assert ask(app, grant_type="refresh_token", refresh_token=app.refresh_token)[1]["error"] == "invalid_grant"


def test_authorization_code(app: InstalledApp) -> None:
    """The full protocol: redirect with a code, exchange once within 30 seconds."""
    query = {"client_id": app.data["client_id"], "state": "S", "sandbox_user": "2"}
    url = f"{app.portal.url}/oauth/authorize/"
    answer = app.portal.session.get(url, params=query, allow_redirects=False, timeout=10)
    returned = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert set(returned) == {"code", "state", "domain", "member_id", "scope", "server_domain"}
    status, pair = ask(app, grant_type="authorization_code", code=returned["code"][0])
    assert status == 200
    assert app.portal.as_app(pair["access_token"], "profile").json()["result"]["ID"] == "2"
    assert ask(app, grant_type="authorization_code", code=returned["code"][0])[1]["error"] == "invalid_grant"


def test_wrong_secret(app: InstalledApp) -> None:
    """A wrong secret is an invalid client."""
    query = {"client_secret": "x", "grant_type": "refresh_token", "refresh_token": app.refresh_token}
    assert ask(app, **query)[1]["error"] == "invalid_client"


def test_trusted_app_info(app: InstalledApp) -> None:
    """The authorization server tells which portal and application a token belongs to."""
    endpoint = app.launch["fields"]["SERVER_ENDPOINT"]
    answer = app.portal.session.get(f"{endpoint}app.info", params={"auth": app.token}, timeout=10).json()["result"]
    assert answer["client_id"] == app.data["client_id"]
    assert answer["install"]["member_id"] == app.data["member_id"]
    refused = app.portal.session.get(f"{endpoint}app.info", params={"auth": "forged"}, timeout=10)
    assert refused.status_code == 401


def test_unknown_token_reading(portal: Running) -> None:
    """The code for an unknown token follows the chosen reading."""
    assert portal.as_app("forged", "profile").json()["error"] == "NO_AUTH_FOUND"
    portal.control("readings", {"wrong_token_code": "invalid_token"})
    assert portal.as_app("forged", "profile").json()["error"] == "invalid_token"

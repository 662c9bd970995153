"""The portal's tokens survive what happens to them: lost answers, several processes, a renamed portal, a new installation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper, Tokens
from b24app.errors import Rejected, Retryable
from b24app.manifest import manifest
from b24app.services import portals
from storage.models import CrmLink, Portal
from tests.contract.bitrix24.conftest import Deployment

EXPIRE = {"match": {"method": "profile"}, "action": "expire_token", "times": 1}


def kept(deployment: Deployment) -> Portal:
    """The installation as it is kept."""
    with deployment.transactions() as uow:
        portal = portals.current(uow)
        assert portal is not None
        return portal


def connection(deployment: Deployment) -> Connection:
    """The way background work reaches the portal."""
    return Connection(deployment.client, deployment.keeper, deployment.portal_id())


def test_a_refresh_whose_answer_was_lost_is_healed_by_opening_the_application(installed: Deployment) -> None:
    """The spent refresh token is named as the trouble, nothing is guessed, and an administrator's next visit repairs all."""
    installed.world.fault({"match": {"method": "oauth.token"}, "action": "drop_after", "times": 1})
    expired = installed.keeper.current(installed.portal_id())
    with pytest.raises(Retryable):
        installed.keeper.renew(installed.portal_id(), expired)
    with pytest.raises(Rejected) as refused:
        installed.keeper.renew(installed.portal_id(), expired)
    assert (refused.value.code, kept(installed).trouble) == ("invalid_grant", "authorization: invalid_grant")
    assert installed.launch().status_code == 200
    assert kept(installed).trouble == ""
    assert connection(installed).call("profile").result["ID"] == "1"


def spare(deployment: Deployment, user_id: str = "1") -> None:
    """Let an employee open a page, which brings a pair of its own."""
    launch = deployment.world.control("launch", {"app_id": deployment.app["app_id"], "user_id": user_id})
    with deployment.transactions() as uow:
        portals.keep_spare(uow, launch["fields"]["REFRESH_ID"])


def test_a_lost_pair_is_replaced_by_that_of_the_owners_last_page(installed: Deployment) -> None:
    """A refresh that was answered but not stored costs nothing when the owner opened a page: nobody has to come, twice not either."""
    for _ in range(2):
        spare(installed)
        installed.world.fault({"match": {"method": "oauth.token"}, "action": "drop_after", "times": 1})
        expired = installed.keeper.current(installed.portal_id())
        with pytest.raises(Retryable):
            installed.keeper.renew(installed.portal_id(), expired)
        assert installed.keeper.renew(installed.portal_id(), expired).token != expired.token
        assert (kept(installed).trouble, kept(installed).spare_token) == ("", None)
    assert connection(installed).call("profile").result["ID"] == "1"


@pytest.mark.parametrize("user_id", ["2", "nobody"])
def test_a_spare_that_is_not_the_owners_or_was_spent_helps_nobody(installed: Deployment, user_id: str) -> None:
    """A colleague's token would work with other rights, a spent one not at all: the trouble is named as without a spare."""
    if user_id == "2":
        spare(installed, user_id)
    else:
        with installed.transactions() as uow:
            portals.keep_spare(uow, "spent long ago")
    installed.world.fault({"match": {"method": "oauth.token"}, "action": "drop_after", "times": 1})
    expired = installed.keeper.current(installed.portal_id())
    with pytest.raises(Retryable):
        installed.keeper.renew(installed.portal_id(), expired)
    with pytest.raises(Rejected):
        installed.keeper.renew(installed.portal_id(), expired)
    assert (kept(installed).trouble, kept(installed).spare_token) == ("authorization: invalid_grant", None)


def test_a_refresh_that_never_reached_the_server_is_made_later(installed: Deployment) -> None:
    """A connection lost before the server did anything leaves the old pair good."""
    installed.world.fault({"match": {"method": "oauth.token"}, "action": "drop_before", "times": 1})
    expired = installed.keeper.current(installed.portal_id())
    with pytest.raises(Retryable):
        installed.keeper.renew(installed.portal_id(), expired)
    assert installed.keeper.renew(installed.portal_id(), expired).token != expired.token
    assert kept(installed).trouble == ""


def test_processes_that_refresh_at_once_spend_one_refresh_token(installed: Deployment) -> None:
    """Eight of them with the same expired pair end with the same new one; none is told that the grant is gone."""
    portal_id, expired = installed.portal_id(), installed.keeper.current(installed.portal_id())
    found: list[str] = []

    def renew() -> None:
        keeper = TokenKeeper(installed.transactions, AuthorizationServer(installed.settings))
        found.append(keeper.renew(portal_id, expired).token)

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found))) == (8, 1)
    assert expired.token not in found


class Interrupted(AuthorizationServer):
    """The authorization server with something happening between its answer and our storing it."""

    def __init__(self, deployment: Deployment, meanwhile: Callable[[], None]) -> None:
        super().__init__(deployment.settings)
        self._meanwhile = meanwhile

    def refresh(self, refresh_token: str) -> Tokens:
        """Refresh, then let it happen."""
        tokens = super().refresh(refresh_token)
        self._meanwhile()
        return tokens


class Counting(AuthorizationServer):
    """The authorization server, counting how often it is asked."""

    def __init__(self, deployment: Deployment) -> None:
        super().__init__(deployment.settings)
        self.times = 0

    def refresh(self, refresh_token: str) -> Tokens:
        """Refresh."""
        self.times += 1
        return super().refresh(refresh_token)


def _let_in(deployment: Deployment, allowed: bool) -> None:
    """Let connections to the database in again, or end those there are and refuse new ones."""
    url = deployment.transactions.engine.url
    other = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS {allowed}'))
        if not allowed:
            ended = text("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = :name")
            connection.execute(ended, {"name": url.database})
    other.dispose()


def test_a_database_that_goes_away_does_not_cost_the_renewed_pair(installed: Deployment) -> None:
    """The pair that nobody else has is stored when the database is back, although the lock was lost with its connection."""
    back = threading.Timer(1.5, _let_in, [installed, True])

    def go_away() -> None:
        _let_in(installed, False)
        back.start()

    portal_id, expired = installed.portal_id(), installed.keeper.current(installed.portal_id())
    with suppress(OperationalError):  # of giving the lost lock back
        TokenKeeper(installed.transactions, Interrupted(installed, go_away)).renew(portal_id, expired)
    back.join()
    assert installed.keeper.current(portal_id).token != expired.token
    assert connection(installed).call("profile").result["ID"] == "1"


def test_whoever_lost_the_race_takes_the_pair_of_the_faster(installed: Deployment) -> None:
    """A refresh token refused because another process just spent it is no trouble: its pair is waited for."""
    portal_id, expired = installed.portal_id(), installed.keeper.current(installed.portal_id())
    slower: list[str] = []
    rivals: list[threading.Thread] = []

    def race() -> None:
        _let_in(installed, False)
        _let_in(installed, True)
        rival = threading.Thread(target=lambda: slower.append(installed.keeper.renew(portal_id, expired).token))
        rivals.append(rival)
        rival.start()
        rival.join(1.0)

    with suppress(OperationalError):
        TokenKeeper(installed.transactions, Interrupted(installed, race)).renew(portal_id, expired)
    for rival in rivals:
        rival.join()
    assert slower == [installed.keeper.current(portal_id).token]
    assert kept(installed).trouble == ""


def test_a_grant_that_is_gone_is_not_asked_for_all_the_time(installed: Deployment) -> None:
    """However many calls want to be made, the authorization server is left alone for a while after its refusal."""
    installed.world.fault({"match": {"method": "oauth.token"}, "action": "drop_after", "times": 1})
    portal_id, expired = installed.portal_id(), installed.keeper.current(installed.portal_id())
    with pytest.raises(Retryable):
        installed.keeper.renew(portal_id, expired)
    asked = Counting(installed)
    keeper = TokenKeeper(installed.transactions, asked)
    for _ in range(5):
        with pytest.raises(Rejected):
            keeper.renew(portal_id, expired)
    assert asked.times == 1


def test_a_renamed_portal_is_found_at_its_new_address(installed: Deployment) -> None:
    """A redirect is not followed: the new address is learnt together with a new pair, and calls go on there."""
    port = installed.world.url.rpartition(":")[2]
    installed.world.control("domain", {"domain": f"localhost:{port}"})
    assert connection(installed).call("profile").result["ID"] == "1"
    portal = kept(installed)
    assert (portal.client_endpoint, portal.domain) == (f"http://localhost:{port}/rest/", f"localhost:{port}")


@pytest.mark.parametrize("has_run_out", [True, False])
def test_a_portal_that_left_its_address_without_a_word_is_found(installed: Deployment, *, has_run_out: bool) -> None:
    """Nobody answers there any more: once the token has run out the new address is asked for, before that it is a bad connection."""
    address = kept(installed).client_endpoint
    with installed.transactions() as uow:
        portal = uow.session.query(Portal).one()
        portal.client_endpoint = "http://127.0.0.1:1/rest/"
        portal.token_expires_at = uow.now + timedelta(hours=-1 if has_run_out else 1)
    with nullcontext() if has_run_out else pytest.raises(Retryable):
        assert connection(installed).call("profile").result["ID"] == "1"
    assert (kept(installed).client_endpoint == address) is has_run_out


@pytest.mark.parametrize(("items", "status"), [(0, 200), (1, 403)])
def test_another_portal_never_gets_items_that_stand_for_ours(deployment: Deployment, items: int, status: int) -> None:
    """After a removal another portal is admitted only while nothing of ours is linked: there the same numbers are strangers' items."""
    with deployment.transactions() as uow:
        former = {"path_secret": "x", "client_endpoint": "", "domain": "", "trouble": "", "state": "removed"}
        uow.session.add(Portal(member_id="former", **former))
        for number in range(items):
            uow.session.add(CrmLink(ref=f"lead/{number}", entity_type_id=1, entity_id="5", snapshot={}))
    assert deployment.launch().status_code == status


def test_a_redirect_without_a_new_address_does_not_spend_tokens_for_ever(installed: Deployment) -> None:
    """A proxy that redirects everything costs one refresh, not one per call."""
    installed.world.fault({"match": {"method": "profile"}, "action": "status", "status": 302})
    before = installed.keeper.current(installed.portal_id()).token
    tokens = set()
    for _ in range(3):
        with pytest.raises(Retryable):
            connection(installed).call("profile")
        tokens.add(installed.keeper.current(installed.portal_id()).token)
    assert len(tokens - {before}) == 1


def test_an_application_installed_anew_works_with_its_new_pair(installed: Deployment) -> None:
    """Removed and installed again, the old pair is worthless and the one of the new launch is used by everybody."""
    installed.world.control(f"apps/{installed.app['app_id']}/uninstall", {})
    with pytest.raises((Rejected, Retryable)):
        connection(installed).call("profile")
    installed.app = installed.world.add_app(installed.settings.public_url, list(manifest().scopes))
    installed.install()
    assert (kept(installed).state, connection(installed).call("profile").result["ID"]) == ("active", "1")


def test_a_call_during_expiry_is_made_once_more(installed: Deployment) -> None:
    """The portal said that the token ran out, so nothing happened: the call is made again with the new one."""
    installed.world.fault(EXPIRE)
    before = installed.keeper.current(installed.portal_id()).token
    assert connection(installed).call("profile").result["ID"] == "1"
    assert installed.keeper.current(installed.portal_id()).token != before

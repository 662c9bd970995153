"""The REST client: one send per call, and every failure with its true name."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from b24app.bitrix24.client import Access, Command, RestClient
from b24app.bitrix24.faults import error_for
from b24app.errors import GatewayError, Rejected, Retryable, TokenExpired, Uncertain


class OneWayServer:
    """A server that answers every request with the same bytes, or hangs up, and counts what it read."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def access(self) -> Access:
        """Give the way to call it."""
        return Access(f"http://127.0.0.1:{self._socket.getsockname()[1]}/rest/", "token")

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(65536))
                if self._answer:
                    connection.sendall(self._answer)

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


def http(status: int, body: object) -> bytes:
    """Write an HTTP answer."""
    text = body if isinstance(body, str) else json.dumps(body)
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
    return f"{head}Content-Length: {len(text.encode())}\r\n\r\n{text}".encode()


@pytest.fixture
def client() -> Iterator[RestClient]:
    """A REST client."""
    rest = RestClient()
    yield rest
    rest.close()


@pytest.fixture
def serve() -> Iterator[Callable[[bytes], OneWayServer]]:
    """A maker of servers."""
    servers: list[OneWayServer] = []

    def make(answer: bytes) -> OneWayServer:
        servers.append(OneWayServer(answer))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", Uncertain),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"resu', Uncertain),
        (http(200, "<html>maintenance</html>"), Uncertain),
        (http(500, {"error": "INTERNAL_SERVER_ERROR", "error_description": "x"}), Uncertain),
        (http(502, "<html>bad gateway</html>"), Uncertain),
        (http(503, {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}), Retryable),
        (http(429, {"error": "OPERATION_TIME_LIMIT", "error_description": "x"}), Retryable),
        (http(401, {"error": "expired_token", "error_description": "x"}), TokenExpired),
        (http(401, {"error": "NO_AUTH_FOUND", "error_description": "x"}), Rejected),
        (http(400, {"error": "", "error_description": "x"}), Rejected),
        (http(400, {"error": 100, "error_description": "x"}), Rejected),
        (http(200, {"error": "ERROR_PLACEMENT_NOT_FOUND", "error_description": "x"}), Rejected),
        (http(302, ""), Retryable),
    ],
)
def test_a_failed_call_is_sent_once_and_named(
    client: RestClient, serve: Callable[[bytes], OneWayServer], answer: bytes, kind: type[GatewayError]
) -> None:
    """Whatever goes wrong, the portal was asked exactly once, and the error says what may be done next."""
    server = serve(answer)
    with pytest.raises(GatewayError) as caught:
        client.call(server.access, "crm.item.add", {"entityTypeId": 2})
    assert type(caught.value) is kind
    assert len(server.requests) == 1


def test_a_portal_that_cannot_be_reached_was_not_called(client: RestClient) -> None:
    """A refused connection certainly had no effect."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Retryable):
        client.call(Access(f"http://127.0.0.1:{port}/rest/", "token"), "crm.item.add")


def test_a_batch_judges_each_command_by_itself(client: RestClient, serve: Callable[[bytes], OneWayServer]) -> None:
    """One refused command leaves the others their results; a command that the answer forgets is uncertain."""
    body = {
        "result": {
            "result": {"c0": 5},
            "result_error": {"c1": {"error": "ACCESS_DENIED", "error_description": "no"}},
            "result_total": [],
            "result_next": [],
            "result_time": [],
        }
    }
    server = serve(http(200, body))
    first, second, third = client.batch(server.access, [Command("a", {}), Command("b", {}), Command("c", {})])
    assert first.result == 5
    assert isinstance(second.error, Rejected)
    assert isinstance(third.error, Uncertain)


def test_the_first_page_of_a_list_is_asked_for_without_a_start(
    client: RestClient, serve: Callable[[bytes], OneWayServer]
) -> None:
    """Short lists do not document `start`, so it is sent only when the portal named a next page."""
    server = serve(http(200, {"result": [{"ID": "1"}], "total": 1}))
    assert client.read_all(server.access, "crm.status.list", {"filter": {"ENTITY_ID": "STATUS"}}) == [{"ID": "1"}]
    assert b"STATUS" in server.requests[0]
    assert b"start" not in server.requests[0]


def test_empty_maps_that_arrive_as_lists_are_understood(
    client: RestClient, serve: Callable[[bytes], OneWayServer]
) -> None:
    """When every command failed, `result` is an empty list."""
    body = {"result": {"result": [], "result_error": {"c0": {"error": "100", "error_description": "x"}}}}
    (answer,) = client.batch(serve(http(200, body)).access, [Command("a", {})])
    assert isinstance(answer.error, Rejected)


def test_no_error_shows_the_token(client: RestClient, serve: Callable[[bytes], OneWayServer]) -> None:
    """Errors go to logs and pages, so they never hold the access token."""
    server = serve(http(400, {"error": "x", "error_description": "y"}))
    with pytest.raises(Rejected) as caught:
        client.call(Access(server.access.endpoint, "very-secret"), "crm.item.add")
    assert "very-secret" not in f"{caught.value!r} {caught.value.body} {server.access!r}"


def test_a_result_is_no_error() -> None:
    """An answer with a result passes."""
    assert error_for(200, '{"result": true}') is None

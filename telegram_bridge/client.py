"""Calls to the Bot API of one bot, by way of pyTelegramBotAPI, with failures sorted by what may be done next.

Used by the gateway, the file door and the set-up. The library keeps its address and its way of sending in module
variables; both are set here once, to values that hold for any bot at any address: the address travels as part of the
library's "token", and the connection pool is the calling client's own. Parameters go into the body (the library would put
them into the address line, where long Cyrillic texts do not fit). Nothing is sent twice, no redirect is followed, and no
error tells the token.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

import requests
from requests.adapters import HTTPAdapter
from telebot import TeleBot, apihelper
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from b24app.errors import GatewayError, Rejected, Retryable, Uncertain

P = ParamSpec("P")
R = TypeVar("R")

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 20.0
FILE_SECONDS = 60.0
CHUNK_BYTES = 64 * 1024
LEAST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 24 * 3600.0
"""What is believed of a `retry_after`."""
GAVE_UP_WAITING = {408, 499}
NO_HANDSHAKE = {
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
}

_session: ContextVar[requests.Session] = ContextVar("telegram_session")
_answer: ContextVar[str] = ContextVar("telegram_answer", default="")
"""The body of the last answer, for an error that is only met while the library reads it."""


class ChatMoved(GatewayError):
    """The group became a supergroup with another id."""

    def __init__(self, new_chat_id: str) -> None:
        self.new_chat_id = new_chat_id
        super().__init__("The group became a supergroup.", code="migrated")


class Barred(GatewayError):
    """Something in front of Telegram answered with a page of its own: the call did not arrive, for its own sake or for everybody's."""


def _post(method: str, url: str, params: Any = None, files: Any = None, **_: Any) -> requests.Response:
    fields = {name: str(value).lower() if isinstance(value, bool) else value for name, value in (params or {}).items()}
    fields.pop("timeout", None)
    answer = _session.get().post(
        url,
        data=fields,
        files=files,
        timeout=(CONNECT_SECONDS, FILE_SECONDS if files else ANSWER_SECONDS),
        allow_redirects=False,
    )
    _answer.set(answer.text)
    return answer


# Without its own header formatter the library would write file names unquoted, for the whole process.
vars(apihelper).update(API_URL="{0}/{1}", CUSTOM_REQUEST_SENDER=_post, format_header_param=None)


class TelegramClient:
    """One bot at one Bot API address. Safe to use from several threads; close it when done."""

    def __init__(self, api_url: str, token: str, *, connections: int = 10) -> None:
        self._file_address = f"{api_url}/file/bot{token}"
        self._bot = TeleBot(f"{api_url}/bot{token}", threaded=False, validate_token=False)
        self._session = requests.Session()
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=connections, max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def call(self, method: Callable[Concatenate[TeleBot, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a method of the library's bot: `client.call(TeleBot.send_message, chat_id, text)`.

        Raises Retryable (it did not happen), Uncertain (it may have), Rejected (refused for good), Barred or ChatMoved.
        """
        chosen, heard = _session.set(self._session), _answer.set("")
        try:
            with _sorted_failures():
                found = method(self._bot, *args, **kwargs)
                if found is None:
                    raise TypeError("no result")
                return found
        finally:
            _session.reset(chosen)
            _answer.reset(heard)

    def file_path(self, file_id: str) -> str:
        """Ask where a file that the bot has seen can be fetched for the next hour. The same failures as `call`."""
        return str(self.call(TeleBot.get_file, file_id).file_path)

    def download(self, path: str) -> Iterator[bytes]:
        """Give the bytes under a `file_path`, piece by piece. The same failures as `call`."""
        with (
            _sorted_failures(),
            self._session.get(
                f"{self._file_address}/{path}",
                stream=True,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            ) as answer,
        ):
            if answer.status_code != 200:
                raise Retryable("The file could not be fetched.", code=str(answer.status_code))
            yield from answer.iter_content(CHUNK_BYTES)


@contextmanager
def _sorted_failures() -> Iterator[None]:
    try:
        yield
    except apihelper.ApiTelegramException as error:
        raise _refusal(error) from None
    except apihelper.ApiException as error:
        raise _page(error.result.status_code, error.result.text) from None
    except requests.RequestException as error:
        raise _lost(error) from None
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        if not _answer.get():
            raise
        shape = f"Telegram's answer has an unknown shape ({type(error).__name__})."
        raise Uncertain(shape, body=_answer.get()) from error


def _page(status: int, body: str) -> GatewayError:
    """Give what an answer stands for that is not Telegram's own, or is none."""
    if 400 <= status < 500 and status not in GAVE_UP_WAITING:
        return Barred(f"Something in front of Telegram answered {status}.", code=str(status), body=body)
    return Uncertain("Telegram's answer could not be read.", code=str(status), body=body)


def _refusal(error: apihelper.ApiTelegramException) -> GatewayError:
    said, code = str(error.description), str(error.error_code)
    parameters = error.result_json.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if "retry_after" in parameters or code == "429":
        return Retryable(said, code=code, after_seconds=_seconds(parameters.get("retry_after")))
    if "migrate_to_chat_id" in parameters:
        return ChatMoved(str(parameters["migrate_to_chat_id"]))
    if code.startswith("5"):
        return Uncertain(said, code=code, body=_answer.get())
    return Rejected(said, code=code, body=_answer.get())


def _seconds(said: Any) -> float:
    return min(max(LEAST_PAUSE_SECONDS, float(said)), LONGEST_PAUSE_SECONDS) if isinstance(said, int | float) else 1.0


def _never_spoke(reason: Any) -> bool:
    """Tell that a connection ended before it could carry anything: one that was made can break by its encryption later as well."""
    broken = reason.args[0] if isinstance(reason, SSLError) and reason.args else None
    return isinstance(broken, ssl.SSLCertVerificationError) or getattr(broken, "reason", None) in NO_HANDSHAKE


def _lost(error: requests.RequestException) -> GatewayError:
    # Only the kind of the error is told: its text holds the address and so the token.
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError) or _never_spoke(reason):
        return Retryable(f"Telegram could not be reached ({type(reason).__name__}).")
    return Uncertain(f"The connection to Telegram broke ({type(error).__name__}).")

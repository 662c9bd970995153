"""The aiohttp session under the REST client, with one rule: a call that may have arrived is never sent again by itself.

fast-bitrix24 re-sends after a lost connection and after any 5xx, and drops the bodies of 4xx. The middleware here turns each
such case into an error of ours, which it does not retry, after the body was read. Redirects are refused: a renamed portal
answers 302 and a followed POST would become a GET. Called by the client on its loop.
"""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from b24app.bitrix24.faults import UNREACHABLE, error_for
from b24app.errors import Retryable, Uncertain

CONNECT_SECONDS = 10.0
ON_THE_WAY_SECONDS = 5.0
KEEPALIVE_SECONDS = 8.0


class Honest:
    """Sends once, reads the whole answer, and raises what it means unless it holds a result."""

    def __init__(self, answer_seconds: float) -> None:
        self._answer_seconds = answer_seconds

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        """Carry one request."""
        try:
            async with asyncio.timeout(self._answer_seconds):
                response = await handler(request)
                body = await response.text(encoding="utf-8", errors="replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Retryable("The portal cannot be reached.", code=UNREACHABLE, after_seconds=5.0) from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Uncertain(f"The answer was lost: {type(error).__name__}.", code="LOST", running=True) from error
        failure = error_for(response.status, body)
        if failure is not None:
            raise failure
        return response


def open_session(longest_call_seconds: float) -> aiohttp.ClientSession:
    """Open the session; to be called on the loop that will use it. A portal that needs longer for a call has given it up itself."""
    return aiohttp.ClientSession(
        raise_for_status=True,
        middlewares=(Honest(longest_call_seconds + ON_THE_WAY_SECONDS),),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
        connector=aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_SECONDS, limit=50),
    )

"""Making the calls: signed as Standard Webhooks says, to the address that was looked up, never redirected."""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog
from sqlmodel import Session
from standardwebhooks.webhooks import Webhook as Signer

from config.sealing import unseal
from config.settings import Settings
from workflow import webhook_calls
from workflow.errors import InputWrong, WorkflowError
from workflow.webhook_calls import Due
from workflow.webhooks import check_url, is_public

log = structlog.get_logger(__name__)
SECONDS = 10
GONE = 410
FINE = range(200, 300)


class NotCalled(Exception):
    """The address may not be called, or has none."""


@dataclass(frozen=True)
class Caller:
    """`real_now`: leases and back-off are of the machine's clock."""

    transaction: Callable[[], AbstractContextManager[Session]]
    settings: Settings
    real_now: Callable[[], datetime]

    def drain(self, seconds: float) -> dict[str, int]:
        """Everything that is due, for at most so long."""
        until, tally, more = time.monotonic() + seconds, {"delivered": 0, "failed": 0}, True
        while more and time.monotonic() < until:
            with self.transaction() as db:
                due, more = webhook_calls.claim(db, self.real_now())
            for one in due:
                tally["delivered" if self._call(one) else "failed"] += 1
        return tally

    def _call(self, due: Due) -> bool:
        status, said = self._answer(due)
        with self.transaction() as db:
            if status == GONE:
                webhook_calls.gone(db, due, self.real_now())
            elif status in FINE:
                webhook_calls.delivered(db, due, self.real_now(), said)
            else:
                webhook_calls.failed(db, due, self.real_now(), said)
        return status in FINE

    def _answer(self, due: Due) -> tuple[int, str]:
        try:
            status = post(due.url, self._headers(due), due.body.encode(), self.settings.webhook_hosts)
        except (OSError, HTTPException, NotCalled, WorkflowError) as error:
            log.info("webhook_away", call=due.call_id, error=type(error).__name__)
            return 0, f"{type(error).__name__}: {error}"
        return status, f"HTTP {status}"

    def _headers(self, due: Due) -> dict[str, str]:
        now = self.real_now()
        signature = Signer(unseal(self.settings, due.sealed)).sign(due.header_id, now, due.body)
        return {
            "Content-Type": "application/json",
            "User-Agent": "dondoc",
            "webhook-id": due.header_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }


def post(url: str, headers: dict[str, str], body: bytes, hosts: tuple[str, ...]) -> int:
    """The status of the answer; its words are not read. Checked anew: the settings may have changed."""
    try:
        parts = urlsplit(check_url(url, hosts))
    except InputWrong as error:
        raise NotCalled(error.text("en")) from error
    connection = _connection(parts, _address(parts, is_free=bool(hosts)))
    try:
        connection.request(
            "POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers
        )
        return connection.getresponse().status
    finally:
        connection.close()


def _address(parts: SplitResult, *, is_free: bool) -> str:
    """Looked up once; the connection goes to this very address, so a name cannot change its mind."""
    found = socket.getaddrinfo(parts.hostname, _port(parts), type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not is_free and not all(is_public(one) for one in addresses):
        raise NotCalled("a private address")
    return addresses[0]


def _connection(parts: SplitResult, address: str) -> HTTPConnection:
    host, port = parts.hostname or "", _port(parts)
    connection: HTTPConnection
    if parts.scheme == "https":
        connection = HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    else:
        connection = HTTPConnection(host, port, timeout=SECONDS)

    def connect(_wanted: Any, timeout: Any, source: Any) -> socket.socket:
        return socket.create_connection((address, port), timeout, source)

    connection._create_connection = connect  # type: ignore[attr-defined]
    return connection


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)

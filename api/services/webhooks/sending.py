"""Sends one message: signed, to an address that was looked at, within a time, and taking no more than is needed."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from standardwebhooks import Webhook as Signer
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from api.services.webhooks.addresses import RefusedAddressError, Target, resolve, target_of

SECONDS = 10.0
"""How long an attempt may take, from the first packet to the last."""
_MOST = 1_024
"""Bytes that are read of an answer."""
_FAILURES = (HTTPError, HTTPException, OSError, ValueError)
_AGENT = "uk-digital-capital-webhooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is sent: where to, what it says, and what it is signed with."""

    webhook: str
    delivery: int
    message_id: str
    url: str
    secret: str
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt: the status and the beginning of the answer, or why there was none."""

    status: int | None
    problem: str | None
    answer: str = ""

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more of them."""
        return self.status == 410

    def told(self) -> dict[str, Any]:
        """The outcome as it is noted."""
        return {"status": self.status, "problem": self.problem, "answer": self.answer}


def send(message: Message, *, private: bool = False, seconds: float = SECONDS) -> Outcome:
    """Send a message once. Raises nothing: whatever goes wrong is an outcome.

    A name is resolved once, and the connection made to the address that was looked at. No redirect is followed, and no
    proxy of the environment used.
    """
    try:
        target = target_of(message.url, private=private)
        address = resolve(target, private=private)
    except RefusedAddressError as refused:
        return Outcome(None, str(refused))
    connection = _connection(target, address, seconds)
    deadline = threading.Timer(seconds, connection.cut)  # type: ignore[attr-defined]
    deadline.daemon = True
    deadline.start()
    try:
        return _asked(connection, target, message)
    except _FAILURES as error:
        late = connection.was_cut or isinstance(error, TimeoutError)  # type: ignore[attr-defined]
        return Outcome(None, f"It did not answer within {seconds:g} seconds." if late else _why(error))
    finally:
        deadline.cancel()
        connection.let_go()  # type: ignore[attr-defined]


def _asked(connection: HTTPConnection, target: Target, message: Message) -> Outcome:
    body, headers = message.body.encode(), _headers(target, message)
    how = {"preload_content": False, "enforce_content_length": False}
    connection.request("POST", target.path, body=body, headers=headers, **how)
    response, read = connection.getresponse(), b""
    with suppress(*_FAILURES):  # the status decides, whatever comes after it
        read = response.read(_MOST, decode_content=False)
    answer = read.decode("utf-8", "replace")
    shown = "".join(sign if sign.isprintable() or sign in "\n\t" else "\ufffd" for sign in answer)
    if 200 <= response.status < 300:
        return Outcome(response.status, None, shown)
    redirected = ", and redirects are not followed: give the address that it leads to"
    return Outcome(
        response.status, f"It answered {response.status}{redirected * (response.status // 100 == 3)}.", shown
    )


def _headers(target: Target, message: Message) -> dict[str, str]:
    """The headers of an attempt. It is signed anew with its moment, so that a receiver can refuse what is old."""
    now = datetime.now(UTC)
    return {
        "Host": target.authority,
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(message.secret).sign(message.message_id, now, message.body),
    }


class _Cut:
    """A connection that can be cut from another thread, whatever it waits for: bytes that trickle are no answer."""

    was_cut = False
    _kept: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        made: socket.socket = super()._new_conn()  # type: ignore[misc]
        # Encryption takes the socket over; this is another way to the same connection.
        self._kept = socket.socket(fileno=os.dup(made.fileno()))
        if self.was_cut:
            self.cut()
        return made

    def cut(self) -> None:
        """End it now."""
        self.was_cut = True
        if self._kept is not None:
            with suppress(OSError):
                self._kept.shutdown(socket.SHUT_RDWR)

    def let_go(self) -> None:
        """Close it."""
        self.close()  # type: ignore[attr-defined]
        if self._kept is not None:
            self._kept.close()


class _Plain(_Cut, HTTPConnection):
    pass


class _Encrypted(_Cut, HTTPSConnection):
    pass


def trusted() -> ssl.SSLContext:
    """How a receiver's certificate is checked: as of any site of the web."""
    return ssl.create_default_context()


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return _Plain(address, target.port, timeout=seconds)
    # The name that was asked for is sent, and the certificate checked for it, though the address is connected to.
    return _Encrypted(
        address,
        target.port,
        timeout=seconds,
        ssl_context=trusted(),
        server_hostname=target.host,
    )


def _why(error: Exception) -> str:
    """Why there was no answer, in words for whoever owns the receiver."""
    if isinstance(error, ssl.SSLError):
        return "No connection that is encrypted could be made: look at its certificate."
    return "It could not be reached, or ended the connection before it answered."

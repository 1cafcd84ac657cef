"""One request and its answer: bounded in time and bytes, to a machine that was looked at, and with its errors in words.

There is no proxy: whatever HTTP_PROXY says, the machine that is checked is the one that is asked.
"""

from __future__ import annotations

import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from indexer.fetching.addresses import Address, Resolve, resolve_by_system
from indexer.formats.source import MAX_DOCUMENT_BYTES, MIB

CHUNK_BYTES = 65_536

# What is asked for; servers that send another are not understood.
ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

# urllib3 wraps none of these in HTTPError while it reads a status line, headers or a body.
BROKEN = (HTTPError, HTTPException, OSError, ValueError)


class Failure(Exception):
    """There is no answer; the message is the reason in one plain phrase.

    transient: it may be otherwise in a minute.
    """

    def __init__(self, why: str, transient: bool = False) -> None:
        super().__init__(why)
        self.transient = transient


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a server may take and how much it may send.

    connect_seconds: for each of its machines, and for TLS. read_seconds: without a single byte.
    whole_seconds: from the first byte sent to the last one received, however busy it looks.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 30.0
    whole_seconds: float = 120.0
    max_bytes: int = MAX_DOCUMENT_BYTES


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. headers: by their names in small letters. body: unpacked, empty unless it is wanted."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class Wire:
    """How machines are found and reached. trust: whose certificates count; None for the usual authorities."""

    bounds: Bounds = Bounds()
    allow_private: bool = False
    resolve: Resolve = resolve_by_system
    trust: ssl.SSLContext | None = None

    def exchange(
        self, address: Address, headers: Mapping[str, str], *, cut_at_bytes: int | None = None
    ) -> Answer:
        """Ask once. Raises Failure, NotAllowed.

        cut_at_bytes: of a longer body the beginning is enough. Only an answer 200 has a body.
        """
        connection = self._connect(address)
        # The answer may close the connection's own hold of it before it is read.
        line = connection.sock
        late = threading.Event()

        def cut_off() -> None:
            late.set()
            with suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)

        watch = threading.Timer(self.bounds.whole_seconds, cut_off)
        watch.daemon = True
        watch.start()
        try:
            answer = self._ask(connection, address, headers, cut_at_bytes)
        except BROKEN as error:
            failure = _too_slow(self.bounds.whole_seconds) if late.is_set() else _failure(error, address, self.bounds)
            raise failure from None
        else:
            # A line that is cut looks like the end of a body of unknown length.
            if late.is_set():
                raise _too_slow(self.bounds.whole_seconds)
            return answer
        finally:
            watch.cancel()
            connection.close()

    def _connect(self, address: Address) -> HTTPConnection:
        """A connection to the first machine that takes one."""
        try:
            machines = address.machines(self.allow_private, self.resolve)
        except OSError as error:
            again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
            raise Failure(
                f"the name {address.host} cannot be looked up; is this machine online?" if again
                else f"there is no host {address.host}; check the address", transient=again,
            ) from None
        failure = Failure(f"there is no host {address.host}; check the address")
        until = time.monotonic() + self.bounds.whole_seconds
        for machine in machines:
            if time.monotonic() > until:
                raise _too_slow(self.bounds.whole_seconds)
            connection = self._connection(address, machine)
            try:
                connection.connect()
            except BROKEN as error:
                connection.close()
                failure = _failure(error, address, self.bounds)
            else:
                connection.timeout = self.bounds.read_seconds
                return connection
        raise failure

    def _connection(self, address: Address, machine: str) -> HTTPConnection:
        if address.scheme == "http":
            return HTTPConnection(machine, address.port, timeout=self.bounds.connect_seconds)
        return HTTPSConnection(
            machine, address.port, timeout=self.bounds.connect_seconds,
            ssl_context=self.trust or _authorities(), server_hostname=address.host,
        )

    def _ask(
        self, connection: HTTPConnection, address: Address, headers: Mapping[str, str], cut_at_bytes: int | None
    ) -> Answer:
        connection.request(
            "GET", address.target, preload_content=False,
            headers={"Host": address.authority, "Accept-Encoding": "gzip, deflate", "Connection": "close", **headers},
        )
        response = connection.getresponse()
        try:
            said = {name.lower(): value for name, value in response.headers.items()}
            body = self._body(response, said, cut_at_bytes) if response.status == 200 else b""
            return Answer(response.status, said, body)
        finally:
            response.close()

    def _body(self, response: BaseHTTPResponse, said: Mapping[str, str], cut_at_bytes: int | None) -> bytes:
        """The body, unpacked as it comes, so that one that swells without end is found out in time."""
        packed = {one.strip().lower() for one in said.get("content-encoding", "").split(",")}
        if not packed <= ENCODINGS:
            raise Failure(f"the answer is packed in a way that was not asked for ({', '.join(sorted(packed))})")
        most = cut_at_bytes or self.bounds.max_bytes
        length = said.get("content-length", "")
        if cut_at_bytes is None and length.isascii() and length.isdecimal() and int(length) > most:
            raise _too_large(most)
        body = io.BytesIO()
        for chunk in response.stream(CHUNK_BYTES, decode_content=True):
            if body.tell() + len(chunk) > most:
                if cut_at_bytes is None:
                    raise _too_large(most)
                body.write(chunk[: most - body.tell()])
                break
            body.write(chunk)
        return body.getvalue()


@cache
def _authorities() -> ssl.SSLContext:
    """The public ones, and those that this system trusts besides, as a company's own."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _too_large(most: int) -> Failure:
    return Failure(f"over the limit of {most / MIB:.1f} MiB for one article")


def _too_slow(seconds: float) -> Failure:
    return Failure(f"the server took more than {seconds:.0f} s; try again later", transient=True)


def _failure(error: Exception, address: Address, bounds: Bounds) -> Failure:
    """An error of urllib3, http.client or the system, in words."""
    cause: BaseException | None = error
    causes: list[BaseException] = []
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__

    def is_one(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in causes)

    host = address.host
    unproven = next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None)
    if unproven:
        return Failure(f"{host} cannot prove that it is {host} ({unproven.verify_message}); nothing was read")
    if is_one(ConnectionRefusedError):
        return Failure(f"{host} takes no connections on port {address.port}; check the address or try again later")
    if is_one(NewConnectionError):
        return Failure(f"{host} cannot be reached ({_words(causes[-1])}); try again later", transient=True)
    if is_one(ConnectTimeoutError):
        return Failure(f"{host} did not answer within {bounds.connect_seconds:.0f} s; try again later", transient=True)
    if is_one(ReadTimeoutError, TimeoutError):
        return Failure(f"{host} fell silent for {bounds.read_seconds:.0f} s; try again later", transient=True)
    if is_one(SSLError, ssl.SSLError):
        return Failure(f"no safe connection to {host} ({_words(causes[-1])}); nothing was read")
    if is_one(DecodeError):
        return Failure("the answer cannot be unpacked")
    return Failure(f"the connection to {host} broke off; try again later", transient=True)


def _words(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or getattr(error, "reason", None) or error).strip()

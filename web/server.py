"""Serving the pages: one socket, bound in the parent and shared by its workers; a stop that loses no answer.

Prints nothing. POSIX only where there is more than one worker.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from search.errors import UsageError

log = logging.getLogger(__name__)

THREADS = 8
BACKLOG = 1_024
DRAIN_SECONDS = 10.0
"""How long a worker that was told to stop goes on with the answers it has begun."""

MIN_LIFE_SECONDS = 2.0
"""A worker that ends by itself sooner than this cannot start at all, so it is not replaced."""

MakeApp = Callable[[], Flask]


def serve(
    make_app: MakeApp, host: str = "127.0.0.1", port: int = 8000, workers: int = 1,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Answer requests until SIGTERM or SIGINT.

    make_app: called once in each worker, because files that are open do not survive a fork well.
    port: 0 takes any that is free. ready: told the address, once connections are accepted.
    Raises UsageError where the address cannot be had.
    """
    listening = bind(host, port)
    # What was imported stays for good. Looking through it for garbage takes 20 ms, in which no page is answered.
    gc.collect()
    gc.freeze()
    with listening:
        if ready:
            ready(address(listening))
        if workers > 1:
            _keep_workers(make_app, listening, workers)
        else:
            run(make_app(), listening)


def bind(host: str, port: int) -> socket.socket:
    """A socket that accepts connections at `host` and `port`. Raises UsageError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError, OverflowError):
        raise UsageError(
            f"There is no host {host!r} with port {port} here. Try: kijigura serve --host 127.0.0.1"
        ) from None
    family, kind, protocol, _, where = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        # A server that was stopped a moment ago must not keep its successor out.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise UsageError(_why(error, host, port)) from None
    return listening


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65_535 else 8_000
        return f"Port {port} on {host} is in use. Take another one: kijigura serve --port {other}"
    if error.errno == errno.EACCES:
        return f"This user may not open port {port}. Take one from 1024 up: kijigura serve --port 8000"
    return f"Cannot listen at {host}, port {port}: {error.strerror}. Try: kijigura serve --host 127.0.0.1 --port 8000"


def address(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: Flask, listening: socket.socket, stop: Callable[[], bool] | None = None) -> None:
    """Answer requests in this process until it is told to stop, then finish those that have begun.

    stop: asked at least once a second; without it, SIGTERM and SIGINT stop.
    """
    server: Any = waitress.create_server(
        app, sockets=[listening], threads=THREADS, ident=None, clear_untrusted_proxy_headers=True,
    )
    told = stop or _told_to_stop()
    connections: dict[int, Any] = server._map
    while not told():
        wasyncore.loop(timeout=0.5, map=connections, use_poll=True, count=1)
    server.accepting = False
    until = time.monotonic() + DRAIN_SECONDS
    while _busy(server) and time.monotonic() < until:
        wasyncore.loop(timeout=0.05, map=connections, use_poll=True, count=1)
    server.task_dispatcher.shutdown()
    for channel in list(server.active_channels.values()):
        channel.handle_close()


def _busy(server: Any) -> bool:
    """Whether an answer is being made or still on its way out."""
    return any(channel.requests or channel.total_outbufs_len for channel in list(server.active_channels.values()))


def _told_to_stop() -> Callable[[], bool]:
    told: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        told.append(number)

    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    return lambda: bool(told)


def _keep_workers(make_app: MakeApp, listening: socket.socket, count: int) -> None:
    """Fork `count` workers, replace those that die, and stop them all when told to."""
    told = _told_to_stop()
    born: dict[int, float] = {}
    failed = False
    while not told() and not failed:
        while len(born) < count:
            born[_fork(make_app, listening)] = time.monotonic()
        time.sleep(0.1)  # a signal ends it at once on no platform we know, so it is short
        for pid, status in _ended(born):
            age = time.monotonic() - born.pop(pid)
            log.error("Worker %d ended by itself (status %d) after %.1f s.", pid, status, age)
            failed = age < MIN_LIFE_SECONDS
    for pid in born:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + DRAIN_SECONDS + 5
    while born and time.monotonic() < until:
        for pid, _ in _ended(born):
            del born[pid]
        time.sleep(0.05)
    for pid in born:
        os.kill(pid, signal.SIGKILL)
    if failed:
        raise UsageError("A worker could not start; the log above says why. Try one: kijigura serve --workers 1")


def _ended(born: dict[int, float]) -> list[tuple[int, int]]:
    """The workers that have ended, with their status."""
    return [(pid, status) for pid in list(born) for ended, status in [os.waitpid(pid, os.WNOHANG)] if ended]


def _fork(make_app: MakeApp, listening: socket.socket) -> int:
    """Start a worker; only the parent comes back, with its process id."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        told = _told_to_stop()
        # A parent that was killed cannot tell, and its workers would hold the port for ever.
        run(make_app(), listening, lambda: told() or os.getppid() != parent)
        status = 0
    except BaseException:
        log.exception("A worker failed.")
    finally:
        # Not sys.exit: what the parent opened, its exit handlers and buffers, are not the child's to close.
        os._exit(status)

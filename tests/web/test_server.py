"""Sockets, workers and a clean stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from search.errors import UsageError
from web import server

ROOT = Path(__file__).parents[2]

# A server whose pages say which process made them, some of them slowly.
SERVER = """
import os, sys, time
from flask import Flask, request
from web.server import serve

def make_app():
    app = Flask("test")

    @app.get("/")
    def page():
        time.sleep(float(request.args.get("wait", 0)))
        return str(os.getpid()) + "." * int(request.args.get("size", 0))

    return app

serve(make_app, port=0, workers=int(sys.argv[1]), ready=lambda address: print(address, flush=True))
"""


@contextmanager
def serving(workers: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(workers)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def get(address: str) -> str:
    with urlopen(address, timeout=10) as answer:
        return str(answer.read().decode())


def test_a_port_in_use_is_a_plain_sentence_with_the_next_command() -> None:
    with server.bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"Port {port} .* kijigura serve --port {port + 1}"):
            server.bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7", "a" * 300])
def test_a_host_that_is_not_ours_is_a_plain_sentence(host: str) -> None:
    with pytest.raises(UsageError, match=r"kijigura serve --host 127\.0\.0\.1"):
        server.bind(host, 8000)


def test_the_address_is_one_that_a_browser_takes() -> None:
    with server.bind("127.0.0.1", 0) as listening:
        assert server.address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
    if socket.has_dualstack_ipv6():
        with server.bind("::1", 0) as listening:
            assert server.address(listening).startswith("http://[::1]:")


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_the_answers_that_were_begun(workers: int, how: signal.Signals) -> None:
    answers: list[str] = []
    with serving(workers) as (process, address):
        get(address)
        slow = threading.Thread(target=lambda: answers.append(get(f"{address}/?wait=1&size=3000000")))
        slow.start()
        time.sleep(0.4)
        process.send_signal(how)
        slow.join()
        assert process.wait(timeout=10) == 0
    assert len(answers[0]) > 3_000_000


def test_workers_share_the_port_and_one_that_dies_is_replaced() -> None:
    with serving(2) as (_process, address):
        time.sleep(server.MIN_LIFE_SECONDS + 0.5)
        first = int(get(address))
        os.kill(first, signal.SIGKILL)
        time.sleep(0.5)
        seen = set()
        for _ in range(200):
            seen.add(int(get(address)))
            if len(seen) == 2:
                break
        assert first not in seen
        assert seen


def test_workers_end_with_a_parent_that_was_killed() -> None:
    with serving(2) as (process, address):
        get(address)
        process.kill()
        process.wait()
        end = time.monotonic() + 10
        while _answers(address):
            assert time.monotonic() < end
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        get(address)
    except OSError:
        return False
    return True


def test_workers_that_cannot_start_end_the_server() -> None:
    program = SERVER.replace('app = Flask("test")', 'raise RuntimeError("no archive")')
    done = subprocess.run(
        [sys.executable, "-c", program, "2"], cwd=ROOT, capture_output=True, text=True, timeout=20, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode != 0
    assert "A worker could not start" in done.stderr

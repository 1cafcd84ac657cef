"""serve and demo: an address at once, pages behind it, and a plain sentence where that cannot be."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line import environment, kijigura

pytest.importorskip("web.server")

INSTALLED = Path(sys.executable).with_name("kijigura")


@contextmanager
def running(*args: object, cwd: Path | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The command as a process of its own, and the address it printed; stopped at the end."""
    with subprocess.Popen(
        [INSTALLED, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=cwd,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip(), process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_serve_prints_the_address_serves_the_archive_and_stops_when_told(sample: Path) -> None:
    with running("serve", "--archive", sample, "--port", 0) as (address, process):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address)
        status, page = get(f"{address}/?q=%E3%83%A9%E3%83%B4%E3%83%AD%E3%83%95&format=json")
        assert (status, json.loads(page)["total"]) == (200, 7)
        assert "<mark>" in get(f"{address}/?q=%E3%83%A9%E3%83%B4%E3%83%AD%E3%83%95&lang=ja")[1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_several_workers_serve_one_address_and_all_stop_when_told(sample: Path) -> None:
    with running("serve", "--archive", sample, "--port", 0, "--workers", 3) as (address, process):
        for _ in range(20):
            status, page = get(f"{address}/?q=%E3%83%A9%E3%83%B4%E3%83%AD%E3%83%95&format=json")
            assert (status, json.loads(page).get("total")) == (200, 7), page
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(address, timeout=5)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_demo_builds_the_sample_archive_where_it_is_run(tmp_path: Path) -> None:
    with running("demo", "--port", 0, cwd=tmp_path) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        assert json.loads(get(f"{address}/?format=json")[1])["total"] == 62
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        assert process.stderr is not None
        said = process.stderr.read()
    assert "62 articles" in said
    assert "Traceback" not in said
    assert (tmp_path / "demo-archive" / "articles.sqlite").exists()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_an_exit_status_of_2_and_another_is_named(own: Path, command: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = kijigura(command, "--archive", own, "--port", port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Port {port} on 127.0.0.1 is in use. Take another one: kijigura serve --port " in result.stderr


def test_a_host_that_is_not_here_is_an_exit_status_of_2(own: Path) -> None:
    result = kijigura("serve", "--archive", own, "--host", "no such host")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no such host" in result.stderr


def test_a_missing_index_is_made_while_the_pages_say_so(own: Path) -> None:
    shutil.rmtree(own / "index")
    with running("serve", "--archive", own, "--port", 0) as (address, _):
        seen: list[Any] = []
        end = time.monotonic() + 60
        while time.monotonic() < end and (not seen or seen[-1] != 200):
            status, page = get(f"{address}/?format=json")
            seen.append(status)
            assert "Traceback" not in page
            time.sleep(0.2)
        assert set(seen) <= {503, 200}
        assert json.loads(page)["total"] == 62

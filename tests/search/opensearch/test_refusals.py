"""What a cluster cannot do for us is told in one plain sentence, and is over once the cause is gone."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cluster_nodes import Cluster as Nodes
from contract_base import ALL, write
from engine_articles import PEACE, article

from search.engine import open_engine, rebuild_engine
from search.errors import ClusterUnavailable, KijiguraError, UsageError
from search.opensearch_engine import connection
from search.opensearch_engine.connection import Cluster
from search.query.model import Query, Term

pytestmark = pytest.mark.cluster


@pytest.fixture
def url(cluster: Nodes) -> Iterator[str]:
    """An index of a few articles."""
    where = f"opensearch://{cluster.urls[0].removeprefix('http://')}/refusals"
    with rebuild_engine(where) as writer:
        write(writer, PEACE)
    yield where
    client = Cluster.of(where).client
    client.indices.put_settings(index="refusals-*", body={"index.blocks.write": None})
    client.indices.delete(index="refusals-*")


@contextmanager
def answering(status: int, body: object) -> Iterator[str]:
    """A server that says the same whatever it is asked, as HOST:PORT."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            written = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def said(url: str) -> str:
    """What is told of a cluster that cannot be used."""
    with pytest.raises(KijiguraError) as raised:
        open_engine(url)
    return str(raised.value)


@pytest.mark.parametrize("url", [
    "opensearch://", "opensearch://localhost/kijigura", "opensearch://localhost:9200", "opensearch://localhost:x/a",
    "opensearch://localhost:9200/大文字", "opensearch://localhost:9200/Archive", "opensearch://localhost:99999/a",
    "opensearch://user:secret@localhost:9200/a",
])
def test_an_address_of_another_form_is_a_mistake_of_whoever_typed_it(url: str) -> None:
    with pytest.raises(UsageError, match=r"opensearch://HOST:PORT"):
        Cluster.of(url)


def test_where_nobody_answers_that_is_said_with_the_address() -> None:
    assert "There is no answer at 127.0.0.1:9." in said("opensearch://127.0.0.1:9/kijigura")


@pytest.mark.parametrize(("status", "answer", "told"), [
    (401, {}, "does not know this user or password. Set KIJIGURA_OPENSEARCH_USER"),
    (403, {"error": {"reason": "no permissions for [cluster:monitor/main]"}}, "does not allow this"),
    (200, {"version": {"number": "8.17.0"}}, "there is no OpenSearch"),
    (200, {"version": {"distribution": "opensearch", "number": "1.3.20"}}, "is 1.3.20; Kijigura needs 2.12 or newer"),
    (503, {"error": {"reason": "ClusterManagerNotDiscoveredException"}}, "lacks a part of kijigura now"),
])
def test_another_program_an_old_one_and_one_that_lets_nobody_in(status: int, answer: object, told: str) -> None:
    with answering(status, answer) as host:
        assert told in said(f"opensearch://{host}/kijigura")


def test_password_and_token_come_from_the_environment_and_not_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIJIGURA_OPENSEARCH_USER", "reader")
    monkeypatch.setenv("KIJIGURA_OPENSEARCH_PASSWORD", "秘密")
    Cluster.of("opensearch://localhost:9200/a")
    monkeypatch.setenv("KIJIGURA_OPENSEARCH_TOKEN", "abc")
    with pytest.raises(UsageError, match="both set"):
        Cluster.of("opensearch://localhost:9200/a")


def test_what_is_read_only_can_be_searched_but_not_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Cluster.of(url).client
    client.indices.put_settings(index="refusals-g*", body={"index.blocks.write": True})
    with pytest.raises(ClusterUnavailable, match="read-only"), open_engine(url).writer() as writer:
        writer.put(article("new", "火星"))
    engine = open_engine(url)
    assert engine.search(ALL).total == len(PEACE)
    engine.close()
    client.indices.put_settings(index="refusals-g*", body={"index.blocks.write": None})
    with open_engine(url).writer() as writer:
        writer.put(article("new", "火星"))
    assert open_engine(url).search(Query(Term("火星"))).total == 1


def test_a_disk_past_its_watermark_is_told_as_such(url: str) -> None:
    client = Cluster.of(url).client
    # What the cluster itself does to the indices of a node whose disk is nearly full.
    client.indices.put_settings(index="refusals-g*", body={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(ClusterUnavailable, match="a disk is nearly full"), open_engine(url).writer() as writer:
        writer.put(article("new", "火星"))
    client.indices.put_settings(index="refusals-g*", body={"index.blocks.read_only_allow_delete": None})


def test_what_the_cluster_refuses_for_now_is_sent_again(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BACK_OFF_SECONDS", (0.1, 0.1, 0.1))
    client = Cluster.of(url).client
    client.indices.put_settings(index="refusals-state", body={"index.blocks.write": False})
    answers = [429, 503]
    real = Cluster.of(url)
    asked = []

    def ask() -> str:
        asked.append(time.monotonic())
        if answers:
            raise connection.refused.TransportError(answers.pop(), "busy", {})
        return "done"

    assert real.patiently(ask) == "done"
    assert len(asked) == 3


def test_a_point_in_time_that_is_gone_is_replaced(url: str) -> None:
    engine = open_engine(url)
    assert engine.search(ALL).total == len(PEACE)
    Cluster.of(url).client.delete_all_pits()
    assert engine.search(ALL).total == len(PEACE)
    engine.close()

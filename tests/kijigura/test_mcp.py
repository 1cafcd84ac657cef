"""mcp: what a program gets that speaks the Model Context Protocol, in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import environment, kijigura, value

Message = dict[str, Any]


class Server:
    """A running server; each message gets the line that answers it."""

    def __init__(self, archive: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kijigura", "mcp", "--archive", str(archive)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(),
        )
        self.last = 0

    def send(self, line: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def ask(self, line: bytes) -> Message:
        self.send(line)
        assert self.process.stdout
        answer: Message = json.loads(self.process.stdout.readline())
        assert answer["jsonrpc"] == "2.0"
        return answer

    def call(self, method: str, **params: Any) -> Message:
        self.last += 1
        answer = self.ask(json.dumps({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}).encode())
        assert answer["id"] == self.last
        return answer

    def tool(self, tool: str, /, **arguments: Any) -> Any:
        """What a tool answers, as text and as structure alike."""
        result = self.call("tools/call", name=tool, arguments=arguments)["result"]
        assert result["isError"] is False
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]


@pytest.fixture(scope="module")
def server(sample: Path) -> Iterator[Server]:
    server = Server(sample)
    yield server
    server.process.communicate(timeout=30)      # the end of stdin ends it
    assert server.process.returncode == 0


def test_each_answer_is_of_the_archive_as_it_is_then(own: Path, tmp_path: Path) -> None:
    server = Server(own)
    before = server.tool("search", query="雪崩")["total"]
    (tmp_path / "in.jsonl").write_text('{"id": "new", "title": "雪崩が起きた", "body": "雪崩だ。"}', "utf-8")
    assert kijigura("add", tmp_path / "in.jsonl", "--archive", own).exit_code == 0
    assert server.tool("search", query="雪崩")["total"] == before + 1
    assert server.tool("article", id="new")["title"] == "雪崩が起きた"
    assert kijigura("remove", "new", "--archive", own).exit_code == 0
    assert server.tool("search", query="雪崩")["total"] == before
    kijigura("topics", "add", "snow", "雪崩", "雪崩", "--archive", own)
    assert "snow" in [topic["id"] for topic in server.tool("topics")["topics"]]
    shutil.rmtree(own)
    gone = server.call("tools/call", name="topics", arguments={})["result"]
    assert gone["isError"] is True
    assert "There is no archive" in gone["content"][0]["text"]
    server.process.communicate(timeout=30)
    assert server.process.returncode == 0


def test_a_client_is_welcomed_and_told_the_tools(server: Server) -> None:
    hello = server.call("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "t"})["result"]
    assert (hello["protocolVersion"], hello["capabilities"]) == ("2025-06-18", {"tools": {}})
    assert hello["serverInfo"]["name"] == "kijigura"
    server.send(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}')      # wants no answer, gets none
    assert server.call("ping")["result"] == {}
    tools = server.call("tools/list")["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["search", "article", "entity", "topics"]
    assert all(tool["inputSchema"]["type"] == "object" and tool["description"] for tool in tools)


@pytest.mark.parametrize(("arguments", "options"), [
    ({"query": "停戦"}, ["停戦"]),
    ({"query": "ロシア", "not_country": ["中国"], "sort": "oldest"},
     ["ロシア", "--exclude", "country=中国", "--sort", "oldest"]),
    ({"country": ["ウクライナ"], "from": "2022", "to": "2024-06", "page": 2, "size": 3},
     ["--country", "ウクライナ", "--from", "2022", "--to", "2024-06", "--page", "2", "--size", "3"]),
])
def test_a_search_finds_what_the_command_line_finds(
    server: Server, sample: Path, arguments: Message, options: list[str]
) -> None:
    found = server.tool("search", **{"size": 20, **arguments})
    wanted = value(kijigura("search", *options, "--archive", sample, "--format", "json"))
    assert (found["total"], [hit["id"] for hit in found["hits"]]) == (
        wanted["total"], [hit["id"] for hit in wanted["hits"]])
    assert found["hits"]


@pytest.mark.parametrize(("arguments", "note"), [
    ({"person": ["だれもいない"]}, "This archive knows no person called “だれもいない”."),
    ({"query": "日付:2026-13"}, "There is no date “2026-13”; 2026 was searched."),
])
def test_what_was_left_out_of_a_search_is_told(server: Server, arguments: Message, note: str) -> None:
    assert server.tool("search", lang="en", **arguments)["notes"] == [note]


def test_from_a_hit_to_its_article_and_its_people(server: Server) -> None:
    hit = server.tool("search", query="習主席")["hits"][0]
    article = server.tool("article", id=hit["id"])
    assert article["title"] == hit["title"]
    assert any(name["entity"] == "xi-jinping" for name in article["names"])
    assert server.tool("entity", name="習主席", lang="en")["id"] == "xi-jinping"
    assert "ukraine-peace-talks" in [topic["id"] for topic in server.tool("topics")["topics"]]


@pytest.mark.parametrize(("line", "code"), [
    (b"no json", -32700), (b"\xff\xfe", -32700), (b"[" * 100_000, -32700),
    (b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}', -32700),
    (b'{"jsonrpc": "2.0", "id": NaN, "method": "ping"}', -32700),
    (b"[]", -32600), (b'{"id": 1, "method": "ping"}', -32600), (b'{"jsonrpc": "2.0", "id": 1}', -32600),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', -32601),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}', -32602),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "delete"}}', -32602),
])
def test_what_is_no_request_is_answered_with_its_error(server: Server, line: bytes, code: int) -> None:
    assert server.ask(line)["error"]["code"] == code
    assert server.call("ping")["result"] == {}


@pytest.mark.parametrize(("tool", "arguments"), [
    ("article", {}), ("article", {"id": 7}), ("search", {"size": 1000}), ("search", {"size": True}),
    ("search", {"colour": "red"}), ("search", {"person": "習近平"}), ("search", {"sort": "best"}),
])
def test_arguments_that_do_not_fit_are_refused(server: Server, tool: str, arguments: Message) -> None:
    error = server.call("tools/call", name=tool, arguments=arguments)["error"]
    assert error["code"] == -32602
    assert error["message"]


@pytest.mark.parametrize(("tool", "arguments", "words"), [
    ("article", {"id": "nobody"}, "nobody"), ("entity", {"name": "名無しの権兵衛さん"}, "名無し"),
    ("search", {"from": "someday"}, "someday"), ("search", {"from": "2027", "to": "2020"}, "after to"),
])
def test_what_is_not_there_is_told_to_the_model(server: Server, tool: str, arguments: Message, words: str) -> None:
    result = server.call("tools/call", name=tool, arguments=arguments)["result"]
    assert result["isError"] is True
    assert words in result["content"][0]["text"]

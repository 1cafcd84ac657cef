"""follow: an archive that stays fresh from feeds."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import environment, kijigura, lines, value
from loopback import FEED, Page, Site, article, item, rss, serving

BODY = "停戦に合意した。両国は長い交渉の末に合意した。"
DATE = "Wed, 10 Apr 2024 06:15:00 GMT"
SUMMARY = [
    "feeds", "asked", "added", "updated", "unchanged", "removed_earlier", "rejected", "indexed", "articles", "seconds",
]


@pytest.fixture
def site() -> Iterator[Site]:
    """A feed with two items, one of which has a page."""
    with serving(Site()) as one:
        one.pages["/a"] = Page(article("停戦合意", BODY))
        one.pages["/feed"] = Page(
            rss(item("停戦合意", one.url("/a"), date=DATE, guid="n-1"), item("号外", guid="n-2", summary=BODY * 30)),
            type=FEED, headers={"ETag": '"f"'},
        )
        yield one


@pytest.fixture
def feeds(site: Site, tmp_path: Path) -> Path:
    return written(tmp_path, site.url("/feed"))


def written(tmp_path: Path, *urls: str, top: str = "") -> Path:
    """A feeds.toml whose servers are this machine."""
    text = f"pause_seconds = 0\nallow_private = true\n{top}\n" + "".join(f'[[feed]]\nurl = "{url}"\n' for url in urls)
    (tmp_path / "feeds.toml").write_text(text, "utf-8")
    return tmp_path / "feeds.toml"


def test_once_takes_in_what_is_new_and_says_so(site: Site, feeds: Path, tmp_path: Path) -> None:
    result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new", "--workers", 1)
    assert (result.exit_code, result.stderr) == (0, "")
    *articles, summary = result.stdout.splitlines()
    assert articles == [f"added: {site.url('/a')}", f"added: {site.url('/feed')}:2"]
    when = r"20\d\d-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"{when} 1 of 1 feeds asked: 2 added\. The archive has 2 articles\.", summary)
    hits = value(kijigura("search", "交渉", "--archive", tmp_path / "new", "--format", "json"))["hits"]
    assert {(hit["title"], hit["source"]) for hit in hits} == {("停戦合意", "見本新聞"), ("号外", "見本新聞")}


def test_once_again_asks_only_whether_something_changed(site: Site, feeds: Path, tmp_path: Path) -> None:
    for _ in range(2):
        result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new", "--json")
    (summary,) = lines(result)
    assert list(summary) == SUMMARY
    assert (summary["asked"], summary["added"], summary["articles"]) == (1, 0, 2)
    assert [one.path for one in site.asked] == ["/robots.txt", "/feed", "/a", "/feed"]


def test_json_has_a_line_for_each_article_and_one_for_the_round(site: Site, feeds: Path, tmp_path: Path) -> None:
    *articles, summary = lines(kijigura("follow", feeds, "--once", "--archive", tmp_path / "new", "--json"))
    assert [list(line) for line in articles] == [["id", "outcome", "path", "line", "reason"]] * 2
    assert {line["id"] for line in articles} == {"n-1", "n-2"}
    assert (summary["added"], summary["indexed"], summary["rejected"]) == (2, 2, 0)


def test_an_updated_item_is_an_updated_article(site: Site, feeds: Path, tmp_path: Path) -> None:
    kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    site.pages["/a"] = Page(article("停戦合意", BODY + "訂正する。"))
    later = "Wed, 10 Apr 2024 09:00:00 GMT"
    site.pages["/feed"] = Page(rss(item("停戦合意", site.url("/a"), date=later, guid="n-1")), type=FEED)
    result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    assert result.stdout.splitlines()[0] == f"updated: {site.url('/a')}"
    assert "訂正する" in kijigura("show", "n-1", "--archive", tmp_path / "new").stdout


def test_what_cannot_be_had_is_said_and_an_exit_status_of_1(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /closed\n")
    feeds = written(tmp_path, site.url("/feed"), site.url("/closed"), site.url("/none"))
    result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    assert result.exit_code == 1
    assert sorted(result.stderr.splitlines()) == [
        f"rejected: {site.url('/closed')}: robots.txt of 127.0.0.1 forbids it",
        f"rejected: {site.url('/none')}: there is no such page; check the address (status 404)",
    ]
    assert "3 of 3 feeds asked: 2 added, 2 rejected." in result.stdout


def test_a_server_that_wants_a_rest_is_not_asked_by_the_next_run(site: Site, feeds: Path, tmp_path: Path) -> None:
    site.pages["/feed"] = Page(rss(item("号外", guid="n-2"), head="<ttl>60</ttl>"), type=FEED)
    kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    assert "0 of 1 feeds asked: 0 added." in result.stdout
    assert site.paths == ["/feed"]


def test_this_machine_is_asked_only_with_leave(site: Site, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(f'pause_seconds = 0\n[[feed]]\nurl = "{site.url("/feed")}"\n', "utf-8")
    arguments = ("follow", tmp_path / "feeds.toml", "--once", "--archive", tmp_path / "new")
    result = kijigura(*arguments)
    assert result.exit_code == 2
    assert "--allow-private" in result.stderr
    assert site.asked == []
    (tmp_path / "feeds.toml").write_text('pause_seconds = 0\n[[feed]]\nurl = "http://127.0.0.1/feed"\n', "utf-8")
    result = kijigura(*arguments)
    assert result.exit_code == 1
    assert "is a machine of your own network; --allow-private allows it" in result.stderr
    (tmp_path / "feeds.toml").write_text(f'pause_seconds = 0\n[[feed]]\nurl = "{site.url("/feed")}"\n', "utf-8")
    assert kijigura(*arguments, "--allow-private").exit_code == 0


@pytest.mark.parametrize(("text", "sentence"), [
    ('[[feed]]\nurl = "https://news.example/"\nevry = 1\n', ":3: feed 1: evry = 1 is no setting."),
    ("[[feed", "cannot be read"),
])
def test_a_wrong_feeds_toml_is_wrong_use_and_makes_no_archive(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "feeds.toml").write_text(text, "utf-8")
    result = kijigura("follow", tmp_path / "feeds.toml", "--archive", tmp_path / "new")
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert not (tmp_path / "new").exists()


def test_a_damaged_notebook_is_told_with_what_mends_it(feeds: Path, tmp_path: Path) -> None:
    kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    (tmp_path / "new" / "following.sqlite").write_bytes(b"no database " * 100)
    result = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    assert result.exit_code == 1
    assert "following.sqlite cannot be read" in result.stderr
    assert "Delete it" in result.stderr
    (tmp_path / "new" / "following.sqlite").unlink()
    again = lines(kijigura("follow", feeds, "--once", "--archive", tmp_path / "new", "--json"))[-1]
    assert (again["added"], again["unchanged"], again["articles"]) == (0, 2, 2)


# ---- without --once ---------------------------------------------------------------------------------


def started(feeds: Path, archive: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kijigura", "follow", str(feeds), "--archive", str(archive), "--workers", "1"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())


def test_it_asks_again_and_again(
    site: Site, feeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kijigura.following.SHORTEST_SLEEP_SECONDS", 0.05)
    monkeypatch.setattr("indexer.fetching.following.due_at", lambda *_: 0.0)
    # After two rounds, what Ctrl-C does.
    rounds = iter([False, True])
    site.pages["/feed"] = Page(
        site.pages["/feed"].body, type=FEED,        # type: ignore[union-attr]
        before=lambda: next(rounds) and signal.raise_signal(signal.SIGTERM),
    )
    result = kijigura("follow", feeds, "--archive", tmp_path / "new", "--json")
    assert (result.exit_code, result.stderr) == (0, "Ending after the current article …\n")
    assert [line["asked"] for line in lines(result) if "asked" in line] == [1, 1]
    assert site.paths.count("/feed") == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_goes_on_until_a_signal_ends_it_cleanly(feeds: Path, tmp_path: Path, number: int) -> None:
    with started(feeds, tmp_path / "new") as process:
        assert process.stdout
        try:
            while "The archive has" not in (line := process.stdout.readline()):
                assert line, process.stderr.read() if process.stderr else ""
            second = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
            assert second.exit_code == 1
            assert "Another `kijigura follow` is at work" in second.stderr
            process.send_signal(number)
            _, told = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert told == "Ending after the current article …\n"


def test_a_signal_in_the_middle_of_a_round_keeps_what_came_and_finds_the_rest_later(
    site: Site, tmp_path: Path
) -> None:
    slow = Page(article("停戦合意", BODY), before=lambda: time.sleep(60))
    site.pages |= {f"/{n}": Page(article(f"第{n}報", BODY)) for n in range(3)} | {"/3": slow}
    site.pages["/feed"] = Page(
        rss(*(item(f"第{n}報", site.url(f"/{n}"), guid=f"n-{n}") for n in range(4))), type=FEED
    )
    feeds = written(tmp_path, site.url("/feed"))
    with started(feeds, tmp_path / "new") as process:
        try:
            until = time.monotonic() + 40
            while "/3" not in site.paths and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "1 of 1 feeds asked: 3 added. The archive has 3 articles." in said
    site.pages["/3"] = Page(article("第3報", BODY))
    again = kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    assert again.stdout.splitlines()[0] == f"added: {site.url('/3')}"
    assert site.paths.count("/0") == 1


def test_what_is_kept_beside_the_archive_is_no_part_of_it(feeds: Path, tmp_path: Path) -> None:
    kijigura("follow", feeds, "--once", "--archive", tmp_path / "new")
    with sqlite3.connect(tmp_path / "new" / "following.sqlite") as db:
        assert db.execute("SELECT count(*) FROM items").fetchone() == (2,)
    with sqlite3.connect(tmp_path / "new" / "articles.sqlite") as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables.isdisjoint({"feeds", "items", "robots"})

"""What a feeds.toml says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.fetching.client import Manners
from indexer.fetching.feeds_toml import Feed, Following, read_feeds
from search.errors import UsageError

WHOLE = """\
contact = "desk@example.jp"
pause_seconds = 2.5

[[feed]]
url = "https://news.example.jp/国際.xml"
source = "見本新聞"
desk = "国際"
full_text = false
every = "1h"

[[feed]]
url = "http://blog.example.jp/feed"
"""


def said(tmp_path: Path, text: str) -> Following:
    (tmp_path / "feeds.toml").write_text(text, "utf-8")
    return read_feeds(tmp_path / "feeds.toml")


def test_every_key_is_read(tmp_path: Path) -> None:
    assert said(tmp_path, WHOLE) == Following(
        (
            Feed("https://news.example.jp/国際.xml", "見本新聞", "国際", False, 3600.0),
            Feed("http://blog.example.jp/feed", None, None, None, 900.0),
        ),
        Manners("desk@example.jp", 2.5, False),
    )


@pytest.mark.parametrize(("every", "seconds"), [
    ("5m", 300.0), ("90 min", 5400.0), ("2h", 7200.0), ("30d", 2_592_000.0), (" 15m ", 900.0),
])
def test_how_often_is_written_with_its_unit(tmp_path: Path, every: str, seconds: float) -> None:
    found = said(tmp_path, f'[[feed]]\nurl = "https://news.example/"\nevery = "{every}"\n')
    assert found.feeds[0].every_seconds == seconds


def test_the_own_network_is_allowed_by_the_file_or_by_the_caller(tmp_path: Path) -> None:
    feed = '[[feed]]\nurl = "http://intranet.example:8080/feed"\n'
    assert said(tmp_path, "allow_private = true\n" + feed).manners.allow_private
    (tmp_path / "feeds.toml").write_text(feed, "utf-8")
    assert read_feeds(tmp_path / "feeds.toml", allow_private=True).manners.allow_private
    with pytest.raises(UsageError, match=r"feeds\.toml:2: feed 1: url = .* port 8080 is not asked"):
        read_feeds(tmp_path / "feeds.toml")


ONE = '\n[[feed]]\nurl = "https://news.example/1"\n'


@pytest.mark.parametrize(("text", "sentence"), [
    (ONE + 'evry = "1h"\n', ":4: feed 1: evry = '1h' is no setting. Known are: url, source, desk, full_text, every."),
    (ONE + '[[feed]]\nevery = "1m"\nurl = "https://b.example/"',
     ":5: feed 2: every = '1m' is not within \"5m\" and \"30d\"."),
    (ONE + "every = 15\n", ':4: feed 1: every = 15 is no time such as "15m", "2h" or "1d".'),
    (ONE + 'every = "1 week"\n', ":4: feed 1: every = '1 week' is no time such as \"15m\", \"2h\" or \"1d\"."),
    (ONE + "full_text = 'yes'\n", ":4: feed 1: full_text = 'yes' is neither true nor false."),
    (ONE + "source = true\n", ":4: feed 1: source = true is no text in quotes."),
    (ONE + '[[ feed ]]\nsource = "a"\n', ":4: feed 2 has no url. Give it one."),
    (ONE + ONE, ":6: feed 2: url = 'https://news.example/1' is there already."),
    ('[[feed]]\nurl = "feeds/a.xml"', ":2: feed 1: url = 'feeds/a.xml' cannot be asked: an address with no scheme; "
     "only http:// and https:// are asked."),
    ("pause_seconds = -1" + ONE, ":1: pause_seconds = -1 is no number from 0 to 60."),
    ("pause_seconds = true" + ONE, ":1: pause_seconds = true is no number from 0 to 60."),
    ("pause_seconds = nan" + ONE, ":1: pause_seconds = nan is no number from 0 to 60."),
    ('# who asks\ncontact = "me@example.jp\\r\\nX: y"' + ONE,
     ":2: contact = 'me@example.jp\\r\\nX: y' is neither a mail address nor the address of a page."),
    ('pause = 3' + ONE, ":1: pause = 3 is no setting. Known are: contact, pause_seconds, allow_private, feed."),
    ("", " names no feed. Write a [[feed]] with its url for each."),
    ("feed = 3", " names no feed. Write a [[feed]] with its url for each."),
    ("[feed]\nurl = 'https://news.example/'", " names no feed. Write a [[feed]] with its url for each."),
])
def test_what_is_wrong_is_told_with_its_line_key_and_value(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as raised:
        said(tmp_path, text)
    assert str(raised.value) == f"{tmp_path / 'feeds.toml'}{sentence}"


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"feeds\.toml cannot be read: .*line 2"):
        said(tmp_path, "[[feed]]\nurl = \n")
    with pytest.raises(UsageError, match="There is no"):
        read_feeds(tmp_path / "none.toml")

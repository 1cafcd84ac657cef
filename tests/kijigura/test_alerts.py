"""alerts: what is new is told once, to whoever asked for it, and never lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import kijigura, lines, value
from smtp_server import MailServer, mail_server

from search.archive import Archive
from search.errors import QueryTooHeavy

OLD = [
    {"id": "a1", "title": "停戦で合意", "body": "両国は停戦で合意した。", "date": "2024-04-01", "source": "見本新聞"},
    {"id": "a2", "title": "選挙の結果", "body": "与党が勝った。", "date": "2024-04-02", "source": "見本新聞"},
]
NEW = [
    {"id": "b1", "title": "停戦が破られる", "body": "停戦は三日で破られた。", "date": "2019-01-01",
     "source": "見本新聞"},
    {"id": "b2", "title": "雨が続く", "body": "雨が続いている。", "date": "2024-05-02", "source": "見本新聞"},
    {"id": "b3", "title": "停戦の行方", "body": "停戦の行方は分からない。", "date": "2024-05-03", "source": "別の新聞"},
]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    add(tmp_path / "archive", OLD)
    return tmp_path / "archive"


def add(archive: Path, articles: list[dict[str, str]]) -> None:
    path = archive.parent / "in.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in articles), "utf-8")
    assert kijigura("add", path, "--archive", archive, "--workers", 1).exit_code == 0


def alert(archive: Path, *args: object) -> None:
    assert kijigura("alerts", "add", *args, "--archive", archive).exit_code == 0


def told(archive: Path, *args: object) -> list[list[str]]:
    """Of each alert the ids that are new."""
    result = kijigura("alerts", "run", *args, "--archive", archive, "--json")
    assert result.exit_code == 0
    return [[hit["id"] for hit in line["hits"]] for line in lines(result)]


def found(archive: Path, *args: object) -> list[str]:
    page = value(kijigura("search", *args, "--archive", archive, "--format", "json", "--size", "1000"))
    return [hit["id"] for hit in page["hits"] if not hit.get("partial")]


def test_what_is_there_when_an_alert_is_added_is_not_new(archive: Path) -> None:
    added = kijigura("alerts", "add", "停戦", "停戦", "--archive", archive)
    assert added.stdout == (
        "停戦 is an alert now. Articles there are already: 1; only what comes from now on is told.\n"
    )
    assert told(archive) == [[]]


def test_with_all_the_first_run_tells_what_is_there_too(archive: Path) -> None:
    alert(archive, "停戦", "停戦", "--all")
    assert told(archive) == [["a1"]]
    assert told(archive) == [[]]


def test_a_new_article_is_told_once_however_old_its_date_is(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    assert told(archive) == [["b3", "b1"]]
    assert told(archive) == [[]]


@pytest.mark.parametrize("search", [
    ["停戦"], ["停戦 -行方"], ["--source", "見本新聞"], ["停戦", "--exclude", "source=別の新聞"],
    ["停戦", "--from", "2024-05", "--to", "2024-05"], ["--topic", "truce"], ["停戦 OR 雨", "--year", "2024"],
    ["=停戦は", "--as-typed"], [],
])
def test_an_alert_tells_what_the_search_finds_and_no_other(archive: Path, search: list[str]) -> None:
    kijigura("topics", "add", "truce", "停戦", "停戦 -雨", "--archive", archive)
    alert(archive, "見張り", *search)
    add(archive, NEW)
    new = {one["id"] for one in NEW}
    assert sorted(told(archive)[0]) == sorted(new & set(found(archive, *search)))


def test_an_article_that_was_changed_is_told_if_it_did_not_match_before(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, [
        {**OLD[0], "body": "両国は停戦で合意した。【訂正】"}, {**OLD[1], "body": "与党が勝った。停戦を急ぐ。"},
    ])
    assert told(archive) == [["a2"]]
    add(archive, [{**OLD[1], "body": "与党が大きく勝った。停戦を急ぐ。"}])
    assert told(archive) == [[]]


def test_an_article_that_was_removed_is_not_told_and_one_that_is_back_not_twice(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    kijigura("remove", "b1", "--archive", archive)
    assert told(archive) == [["b3"]]
    kijigura("remove", "b3", "--archive", archive)
    assert told(archive) == [[]]
    assert kijigura("add", archive.parent / "in.jsonl", "--restore", "--archive", archive).exit_code == 0
    assert told(archive) == [["b1"]]


def test_alerts_are_told_one_by_one_and_only_those_that_are_named(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    alert(archive, "雨", "雨")
    add(archive, NEW)
    assert told(archive, "雨") == [["b2"]]
    assert told(archive) == [["b3", "b1"], []]


def test_an_archive_made_anew_is_told_from_its_beginning(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    told(archive)
    kept = (archive / "alerts.json").read_text("utf-8")
    again = archive.parent / "again" / "archive"
    again.mkdir(parents=True)
    (again / "alerts.json").write_text(kept, "utf-8")
    add(again, [{**NEW[0], "id": "c1"}])
    assert told(again) == [["c1"]]


def put_back(archive: Path, backup: bytes) -> None:
    """The archive as it was, without its index."""
    for path in archive.glob("articles.sqlite*"):
        path.unlink()
    (archive / "articles.sqlite").write_bytes(backup)


def changes(archive: Path) -> int:
    with Archive.open(archive) as opened:
        return opened.last_change()


def test_what_comes_in_after_a_backup_was_put_back_is_told_though_its_number_was_given_before(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    backup = (archive / "articles.sqlite").read_bytes()
    add(archive, NEW)
    assert told(archive) == [["b3", "b1"]]
    looked_at = changes(archive)
    put_back(archive, backup)
    others = [{**NEW[0], "id": f"c{i}", "title": f"停戦 {i}回目"} for i in range(len(NEW))]
    add(archive, [*others, NEW[2], {**NEW[1], "id": "c9"}])
    assert changes(archive) > looked_at
    result = kijigura("alerts", "run", "--archive", archive, "--json")
    assert sorted(hit["id"] for hit in lines(result)[0]["hits"]) == ["c0", "c1", "c2"]
    assert "停戦: the archive was put back to an earlier state" in result.stderr
    again = kijigura("alerts", "run", "--archive", archive)
    assert (again.stdout, again.stderr) == ("", "Nothing new.\n")


def test_a_backup_with_fewer_changes_is_told_to_its_end(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    backup = (archive / "articles.sqlite").read_bytes()
    add(archive, NEW)
    told(archive)
    put_back(archive, backup)
    add(archive, [{**NEW[0], "id": "c1"}])
    result = kijigura("alerts", "run", "--archive", archive, "--json")
    assert [hit["id"] for hit in lines(result)[0]["hits"]] == ["c1"]
    assert "put back to an earlier state" in result.stderr


def test_alerts_of_an_earlier_version_go_on_by_their_number(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    path = archive / "alerts.json"
    kept = json.loads(path.read_text("utf-8"))
    del kept["alerts"][0]["looked_at"]
    path.write_text(json.dumps(kept), "utf-8")
    add(archive, NEW)
    assert [told(archive), told(archive)] == [[["b3", "b1"]], [[]]]


def test_a_topic_that_was_changed_tells_new_articles_alone(archive: Path) -> None:
    kijigura("topics", "add", "truce", "停戦", "停戦", "--archive", archive)
    alert(archive, "停戦", "--topic", "truce")
    looked_before(archive)
    kijigura("topics", "add", "truce", "停戦", "停戦 OR 選挙 OR 雨", "--archive", archive)
    assert told(archive) == [[]]                                    # a2 has been there
    add(archive, NEW)
    assert told(archive) == [["b3", "b2", "b1"]]


def test_a_topic_that_is_gone_is_said(archive: Path) -> None:
    kijigura("topics", "add", "truce", "停戦", "停戦", "--archive", archive)
    alert(archive, "見張り", "--topic", "truce")
    kijigura("topics", "remove", "truce", "--archive", archive)
    add(archive, NEW)
    assert kijigura("alerts", "run", "--archive", archive).stderr == (
        "見張り: 「truce」という話題はこの記事蔵にありません。\nNothing new.\n"
    )


def looked_before(archive: Path) -> None:
    """As if the alerts had been looked at long after the articles came in, and not in the same second."""
    path = archive / "alerts.json"
    path.write_text(path.read_text("utf-8").replace('"looked_at": "2', '"looked_at": "3'), "utf-8")


def test_text_has_title_day_words_and_address(archive: Path) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    result = kijigura("alerts", "run", "--base-url", "https://news.example/", "--archive", archive)
    assert result.stdout.splitlines() == [
        "停戦: 2 new", "",
        "停戦の行方", "  2024-05-03 · 別の新聞 · b3", "  停戦の行方は分からない。",
        "  https://news.example/article/b3", "",
        "停戦が破られる", "  2019-01-01 · 見本新聞 · b1", "  停戦は三日で破られた。", "  https://news.example/article/b1",
    ]
    assert kijigura("alerts", "run", "--archive", archive).stderr == "Nothing new.\n"


# ---- mail -----------------------------------------------------------------------------------------


def mailed(archive: Path, server: MailServer, *args: object) -> Any:
    return kijigura(
        "alerts", "run", "--mail-to", "desk@example.jp", "--smtp", f"127.0.0.1:{server.port}", *args,
        "--archive", archive,
    )


def test_a_mail_has_what_is_new_in_plain_utf_8(archive: Path, server: MailServer) -> None:
    alert(archive, "停戦の続報", "停戦")
    add(archive, NEW)
    result = mailed(archive, server, "--mail-to", "b@example.jp", "--base-url", "https://news.example")
    assert (result.exit_code, result.stdout) == (0, "")
    (mail,) = server.mails
    assert (mail["Subject"], mail["To"]) == ("停戦の続報: 2 new", "desk@example.jp, b@example.jp")
    assert server.receivers == [["desk@example.jp", "b@example.jp"]]
    assert (mail.get_content_type(), mail.get_content_charset()) == ("text/plain", "utf-8")
    text = mail.get_content().replace("\r\n", "\n")
    assert "停戦の行方\n  2024-05-03 · 別の新聞 · b3\n  停戦の行方は分からない。" in text
    assert "https://news.example/article/b1" in text


def test_nothing_new_sends_no_mail(archive: Path, server: MailServer) -> None:
    alert(archive, "停戦", "停戦")
    assert mailed(archive, server).exit_code == 0
    assert server.mails == []


def test_what_no_server_took_is_told_the_next_time(archive: Path, server: MailServer) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    server.refuses = "554 not today"
    result = mailed(archive, server)
    assert result.exit_code == 1
    assert "停戦: the mail could not be handed to 127.0.0.1" in result.stderr
    assert "It is sent the next time." in result.stderr
    server.refuses = None
    assert mailed(archive, server).exit_code == 0
    assert mailed(archive, server).exit_code == 0
    assert [mail["Subject"] for mail in server.mails] == ["停戦: 2 new"]


def test_an_alert_whose_mail_was_taken_is_not_sent_again_after_another_ones_failure(
    archive: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(archive, "雨", "雨")
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    from kijigura import alerts

    send = alerts.send

    def failing(mailing: Any, news: Any, base_url: str | None) -> None:
        server.refuses = "554 full" if news.alert.name == "停戦" else None
        send(mailing, news, base_url)

    monkeypatch.setattr(alerts, "send", failing)
    assert mailed(archive, server).exit_code == 1
    monkeypatch.setattr(alerts, "send", send)
    server.refuses = None
    assert mailed(archive, server).exit_code == 0
    assert [mail["Subject"] for mail in server.mails] == ["雨: 1 new", "停戦: 2 new"]


def test_an_alert_that_cannot_be_told_keeps_none_of_the_others_back(
    archive: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(archive, "雨", "雨")
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    from search import alerts

    news = alerts.news

    def too_heavy(library: Any, one: Any) -> Any:
        if one.name == "雨":
            raise QueryTooHeavy("The query was given up.")
        return news(library, one)

    monkeypatch.setattr(alerts, "news", too_heavy)
    result = mailed(archive, server)
    assert result.exit_code == 1
    assert "雨: The query was given up." in result.stderr
    assert [mail["Subject"] for mail in server.mails] == ["停戦: 2 new"]
    monkeypatch.setattr(alerts, "news", news)
    assert mailed(archive, server).exit_code == 0
    assert [mail["Subject"] for mail in server.mails] == ["停戦: 2 new", "雨: 1 new"]


def test_a_receiver_that_is_refused_is_named(archive: Path, server: MailServer) -> None:
    alert(archive, "停戦", "停戦")
    add(archive, NEW)
    server.refused_receivers = ("b@example.jp",)
    result = mailed(archive, server, "--mail-to", "b@example.jp")
    assert result.exit_code == 1
    assert "refuses mail to b@example.jp" in result.stderr


@pytest.mark.parametrize(("args", "sentence"), [
    (["--smtp", "mail"], "--smtp 'mail' is no server. Write HOST:PORT"),
    (["--smtp", "mail:0"], "is no server"),
    (["--mail-to", "だれか"], "--mail-to 'だれか' is no mail address."),
    (["--mail-to", "a@b.jp\nBcc: c@d.jp"], "is no mail address"),
    (["--mail-from", "x"], "--mail-from 'x' is no mail address"),
])
def test_a_server_or_address_that_cannot_be_is_an_exit_status_of_2(
    archive: Path, args: list[str], sentence: str
) -> None:
    alert(archive, "停戦", "停戦")
    result = kijigura("alerts", "run", "--mail-to", "desk@example.jp", *args, "--archive", archive)
    assert result.exit_code == 2
    assert sentence in result.stderr


# ---- keeping them ---------------------------------------------------------------------------------


def test_alerts_are_listed_with_their_searches_and_removed(archive: Path) -> None:
    alert(
        archive, "停戦 続報", "停戦", "--source", "見本新聞", "--exclude", "desk=経済",
        "--from", "2024-04-01", "--about",
    )
    alert(archive, "みな")
    listed = kijigura("alerts", "list", "--archive", archive)
    assert listed.stdout.splitlines() == [
        "停戦 続報  停戦 source=見本新聞 -desk=経済 from=2024-04-01 about", "みな  (every article)",
    ]
    (first, _) = value(kijigura("alerts", "list", "--json", "--archive", archive))["alerts"]
    assert first["search"] == {
        "text": "停戦", "filters": {"source": ["見本新聞"]}, "excluded": {"desk": ["経済"]}, "since": "2024-04-01",
        "about": True,
    }
    assert kijigura("alerts", "remove", "みな", "--archive", archive).stdout == "みな is no alert any more.\n"
    assert len(kijigura("alerts", "list", "--archive", archive).stdout.splitlines()) == 1


@pytest.mark.parametrize(("args", "status", "sentence"), [
    (["add", "停戦", "雨"], 2, "There is an alert '停戦' already."),
    (["add", " ", "雨"], 2, "An alert needs a name."),
    (["remove", "雪"], 1, "There is no alert '雪'. See those there are: kijigura alerts list"),
    (["run", "雪"], 1, "There is no alert '雪'."),
])
def test_what_cannot_be_is_said(archive: Path, args: list[str], status: int, sentence: str) -> None:
    alert(archive, "停戦", "停戦")
    result = kijigura("alerts", *args, "--archive", archive)
    assert (result.exit_code, result.stdout) == (status, "")
    assert sentence in result.stderr


def test_a_run_without_alerts_says_how_to_add_one(archive: Path) -> None:
    result = kijigura("alerts", "run", "--archive", archive)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "There is no alert yet. Add one: kijigura alerts add NAME QUERY" in result.stderr


def test_a_name_has_no_control_characters(archive: Path) -> None:
    alert(archive, "停\x1b[31m戦\r\nBcc: a@b.jp\x9b", "停\x07戦")
    (kept,) = value(kijigura("alerts", "list", "--json", "--archive", archive))["alerts"]
    assert (kept["name"], kept["search"]) == ("停[31m戦 Bcc: a@b.jp", {"text": "停戦"})


def test_what_lies_in_the_file_never_reaches_terminal_or_mail_as_a_control(archive: Path, server: MailServer) -> None:
    alert(archive, "停戦", "停戦", "--source", "見本新聞")
    path = archive / "alerts.json"
    path.write_text(path.read_text("utf-8").replace('"停戦"', r'"停\u001b[31m\u009b戦"', 1), "utf-8")
    add(archive, NEW)
    listed = kijigura("alerts", "list", "--archive", archive)
    assert listed.stdout == "停\\x1b[31m\\x9b戦  停戦 source=見本新聞\n"
    assert mailed(archive, server).stderr == "停\\x1b[31m\\x9b戦: 1 new, sent to desk@example.jp.\n"
    assert [mail["Subject"] for mail in server.mails] == ["停\\x1b[31m\\x9b戦: 1 new"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"alerts": [{"name": "x"}]}', '{"alerts": 1}'])
def test_a_broken_file_of_alerts_is_named(archive: Path, text: str) -> None:
    (archive / "alerts.json").write_text(text, "utf-8")
    result = kijigura("alerts", "run", "--archive", archive)
    assert result.exit_code == 1
    assert "alerts.json cannot be read" in result.stderr
    assert (archive / "alerts.json").read_text("utf-8") == text


def test_a_second_run_at_the_same_time_is_told_so(archive: Path) -> None:
    from search.alerts import alone

    alert(archive, "停戦", "停戦")
    with alone(archive):
        result = kijigura("alerts", "run", "--archive", archive)
    assert result.exit_code == 1
    assert "Another process is at the alerts" in result.stderr

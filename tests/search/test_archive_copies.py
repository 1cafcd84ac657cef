"""Groups of copies in an archive: whom they join, who stands for them, and that only the articles decide it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from wire_story import LEAD, SECOND, STORY, THIRD, an_article

from indexer import copy_groups
from indexer.copy_groups import group_copies
from search import archive_copies
from search.archive import Archive
from search.articles import Article

OTHER = STORY.replace("気温", "株価").replace("度", "円").replace("国連の専門機関", "財務省")
OTHER = OTHER.translate(str.maketrans("のはがをにでと、。", "、。のはがをにでと"))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path, create=True) as opened:
        yield opened


def put(archive: Archive, *articles: Article) -> None:
    with archive.transaction():
        for article in articles:
            archive.put(article)


def remove(archive: Archive, article_id: str) -> None:
    with archive.transaction():
        archive.remove(article_id)


def groups(archive: Archive) -> dict[str, str]:
    return archive.copies_of(row[0] for row in archive.rows("SELECT id FROM articles"))


def test_the_earliest_article_stands_for_its_copies(archive: Archive) -> None:
    put(archive, an_article("c", day=2), an_article("a", LEAD + SECOND, day=1), an_article("b"), an_article("d", OTHER))
    assert group_copies(archive) == 4
    assert groups(archive) == {"a": "b", "c": "b"}
    assert group_copies(archive) == 0


def test_of_one_day_the_first_id_stands_for_the_others_and_an_undated_one_for_none_that_has_a_date(
    archive: Archive,
) -> None:
    put(archive, an_article("b"), an_article("a"), an_article("u2", day=None), an_article("u1", day=None))
    group_copies(archive)
    assert groups(archive) == {"b": "a", "u2": "u1"}


def test_a_copy_comes_within_three_days(archive: Archive) -> None:
    put(archive, an_article("a"), an_article("b", day=3), an_article("c", day=4))
    group_copies(archive)
    assert groups(archive) == {"b": "a"}


def test_nothing_hangs_together_by_what_lies_between(archive: Archive) -> None:
    """c is a copy of b and b of a, but c comes too late for a."""
    put(archive, an_article("a"), an_article("b", day=2), an_article("c", day=5), an_article("d", day=5))
    group_copies(archive)
    assert groups(archive) == {"b": "a", "d": "c"}


CHAIN = (
    an_article("a"), an_article("b", LEAD + SECOND, day=2), an_article("c", day=4), an_article("d", day=5),
    an_article("e", SECOND + THIRD, day=7),
)


@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_the_order_in_which_articles_come_does_not_matter(tmp_path: Path, at_once: int) -> None:
    outcomes = set()
    orders = list(permutations(CHAIN))
    for number, order in enumerate(Random(at_once).sample(orders, 25)):
        with Archive.open(tmp_path / str(number), create=True) as archive:
            for start in range(0, len(order), at_once):
                put(archive, *order[start : start + at_once])
                group_copies(archive)
            outcomes.add(tuple(sorted(groups(archive).items())))
    assert outcomes == {(("b", "a"), ("d", "c"), ("e", "c"))}


def test_when_the_earliest_is_removed_the_next_stands_for_the_others(archive: Archive) -> None:
    put(archive, an_article("a"), an_article("b", day=1), an_article("c", day=2))
    group_copies(archive)
    remove(archive, "a")
    group_copies(archive)
    assert groups(archive) == {"c": "b"}
    with archive.transaction():
        archive.put(an_article("a"), restore=True)
    group_copies(archive)
    assert groups(archive) == {"b": "a", "c": "a"}


def test_an_article_that_becomes_another_leaves_its_group(archive: Archive) -> None:
    put(archive, an_article("a"), an_article("b", day=1), an_article("c", day=2))
    group_copies(archive)
    put(archive, an_article("a", OTHER))
    group_copies(archive)
    assert groups(archive) == {"c": "b"}
    put(archive, an_article("c", "短くなった。", day=2))
    group_copies(archive)
    assert groups(archive) == {}
    assert archive.rows("SELECT count(DISTINCT number) FROM copy_keys") == [(2,)]


def test_an_unchanged_text_under_another_title_stays_where_it_is(archive: Archive) -> None:
    put(archive, an_article("a"), an_article("b", day=1))
    group_copies(archive)
    put(archive, an_article("b", day=1, title="別の題"))
    assert group_copies(archive) == 1
    assert groups(archive) == {"b": "a"}


@pytest.mark.parametrize("gone", [None, "a", "c"])
def test_changes_in_any_order_come_to_what_a_new_archive_has(tmp_path: Path, gone: str | None) -> None:
    with Archive.open(tmp_path / "old", create=True) as old, Archive.open(tmp_path / "new", create=True) as new:
        for article in reversed(CHAIN):
            put(old, article)
            group_copies(old)
        if gone:
            remove(old, gone)
            group_copies(old)
        put(new, *(article for article in CHAIN if article.id != gone))
        group_copies(new)
        assert groups(old) == groups(new)


def test_signatures_of_another_revision_are_made_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(archive, an_article("a"), an_article("b", day=1))
    group_copies(archive)
    monkeypatch.setattr(copy_groups, "REVISION", "another")
    assert group_copies(archive) == 2
    assert groups(archive) == {"b": "a"}
    assert group_copies(archive) == 0


def test_what_breaks_off_is_taken_up_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(archive, an_article("a"), an_article("b", day=1), an_article("c", day=2))
    monkeypatch.setattr(copy_groups, "ARTICLES_A_TRANSACTION", 2)
    real, calls = archive.put_signature, []

    def fails_at_the_third(*given: object) -> object:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(archive, "put_signature", fails_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        group_copies(archive)
    assert groups(archive) == {"b": "a"}
    assert group_copies(archive) == 1
    assert groups(archive) == {"b": "a", "c": "a"}


def test_a_large_group_keeps_the_article_that_stands_for_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy_groups, "MOST_MEMBERS", 2)
    for day, name in ((2, "c"), (2, "d"), (2, "e"), (1, "b")):
        put(archive, an_article(name, day=day))
        group_copies(archive)
    assert groups(archive) == {"b": "c", "d": "c", "e": "c"}


@pytest.mark.parametrize("days", [range(12), range(12, 0, -1)], ids=["in order", "the newest first"])
def test_more_articles_than_are_read_for_one_key_are_one_group(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, days: range
) -> None:
    monkeypatch.setattr(archive_copies, "MOST_OF_A_KEY", 5)
    names = [f"n{day:02}" for day in days]
    for start in range(0, len(names), 3):
        put(archive, *(an_article(name) for name in names[start : start + 3]))
        group_copies(archive)
    first, *others = sorted(names)
    assert groups(archive) == dict.fromkeys(others, first)


def test_the_other_copies_of_an_article_are_listed_the_earliest_first(archive: Archive) -> None:
    put(archive, *(an_article(name, day=day) for day, name in enumerate("abc")), an_article("d", OTHER))
    group_copies(archive)
    for article_id, most, expected in (
        ("b", 9, (["a", "c"], 2)), ("a", 9, (["b", "c"], 2)), ("c", 1, (["a"], 2)), ("d", 9, ([], 0)),
        ("unknown", 9, ([], 0)),
    ):
        found, in_all = archive.other_copies(article_id, most)
        assert ([article.id for article in found], in_all) == expected
    remove(archive, "a")       # not grouped anew yet
    assert [article.id for article in archive.other_copies("b", 9)[0]] == ["c"]

"""Articles on a real cluster: each machine tells of them all as if it had them itself, and nothing is lost between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest
from cluster_nodes import Cluster as Nodes
from command_line import SEEDS, kijigura
from machines import TEXT, add, add_files, all_that_is_told, article, has_texts, machine, publish

from search.archive import Archive
from search.articles import Topic
from search.errors import ArchiveMismatch, NotFound
from search.library import Library
from search.opening import open_archive
from search.opensearch_engine.articles import Articles
from search.opensearch_engine.cluster_archive import ClusterArchive
from search.opensearch_engine.connection import Cluster
from search.query.model import Request
from search.results import FacetValue

pytestmark = pytest.mark.cluster


@pytest.fixture
def url(cluster: Nodes, tmp_path: Path) -> Iterator[str]:
    hosts = ",".join(one.removeprefix("http://") for one in cluster.urls)
    url = f"opensearch://{hosts}/ca-{blake2b(bytes(tmp_path), digest_size=6).hexdigest()}"
    yield url
    there = Cluster.of(url)
    there.client.indices.delete(index=f"{there.alias}-*")


def found(directory: Path, url: str, text: str) -> tuple[list[str], dict[str, tuple[FacetValue, ...]]]:
    """Ids of the articles that a search finds, sorted, and its facets."""
    with Library.open(directory, url) as library:
        page = library.search(Request(text=text, size=100))
        return sorted(hit.id for hit in page.hits), page.facets


def test_a_cluster_tells_of_its_articles_what_an_archive_tells_that_has_them(tmp_path: Path, url: str) -> None:
    with machine(tmp_path / "one", None) as alone, machine(tmp_path / "two", url) as on_cluster:
        for archive, engine in ((alone, None), (on_cluster, url)):
            add_files(archive, SEEDS)
            publish(archive, engine)
            add(archive, article("二版", text=TEXT), article("取消"))
            publish(archive, engine)
            add(archive, article("二版", text=TEXT + "会談は2時間に及んだ。"))
            with archive.transaction():
                archive.remove("取消")
            publish(archive, engine)
        assert not has_texts(on_cluster)
        assert all_that_is_told(on_cluster) == all_that_is_told(alone)
        with machine(tmp_path / "three", url) as fresh:
            publish(fresh, url)
            assert not has_texts(fresh)
            assert all_that_is_told(fresh) == all_that_is_told(alone)


def test_an_archive_moves_to_a_cluster_as_it_is(tmp_path: Path, url: str) -> None:
    with machine(tmp_path / "one", None) as alone:
        add_files(alone, SEEDS)
        publish(alone, None)
        add(alone, article("二版"))
        publish(alone, None)
        add(alone, article("二版", title="習氏とラブロフ氏が北京で会談"))
        publish(alone, None)
        before = all_that_is_told(alone)
    assert kijigura("search", "停戦", "--archive", tmp_path / "one", "--engine", url).exit_code == 1
    assert kijigura("rebuild", "--archive", tmp_path / "one", "--engine", url).exit_code == 0
    with machine(tmp_path / "one", url) as moved:
        assert not has_texts(moved)
        assert all_that_is_told(moved) == before
    with machine(tmp_path / "two", url) as fresh:
        publish(fresh, url)
        assert all_that_is_told(fresh) == before


def test_two_machines_that_add_at_once_have_the_same_articles_names_and_facets(tmp_path: Path, url: str) -> None:
    texts = [path for path in sorted(SEEDS.rglob("*")) if path.is_file() and path.suffix != ".toml"]
    shares = {"a": texts[::2], "b": texts[1::2]}

    def take_in_share(name: str) -> None:
        with machine(tmp_path / name, url) as archive:
            add_files(archive, *shares[name])
            try:
                publish(archive, url)
            except Exception as error:      # the index of a new cluster was being made by the other one
                errors.append(error)

    errors: list[Exception] = []
    threads = [threading.Thread(target=take_in_share, args=(name,)) for name in shares]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in ("a", "b", "a"):
        with machine(tmp_path / name, url) as archive:
            publish(archive, url)
    with machine(tmp_path / "a", url) as a, machine(tmp_path / "b", url) as b:
        assert all_that_is_told(a) == all_that_is_told(b)
        assert {row[0] for row in a.rows("SELECT id FROM entities")} == {
            row[0] for row in b.rows("SELECT id FROM entities")
        }
        assert a.count() > 50
    for text in ("停戦", "", "プーチン"):
        ids, facets = found(tmp_path / "a", url, text)
        assert ids
        assert (ids, facets) == found(tmp_path / "b", url, text)


@pytest.fixture
def both(tmp_path: Path, url: str) -> Iterator[tuple[Archive, Archive]]:
    """Two machines of one cluster, which know of each other's first article."""
    with machine(tmp_path / "a", url) as a, machine(tmp_path / "b", url) as b:
        add(a, article("甲"))
        publish(a, url)
        add(b, article("乙"))
        publish(b, url)
        publish(a, url)
        yield a, b


def test_the_same_article_on_both_is_there_once(both: tuple[Archive, Archive], tmp_path: Path, url: str) -> None:
    a, b = both
    assert add(a, article("丙")) == add(b, article("丙")) == ["added"]
    publish(a, url)
    publish(b, url)
    publish(a, url)
    assert [version.number for version in a.history("丙")] == [version.number for version in b.history("丙")] == [1]
    assert found(tmp_path / "a", url, "停戦")[0] == found(tmp_path / "b", url, "停戦")[0] == sorted("甲乙丙")


def test_another_text_is_the_next_version_wherever_it_came_from(
    both: tuple[Archive, Archive], tmp_path: Path, url: str
) -> None:
    a, b = both
    add(a, article("丙", text=TEXT))
    add(b, article("丙", text=TEXT + "会談は2時間に及んだ。"))
    publish(a, url)
    publish(b, url)
    publish(a, url)
    assert [one.article.sections[0].text for one in a.history("丙")] == [TEXT, TEXT + "会談は2時間に及んだ。"]
    assert all_that_is_told(a) == all_that_is_told(b)
    assert "丙" in found(tmp_path / "a", url, "2時間")[0]


def test_several_versions_that_waited_follow_those_that_others_delivered(
    both: tuple[Archive, Archive], url: str
) -> None:
    a, b = both
    for text in ("一", "二", "三"):
        add(b, article("丙", text=text * 40))
    for text in ("四", "二"):
        add(a, article("丙", text=text * 40))
    publish(a, url)
    publish(b, url)
    publish(a, url)
    for archive in both:
        assert [one.article.body()[0] for one in archive.history("丙")] == ["四", "二", "一", "三"]
    assert all_that_is_told(a) == all_that_is_told(b)


def test_the_same_id_of_two_sources_is_two_articles(both: tuple[Archive, Archive], tmp_path: Path, url: str) -> None:
    a, b = both
    add(a, article("1", title="東京で雨"))
    add(b, article("1", title="大阪で晴れ", source="別の新聞"))
    publish(a, url)
    publish(b, url)
    publish(a, url)
    assert all_that_is_told(a) == all_that_is_told(b)
    assert {one.article.title for one in a.current(found(tmp_path / "a", url, "")[0]).values()} >= {
        "東京で雨", "大阪で晴れ"
    }


def test_what_is_removed_on_one_is_removed_on_all_and_can_be_restored_anywhere(
    both: tuple[Archive, Archive], tmp_path: Path, url: str
) -> None:
    a, b = both
    with a.transaction():
        a.remove("乙")
    publish(a, url)
    publish(b, url)
    assert found(tmp_path / "b", url, "停戦")[0] == ["甲"]
    with pytest.raises(NotFound):
        b.get("乙")
    assert add(b, article("乙")) == ["removed earlier"]
    assert add(b, article("乙"), restore=True) == ["added"]
    publish(b, url)
    publish(a, url)
    assert a.get("乙").article == article("乙")
    assert found(tmp_path / "a", url, "停戦")[0] == sorted("甲乙")


def test_topics_are_shared(both: tuple[Archive, Archive], url: str) -> None:
    a, b = both
    with a.transaction():
        a.put_topics([Topic("teisen", "停戦", "停戦"), Topic("kaidan", "会談", "会談")])
    publish(a, url)
    with b.transaction():
        b.put_topics([Topic("gaisho", "外相", "外相")])
    publish(b, url)
    with a.transaction():
        a.remove_topic("kaidan")
    publish(a, url)
    publish(b, url)
    for archive in both:
        assert [topic.id for topic in archive.topics()] == ["teisen", "gaisho"]
        assert archive.removed_topics() == {"kaidan"}


class _Stopped(BaseException):
    pass


@pytest.mark.parametrize("at", ["keep_earlier", "write", "after write", "settle", "note_indexed"])
def test_a_run_that_is_killed_goes_on(
    both: tuple[Archive, Archive], tmp_path: Path, url: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = both
    add(a, article("甲", text=TEXT + "会談は2時間に及んだ。"), article("丙"))

    def stop(*_: object) -> None:
        raise _Stopped

    with monkeypatch.context() as patch:
        if at == "after write":
            write = Articles.write
            patch.setattr(Articles, "write", lambda self, writes: (write(self, writes), stop()))
        else:
            patch.setattr(ClusterArchive if at in ("settle", "note_indexed") else Articles, at, stop)
        with pytest.raises(_Stopped):
            publish(a, url)
    publish(a, url)
    publish(b, url)
    for archive in both:
        assert [one.number for one in archive.history("甲")] == [1, 2]
        assert [one.number for one in archive.history("丙")] == [1]
        assert not has_texts(archive)
    assert all_that_is_told(a) == all_that_is_told(b)
    assert found(tmp_path / "b", url, "停戦")[0] == sorted("甲乙丙")


def test_without_the_cluster_articles_wait_and_go_on(tmp_path: Path, url: str) -> None:
    away = f"opensearch://127.0.0.1:9/{url.rpartition('/')[2]}"
    (tmp_path / "記事.txt").write_text(f"習氏がラブロフ氏と会談\n\n{TEXT}\n", "utf-8")
    result = kijigura("add", tmp_path / "記事.txt", "--archive", tmp_path / "a", "--engine", away)
    assert result.exit_code == 1
    assert "wait to be delivered" in result.stderr
    assert "kijigura rebuild --if-needed" in result.stderr
    assert kijigura("rebuild", "--if-needed", "--archive", tmp_path / "a", "--engine", url).exit_code == 0
    assert len(found(tmp_path / "a", url, "停戦")[0]) == 1


def test_articles_that_were_put_back_from_a_backup_are_received_anew(
    both: tuple[Archive, Archive], tmp_path: Path, url: str
) -> None:
    a, b = both
    _put_back(Cluster.of(url))
    add(a, article("丁"))
    with a.transaction():
        a.remove("乙")
    publish(a, url)
    publish(b, url)
    assert all_that_is_told(a) == all_that_is_told(b)
    assert b.current("甲乙丙丁").keys() == {"甲", "丁"}


def _put_back(cluster: Cluster) -> None:
    """The index of articles is another one with the same articles, as after a snapshot was restored."""
    index, aside = Articles(cluster).current_index, f"{cluster.alias}-aside"
    cluster.client.indices.create(index=aside, body={"mappings": {"dynamic": False}})
    for source, target in ((index, aside), (aside, index)):
        cluster.client.indices.refresh(index=source)
        cluster.client.reindex(
            body={"source": {"index": source}, "dest": {"index": target}}, params={"refresh": "true"}
        )
        cluster.client.indices.delete(index=source)
        if source == index:
            Articles(cluster).make()


def test_every_command_works_on_a_cluster(tmp_path: Path, url: str) -> None:
    place = ("--archive", tmp_path / "a", "--engine", url)
    assert kijigura("add", SEEDS, *place).exit_code == 0
    (first, *_) = found(tmp_path / "a", url, "停戦")[0]
    for command in (
        ("search", "停戦"), ("show", first), ("show", first, "--history"),
        ("explain", "停戦", first), ("topics", "add", "teisen", "停戦", "停戦"), ("topics", "list"),
        ("topics", "suggest"), ("topics", "remove", "teisen"), ("alerts", "add", "停戦", "停戦"), ("alerts", "list"),
        ("alerts", "run"), ("rejected",), ("stats",), ("doctor", "--full"), ("rebuild", "--if-needed"), ("rebuild",),
        ("remove", first), ("add", SEEDS, "--restore"), ("show", first),
    ):
        result = kijigura(*command, *place)
        assert result.exit_code == 0, (command, result.output)


def test_export_from_a_cluster_can_be_added_elsewhere(tmp_path: Path, url: str) -> None:
    with machine(tmp_path / "a", url) as archive:
        add_files(archive, SEEDS)
        publish(archive, url)
        there = archive.count()
    result = kijigura("export", "", "--archive", tmp_path / "a", "--engine", url)
    (tmp_path / "all.jsonl").write_text(result.stdout, "utf-8")
    assert kijigura("add", tmp_path / "all.jsonl", "--archive", tmp_path / "b").exit_code == 0
    with machine(tmp_path / "b", None) as alone, machine(tmp_path / "a", url) as archive:
        assert alone.count() == there
        ids = [row[0] for row in alone.rows("SELECT id FROM articles")]
        without_extra = {one: replace(stored.article, extra={}) for one, stored in archive.current(ids).items()}
        assert {one: replace(stored.article, extra={}) for one, stored in alone.current(ids).items()} == without_extra


def test_a_catalogue_says_where_its_articles_are(tmp_path: Path, url: str) -> None:
    with machine(tmp_path / "a", url):
        pass
    with pytest.raises(ArchiveMismatch, match="are on a cluster"):
        open_archive(tmp_path / "a")
    with pytest.raises(ArchiveMismatch, match="under the name"):
        open_archive(tmp_path / "a", f"{url}x")

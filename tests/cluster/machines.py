"""Machines whose articles are on one cluster, and all that an archive tells of its articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from indexer.pipeline import Order, take_in
from indexer.upkeep import ensure_index
from search import batches
from search.archive import Archive
from search.articles import JST, Article, Published, Section
from search.errors import NotFound
from search.japanese.tokens import analysis_version
from search.opening import open_archive
from search.processes import Workers
from search.storylines.signs import read_signs

TEXT = "中国の習近平国家主席は10日、北京でロシアのラブロフ外相と会談した。両氏は停戦について話し合った。"


def article(article_id: str, title: str = "習氏がラブロフ氏と会談", text: str = TEXT, **fields: Any) -> Article:
    """An article of the 見本新聞."""
    return replace(
        Article(article_id, title, (Section(None, text),), Published(datetime(2024, 4, 10, tzinfo=JST)), "見本新聞"),
        **fields,
    )


@contextmanager
def machine(directory: Path, url: str | None) -> Iterator[Archive]:
    """The archive of one machine; without a url one that has its articles for itself."""
    with open_archive(directory, url, create=True) as archive:
        yield archive


def add(archive: Archive, *articles: Article, restore: bool = False) -> list[str]:
    """Take articles in, without telling anybody. Returns what became of each."""
    with archive.transaction():
        return [archive.put(one, restore=restore)[1] for one in articles]


def add_files(archive: Archive, *paths: Path, restore: bool = False) -> None:
    """Take files in, without telling anybody."""
    for _ in take_in(archive, list(paths), Order(restore=restore)):
        pass


def publish(archive: Archive, url: str | None) -> int:
    """Bring cluster, index and archive up to date, as every command does."""
    return ensure_index(archive, url, workers=1, say=lambda _: None)


def has_texts(archive: Archive) -> bool:
    """Whether this machine itself has any text or tokens."""
    texts = "SELECT 1 FROM content WHERE sections <> '' OR extra <> '' OR ruby <> ''"
    return bool(archive.rows(f"{texts} UNION SELECT 1 FROM analyses WHERE tokens <> x''"))


def all_that_is_told(archive: Archive) -> dict[str, Any]:
    """What each way of reading an archive tells. Numbers differ between archives: what they stand for is told."""
    called = {one: f"{kind} {folded}" for one, kind, folded in archive.rows("SELECT id, kind, folded FROM entities")}
    names = {row[0]: row[1:] for row in archive.rows(
        "SELECT id, kind, folded, is_full, title, country, date, name FROM names"
    )}

    def entity(entity_id: str) -> str:
        return called.get(entity_id, entity_id)

    ids = [row[0] for row in archive.rows("SELECT id FROM articles ORDER BY id")]
    told: dict[str, Any] = {"ids": ids, "count": archive.count(), "topics": archive.topics()}
    for one in ids:
        told[one, "now"] = _now(archive, one)
        told[one, "history"] = [(version.number, version.article) for version in archive.history(one)]
        told[one, "copies"] = [other.id for other in archive.other_copies(one, 20)[0]]
        for version in archive.history(one):
            analyzed = archive.analysis(one, version.number, analysis_version())
            told[one, version.number, "tokens"] = analyzed and analyzed.tokens.pack()
            told[one, version.number, "mentions"] = analyzed and {
                (m.part, m.start, m.end, m.surface, m.kind, entity(m.entity_id), m.confidence, m.is_about,
                 m.is_inferred, names.get(m.name_id))
                for m in analyzed.mentions
            }
        read = batches.read(archive, [(one, archive.history(one)[-1].number)], analysis_version())[0]
        told[one, "read"] = read.article, read.packed, {k: sorted(map(entity, v)) for k, v in read.named.items()}
    told["current"] = {one: stored.article for one, stored in archive.current(ids).items()}
    told["changes"] = {stored.article.id: (stored.article, stored.removed) for stored in archive.changes_since(0)}
    told["copies"] = archive.copies_of(ids)
    told["names"] = {(*name, entity(row[0])) for name, row in zip(
        names.values(), archive.rows("SELECT entity_id FROM names ORDER BY id"), strict=True
    )}
    everybody = {row[0] for row in archive.rows("SELECT entity_id FROM aliases UNION SELECT id FROM entities")}
    told["entities"] = {entity(one): (e.kind, e.name, e.name_en) for one, e in archive.entities(everybody).items()}
    told["aliases"] = {(entity(one), folded) for one, folded in archive.all_aliases()}
    told["sounds"] = {(entity(one), sounds) for one, sounds in archive.all_sounds()}
    told["written"] = {entity(one): (sorted(archive.forms(one)), sorted(archive.surfaces(one))) for one in everybody}
    with Workers(1) as workers:
        signs = read_signs(archive, None, None, workers)
    told["signs"] = list(signs.ids), list(signs.titles), {
        (sign.kind, entity(sign.value)): places.tolist() for sign, places in signs.articles_with.items()
    }
    return told


def _now(archive: Archive, article_id: str) -> Any:
    try:
        stored = archive.get(article_id)
    except NotFound as error:
        return str(error)
    return stored.article, stored.version

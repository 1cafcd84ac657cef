"""How fast articles get into an index on a cluster, beside a bulk request of the same bytes that nobody made.

    python -m benchmarks.cluster --cluster opensearch://HOST:PORT/NAME --archive DIR [--articles 10000] [--rounds 2]

The clock starts when the articles are cut and in memory: what is measured is making documents of them, sending them,
and making them visible. "raw" sends the finished lines of the same documents, in pieces of the same size, into an index
of the same settings. Ours and raw take turns, so that both meet the same moods of the machine. Indices are deleted.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.tables import short, table
from search.archive import Archive
from search.engine import AnalyzedArticle, open_engine, rebuild_engine
from search.opensearch_engine.connection import Cluster
from search.opensearch_engine.documents import as_bytes, to_document
from search.opensearch_engine.schema import SHARED, mapping, settings
from search.opensearch_engine.sending import BULK_ARTICLES, BULK_BYTES, REPLICAS, SHARDS


def analyzed(archive: Archive) -> Iterator[AnalyzedArticle]:
    """Every article with what was derived from it, as an index takes it."""
    for stored in archive.changes_since(0):
        kept = None if stored.removed else archive.analysis(stored.article.id, stored.version)
        if kept:
            article = stored.article
            yield AnalyzedArticle(
                article.id, stored.version, stored.change, kept.tokens, kept.mentions, article.published,
                article.source, article.desk, tuple(part.text for part in article.parts()),
            )


def ours(url: str, archive: Archive, articles: Sequence[AnalyzedArticle]) -> float:
    """Seconds for one batch."""
    with rebuild_engine(url, archive):
        pass
    engine = open_engine(url, archive)
    started = time.perf_counter()
    with engine.writer() as writer:
        for article in articles:
            writer.put(article)
    seconds = time.perf_counter() - started
    engine.close()
    return seconds


def raw(cluster: Cluster, lines: Sequence[bytes]) -> float:
    """Seconds for the same lines."""
    name = f"{cluster.alias}-raw-{SHARED}"
    body = {"settings": settings(SHARDS, REPLICAS), "mappings": mapping("raw")}
    cluster.client.indices.create(index=name, body=body)
    started = time.perf_counter()
    some: list[bytes] = []
    for number in range(0, len(lines), 2):
        some += lines[number : number + 2]
        if sum(map(len, some)) > BULK_BYTES or len(some) >= 2 * BULK_ARTICLES:
            cluster.client.bulk(index=name, body=b"\n".join(some) + b"\n")
            some = []
    if some:
        cluster.client.bulk(index=name, body=b"\n".join(some) + b"\n")
    cluster.client.indices.refresh(index=name)
    seconds = time.perf_counter() - started
    cluster.client.indices.delete(index=name)
    return seconds


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cluster", required=True, metavar="URL", help="its index is replaced, and deleted at the end")
    parser.add_argument("--archive", required=True, type=Path, metavar="DIR")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    cluster = Cluster.of(options.cluster)
    with Archive.open(options.archive) as archive:
        articles = list(islice(analyzed(archive), options.articles))
        lines: list[bytes] = []
        for article in articles:
            lines += [json.dumps({"index": {"_id": article.id}}).encode(), as_bytes(to_document(article, archive))]
        size = sum(map(len, lines))
        rows = []
        for number in range(options.rounds):
            own, bare = ours(options.cluster, archive, articles), raw(cluster, lines)
            rows.append([
                f"round {number + 1}", f"{len(articles) / own:,.0f}", f"{len(articles) / bare:,.0f}", short(bare / own)
            ])
    cluster.client.indices.delete(index=f"{cluster.alias}-*")
    print(f"{len(articles):,} articles, {size / len(articles) / 1000:.1f} kB each as a document\n")
    print(table(("", "articles/s, ours", "raw bulk", "ours / raw"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())

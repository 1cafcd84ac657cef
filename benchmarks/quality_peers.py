"""The judged sets of `benchmarks.quality`, asked of other engines with the means that they come with.

Every peer gets title and text of an article as one text, and a query as its words joined by OR, ranked by BM25: what
somebody who takes it for Japanese would try first. Our row is `benchmarks.quality`, on the same queries. bm25s, numba
and tantivy are in the extra `bench`; lindera is `pip install lindera-python-ipadic`, and left out where it is missing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sqlite3
import sys
import tempfile
import time
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import bm25s
import tantivy
from bm25s.tokenization import Tokenized
from whoosh import analysis, fields, index, scoring
from whoosh import query as wq

from benchmarks import corpus
from benchmarks.quality import SETS, measured
from benchmarks.tables import short, table
from benchmarks.techniques import DEFAULT
from indexer import judged
from kijigura.evaluating import sampled
from search.evaluation import DEPTH, MEASURES, measure
from search.japanese import tokens

K1 = 1.2
B = 0.75
LINDERA = "lindera"
NO_CONTENT = frozenset({"助詞", "助動詞", "補助記号", "空白", "接続詞", "感動詞", "代名詞", "連体詞"})
"""Sudachi's parts of speech that say nothing about what a text is about."""


class Peer(ABC):
    """An engine over the articles of one set. name: for the table."""

    name: ClassVar[str]

    @abstractmethod
    def __init__(self, texts: Sequence[str], directory: Path) -> None: ...

    @abstractmethod
    def best(self, query: str) -> Sequence[int]:
        """Numbers of the best DEPTH articles, best first."""


# ---- bm25s ----------------------------------------------------------------------------------------


class _Bm25s(Peer):
    @staticmethod
    @abstractmethod
    def cut(text: str) -> list[str]:
        """The terms of a text, in order."""

    def __init__(self, texts: Sequence[str], directory: Path) -> None:
        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(term, len(vocabulary)) for term in self.cut(text)] for text in texts]
        self._known = vocabulary
        self._index = bm25s.BM25(method="lucene", k1=K1, b=B, backend="numba")
        self._index.index(Tokenized(ids=ids, vocab=vocabulary), show_progress=False)
        self._index.activate_numba_scorer()
        self._depth = min(DEPTH, len(texts))

    def best(self, query: str) -> Sequence[int]:
        known = [term for term in self.cut(query) if term in self._known]
        if not known:
            return []
        found, scores = self._index.retrieve([known], k=self._depth, show_progress=False, n_threads=0)
        return [doc for doc, score in zip(found[0].tolist(), scores[0].tolist(), strict=True) if score > 0]


class Bigrams(_Bm25s):
    """Every two characters next to each other, in one width and case."""

    name = "character bigrams, bm25s"

    @staticmethod
    def cut(text: str) -> list[str]:
        folded = "".join(unicodedata.normalize("NFKC", text).lower().split())
        return [folded[at : at + 2] for at in range(len(folded) - 1)]


class Words(_Bm25s):
    """Sudachi's normalized forms of short units with a meaning of their own."""

    name = "Sudachi words (A, normalized), bm25s"

    @staticmethod
    def cut(text: str) -> list[str]:
        return [
            one.term for unit in tokens.units(text) for one in unit.shorts
            if one.term and one.part_of_speech[0] not in NO_CONTENT
        ]


# ---- stock Whoosh -----------------------------------------------------------------------------------


class _StockWhoosh(Peer):
    @staticmethod
    @abstractmethod
    def analyzer() -> Any:
        """One of those that come with Whoosh."""

    def __init__(self, texts: Sequence[str], directory: Path) -> None:
        self._analyzer = self.analyzer()
        schema = fields.Schema(number=fields.STORED, text=fields.TEXT(analyzer=self._analyzer, phrase=False))
        made = index.create_in(str(directory), schema)
        writer = made.writer(limitmb=256)
        for number, text in enumerate(texts):
            writer.add_document(number=number, text=text)
        writer.commit()
        self._searcher = made.searcher(weighting=scoring.BM25F(B=B, K1=K1))

    def best(self, query: str) -> Sequence[int]:
        terms = dict.fromkeys(token.text for token in self._analyzer(query, mode="query"))
        found = self._searcher.search(wq.Or([wq.Term("text", term) for term in terms]), limit=DEPTH)
        return [hit["number"] for hit in found]


class WhooshStandard(_StockWhoosh):
    name = "stock Whoosh, StandardAnalyzer"

    @staticmethod
    def analyzer() -> Any:
        return analysis.StandardAnalyzer()


class WhooshNgram(_StockWhoosh):
    name = "stock Whoosh, NgramAnalyzer(2)"

    @staticmethod
    def analyzer() -> Any:
        return analysis.NgramAnalyzer(2)


class WhooshNgramWord(_StockWhoosh):
    name = "stock Whoosh, NgramWordAnalyzer(2, 2)"

    @staticmethod
    def analyzer() -> Any:
        return analysis.NgramWordAnalyzer(2, 2)


# ---- tantivy ----------------------------------------------------------------------------------------


class _Tantivy(Peer):
    def __init__(self, texts: Sequence[str], directory: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        builder.add_text_field("text", tokenizer_name="chosen", index_option="freq")
        self._schema = builder.build()
        made = tantivy.Index(self._schema, str(directory))
        self._analyzer = self._made()
        made.register_tokenizer("chosen", self._analyzer)
        writer = made.writer(heap_size=256_000_000)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(number=number, text=self._prepared(text)))
        writer.commit()
        writer.wait_merging_threads()
        made.reload()
        self._searcher = made.searcher()

    @abstractmethod
    def _made(self) -> Any: ...

    def _prepared(self, text: str) -> str:
        return text

    def best(self, query: str) -> Sequence[int]:
        terms = dict.fromkeys(self._analyzer.analyze(self._prepared(query)))
        either = tantivy.Query.boolean_query([
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", term, "freq")) for term in terms
        ])
        found = self._searcher.search(either, DEPTH, count=False).hits
        return [self._searcher.doc(address)["number"][0] for _, address in found]


class TantivyDefault(_Tantivy):
    name = "tantivy, default tokenizer"

    def _made(self) -> Any:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        return builder.filter(tantivy.Filter.remove_long(40)).filter(tantivy.Filter.lowercase()).build()


class TantivyNgram(_Tantivy):
    name = "tantivy, ngram(2, 2)"

    def _made(self) -> Any:
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(min_gram=2, max_gram=2))
        return builder.filter(tantivy.Filter.lowercase()).build()


class TantivyLindera(_Tantivy):
    """The Python package cannot take lindera in as a tokenizer, so it gets what lindera cut, as words with spaces."""

    name = "tantivy, lindera (IPADIC)"

    def _made(self) -> Any:
        lindera: Any = importlib.import_module(LINDERA)
        builder = lindera.TokenizerBuilder()
        builder.set_mode("normal")
        builder.set_dictionary("embedded://ipadic")
        builder.append_character_filter("unicode_normalize", {"kind": "nfkc"})
        builder.append_token_filter("lowercase")
        builder.append_token_filter("japanese_stop_tags", {"tags": _IPADIC_STOP_TAGS})
        self._tokenizer = builder.build()
        return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()

    def _prepared(self, text: str) -> str:
        return " ".join(token.surface for token in self._tokenizer.tokenize(text))


# Those of Lucene's Japanese analyzer.
_IPADIC_STOP_TAGS = [
    "接続詞", "助詞", "助詞,格助詞", "助詞,格助詞,一般", "助詞,格助詞,引用", "助詞,格助詞,連語", "助詞,接続助詞",
    "助詞,係助詞", "助詞,副助詞", "助詞,間投助詞", "助詞,並立助詞", "助詞,終助詞", "助詞,副助詞／並立助詞／終助詞",
    "助詞,連体化", "助詞,副詞化", "助詞,特殊", "助動詞", "記号", "記号,一般", "記号,読点", "記号,句点", "記号,空白",
    "記号,括弧開", "記号,括弧閉", "その他,間投", "フィラー", "非言語音",
]


# ---- SQLite -----------------------------------------------------------------------------------------


class Fts5Trigram(Peer):
    """Three characters of the query at a time, since a whole query is a phrase to this tokenizer."""

    name = "SQLite FTS5, trigram"

    def __init__(self, texts: Sequence[str], directory: Path) -> None:
        self._db = sqlite3.connect(directory / "fts5.sqlite")
        self._db.execute("CREATE VIRTUAL TABLE articles USING fts5 (text, tokenize = 'trigram')")
        self._db.executemany("INSERT INTO articles (rowid, text) VALUES (?, ?)", enumerate(texts))
        self._db.commit()

    def best(self, query: str) -> Sequence[int]:
        text = query.replace('"', " ").replace("\0", " ")
        trigrams = dict.fromkeys(text[at : at + 3] for at in range(len(text) - 2))
        if not trigrams:
            return []
        either = " OR ".join(f'"{trigram}"' for trigram in trigrams)
        found = self._db.execute(
            "SELECT rowid FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT ?", (either, DEPTH)
        )
        return [number for number, in found]


PEERS: Sequence[type[Peer]] = (
    Bigrams, Words, WhooshStandard, WhooshNgram, WhooshNgramWord, TantivyDefault, TantivyNgram, TantivyLindera,
    Fts5Trigram,
)


# ---- running ------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; what happens meanwhile goes to stderr."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality_peers", description="How well others find.")
    parser.add_argument("--queries", type=int, metavar="N", help="a sample of so many of each set; all without it")
    parser.add_argument("--seed", type=int, default=1, help="for the sample [%(default)s]")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="which sets [all]")
    options = parser.parse_args(arguments)
    directory = corpus.collections()
    if directory is None or not (directory / "retrieval").is_dir():
        print(f"Set {corpus.VARIABLE} to a directory that has retrieval/.", file=sys.stderr)
        return 1
    missing = [] if importlib.util.find_spec(LINDERA) else [TantivyLindera]
    for peer in missing:
        print(f"{peer.name} is left out: pip install lindera-python-ipadic", file=sys.stderr)
    peers = [peer for peer in PEERS if peer not in missing]
    for name in options.sets:
        rows = list(_rows(directory / "retrieval" / name, peers, options.queries, options.seed))
        print(f"\n### {name}\n\n{table(('', *MEASURES, 'ms a query'), rows)}", flush=True)
    return 0


def _rows(directory: Path, peers: Sequence[type[Peer]], limit: int | None, seed: int) -> Iterator[list[str]]:
    ours = measured(directory, [DEFAULT], limit, seed)[0]
    yield _row("Kijigura", ours.means, ours.seconds)
    found = judged.read(directory)
    queries = sampled(found.measured(), limit, seed)
    ids, texts = _texts(directory / "corpus.jsonl")
    for peer in peers:
        print(f"{directory.name}, {peer.name} …", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="kijigura-quality-") as temporary:
            engine = peer(texts, Path(temporary))
            engine.best(queries[0].text)        # what is compiled or read once is no part of a query
            started = time.process_time()
            ranked = {query.id: [ids[number] for number in engine.best(query.text)] for query in queries}
            seconds = (time.process_time() - started) / max(1, len(queries))
        yield _row(peer.name, measure(found.gains, ranked), seconds)


def _row(name: str, means: dict[str, float], seconds: float) -> list[str]:
    return [name, *(f"{value:.3f}" for value in means.values()), short(seconds * 1000)]


def _texts(path: Path) -> tuple[list[str], list[str]]:
    """The ids of a set's articles, and title and text of each."""
    with path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    texts = ["\n".join(filter(None, (record.get("title"), record.get("text")))) for record in records]
    return [str(record["_id"]) for record in records], texts


if __name__ == "__main__":
    sys.exit(main())

"""The same 20 articles in every form, each form into an archive of its own: title, day and paragraphs come out."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from indexer.pipeline import take_in
from search.archive import Archive
from search.articles import Article

CORPORA = os.environ.get("KIJIGURA_CORPORA")
INGEST = Path(CORPORA or ".") / "ingest"
LISTS = {"csv", "feeds", "jsonl", "warc"}       # of files, each with all articles; other folders have one a file
FORMS = sorted(
    path.relative_to(INGEST).as_posix()
    for folder in (INGEST.iterdir() if CORPORA else ())
    if folder.is_dir()
    for path in (sorted(folder.iterdir()) if folder.name in LISTS else [folder])
)
RUN_TOGETHER = {"feeds/rss1-rdf-eucjp.rdf"}     # its descriptions have no paragraphs
REFERENCES = {"出典", "情報源"}

pytestmark = pytest.mark.skipif(not CORPORA, reason="needs the collections (KIJIGURA_CORPORA)")


def expected() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (INGEST / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def plain(text: str) -> str:
    """Some forms are full-width."""
    return unicodedata.normalize("NFKC", text).strip()


def paragraphs(article: Article) -> list[str]:
    return [
        plain(paragraph) for section in article.sections if section.heading not in REFERENCES
        for paragraph in section.text.split("\n\n") if paragraph
    ]


@pytest.mark.parametrize("form", FORMS)
def test_all_articles_come_out_of_every_form(archive: Archive, form: str) -> None:
    taken = list(take_in(archive, [INGEST / form]))
    assert [one.outcome for one in taken] == ["added"] * 20, {one.reason for one in taken}
    found = {}
    for one in taken:
        article = archive.get(str(one.id)).article
        found[plain(article.title)] = article
    for wanted in expected():
        article = found[plain(wanted["title"])]
        assert article.published
        assert article.published.at.date().isoformat() == wanted["date"]
        assert not article.published.is_inferred
        ours, theirs = paragraphs(article), [plain(one) for one in wanted["paragraphs"]]
        if form in RUN_TOGETHER:
            ours, theirs = ["".join("".join(ours).split())], ["".join("".join(theirs).split())]
        assert ours == theirs, wanted["n"]

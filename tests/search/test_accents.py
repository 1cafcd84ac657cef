"""Words in Latin letters: with and without accents, and however those were typed, they find each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from unicodedata import normalize

import pytest

from indexer import pipeline, upkeep
from search.archive import Archive
from search.library import Library
from search.query.model import Request

WORDS = {
    "Vučić": "Vucic", "Nguyễn": "Nguyen", "Łukasz": "Lukasz", "Jørgensen": "Jorgensen", "Élysée": "Elysee",
    "CAFÉ": "CAFE", "Pokémon": "Pokemon", "résumé": "resume",
}
"""As its language writes it -> without accents. Sudachi knows CAFE, which it takes for カフェ, and no CAFÉ."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An article for each way to write each word: `<word>-composed`, `-apart`, `-plain`."""
    directory = tmp_path_factory.mktemp("accents")
    with (directory / "in.jsonl").open("w", encoding="utf-8") as file:
        for accented, plain in WORDS.items():
            ways = {"composed": accented, "apart": normalize("NFD", accented), "plain": plain}
            for way, word in ways.items():
                article = {"id": f"{plain}-{way}", "title": "新しい商品", "body": f"店頭に「{word}」の札がある。"}
                print(json.dumps(article, ensure_ascii=False), file=file)
    with Archive.open(directory / "archive", create=True) as archive:
        assert {taken.outcome for taken in pipeline.take_in(archive, [directory / "in.jsonl"])} == {"added"}
        upkeep.ensure_index(archive, None, workers=1, say=lambda _: None)
    with Library.open(directory / "archive") as opened:
        yield opened


def found(library: Library, text: str) -> set[str]:
    return {hit.id for hit in library.search(Request(text, size=100)).hits if not hit.partial}


@pytest.mark.parametrize(("accented", "plain"), WORDS.items())
def test_accents_do_not_part_words_however_they_are_typed(library: Library, accented: str, plain: str) -> None:
    for typed in (accented, normalize("NFD", accented), plain, accented.lower(), f"「{accented}」"):
        assert found(library, typed) == {f"{plain}-composed", f"{plain}-apart", f"{plain}-plain"}


@pytest.mark.parametrize(("typed", "way"), [
    ("=CAFÉ", "composed"), (f"={normalize('NFD', 'CAFÉ')}", "apart"),
])
def test_what_is_searched_to_the_character_is_not_folded(library: Library, typed: str, way: str) -> None:
    assert found(library, typed) == {f"CAFE-{way}"}

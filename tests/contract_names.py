"""Names that mean one entity are found and counted as one, whatever stands for them in the index."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from contract_base import ALL, ContractBase, after, assert_same
from contract_strategies import histories, queries
from engine_articles import PEACE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.articles import Mention, name_term
from search.engine import AnalyzedArticle, open_engine
from search.query.model import Named, Query

ENTITIES = ("person-1", "person-2", "un", "geneva")
NAMES_AN_ENTITY = 3


class Names:
    """Each entity but countries goes by three names; `meant` may be changed."""

    def __init__(self) -> None:
        self.meant = {
            ENTITIES.index(entity) * NAMES_AN_ENTITY + number + 1: entity
            for entity in ENTITIES for number in range(NAMES_AN_ENTITY)
        }
        self.generation = 0

    def terms_of(self, entity_id: str) -> Sequence[str]:
        return (entity_id, *(name_term(number) for number, entity in self.meant.items() if entity == entity_id))

    def entities_of(self, terms: Sequence[str]) -> Sequence[str]:
        meant = {name_term(number): entity for number, entity in self.meant.items()}
        return [meant.get(term, term) for term in terms]

    def names_generation(self) -> int:
        return self.generation

    def index_term(self, mention: Mention) -> str:
        return mention.term

    def archive_id(self) -> str:
        return ""


def by_name(one: AnalyzedArticle | str) -> AnalyzedArticle | str:
    """The article with its mentions under one of the names of each entity."""
    if isinstance(one, str):
        return one
    return replace(one, mentions=tuple(map(_by_name, range(len(one.mentions)), one.mentions)))


def _by_name(at: int, mention: Mention) -> Mention:
    if mention.entity_id not in ENTITIES:
        return mention
    first = ENTITIES.index(mention.entity_id) * NAMES_AN_ENTITY + 1
    return replace(mention, name_id=first + (at + mention.start) % NAMES_AN_ENTITY)


class NamesContract(ContractBase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(history=histories(), questions=st.lists(queries, min_size=6, max_size=6))
    def test_names_of_one_entity_are_found_and_counted_as_one(
        self, history: list[list[AnalyzedArticle | str]], questions: list[Query]
    ) -> None:
        with tempfile.TemporaryDirectory() as directory:
            url = self.url_in(Path(directory))
            self.build(url, *([by_name(one) for one in batch] for batch in history))
            engine = open_engine(url, Names())
            try:
                oracle = self.oracle(engine, after(history))
                for query in (ALL, *map(Query, map(Named, ENTITIES)), *questions):
                    assert_same(engine, oracle, query)
            finally:
                engine.close()

    def test_a_name_means_somebody_else_without_a_new_index(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, [by_name(one) for one in PEACE])
        names = Names()
        for person in ("person-1", "person-2"):
            names.meant = dict.fromkeys(names.meant, person)
            names.generation += 1
            engine = open_engine(url, names)
            found = engine.search(Query(Named(person)))
            assert [match.article_id for match in found.matches] == ["a2", "a3"]
            assert found.facets["person"] == {person: 1}       # the other is no person
            assert engine.search(Query(Named("un"))).total == 0
            topic = Query(Named(person), topics={"t1": Named("person-1")}, filters={"topic": ("t1",)})
            assert engine.search(topic).total == (2 if person == "person-1" else 0)
            engine.close()

    def test_an_inferred_mention_is_neither_found_nor_counted(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        inferred = [replace(one, mentions=tuple(replace(m, is_inferred=True) for m in one.mentions)) for one in PEACE]
        self.build(url, inferred)
        with self.opened(url) as engine:
            assert engine.search(Query(Named("RU"))).total == 0
            assert engine.search(ALL).facets["country"] == {}

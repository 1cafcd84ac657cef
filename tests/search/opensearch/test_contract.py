"""An index on a real cluster passes the contract of engines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar

import pytest
from cluster_nodes import Cluster as Nodes
from contract_base import ALL, Batch, about, write
from contract_forms import text_histories
from contract_scores import MANY, newspaper
from contract_strategies import histories, queries, stretches
from engine_articles import PEACE, article
from engine_contract import EngineContract
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Engine, rebuild_engine
from search.errors import IndexBusy
from search.opensearch_engine.connection import Cluster
from search.query.model import LEAD_TOKENS, InLead, Query, Sequence, Term

pytestmark = pytest.mark.cluster

FEWER = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))


class TestOpenSearch(EngineContract):
    hosts: ClassVar[str]

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _on_a_cluster(cls, cluster: Nodes) -> Iterator[None]:
        cls.hosts = ",".join(url.removeprefix("http://") for url in cluster.urls)
        yield
        cls().forget("t-*")

    def forget(self, indices: str) -> None:
        Cluster.of(self.url_in(Path("any"))).client.indices.delete(index=indices)

    @contextmanager
    def engine(self, *batches: Batch) -> Iterator[Engine]:
        """A node keeps no more than a thousand parts of indices."""
        with tempfile.TemporaryDirectory() as directory:
            url = self.url_in(Path(directory))
            self.build(url, *batches)
            with self.opened(url) as engine:
                yield engine
            self.forget(f"{url.rpartition('/')[2]}-*")

    def url_in(self, directory: Path) -> str:
        return f"opensearch://{self.hosts}/t-{blake2b(bytes(directory), digest_size=6).hexdigest()}"

    # The same as on one machine, with fewer examples: each makes an index.

    @FEWER
    @given(history=histories(), questions=st.lists(queries, min_size=8, max_size=8), stretch=stretches)
    def test_every_query_over_every_history_answers_as_plain_python_does(self, **drawn: object) -> None:
        EngineContract.test_every_query_over_every_history_answers_as_plain_python_does.hypothesis.inner_test(
            self, **drawn
        )

    @FEWER
    @given(history=text_histories(), data=st.data())
    def test_any_stretch_of_any_stored_text_finds_every_article_that_contains_it(self, **drawn: object) -> None:
        EngineContract.test_any_stretch_of_any_stored_text_finds_every_article_that_contains_it.hypothesis.inner_test(
            self, **drawn
        )

    @FEWER
    @given(history=histories(), questions=st.lists(queries, min_size=6, max_size=6))
    def test_names_of_one_entity_are_found_and_counted_as_one(self, **drawn: object) -> None:
        EngineContract.test_names_of_one_entity_are_found_and_counted_as_one.hypothesis.inner_test(self, **drawn)

    @pytest.mark.parametrize("heading", ["", "首相 会談"])
    def test_the_lead_ends_where_it_does_on_one_machine(self, heading: str, tmp_path: Path) -> None:
        words = " ".join("合意" for _ in range(LEAD_TOKENS - 4))
        there = [
            article(f"a{more}", "停戦", (heading, f"{words}{' 合意' * more} 火星 中国"), published="2024-04-10")
            for more in range(8)
        ]
        queries = [Query(InLead((Term("火星"),)), limit=9), Query(InLead((Sequence(("火星", "中国")),)), limit=9)]
        answers = []
        for url in (self.url_in(tmp_path), f"whoosh:{tmp_path}"):
            self.build(url, there)
            with self.opened(url) as engine:
                answers.append([sorted(engine.matching(query)) for query in queries])
        assert answers[0] == answers[1]
        assert 0 < len(answers[0][0]) < len(there)

    # A cluster is fed by several machines.
    def test_one_batch_at_a_time(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        with self.opened(url) as engine, self.opened(url) as other:
            with engine.writer() as writer, other.writer() as second:
                writer.put(article("new", "火星", change=5))
                second.put(article("newer", "火星", change=6))
            with self.opened(url) as after:
                assert after.search(Query(Term("火星"))).total == 2
                assert after.info().change == 6

    def test_many_articles_are_found_and_ranked_as_few_are(self) -> None:
        """All of them are found; the order is exact among the best, which the cluster chooses by about their scores."""
        many = list(newspaper(1_500))
        with self.engine(many) as engine:
            oracle = self.oracle(engine, many)
            for root in MANY:
                query = Query(root, limit=20, facets=("desk",), facet_values=2)
                found = engine.search(query)
                assert set(engine.matching(query)) == oracle.ids(query)
                assert (found.total, found.facets) == (len(oracle.ids(query)), oracle.facets(query))
                scores = [oracle.score(root, match.article_id) for match in found.matches]
                assert [match.score for match in found.matches] == [about(score) for score in scores]
                best = sorted((oracle.score(root, i) for i in oracle.ids(query)), reverse=True)
                assert scores[:10] == pytest.approx(best[:10], rel=0.05)

    def test_nothing_is_written_while_the_index_is_made_anew(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        with self.opened(url) as engine:
            with rebuild_engine(url) as anew:
                write(anew, PEACE)
                with pytest.raises(IndexBusy), engine.writer() as writer:
                    writer.put(article("new", "火星"))
                with pytest.raises(IndexBusy), rebuild_engine(url):
                    pass
            with engine.writer() as writer:
                writer.put(article("new", "火星"))
        with self.opened(url) as after:
            assert after.search(ALL).total == len(PEACE) + 1

"""How an engine is written: updates, batches that fail, and what readers see of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from contract_base import ALL, ContractBase, write, write_and_fail
from engine_articles import PEACE, article

from search.engine import open_engine, rebuild_engine
from search.errors import IndexBusy, IndexNotFound
from search.query.model import AllOf, Named, Query, Sequence, Term, Without


class WritingContract(ContractBase):
    # ---- updates ----

    def test_an_article_put_again_is_there_once_with_its_new_words(self) -> None:
        again = article("a1", "火星", version=2, change=9)
        with self.engine(PEACE, [again]) as engine:
            assert engine.search(Query(Named("CN"))).total == 0
            (match,) = engine.search(Query(Term("火星"))).matches
            assert (match.article_id, match.version) == ("a1", 2)
            assert engine.search(ALL).total == len(PEACE)
            assert engine.info().change == 9

    def test_deleting_what_is_not_there_is_no_error_and_counts_as_a_change(self) -> None:
        with self.engine(PEACE, ["nobody"]) as engine:
            assert engine.search(ALL).total == len(PEACE)
            assert engine.info().change == 1_000

    def test_an_id_put_twice_in_one_batch_is_a_mistake_of_the_caller(self) -> None:
        with self.engine(PEACE) as engine:
            with pytest.raises(ValueError, match="a1"), engine.writer() as writer:
                write(writer, [article("a1", "中国"), article("a1", "ロシア")])
            with pytest.raises(ValueError, match="a1"), engine.writer() as writer:
                write(writer, ["a1", article("a1", "ロシア")])

    # ---- writing ----

    def test_an_open_engine_goes_on_seeing_what_it_saw(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE[:2], PEACE[2:])
        used, unused = open_engine(url), open_engine(url)
        self.same(used, PEACE, ALL)
        for change in range(2, 8):      # enough batches to merge the old segments away
            self.append(url, [article("a1", "火星", version=change, change=change), article(f"b{change}", "火星")])
        self.append(url, ["a2"])
        for engine in (used, unused):
            self.same(engine, PEACE, ALL)
            self.same(engine, PEACE, Query(AllOf((Term("停戦"), Without(Term("火星"))))))
            engine.close()
        fresh = open_engine(url)
        assert fresh.search(Query(Term("火星"))).total == 7
        fresh.close()

    def test_a_rebuild_is_not_seen_before_it_is_done_and_not_by_those_who_read(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        before = open_engine(url)
        with rebuild_engine(url) as writer:
            writer.put(article("new", "火星"))
            during = open_engine(url)
            assert during.search(ALL).total == len(PEACE)
        after = open_engine(url)
        assert [m.article_id for m in after.search(ALL).matches] == ["new"]
        for engine in (before, during):
            self.same(engine, PEACE, ALL)
            self.same(engine, PEACE, Query(Sequence(("停戦", "合意"))))
        for engine in (before, during, after):
            engine.close()

    @pytest.mark.parametrize("rebuilding", [False, True])
    def test_a_batch_that_fails_leaves_all_as_it_was_and_the_lock_free(
        self, tmp_path: Path, rebuilding: bool
    ) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        engine = open_engine(url)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), rebuild_engine(url) if rebuilding else engine.writer() as writer:
                write_and_fail(writer, [article("new", "火星"), "a1"])
            again = open_engine(url)
            for one in (engine, again):
                self.same(one, PEACE, ALL)
            assert again.info() == engine.info()
            again.close()
        engine.close()
        self.append(url, [article("new", "火星")])
        with self.opened(url) as last:
            assert last.search(ALL).total == len(PEACE) + 1

    def test_one_batch_at_a_time(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        with self.opened(url) as engine, self.opened(url) as other:
            with engine.writer() as writer:
                writer.put(article("new", "火星"))
                with pytest.raises(IndexBusy), other.writer():
                    pass
                with pytest.raises(IndexBusy), rebuild_engine(url):
                    pass
                assert _in_another_process(url) == "IndexBusy"
            assert _in_another_process(url) == "free"

    def test_readers_may_open_the_index_at_any_moment_of_a_batch(self, tmp_path: Path) -> None:
        url = self.url_in(tmp_path)
        self.build(url, PEACE)
        program = (
            "import sys; sys.path.insert(0, sys.argv[2])\n"
            "from engine_oracle import article; from search.engine import open_engine\n"
            "for i in range(12):\n"
            "    with open_engine(sys.argv[1]).writer() as writer: writer.put(article(f'b{i}', '火星'))\n"
        )
        writing = subprocess.Popen([sys.executable, "-c", program, url, str(Path(__file__).parent)])
        seen: list[int] = []
        while writing.poll() is None or not seen:
            with self.opened(url) as engine:
                seen.append(engine.search(Query(Term("火星"))).total)
                assert engine.info().articles == len(PEACE) + seen[-1]
        assert writing.returncode == 0
        assert seen == sorted(seen)

    def test_where_no_index_is_there_is_none_found(self, tmp_path: Path) -> None:
        with pytest.raises(IndexNotFound, match="kijigura rebuild"):
            open_engine(self.url_in(tmp_path))

    def test_an_index_that_is_well_has_nothing_to_report(self) -> None:
        with self.engine(PEACE[:3], PEACE[3:]) as engine:
            assert list(engine.verify()) == []
            info = engine.info()
            assert (info.articles, info.change) == (4, 1)
            assert info.size_bytes > 0
            assert info.indexed_at is not None


def _in_another_process(url: str) -> str:
    program = (
        "import sys; from search.engine import open_engine; from search.errors import IndexBusy\n"
        "try:\n    with open_engine(sys.argv[1]).writer(): print('free')\n"
        "except IndexBusy: print('IndexBusy')"
    )
    run = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=True)
    return run.stdout.strip()

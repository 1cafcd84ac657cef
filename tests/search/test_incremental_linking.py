"""Names that come in batches, in any order, mean whom they mean when all are linked at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import name_spellings
from search.archive import Archive
from search.articles import DistinctName, Kind
from search.name_linking import link_names
from search.names import fold_name

TITLES, COUNTRIES = ("", "外相", "首相", "内閣総理大臣"), ("", "FR")

FAMILIES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    # (whole names, short ones): spellings of one, and chains of them that hang together though their ends do not
    (("マリア・シャラポワ", "マリア・シャラポア", "マリア・シャラーポバ", "マリア・シャラポ", "マリアシャラポワ",
      "マリア＝シャラポワ"), ("シャラポワ", "シャラポア", "マリア")),
    (("エグザン・ボーモンテ", "エグザン・ボーモンデ", "エグゼン・ボーモンテ", "エグゼン・ボーモンデ",
      "エグザンボーモンテ", "エグザン・ボーモント"), ("ボーモンテ", "ボーモンデ", "エグザン", "エグゼン")),
    (("ジャン・ド・ボーモンテ", "ジャン・ド・ボーモント", "ジャンド・ボーモンテ", "ジャン・ドボーモンテ",
      "ジャン・ボーモンテ"), ("ボーモンテ", "ジャン")),
    # one that is known
    (("セルゲイ・ラブロフ", "セルゲイ・ラヴローフ", "セルゲイ・ラブロワ", "セルゲイ・ラブラワ", "セルゲイラブロフ"),
     ("ラブロフ", "セルゲイ")),
    # kanji in old and new forms, and namesakes who held an office
    (("高橋花子", "髙橋花子", "高橋太郎"), ("高橋", "髙橋", "花子")),
    (("菅義偉", "菅直人", "菅太郎", "習近平"), ("菅", "菅太", "習", "")),
)
OTHER: tuple[tuple[Kind, str], ...] = (
    ("organization", "ワシントン・ポスト"), ("organization", "ワシントンポスト"), ("place", "ワシントン・ポスト"),
)


def shorts_of(written: str) -> tuple[str, ...]:
    """As the indexer has them: parts of a katakana name, the first one or two kanji."""
    pieces = re.split("[・＝]", written)
    if len(pieces) == 1:
        pieces = [written[2:], written[:1], written[:2]]
    return tuple(map(fold_name, pieces))


def names_of(full: Sequence[str], short: Sequence[str]) -> st.SearchStrategy[DistinctName]:
    """What is known to be a part of a name depends on the article: it may come with fewer short forms."""
    titles, countries = st.sampled_from(TITLES), st.sampled_from(COUNTRIES)
    return st.one_of(
        st.builds(
            lambda written, fewer, title, country: DistinctName(
                "person", written, True, shorts_of(written)[fewer:], title, country),
            st.sampled_from(full), st.sampled_from((0, 0, 1)), titles, countries,
        ),
        st.builds(
            lambda written, title, country, date: DistinctName("person", written, False, (), title, country, date),
            st.sampled_from(short), titles, countries, st.sampled_from(("", "2010-07", "2021-03")),
        ),
    )


# Of one family: names of different ones seldom have to do with each other.
BATCHES = st.sampled_from(FAMILIES).flatmap(lambda family: st.lists(
    st.lists(st.one_of(names_of(*family), names_of(*family), names_of(*family), st.builds(
        lambda other: DistinctName(*other), st.sampled_from(OTHER))), min_size=1, max_size=5),
    min_size=2, max_size=6,
))


def outcome(batches: Iterable[Sequence[DistinctName]]) -> dict[tuple[object, ...], tuple[object, ...]]:
    """What tells a name apart -> how it is written, its short forms, and the id or folded name of whom it means.

    Names are linked after each batch.
    """
    with TemporaryDirectory() as directory, Archive.open(Path(directory), create=True) as archive:
        for batch in batches:
            with archive.transaction():
                for name in batch:
                    archive.put_name(name)
                link_names(archive)
        own = dict(archive.rows("SELECT id, folded FROM entities"))
        return {
            tuple(row[1:7]): (row.name, frozenset(row.shorts), own.get(row.entity_id, [row.entity_id]))
            for row in archive.names_after()
        }


@settings(max_examples=150, deadline=None)
@given(batches=BATCHES, most=st.sampled_from((2, 3, 200)), data=st.data())
def test_batches_give_what_all_at_once_give_in_any_order(
    batches: list[list[DistinctName]], most: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations([name for batch in batches for name in batch]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_spellings, "_MOST_COMPARED", most)
        assert outcome(batches) == outcome([shuffled])


def full(written: str, title: str = "", *, fewer: int = 0) -> DistinctName:
    return DistinctName("person", written, True, shorts_of(written)[fewer:], title)


def short(written: str, title: str) -> DistinctName:
    return DistinctName("person", written, False, (), title)


@pytest.mark.parametrize(("earlier", "later", "mean_others"), [
    ([full("田中太郎", "外相"), short("高橋", "外相")], [full("高橋花子", "選手")], set()),
    ([short("ボーモンテ", "外相")], [full("エグザン・ボーモンテ", "外相")], {"ボーモンテ"}),
    ([full("ジャン・ボーモンテ", "外相"), short("ボーモンテ", "外相")], [full("リュック・ボーモンテ", "外相")],
     {"ボーモンテ"}),
    # a spelling joins, and parts those who were one
    ([full("マリア・シャラポワ")], [full("マリア・シャラポア")], {"マリア・シャラポワ"}),
    ([full("マリア・シャラポワ"), full("マリア・シャラポア")], [full("マリア・シャラポワス")], {"マリア・シャラポワ"}),
    # more bear a part than are compared: two, here
    ([full("マリア・シャラポワ"), full("マリア・シャラポア")], [full("マリア・カラス")], {"マリア・シャラポワ"}),
    # the same name with other dots, or without, is written so from then on
    ([full("マリア・シャラポワ"), full("マリア・シャラポア")], [full("マリアシャラポア")], {"マリア・シャラポワ"}),
    ([*map(full, ("エグゼン・ボーモンデ", "エグザン・ボーモンデ", "エグザン・ボーモンテ", "エグザン・ボーモント"))],
     [full("エグザンボーモンデ")], {"エグザン・ボーモント"}),
    # a short form more
    ([full("高橋花子", "外相", fewer=3), short("高橋", "外相")], [full("高橋花子", "外相")], {"高橋"}),
])
def test_a_new_name_touches_others(
    monkeypatch: pytest.MonkeyPatch, earlier: list[DistinctName], later: list[DistinctName], mean_others: set[str]
) -> None:
    monkeypatch.setattr(name_spellings, "_MOST_COMPARED", 2 if later[0].written == "マリア・カラス" else 200)
    before, after = outcome([earlier]), outcome([earlier, later])
    others = {key[1] for key, (_, _, entity) in before.items() if after[key][2] != entity}
    assert others == set(map(fold_name, mean_others))
    assert after == outcome([later, earlier]) == outcome([[*later, *earlier]])


def test_whoever_is_written_first_names_the_entity(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        for written in ("スポニチ・アネックス", "スポニチアネックス"):
            with archive.transaction():
                name, entity = archive.put_name(DistinctName("organization", written))
            link_names(archive)
        assert archive.entities([entity])[entity].name == archive.names_numbered([name])[0].name == written
        assert not archive.rewritten_names()


def test_an_entity_leads_to_whom_its_names_mean_at_last(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True) as archive:
        entities = []
        for written in ("マリア・シャラポワ", "マリア・シャラポイ", "マリア・シャラポア"):     # each names the others
            with archive.transaction():
                entities.append(archive.put_name(full(written))[1])
            link_names(archive)
        assert [archive.merged_into(entity) for entity in entities] == [entities[2], entities[2], None]

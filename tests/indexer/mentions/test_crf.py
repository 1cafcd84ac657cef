"""The trained tagger, held against crfsuite."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pycrfsuite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.mentions import tagger
from indexer.mentions.attributes import Attributed, pieces
from indexer.mentions.crf import Tagger
from indexer.mentions.crf_model import Model, from_weights
from search.japanese.tokens import units
from search.names import NAMES_REVISION

TAUGHT = """
<person:習近平>国家主席は<place:モスクワ>を訪れ、<person:プーチン>大統領と会談した。
<person:石破茂>首相は<organization:国連総会>で演説した。<person:石破>氏は帰国した。
<organization:トヨタ自動車>は<place:愛知県豊田市>に本社を置く。
<person:セルゲイ・ラブロフ>外相が<place:東京>に着いた。
<organization:読売新聞社>と<organization:朝日新聞社>が報じた。
<place:大阪>と<place:京都>で大雨が降った。会議は中止になった。
<organization:風の旅団>の<person:田中花子>さん（25）が語った。
<event:東京オリンピック>は<facility:国立競技場>で開かれた。
""".split()

TEXTS = [
    "",
    "。",
    "・",
    "\n",
    " ",
    "東京",
    "習近平国家主席は北京で会談した。\nプーチン大統領も語った！「石破茂首相は東京にいる」と。",
    "読売新聞社、朝日新聞社、毎日新聞社の田中花子さんと山田太郎さんは、愛知県名古屋市で風の旅団の取材をした",
    "\ud800東京\udfff",
    "葛\U000e0100城市の𠮷野家と㈱日立、㍿の社長ﾌﾟｰﾁﾝ",
    "АБВ ABC, 123 – ¥500 …… 😀",
    "東京大阪京都" * 1_700,
    "セルゲイ・" * 2_000,
    "と言った" * 2_500,
    "赤色灯と赤色のガソリン、赤色灯",       # 赤色 is one short unit, then two
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """crfsuite's file, of a model that knows eight sentences."""
    path = tmp_path_factory.mktemp("crf") / "model"
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params({"c1": 0.01, "c2": 0.01, "max_iterations": 60, "feature.possible_transitions": True})
    for marked in TAUGHT:
        for piece, labels in _taught(marked):
            trainer.append([word.valued() for word in piece], labels)
    trainer.train(str(path))
    return path


def _taught(marked: str) -> Iterator[tuple[list[Attributed], list[str]]]:
    text, names = "", {}
    for plain, kind, name in re.findall(r"([^<]*)(?:<(\w+):([^>]*)>)?", marked):
        text += plain
        names |= {len(text) + at: f"{'I' if at else 'B'}-{kind}" for at in range(len(name))}
        text += name
    for piece in pieces(units(text)):
        yield piece, [names.get(word.start, "O") for word in piece]


@pytest.fixture(scope="module")
def peer(trained: Path) -> pycrfsuite.Tagger:
    opened = pycrfsuite.Tagger()
    opened.open(str(trained))
    return opened


@pytest.fixture(scope="module")
def model(peer: pycrfsuite.Tagger) -> Model:
    info = peer.info()
    return from_weights(info.state_features, info.transitions, sorted(info.labels, key=info.labels.get))


@pytest.fixture(scope="module")
def ours(model: Model) -> Tagger:
    return Tagger(model)


def of_crfsuite(peer: pycrfsuite.Tagger, text: str) -> list[tuple[str, float]]:
    """The label of each word that is no cut, and how probable it is."""
    found = []
    for piece in pieces(units(text)):
        labels = peer.tag([word.valued() for word in piece])
        found += [(label, peer.marginal(label, at)) for at, label in enumerate(labels)]
    return found


def assert_agree(ours: Tagger, peer: pycrfsuite.Tagger, model: Model, text: str) -> None:
    expected = of_crfsuite(peer, text)
    labelled = ours.label([None, *units(text), None])
    labels = [(model.labels[label], share) for label, share in zip(labelled.labels, labelled.shares, strict=True)]
    got = [pair for pair, is_cut in zip(labels, labelled.cuts, strict=True) if not is_cut]
    assert [label for label, _ in got] == [label for label, _ in expected]
    assert [share for _, share in got] == pytest.approx([share for _, share in expected], abs=1e-4)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:8]))
def test_labels_and_probabilities_are_those_of_crfsuite(
    ours: Tagger, peer: pycrfsuite.Tagger, model: Model, text: str,
) -> None:
    assert_agree(ours, peer, model, text)


SCRAPS = st.lists(st.sampled_from([
    "習近平", "国家主席", "は", "モスクワ", "東京", "の", "・", "、", "。", "\n", " ", "「", "」", "新聞社", "氏", "と",
    "語った",
    "大雨", "ラブロフ", "3", "ABC", "（", "）", "風の旅団", "さん", "？", "や", "\ud83d", "郎", "会談", "in",
])).map("".join)


# To crfsuite a name ends at the first NUL.
ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@settings(deadline=None, max_examples=150)
@given(text=SCRAPS | ANYTHING)
def test_any_text_is_labelled_as_by_crfsuite(ours: Tagger, peer: pycrfsuite.Tagger, model: Model, text: str) -> None:
    assert_agree(ours, peer, model, text)


@settings(deadline=None, max_examples=60)
@given(parts=st.lists(SCRAPS, max_size=6))
def test_the_parts_of_an_article_are_tagged_as_one_by_one(ours: Tagger, parts: list[str]) -> None:
    together = ours.tag_parts([units(part) for part in parts])
    for found, part in zip(together, parts, strict=True):
        alone = ours.tag(units(part))
        assert [span[:3] for span in found] == [span[:3] for span in alone]
        assert [span.confidence for span in found] == pytest.approx([span.confidence for span in alone], abs=1e-5)


@pytest.mark.parametrize("marked", TAUGHT)
def test_what_was_taught_is_found(ours: Tagger, marked: str) -> None:
    text = re.sub(r"<\w+:|>", "", marked)
    found = [f"<{span.kind}:{text[span.start:span.end]}>" for span in ours.tag(units(text))]
    assert found == re.findall("<.*?>", marked)


def test_spans_count_the_characters_that_nobody_sees(ours: Tagger) -> None:
    text = "\u200b習\u00ad近平国家主席は\u200bモスクワ\u00adへ"
    assert [text[span.start:span.end] for span in ours.tag(units(text))] == ["習\u00ad近平", "モスクワ\u00ad"]


def test_a_saved_model_is_the_same_but_for_rounding(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "one.npz")
    model.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = Model.load(tmp_path / "one.npz")
    assert (again.labels, again.groups) == (model.labels, model.groups)
    assert (again.features, again.own_features) == (model.features, model.own_features)
    for table in ("weights", "own_weights", "vectors"):
        assert getattr(again, table) == pytest.approx(getattr(model, table), rel=1e-3, abs=1e-6)
    for pair, original in zip(again.pairs, model.pairs, strict=True):
        assert (pair.numbers == original.numbers).all()
        assert pair.scores == pytest.approx(original.scores, rel=1e-3, abs=1e-6)


def test_words_are_looked_at_anew_when_there_are_too_many(
    model: Model, monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = Tagger(model), Tagger(model)
    monkeypatch.setattr("indexer.mentions.crf_rows.MOST_ROWS", 8)
    for text in TEXTS[:10] * 2:
        found = small.tag(units(text))
        monkeypatch.undo()
        assert found == large.tag(units(text))
        monkeypatch.setattr("indexer.mentions.crf_rows.MOST_ROWS", 8)


def test_an_error_in_the_middle_does_no_lasting_harm(model: Model) -> None:
    broken = iter([0, 0, KeyboardInterrupt()])

    def mark(unit: object) -> int:
        if isinstance(one := next(broken, 0), BaseException):
            raise one
        return 0

    tagger = Tagger(model, mark)
    with pytest.raises(KeyboardInterrupt):
        tagger.tag(units(TEXTS[6]))
    assert tagger.tag(units(TEXTS[6])) == Tagger(model).tag(units(TEXTS[6]))


def test_another_model_is_another_revision_of_names() -> None:
    """Or else archives would keep the mentions that an earlier model found."""
    data = files("indexer") / "data"
    digest = hashlib.blake2b(b"".join((data / f"{name}.npz").read_bytes() for name in ("names", "clusters")))
    known = (NAMES_REVISION, digest.hexdigest()[:16])
    assert known == (4, "f03822ac5bc0a990"), "raise NAMES_REVISION, and put this digest here"


@pytest.mark.parametrize(("text", "expected"), [
    ("ロシアのラブロフ外相は17日、モスクワで記者会見した。", "ラブロフ/person モスクワ/place"),
    ("高市早苗首相は国会で、東京電力の責任について答弁した。", "高市早苗/person 東京電力/organization"),
    ("会議は三時間続いた。", ""),
])
def test_the_model_that_comes_with_the_program_knows_news(text: str, expected: str) -> None:
    found = " ".join(f"{text[span.start:span.end]}/{span.kind}" for span in tagger.trained().tag(units(text)))
    assert all(name in found for name in expected.split())
    assert expected or not found

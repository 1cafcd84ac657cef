"""What papers do to a wire story before they print it: the copies that `benchmarks.copies` looks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from search.articles import Article, Published, Section

SHORTEST_CHARS = 200
_SENTENCES = re.compile(r"[^。]*。[」』）)]*|[^。]+$")

# What one paper writes for the other's words.
_OTHER_WORDS = {pair.partition("/")[0]: pair.partition("/")[2] for pair in """
    によると/によれば 発表した/明らかにした 述べた/語った 約/およそ 行った/実施した 行われた/実施された 予定/見通し
    として/とし ことがわかった/ことが判明した 見られる/みられる 死亡/死去 開始/スタート 決定/決断 会見/記者会見
    影響/余波 問題/課題 増加/増大 減少/低下 調査/調べ 対策/対応 被害/損害 批判/非難 開催/開く 開かれた/開催された
    今回/このたび また/さらに しかし/だが 一方/これに対し している/しており という/とのことだ による/に伴う
    などの/といった これまで/従来 同日/この日 強調/力説 要求/要請 容疑/疑い 容疑者/被疑者 負傷/けが さん/氏
    大統領/大統領氏 首相/総理大臣 警察/警察当局 関係者/当局者 可能性/恐れ 確認/把握 報道/報じ 午前/朝 続けて/続け
    については/に関しては について/に関して ため/ので ほか/他 および/と 現地時間/現地 支援/援助 協議/話し合い
    解散/散会 選出/選任 優勝/制覇 試合/ゲーム 勝利/白星 敗れた/敗退した
""".split()}
_PARTICLES = {"は": "が", "が": "は", "に": "へ", "へ": "に", "で": "にて", "や": "と"}
# Stand in for any word that no table has another for.
_ANY_WORDS = """
    事態 状況 動向 措置 方針 意向 側面 実態 経緯 見解 体制 案件 部門 事業 区域 案内 資料 手続き 計画 活動 取り組み
    働き 仕組み 立場 責任者 担当者 住民 市民 団体 組織
""".split()
_PLACES = """
    ロンドン ワシントン 北京 ソウル パリ 札幌 仙台 大阪 福岡 那覇
""".split()
_AGENCIES = ("時事", "共同", "ロイター", "AFP")
_TITLES = ("発表受け関係者が対応", "当局が詳細を確認", "各地で反応広がる", "きょうのニュース", "専門家「注視が必要」")
_KANJI_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def sentences(text: str) -> list[str]:
    """Cut after each full stop, what closes a quotation with it."""
    return _SENTENCES.findall(text)


def paragraphs(article: Article) -> list[str]:
    """Headings and paragraphs, in order."""
    return [p for s in article.sections if not s.is_captions for p in (s.heading or "", *s.text.split("\n\n")) if p]


def with_text(article: Article, pieces: Sequence[str], rng: Random, mark: str, days: int = 2) -> Article:
    """The article with other paragraphs, another title and id, some days later."""
    published = article.published
    if published:
        published = Published(published.at + timedelta(days=rng.randint(0, days)), published.precision)
    return replace(
        article, id=f"{article.id}~{mark}", title=rng.choice(_TITLES), source=f"{rng.choice(_PLACES)}新聞",
        published=published, sections=(Section(None, "\n\n".join(p for p in pieces if p)),), title_inferred=False,
    )


def recredited(article: Article, rng: Random) -> list[str]:
    """Another agency before the text, and perhaps behind it."""
    pieces = paragraphs(article)
    place, agency = rng.choice(_PLACES), rng.choice(_AGENCIES)
    pieces[0] = rng.choice((f"【{place}={agency}】", f"【{place}共同】", f"［{place} 1日 {agency}］ ")) + pieces[0]
    if rng.random() < 0.5:
        pieces[-1] += f"（{agency}）"
    return pieces


def without_last_paragraphs(article: Article, rng: Random) -> list[str]:
    """One to three of them, as far as SHORTEST_CHARS are left."""
    return _down_to(paragraphs(article), rng.randint(1, 3), lambda pieces: pieces[:-1], "\n\n")


def without_sentences_at_an_end(article: Article, rng: Random) -> list[str]:
    """The first ones or the last."""
    several = [s for p in paragraphs(article) for s in sentences(p)]
    shorter: Callable[[list[str]], list[str]] = rng.choice((lambda p: p[1:], lambda p: p[:-1]))
    return ["".join(_down_to(several, rng.randint(1, 3), shorter, ""))]


def first_half(article: Article, rng: Random) -> list[str]:
    """Whole sentences, up to half of the text or SHORTEST_CHARS."""
    del rng
    several = [s for p in paragraphs(article) for s in sentences(p)]
    half = sum(map(len, several)) // 2
    kept: list[str] = []
    while several and (sum(map(len, kept)) < max(half, SHORTEST_CHARS)):
        kept.append(several.pop(0))
    return ["".join(kept)]


def _down_to(pieces: list[str], times: int, shorter: Callable[[list[str]], list[str]], joint: str) -> list[str]:
    for _ in range(times):
        if len(joint.join(shorter(pieces))) < SHORTEST_CHARS:
            break
        pieces = shorter(pieces)
    return pieces


def other_numbers(text: str, rng: Random) -> str:
    """In kanji or in full-width digits."""
    table = rng.choice((_KANJI_DIGITS, _WIDE_DIGITS))

    def write(found: re.Match[str]) -> str:
        digits = found[0]
        if table is _KANJI_DIGITS and len(digits) == 2 and digits[0] != "0":
            tens, ones = digits[0].replace("1", ""), digits[1].replace("0", "")
            return f"{tens}十{ones}".translate(table)
        return digits.translate(table)
    return re.sub(r"\d+", write, text)


def edited(share: float) -> Callable[[Article, Random], list[str]]:
    """Half of the share by words, the other half by whole sentences; numbers are written in other characters."""
    def edit(article: Article, rng: Random) -> list[str]:
        return edit_pieces(paragraphs(article), share, rng)
    return edit


def edit_pieces(pieces: list[str], share: float, rng: Random) -> list[str]:
    """See `edited`."""
    several = [(n, s) for n, p in enumerate(pieces) for s in sentences(p)]
    total = sum(len(s) for _, s in several)
    goal = total * share / 2
    for _ in range(20):
        gone = rng.randrange(len(several))
        size = len(several[gone][1])
        if size <= goal and total - size >= SHORTEST_CHARS + 30 and len(several) > 1:
            goal -= size
            total -= size
            del several[gone]
    if len(several) > 1 and rng.random() < share * 2:     # two sentences become one
        at = rng.randrange(len(several) - 1)
        n, first = several[at]
        several[at : at + 2] = [(n, first.removesuffix("。") + "、" + several[at + 1][1])]
    out = ["" for _ in pieces]
    for n, s in several:
        out[n] += s
    if rng.random() < 0.5:
        out = [other_numbers(p, rng) for p in out]
    return [p for p in _other_words(out, share / 2, rng) if p]


_LISTED = sorted((word for pair in _OTHER_WORDS.items() for word in pair), key=len, reverse=True)
_WORDS = re.compile("|".join([*_LISTED, "[一-鿿]{2,4}", "[はがにへでや]"]))


def _other_words(pieces: list[str], share: float, rng: Random) -> list[str]:
    """Other words and particles here and there, until so much of the text is touched."""
    other = {**_OTHER_WORDS, **{second: first for first, second in _OTHER_WORDS.items()}, **_PARTICLES}
    text = "\n\n".join(pieces)
    places = list(_WORDS.finditer(text))
    rng.shuffle(places)
    left = len(text) * share
    changes: list[tuple[int, int, str]] = []
    for found in places:
        if left <= 0:
            break
        word = found[0]
        if word not in other and (rng.random() < 0.5 or re.search("[一二三四五六七八九十百千万億兆〇]", word)):
            continue
        new = other.get(word) or rng.choice(_ANY_WORDS)
        changes.append((found.start(), found.end(), new))
        left -= max(len(word), len(new))
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text.split("\n\n")


def all_at_once(article: Article, rng: Random) -> list[str]:
    """As it comes into another paper: its own credit, cut, and put into its own words here and there."""
    credited = replace(article, sections=(Section(None, "\n\n".join(recredited(article, rng))),))
    return edit_pieces(without_last_paragraphs(credited, rng), 0.10, rng)


COPIES: dict[str, Callable[[Article, Random], list[str]]] = {
    "re-credited, other title": recredited,
    "last 1–3 paragraphs cut": without_last_paragraphs,
    "first or last 1–3 sentences cut": without_sentences_at_an_end,
    "first half alone": first_half,
    "edited, 5 %": edited(0.05),
    "edited, 15 %": edited(0.15),
    "edited, 25 %": edited(0.25),
    "cut, edited 10 %, re-credited": all_at_once,
}

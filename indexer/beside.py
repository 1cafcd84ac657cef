"""What stands in a text beside the article: captions of pictures, and lists of other articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from indexer.headings import MARKED_HEADING

# Longer paragraphs are the article's own.
MAX_CAPTION_CHARS = 200
_PICTURE = "写真|画像|動画|図表?|地図|グラフ|イラスト"
CAPTION = re.compile(
    rf"[(（〔\[［](?:{_PICTURE})[)）〕\]］][ \u3000]*\S.*"
    rf"|【(?:{_PICTURE})(?:説明|[=＝・／/:：][^】]*|[０-９\d①-⑳]+)?】[ \u3000]*\S.*"
    rf"|[▲△▼▽■◆●][ \u3000]?(?:{_PICTURE})[=＝:：].+"
    rf"|(?:{_PICTURE})(?:説明)?[:：].+"
    r"|写真説明[=＝ \u3000].+"
    r"|.*写真は.*撮影[(（][12]\d{3}年[^()（）]*[)）]"
)
CAPTION_BEGINS = tuple("（(〔[［【▲△▼▽■◆●写画動図地グイ")

RELATED = re.compile(
    r"(?:##+[ \u3000]+)?[■□▼▽◆◇●【<＜\[［]?[ \u3000]?"
    r"(?:関連(?:記事|リンク|ニュース|サイト|項目|する記事)|あわせて読みたい|合わせて読みたい|こちらも読む|おすすめ記事)"
    r"(?:一覧)?[ \u3000]?[】>＞\]］:：]?"
)
MAX_RELATED_CHARS = 24
# ウィキニュース has no line ends in its list: 2016年8月16日(火):台風13号の影響で…2014年7月7日(月):台風8号で…
DATED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日\([日月火水木金土]\):")
MIN_DATED = 3


def part_captions(blocks: Sequence[str]) -> tuple[list[str], list[str]]:
    """Paragraphs of the text, and those that say of themselves that they stand below a picture."""
    captions = [block for block in blocks if _is_caption(block)]
    return ([block for block in blocks if not _is_caption(block)] if captions else list(blocks)), captions


def _is_caption(block: str) -> bool:
    return (
        len(block) <= MAX_CAPTION_CHARS
        and (block.startswith(CAPTION_BEGINS) or "撮影" in block)
        and "\n" not in block
        and CAPTION.fullmatch(block) is not None
    )


def part_related(blocks: Sequence[str]) -> tuple[list[str], list[str]]:
    """Paragraphs of the text, and the titles of other articles below a line such as 関連記事.

    They go on to the end of the text, or to the next `## `; a full stop among them says that it is no such list.
    """
    for number, block in enumerate(blocks):
        first, _, rest = block.partition("\n")
        if len(first) > MAX_RELATED_CHARS or not RELATED.fullmatch(first):
            continue
        below = blocks[number + 1 :]
        if first.startswith("##"):
            end = next((at for at, one in enumerate(below) if MARKED_HEADING.match(one)), len(below))
        else:
            end = len(below)
        listed = [line for one in (rest, *below[:end]) for line in one.split("\n") if line]
        if listed and not any("。" in line for line in listed):
            return [*blocks[:number], *below[end:]], listed
    return _part_dated(blocks)


def _part_dated(blocks: Sequence[str]) -> tuple[list[str], list[str]]:
    """The same for a list without line ends: dates with a title each, the newest first, to a paragraph's end."""
    if not any("):" in block for block in blocks):
        return list(blocks), []
    kept: list[str] = []
    titles: list[str] = []
    for block in blocks:
        # From the last full stop on.
        end = max(block.rfind("。"), block.rfind("\n")) + 1
        dated = list(DATED.finditer(block, end)) if "):" in block else []
        if len(dated) >= MIN_DATED and _are_newest_first(dated):
            titles += _each(block, [one.start() for one in dated])
            block = block[: dated[0].start()].rstrip()
        if block:
            kept.append(block)
    return kept, titles


def _each(text: str, starts: Sequence[int]) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise([*starts, len(text)])]


def _are_newest_first(dated: Sequence[re.Match[str]]) -> bool:
    dates = [tuple(map(int, one.groups())) for one in dated]
    return dates == sorted(dates, reverse=True)

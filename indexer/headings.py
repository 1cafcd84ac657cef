"""Paragraphs to sections: which of them are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.dates import parse_date
from indexer.ruby import BASE, bare

# A newspaper's subheading is one or two lines of 10 to 15 characters; web headings run a little longer.
MAX_HEADING_CHARS = 40

MARKED_HEADING = re.compile(r"#{2,6}[ \u3000]+(\S.*)")
SENTENCE_END = tuple("。．.！!？?…、，,：:；;")
LIST_ITEM = re.compile(r"[・•‐\-–—―*＊※→▽▲△○●]|[(（]?[\d０-９①-⑳]+[)）.．、]|https?:")
_AGENCY = "共同|時事|ロイター|AFP|ＡＦＰ"
# （共同）, 【北京＝共同】, 見本太郎記者, 写真＝ロイター, © 見本新聞
CREDIT = re.compile(
    rf"[(（].*[)）]|【.*(?:＝|=|{_AGENCY}).*】|.*[(（](?:{_AGENCY})[)）]|[©Ⓒ].*"
    r"|.*(?:記者|特派員|通信員|編集委員|論説委員|撮影)|(?:写真|文|取材|撮影|提供|出典|資料)\s*[＝=・/／].*"
)
# A quotation is a heading as long as it is short (「新しい指導者を」); longer, it is somebody speaking.
QUOTE = re.compile("「[^」]{19,}」|『[^』]{19,}』")

# ■背景, ▽今後の焦点. In ▽A▽B the same sign parts the items of a list.
LED = re.compile(rf"(?P<sign>[■□◆◇◎●○▼▽▲△★☆])(?!(?P=sign))[ \u3000]?(?:(?!(?P=sign))[^。\n]){{1,{MAX_HEADING_CHARS}}}")
# Below such a line stands prose, which in Japanese has this many characters at least and a full stop.
MIN_PROSE_CHARS = 20

# 【背景】本文… at the beginning of paragraphs. What tells of the kind of an article, or of a picture, heads nothing.
RUN_IN = re.compile(r"【(?P<heading>[^】＝=\n]{2,15})】[ \u3000]*(?P<text>\S.*)", re.DOTALL)
NO_RUN_IN = re.compile(
    rf".*(?:写真|図解|動画|画像|映像|速報|独自|号外|解説|関連|広告|ＰＲ|PR|{_AGENCY}|ニュース|新聞|記者|更新|訂正).*"
)
MIN_RUN_INS = 2


@dataclass(slots=True)
class Draft:
    """A section that is being gathered: its heading and its paragraphs."""

    heading: str | None = None
    paragraphs: list[str] = field(default_factory=list)


def divide(blocks: Sequence[str]) -> list[Draft]:
    """Sections by their `## ` lines, or where there are none, by what else looks like a heading."""
    marked = any(block.startswith("##") and MARKED_HEADING.fullmatch(block) for block in blocks)
    run_ins = frozenset() if marked else _run_ins(blocks)
    found = [Draft()]
    for number, block in enumerate(blocks):
        mark = MARKED_HEADING.fullmatch(block) if marked else None
        may_be = not marked and (len(block) <= MAX_HEADING_CHARS + 2 or BASE in block)
        if mark or (may_be and (_is_led(blocks, number) or _is_heading(blocks, number))):
            found.append(Draft(mark[1] if mark else block))
        elif number in run_ins and (run_in := RUN_IN.fullmatch(block)):
            found.append(Draft(run_in["heading"], [run_in["text"]]))
        else:
            found[-1].paragraphs.append(block)
    return found


def like_heading(block: str) -> bool:
    """Whether it has the form of a heading, whatever stands around it."""
    if len(block) > MAX_HEADING_CHARS and BASE in block:
        block = bare(block)
    return (
        len(block) <= MAX_HEADING_CHARS
        and "\n" not in block
        and "。" not in block
        and not block.endswith(SENTENCE_END)
        and any(char.isalpha() for char in block)
        and not LIST_ITEM.match(block)
        and not CREDIT.fullmatch(block)
        and not QUOTE.fullmatch(block)
        and parse_date(block) is None
    )


def is_led(line: str) -> bool:
    """Whether a sign leads the line, as in ■背景, and it is none of several on the line."""
    return line[:1] in "■□◆◇◎●○▼▽▲△★☆" and LED.fullmatch(line) is not None


def _is_heading(blocks: Sequence[str], number: int) -> bool:
    """A short line of its own between two paragraphs; of several in a row none is (a list, a poem)."""
    return (
        0 < number < len(blocks) - 1
        and like_heading(blocks[number])
        and not like_heading(blocks[number - 1])
        and not like_heading(blocks[number + 1])
    )


def _is_led(blocks: Sequence[str], number: int) -> bool:
    """A line that a sign leads, with prose below it; items of a list follow on each other."""
    if not is_led(blocks[number]) or number + 1 >= len(blocks):
        return False
    above, below = blocks[number - 1] if number else "", blocks[number + 1]
    return not is_led(above) and not is_led(below) and len(below) >= MIN_PROSE_CHARS and "。" in below


def _run_ins(blocks: Sequence[str]) -> frozenset[int]:
    """Numbers of the paragraphs that begin with a heading, if several do, each with another."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        one = RUN_IN.fullmatch(block) if block.startswith("【") else None
        if one and len(one["text"]) >= MIN_PROSE_CHARS and not NO_RUN_IN.fullmatch(one["heading"]):
            found[number] = one["heading"]
    if len(found) < MIN_RUN_INS or len(set(found.values())) < len(found):
        return frozenset()
    return frozenset(found)


def is_marked(line: str) -> bool:
    """Whether the line begins with `## `, and so is a heading whatever it looks like."""
    return line.startswith("##") and MARKED_HEADING.match(line) is not None


def headings_within(lines: Sequence[str]) -> Iterator[int]:
    """Numbers of the lines of one block that a sign leads and prose follows."""
    written = [line.strip() for line in lines]
    return (number for number in range(len(written)) if _is_led(written, number))

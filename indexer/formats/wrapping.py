"""Lines that an editor wrapped: Japanese has no space where the line ends, other scripts do."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.ruby import BASE, bare

# Kana, kanji, their marks, full-width forms, signs of ruby: a line break beside one of them is no space.
WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\ufff9-\ufffb\U00020000-\U0003ffff"
WRAP_IN_JAPANESE = re.compile(rf"(?<=[{WIDE}])[ \t]*[\r\n]\s*(?=[{WIDE}])")
ENDS_WIDE = re.compile(rf"[{WIDE}]\Z")
BEGINS_WIDE = re.compile(rf"[{WIDE}]")

# Columns that files and mails are wrapped at, from a newspaper's column of ten characters to a wide window.
MIN_COLUMNS, MAX_COLUMNS = 16, 120
# A break is forced where what follows would not have fitted; editors differ by one full-width sign that they let hang.
SLACK_COLUMNS = 2
# Of the breaks in mid-sentence, so many must be forced for the whole to count as wrapped.
FORCED_SHARE = 0.8
# A line of a list is shorter.
ALONE_COLUMNS = 30

ENDS_SENTENCE = tuple("。．！？!?」』）)】…")
ENDS_PROSE = ("。", "。）", "。」", "！", "？", "．")
# What an editor moves to the next line as one: brackets with what they open, a word or a number, and what closes.
UNIT = re.compile(
    r"[「『（(【〈《［\[“‘]*(?:[A-Za-z0-9\u00c0-\u024f.,:/%+&'’@_~-]+|.)[、。，．,.」』）)】〉》］\]！？!?ー…‥々ゃゅょっぁぃぅぇぉャュョッァィゥェォ・：；”’]*"
)
# What an item of a list begins with; the line may also go on with a sentence, in サイトウ\n・キネン or 山田さん\n(26).
ITEM = re.compile(
    r"\s*(?:(?P<sign>[・•‐\-–—―*＊※→▽▲△○●■◆◇◎▼|>＞#①-⑳])|(?P<in_brackets>[(（])[\d０-９]{1,3}[)）]"
    r"|(?P<number>[\d０-９])[\d０-９]{0,2}[)）.．、](?![\d０-９])"
    r"|\d{1,2}(?P<clock>[:：])\d\d(?!\d))"
)
ITEM_BEGINS = frozenset("・•‐-–—―*＊※→▽▲△○●■◆◇◎▼|>＞#①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳(（0123456789０１２３４５６７８９")
# Addresses, columns of a table, rules.
ROW_BEGINS = ("〒", "http:", "https:")
GAPS = ("\t", "  ", "　　")
RULE = re.compile(r"([^\w\s、。，．」』）])\1{2,}")
# What only an editor that knows no rules puts at the beginning of a line.
NEVER_FIRST = tuple("、。，．」』）】ーっゃゅょッャュョ")
# Of the lines, so many are no wider: single ones hold a long word, or an address, that cannot be broken.
WIDEST = 0.9
# Between words in Latin script stands a space: of the, 47NEWS\n(共同通信) has none.
SPACED = re.compile(r"[A-Za-z0-9\u00c0-\u024f,.;:!?’']\n(?:[A-Za-z0-9\u00c0-\u024f“‘&$]|\([A-Za-z]).?")


def join_lines(first: str, second: str) -> str:
    """Two lines of one paragraph as one."""
    first, second = first.rstrip(), second.lstrip(" \t")
    if ENDS_WIDE.search(first) and BEGINS_WIDE.match(second):
        return first + second
    return f"{first} {second}"


def unwrap(text: str) -> str:
    """Text of a markup where line breaks are white space: each run is one space, or none within Japanese."""
    return re.sub(r"[ \t\r\n\f]+", " ", WRAP_IN_JAPANESE.sub("", text))


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How an editor wrapped a text.

    columns: where. signs: what the items of the text's own lists begin with.
    is_blind: it knows no rules, so that 。 begins a line and a word goes on in the next one.
    """

    columns: int
    signs: frozenset[str] = frozenset()
    is_blind: bool = False

    def goes_on(self, above: str, line: str) -> bool:
        """Whether the line is the rest of the one above, which ends where it does for want of room."""
        if line.lstrip().startswith(NEVER_FIRST):
            return True
        if is_row(line) or is_row(above) or (self.signs and sign_of(line) in self.signs):
            return False
        return is_forced(above, line, self.columns)

    def between(self, above: str, line: str) -> str:
        """What stood where the line above was broken: a space between words in Latin script, or nothing."""
        above, line = above.rstrip(), line.lstrip()
        if not SPACED.fullmatch(f"{above[-1:]}\n{line[:2]}") or (above[-1:].isdigit() and line[:1].isdigit()):
            return ""
        is_cut = self.is_blind and columns(above) == self.columns
        return "" if is_cut else " "


def columns(line: str) -> int:
    """How wide a line stands, nearly: a column for a character of ASCII, two for any other."""
    if BASE in line:
        line = bare(line)
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def sign_of(line: str) -> str:
    """What tells that the line is an item of a list, if it is one; "" for any other line."""
    written = line.lstrip()
    found = ITEM.match(written) if written[:1] in ITEM_BEGINS else None
    if found is None:
        return ""
    return found["sign"] or (found.lastgroup or "")


def is_row(line: str) -> bool:
    """Whether the line is no prose: a row of a table, an address, a rule."""
    written = line.strip()
    if any(gap in written for gap in GAPS) or written.startswith(ROW_BEGINS):
        return True
    return not written[:1].isalnum() and RULE.match(written) is not None


def wrapping_of(blocks: Sequence[Sequence[str]], begins: tuple[str, ...] = ()) -> Wrapping | None:
    """How a text is wrapped; None for a text whose line breaks are its own.

    blocks: its lines, as blank lines part them. begins: what a line that continues no other begins with.
    """
    pairs = [
        (first.rstrip(), second)
        for lines in blocks
        # Of prose; a list, or verse, has no full stops.
        if len(lines) > 1 and any(line.rstrip().endswith(ENDS_PROSE) for line in reversed(lines))
        for first, second in pairwise(lines)
        if not second.startswith(begins) and not is_row(first) and not is_row(second)
    ]
    if not pairs:
        return None
    widths = sorted(columns(first) for first, _ in pairs)
    width = widths[math.ceil(WIDEST * len(widths)) - 1]
    signs = _signs(blocks, width)
    broken = [
        (first, second) for first, second in pairs
        if not first.endswith(ENDS_SENTENCE) and not (signs and sign_of(second) in signs)
    ]
    forced = sum(is_forced(first, second, width) for first, second in broken)
    if not MIN_COLUMNS <= width <= MAX_COLUMNS or not broken or forced < FORCED_SHARE * len(broken):
        return None
    if len(broken) == 1 and not _goes_on_alone(*broken[0], width):
        return None
    is_blind = any(second.startswith(NEVER_FIRST) for _, second in broken) and all(
        columns(first) >= widths[-1] - 1 for first, _ in broken
    )
    return Wrapping(widths[-1] if is_blind else width, signs, is_blind)


def _signs(blocks: Sequence[Sequence[str]], width: int) -> frozenset[str]:
    """Signs of items that certainly begin something: below a blank line, a full stop, a short line, or each other."""
    found: set[str] = set()
    for lines in blocks:
        above = ""
        for line in lines:
            sign = sign_of(line)
            if sign and (
                not above
                or sign_of(above) == sign
                or above.rstrip().endswith((*ENDS_SENTENCE, ":", "："))
                or not is_forced(above, line, width)
            ):
                found.add(sign)
            above = line
    return frozenset(found)


def _goes_on_alone(first: str, second: str, width: int) -> bool:
    """One break in all says little: above it is more than a title, below it the end of a sentence."""
    return (
        columns(first) >= ALONE_COLUMNS
        and second.rstrip().endswith(ENDS_SENTENCE)
        and columns(second) <= width + SLACK_COLUMNS
    )


def is_forced(first: str, second: str, width: int) -> bool:
    """Whether the first line ends where it does because what follows would not have fitted into `width` columns."""
    left = width - columns(first.rstrip()) - SLACK_COLUMNS
    if left < 1:
        return True
    unit = UNIT.match(second.lstrip())
    return columns(unit[0] if unit else "") > left

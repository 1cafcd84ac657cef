"""How often pieces of real text come back from bytes of which nothing is declared.

    KIJIGURA_CORPORA=... python -m benchmarks.encodings [--pieces 2000] [--half 1]

Without KIJIGURA_CORPORA the pieces are cut from seeds/. A piece is right when its text comes back exactly; one whose
first and last characters were cut through, when all between them does. Half 0 of the articles is the one that the
numbers in `indexer.likeness` and `indexer.decoding` were chosen on; what counts is half 1, which they never saw.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from benchmarks import corpus
from benchmarks.tables import table
from indexer.decoding import Undecodable, decode

LEAST_BYTES, MOST_BYTES = 20, 2_000
LENGTHS = (64, 256, MOST_BYTES + 1)
"""Pieces are reported by their length: below 64 bytes, below 256, and the rest."""

SEED = 20_240_410
MOST_EDGE_CHARS = 3
"""What may be left of a character that was cut through: its bytes, or as many U+FFFD."""

# What each side calls the same characters of JIS X 0208.
TO_WINDOWS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
TO_JIS = str.maketrans("～－∥—￠￡￢", "〜−‖―¢£¬")

VENDOR = "①②③⑨⑳ⅠⅡⅢⅣ㈱㈲㈹№℡㍉㌔㍍㎜㎝髙﨑德黑"
"""Characters of Windows that Japanese text has: NEC's row 13, and IBM's kanji in names."""

JIS_2004 = "𠮟噓俠俱剝吞屛幷摑攢榤焰瘦繫蟬蠟醬頰鷗麴"
"""Kanji of JIS X 0213 that JIS X 0208 lacks or has in another form, all in use."""

Encode = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Form:
    """A way to keep text. alter: what is put into it first. may_be_cut: whether its characters have several bytes."""

    name: str
    encode: Encode
    alter: Callable[[str, random.Random], str] = lambda text, dice: text
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """text: what must come back."""

    text: str
    data: bytes
    is_cut: bool = False


# ---- forms


def windows(text: str) -> bytes:
    return text.encode("cp932")


def jis(encoding: str) -> Encode:
    return lambda text: text.encode(encoding)


@cache
def _moved(char: str) -> bytes:
    """The place of a character of NEC or IBM in EUC-JP, by its place in cp932. Raises UnicodeError."""
    lead, trail = char.encode("cp932") if len(char.encode("cp932")) == 2 else (0, 0)
    if lead >= 0xFA:
        lead, trail = _nec_place(char)
    row = (lead - (0x81 if lead < 0xE0 else 0xC1)) * 2
    cell = trail - (0x40 if trail < 0x7F else 0x41)
    if trail >= 0x9F:
        row, cell = row + 1, trail - 0x9F
    return bytes((row + 0xA1, cell + 0xA1))


def _nec_place(char: str) -> tuple[int, int]:
    """IBM's kanji stand twice in cp932; EUC-JP has room for the rows that NEC chose. Raises UnicodeError."""
    for lead in (0xED, 0xEE):
        for trail in (*range(0x40, 0x7F), *range(0x80, 0xFD)):
            if bytes((lead, trail)).decode("cp932", "ignore") == char:
                return lead, trail
    raise UnicodeError(f"{char} is not among NEC's")


def euc_of_windows(text: str) -> bytes:
    """cp51932: EUC-JP with NEC's rows in it."""
    return b"".join(_moved(char) if char in VENDOR else char.encode("euc_jp") for char in text)


def iso_2022_of_windows(text: str) -> bytes:
    """ISO-2022-JP with NEC's rows in it."""
    parts = []
    for char in text:
        in_vendor = char in VENDOR
        pair = bytes(byte & 0x7F for byte in _moved(char)) if in_vendor else b""
        parts.append(b"\x1b$B" + pair + b"\x1b(B" if in_vendor else char.encode("iso2022_jp"))
    return b"".join(parts).replace(b"\x1b(B\x1b$B", b"")


def for_windows(text: str, dice: random.Random) -> str:
    return text.translate(TO_WINDOWS)


def for_jis(text: str, dice: random.Random) -> str:
    return text.translate(TO_JIS)


def half_width_for_windows(text: str, dice: random.Random) -> str:
    return half_width(for_windows(text, dice))


def half_width_for_jis(text: str, dice: random.Random) -> str:
    return half_width(for_jis(text, dice))


def with_one_of(chars: str, then: Callable[[str, random.Random], str]) -> Callable[[str, random.Random], str]:
    """Put one of `chars` in the text, somewhere."""

    def alter(text: str, dice: random.Random) -> str:
        at = dice.randrange(len(text) + 1)
        return then(text[:at] + dice.choice(chars) + text[at:], dice)

    return alter


def half_width(text: str) -> str:
    """Katakana and their marks in half width, as old databases have them."""
    return "".join(map(_half_width, text))


@cache
def _half_width(char: str) -> str:
    if not ("ァ" <= char <= "ヴ" or char in "ー。「」、・"):
        return char
    parts = unicodedata.normalize("NFD", char)
    return "".join(_halves().get(part, part) for part in parts)


@cache
def _halves() -> dict[str, str]:
    halves = {unicodedata.normalize("NFKC", half): half for half in map(chr, range(0xFF61, 0xFF9E))}
    return halves | {"\u3099": "ﾞ", "\u309a": "ﾟ"}


PLAIN = (
    Form("UTF-8", jis("utf-8")),
    Form("cp932", windows, for_windows),
    Form("EUC-JP", jis("euc_jp"), for_jis),
    Form("ISO-2022-JP", jis("iso2022_jp"), for_jis),
    Form("UTF-16LE, no mark", jis("utf-16-le")),
    Form("UTF-16BE, no mark", jis("utf-16-be")),
)
CUT = tuple(Form(f"{form.name}, cut through", form.encode, form.alter, is_cut=True) for form in PLAIN)
SPECIAL = (
    Form("cp932, half-width kana", windows, half_width_for_windows),
    Form("EUC-JP, half-width kana", jis("euc_jp"), half_width_for_jis),
    Form("ISO-2022-JP, half-width kana", jis("iso2022_jp_ext"), half_width_for_jis),
    Form("cp932, ①㈱髙", windows, with_one_of(VENDOR, for_windows)),
    Form("EUC-JP of Windows, ①㈱髙", euc_of_windows, with_one_of(VENDOR, for_jis)),
    Form("ISO-2022-JP of Windows, ①㈱髙", iso_2022_of_windows, with_one_of(VENDOR, for_jis)),
    Form("Shift_JIS-2004, 𠮟噓", jis("shift_jis_2004"), with_one_of(JIS_2004, for_jis)),
    Form("EUC-JIS-2004, 𠮟噓", jis("euc_jis_2004"), with_one_of(JIS_2004, for_jis)),
    Form("ISO-2022-JP-2004, 𠮟噓", jis("iso2022_jp_2004"), with_one_of(JIS_2004, for_jis)),
)


# ---- pieces


def cut_pieces(texts: Sequence[str], form: Form, count: int, dice: random.Random) -> Iterator[Piece]:
    """So many, of lengths that are equally frequent in every octave; a text without that encoding is passed over."""
    for _ in range(count * 50):
        if not count:
            return
        wanted = round(math.exp(dice.uniform(math.log(LEAST_BYTES), math.log(MOST_BYTES))))
        piece = _piece(dice.choice(texts), form, wanted, dice)
        if piece and LEAST_BYTES <= len(piece.data) <= MOST_BYTES:
            count -= 1
            yield piece


def _piece(text: str, form: Form, wanted: int, dice: random.Random) -> Piece | None:
    """About so many bytes from anywhere in `text`."""
    start = dice.randrange(len(text))
    text = text[start : start + wanted]
    try:
        # As many characters as there are in so many bytes; then what the form puts in.
        chars = max(1, len(text) * wanted // len(form.encode(form.alter(text, dice))))
        text = form.alter(text[:chars], dice)
        data = form.encode(text)
    except UnicodeError:
        return None
    return _cut_through(text, data, form) if form.is_cut else Piece(text, data)


def _cut_through(text: str, data: bytes, form: Form) -> Piece | None:
    """Without the first byte of the first character and the last byte of the last one."""
    if len(text) < 3 or text[0].isascii() or text[-1].isascii():
        return None
    opening, closing = b"\x1b$B", b"\x1b(B"
    data = data.removeprefix(opening).removesuffix(closing)
    return Piece(text[1:-1], data[1:-1], is_cut=True)


# ---- measuring


def is_right(piece: Piece, text: str) -> bool:
    if not piece.is_cut:
        return text == piece.text
    return piece.text in text and len(text) - len(piece.text) <= 2 * MOST_EDGE_CHARS


CAUSES = ("utf-8", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "utf-16-le", "utf-16-be")


def cause(piece: Piece, text: str | None) -> str:
    """What a piece was wrongly taken for."""
    if text is None:
        return "refused"
    if piece.is_cut and piece.text[1:-1] in text and len(text) - len(piece.text) <= 2 * MOST_EDGE_CHARS:
        return "but for the character beside the cut"
    if piece.data.isascii() and b"\x1b" not in piece.data:
        return "ASCII, as no escape is left"
    for encoding in CAUSES:
        for skipped in (0, 1):
            if piece.data[skipped:].decode(encoding, "replace").strip("\ufffd") == text.strip("\ufffd"):
                return f"as {encoding}" + (", a byte off" if skipped else "")
    return "otherwise"


@dataclass(frozen=True, slots=True)
class Measured:
    """right, all: pieces by length class. causes: of the wrong ones. wrong: those themselves."""

    name: str
    right: tuple[int, ...]
    all: tuple[int, ...]
    causes: Counter[str]
    wrong: tuple[Piece, ...]


def measure(texts: Sequence[str], form: Form, count: int, seed: int = SEED) -> Measured:
    """Cut, encode, decode with nothing declared, compare."""
    right, total = [0] * len(LENGTHS), [0] * len(LENGTHS)
    causes: Counter[str] = Counter()
    wrong = []
    for piece in cut_pieces(texts, form, count, random.Random(seed)):
        length = next(number for number, end in enumerate(LENGTHS) if len(piece.data) < end)
        total[length] += 1
        try:
            text = decode(piece.data)
        except Undecodable:
            text = None
        if text is not None and is_right(piece, text):
            right[length] += 1
        else:
            causes[cause(piece, text)] += 1
            wrong.append(piece)
    return Measured(form.name, tuple(right), tuple(total), causes, tuple(wrong))


def texts_of(half: int) -> list[str]:
    """Title and text of every second article."""
    articles = corpus.read(corpus.choose().paths)[half::2]
    return ["\n".join([one.title, *(section.text for section in one.sections)]) for one in articles]


def english(texts: Sequence[str]) -> list[str]:
    """What the articles have in ASCII, strung together."""
    words = [word for text in texts for word in text.split() if word.isascii()]
    return [" ".join(words[start : start + 200]) for start in range(0, len(words), 200)]


def rows(measured: Sequence[Measured]) -> Iterator[list[str]]:
    """For a table: by length, and all together."""
    for one in measured:
        shares = [_percent(right, total) for right, total in zip(one.right, one.all, strict=True)]
        causes = ", ".join(f"{times} {what}" for what, times in one.causes.most_common(4))
        yield [one.name, str(sum(one.all)), *shares, _percent(sum(one.right), sum(one.all)), causes or "–"]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "–"


HEAD = ("encoding", "pieces", "20–63 bytes, right %", "64–255", "256–2,000", "all", "the wrong ones")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encodings", description="Encodings told apart.")
    parser.add_argument("--pieces", type=int, default=2_000, metavar="N", help="of each encoding [2000]")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="of the articles [1]")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="so many wrong ones of each, on stderr")
    options = parser.parse_args(arguments)
    texts = texts_of(options.half)
    measured = [measure(texts, form, options.pieces) for form in (*PLAIN, *CUT, *SPECIAL)]
    ascii_only = english(texts)
    if ascii_only:
        measured.insert(len(PLAIN), measure(ascii_only, Form("ASCII alone", jis("ascii")), options.pieces))
    print(table(HEAD, list(rows(measured))))
    for one in measured:
        for piece in one.wrong[: options.show]:
            print(one.name, cause(piece, None), repr(piece.text[:60]), piece.data[:40].hex(" "), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A page of a PDF document to runs of characters with their places on it.

A content stream says where to start and which glyphs to show; where each ends up follows from the font. Only what
moves text is followed, so colours, lines and pictures cost nothing but being passed over.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject
from pypdf.generic import ContentStream, DictionaryObject, StreamObject

# Not among what pypdf promises to keep, but the only way to a font's characters with their widths.
from pypdf.generic._font import Font

# A form in a form in a form; a page needs two.
MAX_FORM_DEPTH = 8

# A form shown by a form in itself, fifty times each, would never end; a map has some hundreds.
MAX_FORMS = 2_000

# How far glyphs reach above and below the line they stand on, as a share of their size.
ABOVE, BELOW = 0.88, 0.12

# Presentation forms that fonts for vertical writing have: to the characters that stand in text.
VERTICAL_FORMS = str.maketrans(
    "︐︑︒︓︔︕︖︗︘︙︰︱︲︳︵︶︷︸︹︺︻︼︽︾︿﹀﹁﹂﹃﹄﹇﹈",
    "，、。：；！？〖〗…‥—–＿（）｛｝〔〕【】《》〈〉「」『』［］",
)

Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Glyph:
    """Usually a character. start, end: along the line, in points, growing as one reads."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that one instruction shows in a line.

    vertical: whether the line runs downwards; `start` and `end` of its glyphs are then counted from the top.
    across: where the middle of the line is: its height on the page, or if vertical, how far it is to the right.
        What is read later has a smaller one.
    size: of the font, in points.
    is_known: whether the font says which characters its glyphs are.
    """

    glyphs: tuple[Glyph, ...]
    across: float
    size: float
    vertical: bool
    is_known: bool = True


@dataclass(slots=True)
class _State:
    """What the stream has set. ctm, tm, line: the matrices of the page, of the text, of the line's beginning."""

    ctm: Matrix = UNIT
    tm: Matrix = UNIT
    line: Matrix = UNIT
    font: _Font | None = None
    size: float = 12.0
    char_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class _Font:
    """decode: bytes to characters with their widths in thousandths of the size."""

    decode: Callable[[bytes], list[tuple[str, float]]]
    vertical: bool
    is_known: bool


@dataclass(slots=True)
class _Page:
    """alive: raises where the time is over. fonts: by the identity of their resources, which are kept beside them.
    forms: how many were shown.
    """

    pdf: Any
    alive: Callable[[], None]
    fonts: dict[int, tuple[Any, _Font]]
    forms: int = 0


def runs_of(page: PageObject, fonts: dict[int, Any], alive: Callable[[], None]) -> list[Run]:
    """What a page shows, in the order in which it is written.

    fonts: those already read, pages share them; begin with an empty one. alive: called now and then, raises
    where reading takes too long. Raises whatever pypdf raises for a broken page.
    """
    stream = page.get_contents()
    if stream is None:
        return []
    reading = _Page(page.pdf, alive, fonts)
    upright = _rotated(int(page.get("/Rotate", 0) or 0))
    return list(_runs(reading, stream, page.get("/Resources"), _State(ctm=upright), 0))


def _runs(page: _Page, stream: Any, resources: Any, state: _State, depth: int) -> Iterator[Run]:
    if not isinstance(stream, ContentStream):
        stream = ContentStream(stream, page.pdf, "bytes")
    resources = resources.get_object() if resources is not None else DictionaryObject()
    stack: list[_State] = []
    for number, (operands, operator) in enumerate(stream.operations):
        if number % 512 == 0:
            page.alive()
        if operator in SHOWING:
            yield from _show(state, operator, operands)
        elif operator == b"q":
            stack.append(replace(state))
        elif operator == b"Q":
            state = stack.pop() if stack else state
        elif operator == b"Tf" and len(operands) > 1:
            state.font, state.size = _font(page, resources, operands[0]), _number(operands[1])
        elif operator == b"Do" and operands and depth < MAX_FORM_DEPTH:
            yield from _form(page, resources, operands[0], state, depth)
        elif operator in SETTING:
            numbers = [_number(one) for one in operands]
            if len(numbers) >= SETTING[operator][0]:
                SETTING[operator][1](state, numbers)


def _form(page: _Page, resources: Any, name: Any, state: _State, depth: int) -> Iterator[Run]:
    """What a form (a piece of a page with resources of its own) shows."""
    forms = resources.get("/XObject")
    form = forms.get_object().get(name) if forms is not None else None
    form = form.get_object() if form is not None else None
    page.forms += 1
    if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form" or page.forms > MAX_FORMS:
        return
    matrix = form.get("/Matrix")
    placed = tuple(map(_number, matrix.get_object())) if matrix is not None else UNIT
    inner = replace(state, ctm=_times(placed, state.ctm)) if len(placed) == 6 else replace(state)
    yield from _runs(page, form, form.get("/Resources", resources), inner, depth + 1)


# ---- instructions ---------------------------------------------------------------------------------


def _show(state: _State, operator: bytes, operands: Any) -> Iterator[Run]:
    if operator in (b"'", b'"'):
        if operator == b'"' and len(operands) > 2:
            state.word_space, state.char_space = _number(operands[0]), _number(operands[1])
        _next_line(state, 0, -state.leading)
    shown = operands[-1] if operands else b""
    parts = shown if isinstance(shown, list) else [shown]
    font = state.font
    if font is None:
        return
    glyphs: list[Glyph] = []
    matrix = _times(state.tm, state.ctm)
    # Along the line, in the text's own measure; turned into points below.
    at = 0.0
    size_along = math.hypot(*(matrix[2:4] if font.vertical else matrix[:2]))
    for part in parts:
        if isinstance(part, (bytes, str)):
            for text, width in font.decode(_bytes(part)):
                advance = state.size * (1.0 if font.vertical else width / 1_000 * state.scale)
                glyphs.append(Glyph(text, at * size_along, (at + advance) * size_along))
                at += advance + (state.char_space + (state.word_space if text == " " else 0)) * (
                    1.0 if font.vertical else state.scale
                )
        else:
            moved = _number(part) / 1_000 * state.size
            # A positive number moves back in horizontal writing, and up in vertical.
            at -= moved if font.vertical else moved * state.scale
    run = _placed(glyphs, matrix, state, font)
    if run is not None:
        yield run
    along = (0.0, -at) if font.vertical else (at, 0.0)
    state.tm = _times((1, 0, 0, 1, *along), state.tm)


def _placed(glyphs: list[Glyph], matrix: Matrix, state: _State, font: _Font) -> Run | None:
    """The glyphs, which begin at 0, where they stand on the page; None for a line that runs neither way."""
    a, b, c, d, x, y = matrix
    x, y = x + c * state.rise, y + d * state.rise
    size = abs(state.size) * math.hypot(c, d)
    if not glyphs or not size or not all(map(math.isfinite, (x, y, size))):
        return None
    if font.vertical:
        # The origin of a glyph is above its middle.
        start, across, vertical = -y, x, True
    elif abs(b) <= 0.3 * abs(a):
        start, across, vertical = x, y + (ABOVE - 0.5) * size, False
    elif b < 0:
        # Turned by a quarter: a line of vertical writing in a font for horizontal.
        start, across, vertical = -y, x + (ABOVE - 0.5) * size, True
    else:
        return None
    return Run(tuple(Glyph(one.text, start + one.start, start + one.end) for one in glyphs), across, size, vertical,
               font.is_known)


def _next_line(state: _State, x: float, y: float) -> None:
    state.line = state.tm = _times((1, 0, 0, 1, x, y), state.line)


def _set_matrix(state: _State, numbers: list[float]) -> None:
    state.line = state.tm = _matrix(numbers)


def _begin_text(state: _State, _: list[float]) -> None:
    state.line = state.tm = UNIT


def _concatenate(state: _State, numbers: list[float]) -> None:
    state.ctm = _times(_matrix(numbers), state.ctm)


def _move_with_leading(state: _State, numbers: list[float]) -> None:
    state.leading = -numbers[1]
    _next_line(state, numbers[0], numbers[1])


def _setter(name: str, factor: float = 1.0) -> Callable[[_State, list[float]], None]:
    return lambda state, numbers: setattr(state, name, numbers[0] * factor)


SHOWING = frozenset((b"Tj", b"TJ", b"'", b'"'))

# operator: how many numbers it has, and what it does.
SETTING: dict[bytes, tuple[int, Callable[[_State, list[float]], None]]] = {
    b"cm": (6, _concatenate),
    b"BT": (0, _begin_text),
    b"Tm": (6, _set_matrix),
    b"Td": (2, lambda state, numbers: _next_line(state, numbers[0], numbers[1])),
    b"TD": (2, _move_with_leading),
    b"T*": (0, lambda state, _: _next_line(state, 0, -state.leading)),
    b"Tc": (1, _setter("char_space")),
    b"Tw": (1, _setter("word_space")),
    b"Tz": (1, _setter("scale", 0.01)),
    b"TL": (1, _setter("leading")),
    b"Ts": (1, _setter("rise")),
}


def _matrix(numbers: list[float]) -> Matrix:
    a, b, c, d, e, f = numbers[:6]
    return a, b, c, d, e, f


def _times(m: Any, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


def _rotated(degrees: int) -> Matrix:
    """What turns a page as it is shown."""
    turned: dict[int, Matrix] = {90: (0, -1, 1, 0, 0, 0), 180: (-1, 0, 0, -1, 0, 0), 270: (0, 1, -1, 0, 0, 0)}
    return turned.get(degrees % 360, UNIT)


def _number(value: Any) -> float:
    number = float(value) if isinstance(value, (int, float)) else 0.0
    return number if math.isfinite(number) else 0.0


def _bytes(value: bytes | str) -> bytes:
    if isinstance(value, bytes):
        return value
    original = getattr(value, "original_bytes", None)
    return original if isinstance(original, bytes) else value.encode("latin-1", "replace")


# ---- fonts ----------------------------------------------------------------------------------------


def _font(page: _Page, resources: Any, name: Any) -> _Font | None:
    fonts = resources.get("/Font")
    resource = fonts.get_object().get(name) if fonts is not None else None
    resource = resource.get_object() if resource is not None else None
    if not isinstance(resource, DictionaryObject):
        return None
    if id(resource) not in page.fonts:
        page.fonts[id(resource)] = resource, _read_font(resource)
    return page.fonts[id(resource)][1]


def _read_font(resource: DictionaryObject) -> _Font:
    font = Font.from_font_resource(resource)
    encoding = resource.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    name = str(encoding.get("/CMapName", "")) if isinstance(encoding, DictionaryObject) else str(encoding or "")
    vertical = name.endswith("-V") or name == "/V" or (
        isinstance(encoding, DictionaryObject) and encoding.get("/WMode") == 1
    )
    is_composite = resource.get("/Subtype") == "/Type0"
    says_characters = bool(font.character_map) or not is_composite
    codec = None if says_characters else _codec(name)
    is_known = font.interpretable and (says_characters or codec is not None)
    widths = font.character_widths
    default = float(widths.get("default", 1_000 if is_composite else 500))

    def decode(data: bytes) -> list[tuple[str, float]]:
        if codec is not None:
            return [(_plain(char), _usual_width(char)) for char in _decoded(codec, data)]
        if isinstance(font.encoding, str):
            raws = data.decode(font.encoding, "replace")
            return [(_plain(str(font.character_map.get(raw, raw))), float(widths.get(raw, default))) for raw in raws]
        found = []
        for byte in data:
            raw = font.encoding.get(byte, chr(byte))
            width = float(widths.get(chr(byte), widths.get(raw, default)))
            found.append((_plain(str(font.character_map.get(raw, raw))), width))
        return found

    return _Font(decode, vertical, is_known)


def _codec(name: str) -> str | None:
    """The codec of one of the character maps for Japanese; None for numbers of glyphs, which say nothing."""
    name = name.removeprefix("/")
    if name.startswith("Uni"):
        return "utf-8" if "UTF8" in name else "utf-32-be" if "UTF32" in name else "utf-16-be"
    if "RKSJ" in name:
        return "cp932"
    if "EUC" in name:
        return "euc_jp"
    return "jis" if name in ("H", "V") else None


def _decoded(codec: str, data: bytes) -> str:
    if codec == "jis":
        return bytes(byte | 0x80 for byte in data).decode("euc_jp", "replace")
    return data.decode(codec, "replace")


def _usual_width(char: str) -> float:
    """In thousandths: of fonts that come with the reader's machine no widths are told by character."""
    return 1_000 if unicodedata.east_asian_width(char) in "WFA" else 500


def _plain(text: str) -> str:
    """The character as text has it: not its vertical form, not the radical that looks the same, no lone half."""
    if text.isascii():
        return text if text >= " " else ""
    text = text.translate(VERTICAL_FORMS)
    if any("\u2e80" <= char <= "\u2fdf" or "\ud800" <= char <= "\udfff" or "\ufb00" <= char <= "\ufb06"
           for char in text):
        text = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode())
    return text.replace("\xa0", " ").replace("\xad", "")

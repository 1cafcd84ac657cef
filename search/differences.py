"""What changed from one version of an article to the next, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from search.articles import Article

AROUND_CHARS = 12
"""Code points shown on either side of a change in a paragraph."""

LEAST_ALIKE = 0.5
"""A paragraph that keeps less than half of itself is another one: its old and its new form are shown whole."""

FIELDS = ("title", "published", "source", "desk", "url", "authors", "credits")


class Piece(NamedTuple):
    """A stretch of text that stayed, went or came."""

    what: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. field: one of FIELDS, None for a paragraph or a heading of the text, which begins with "## "."""

    what: Literal["gone", "new", "changed"]
    field: str | None
    pieces: tuple[Piece, ...]


def compared(before: Article, after: Article) -> Iterator[Difference]:
    """What changed, fields first; long stretches that are the same in a paragraph are cut."""
    for name in FIELDS:
        old, new = _said(before, name), _said(after, name)
        if old != new:
            yield Difference("changed", name, changed_pieces(old, new))
    ours, theirs = _paragraphs(before), _paragraphs(after)
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(ours[a:b], theirs[c:d])


def differences(before: Article, after: Article) -> Iterator[str]:
    """The same as lines that begin with "- " for what went, "+ " for what came, "~ " for what is put otherwise.

    In a paragraph that is put otherwise what went stands as [-…-], what came as {+…+}.
    """
    for one in compared(before, after):
        if one.what == "changed":
            yield f"~ {f'{one.field}: ' if one.field else ''}{_in_signs(one.pieces)}"
        else:
            yield f"{'-' if one.what == 'gone' else '+'} {one.pieces[0].text}"


def changed(old: str, new: str) -> str:
    """One text with [-what went-] and {+what came+}; long stretches that are the same are cut."""
    return _in_signs(changed_pieces(old, new))


def changed_pieces(old: str, new: str) -> tuple[Piece, ...]:
    """One text with what stayed, went and came; long stretches that are the same are cut."""
    pieces: list[Piece] = []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            pieces.append(Piece("same", _shortened(old[a:b], opens=place == 0, closes=place == len(blocks) - 1)))
        else:
            pieces += [Piece("gone", old[a:b])] if a < b else []
            pieces += [Piece("new", new[c:d])] if c < d else []
    return tuple(pieces)


def _in_signs(pieces: tuple[Piece, ...]) -> str:
    signs = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(signs[piece.what].format(piece.text) for piece in pieces)


def _said(article: Article, name: str) -> str:
    value = getattr(article, name)
    if name == "published":
        return value.at.isoformat() if value else ""
    return "、".join(value) if isinstance(value, tuple) else value or ""


def _paragraphs(article: Article) -> list[str]:
    found: list[str] = []
    for section in article.sections:
        found += [f"## {section.heading}"] if section.heading else []
        found += section.text.split("\n\n") if section.text else []
    return found


def _replaced(old: list[str], new: list[str]) -> Iterator[Difference]:
    """Pairs that are alike are one paragraph put otherwise; the others went or came."""
    left = list(new)
    for paragraph in old:
        best = max(left, key=lambda other: _alike(paragraph, other), default=None)
        if best is None or _alike(paragraph, best) < LEAST_ALIKE:
            yield Difference("gone", None, (Piece("gone", paragraph),))
            continue
        yield from map(_came, left[: left.index(best)])
        left = left[left.index(best) + 1 :]
        yield Difference("changed", None, changed_pieces(paragraph, best))
    yield from map(_came, left)


def _came(paragraph: str) -> Difference:
    return Difference("new", None, (Piece("new", paragraph),))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _shortened(same: str, *, opens: bool, closes: bool) -> str:
    if len(same) <= 2 * AROUND_CHARS + 1:
        return same
    before = "" if opens else same[:AROUND_CHARS]
    after = "" if closes else same[-AROUND_CHARS:]
    return f"{before}…{after}"

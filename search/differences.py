"""What changed from one version of an article to the next, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from search.articles import Article

AROUND_CHARS = 12
"""Code points shown on either side of a change in a paragraph."""

LEAST_ALIKE = 0.5
"""A paragraph that keeps less than half of itself is another one: its old and its new form are shown whole."""


def differences(before: Article, after: Article) -> Iterator[str]:
    """Lines that begin with "- " for what went, "+ " for what came, "~ " for what is put otherwise.

    In a paragraph that is put otherwise what went stands as [-…-], what came as {+…+}.
    """
    for name in ("title", "published", "source", "desk", "url", "authors", "credits"):
        old, new = _said(before, name), _said(after, name)
        if old != new:
            yield f"~ {name}: {changed(old, new)}"
    ours, theirs = _paragraphs(before), _paragraphs(after)
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(ours[a:b], theirs[c:d])


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


def _replaced(old: list[str], new: list[str]) -> Iterator[str]:
    """Pairs that are alike are one paragraph put otherwise; the others went or came."""
    left = list(new)
    for paragraph in old:
        best = max(left, key=lambda other: _alike(paragraph, other), default=None)
        if best is None or _alike(paragraph, best) < LEAST_ALIKE:
            yield f"- {paragraph}"
            continue
        for other in left[: left.index(best)]:
            yield f"+ {other}"
        left = left[left.index(best) + 1 :]
        yield f"~ {changed(paragraph, best)}"
    for other in left:
        yield f"+ {other}"


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def changed(old: str, new: str) -> str:
    """One text with [-what went-] and {+what came+}; long stretches that are the same are cut."""
    pieces: list[str] = []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            pieces.append(_shortened(old[a:b], opens=place == 0, closes=place == len(blocks) - 1))
        else:
            pieces.append((f"[-{old[a:b]}-]" if a < b else "") + (f"{{+{new[c:d]}+}}" if c < d else ""))
    return "".join(pieces)


def _shortened(same: str, *, opens: bool, closes: bool) -> str:
    if len(same) <= 2 * AROUND_CHARS + 1:
        return same
    before = "" if opens else same[:AROUND_CHARS]
    after = "" if closes else same[-AROUND_CHARS:]
    return f"{before}…{after}"

"""BibTeX in UTF-8, for LaTeX with BibLaTeX and biber, and for reference managers that read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from web.forms.record import Record

# A brace counts for the reader of the file even after a backslash, so that \{ would swallow what follows.
_ESCAPED = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
})
# An address is taken to the letter, but for braces.
_IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})

_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9.-]")


def bibtex_entries(records: Iterable[Record]) -> Iterator[str]:
    """One @article per article, the newspaper as its journal. Each ends with an empty line."""
    for one in records:
        fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(one) if value)
        yield f"@article{{{key(one.id)},\n{fields}\n}}\n\n"


def key(article_id: str) -> str:
    """A citation key of letters that every program takes. Other ids have other keys: `_` stands only around a code."""
    return "kijigura-" + _NOT_IN_KEYS.sub(lambda sign: f"_{ord(sign[0]):x}_", article_id)


def escaped(text: str) -> str:
    """The text as LaTeX sets it; Japanese stays as it is."""
    return text.translate(_ESCAPED)


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    # Braces around each: a name is whole, and 山田 太郎 has no first name 山田. A title keeps its capitals.
    yield "author", " and ".join(f"{{{escaped(author)}}}" for author in record.authors)
    yield "title", f"{{{escaped(record.title)}}}"
    yield "journal", escaped(record.source or "")
    if parts := record.date_parts:
        yield "date", "-".join((f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])))
        yield "year", f"{parts[0]}"     # what BibTeX itself looks for
    yield "keywords", escaped(record.desk or "")
    yield "url", (record.url or record.here or "").translate(_IN_ADDRESS)
    yield "abstract", escaped(record.summary)
    yield "langid", "japanese"

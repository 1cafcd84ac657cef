"""Who wrote an English article that a Japanese one cites: JohnThavis"Beforehisdeath,popeprayed".

Sources run the words together. What opens a citation, in words with a capital each, and has a quotation mark behind it,
is a reporter, unless one of the words is a newspaper's or an agency's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from indexer.mentions.countries import is_country_name
from indexer.mentions.runs import TITLED, Span

_WORD = re.compile("[A-Z](?>\\.|[a-zà-ÿ]+(?:[-'’][A-Z]?[a-zà-ÿ]+)?)")
# Nothing is taken back: or else a long row of words would be tried in all ways to cut it.
_BYLINE = re.compile(
    f"(?:^|(?<=[。\n)）]))[ 　\n]{{0,4}}(?P<persons>{_WORD.pattern}(?>(?>, ?| ?and ?| )?{_WORD.pattern}){{1,11}}+)"
    "(?:, ?(?:AP|AFP|UPI|Reuters))?(?=[\"“][A-Z])"
)
_BETWEEN = re.compile("(?<=[a-zà-ÿ]) ?and ?(?=[A-Z])|, ?")
_NO_REPORTERS = frozenset("""
    Agency America American Annex Asia Associated Association Bank Broadcasting Bureau Center Centre China Church
    Commission Committee Company Corporation Council Daily Department Deutsche Europe European Express Foundation Free
    Gazette Global Government Group Guardian Herald House Independent Institute International Japan Journal Library Line
    Mail Media Ministry Mirror Monitor Museum Nation National Network News Observer Office On Online Party Police Post
    Press Publishing Radio Reuters Review Science Service Society Space Sports Staff Standard Star States Sun Telegraph
    The Times Today Tribune Union United University Voice Web Wikinews Wikipedia Wire World Writer Xinhua
""".split())


def bylines(text: str) -> Iterator[Span]:
    """The reporters, one by one."""
    if '"' not in text and "“" not in text:
        return
    for found in _BYLINE.finditer(text):
        start, end = found.span("persons")
        for first, last in _each(text, start, end):
            words = tuple(_WORD.findall(text, first, last))
            if len(words) > 1 and _NO_REPORTERS.isdisjoint(words) and not any(map(is_country_name, words)):
                yield Span(first, last, "person", TITLED, pieces=words)


def _each(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """TsegayeTadesse|and|DavidMageria; but the end of FerdinandMarcos' first name joins nobody."""
    for between in _BETWEEN.finditer(text, start, end):
        if len(_WORD.findall(text, start, between.start())) > 1 and len(_WORD.findall(text, between.end(), end)) > 1:
            yield start, between.start()
            start = between.end()
    yield start, end

"""Which of the entities that an article names it is about.

An article is about whoever stands in its title or in a heading, whoever its opening has for a subject, and whoever it
names again and again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence

from indexer.mentions.linking import Linked
from search.articles import TITLE, Part

LEAD_CHARS = 120
"""The opening of an article: what news agencies take for the first paragraph."""

LEAST_MENTIONS, LEAST_SHARE = 3, 0.2
"""Named so often, and in such a share of all mentions of its kind, an entity is what the article is about."""

_SUBJECT = ("は", "が", "も", "、", "ら")

Key = Callable[[Linked], Hashable]


def subjects(parts: Sequence[Part], linked: Sequence[Linked], key: Key) -> set[Hashable]:
    """The keys of those that the article is about. key: the same for all mentions of one entity."""
    counts = Counter((one.span.kind, key(one)) for one in linked)
    of_kind = Counter(one.span.kind for one in linked)
    lead = next((number for number, part in enumerate(parts) if part.section != TITLE and not part.is_heading), None)
    found: set[Hashable] = set()
    for one in linked:
        part = parts[one.part]
        often = counts[one.span.kind, key(one)]
        if (
            part.section == TITLE or part.is_heading
            or (often >= LEAST_MENTIONS and often >= LEAST_SHARE * of_kind[one.span.kind])
            or (one.part == lead and one.span.start < LEAD_CHARS and _is_subject(part.text, one))
        ):
            found.add(key(one))
    return found


def _is_subject(text: str, one: Linked) -> bool:
    """Whether は or が follows the name with its title: ラブロフ外相は."""
    after = one.span.end
    title = text.find(one.span.title, after, after + len(one.span.title) + 3) if one.span.title else -1
    if title >= 0:
        after = title + len(one.span.title)
    return text.startswith(_SUBJECT[:3], after)

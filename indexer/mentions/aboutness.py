"""Which of the entities that an article names it is about.

An article is about whoever stands in its title or in a heading, whoever its opening has for a subject, and whoever it
names again and again. A capital or a seat of power in the title or in a heading stands for its country.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from indexer.mentions.evidence import evidence
from indexer.mentions.linking import Linked
from search.articles import TITLE, Part

LEAD_CHARS = 120
"""The opening of an article: what news agencies take for the first paragraph."""

LEAST_MENTIONS, LEAST_SHARE = 3, 0.2
"""Named so often, and in such a share of all mentions of its kind, an entity is what the article is about."""

_SUBJECT = ("は", "が", "も", "、", "ら")

def subjects(parts: Sequence[Part], linked: Sequence[Linked], keys: Sequence[Hashable]) -> set[Hashable]:
    """The keys of those that the article is about. keys: of each of `linked`, one for all mentions of one entity."""
    counts = Counter(keys)
    of_kind = Counter(one.span.kind for one in linked)
    lead = next((number for number, part in enumerate(parts) if part.section != TITLE and not part.is_heading), None)
    heads = frozenset(number for number, part in enumerate(parts) if part.section == TITLE or part.is_heading)
    spoken_for = _spoken_for(linked, heads)
    found: set[Hashable] = set()
    for one, key in zip(linked, keys, strict=True):
        often = counts[key]
        if (
            one.part in heads
            or (one.entity_id in spoken_for and one.span.kind == "country")
            or (often >= LEAST_MENTIONS and often >= LEAST_SHARE * of_kind[one.span.kind])
            or (one.part == lead and one.span.start < LEAD_CHARS and _is_subject(parts[lead].text, one))
        ):
            found.add(key)
    return found


def _spoken_for(linked: Sequence[Linked], heads: frozenset[int]) -> set[str]:
    """The countries whose capital or seat of power stands in the title or in a heading: クレムリン、発言に抗議."""
    found = (evidence(one.surface) for one in linked if one.part in heads and one.span.kind != "person")
    return {one.code for one in found if one and one.is_central}


def _is_subject(text: str, one: Linked) -> bool:
    """Whether は or が follows the name with its title: ラブロフ外相は."""
    after = one.span.end
    title = text.find(one.span.title, after, after + len(one.span.title) + 3) if one.span.title else -1
    if title >= 0:
        after = title + len(one.span.title)
    return text.startswith(_SUBJECT[:3], after)

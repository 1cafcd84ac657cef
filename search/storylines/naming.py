"""What a storyline is called: as its titles write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from search.articles import Entity
from search.storylines.grouping import Storyline
from search.storylines.signs import WORD, Sign

LEAST_TITLES, LEAST_SHARE = 2, 0.25
"""A phrase is a name where so many of a storyline's titles have it."""

LONGER_SHARE = 0.6
"""A longer word is a better name where so many of the titles have it."""

BESIDE_SHARE = 0.4
"""What so many of the titles say of a person or place belongs to the name: 習近平 alone is no story."""

_NEEDS_A_WORD = ("person", "organization", "place")

# ハメネイ師の葬儀, 中国の炭鉱爆発, ベネズエラ地震.
_BETWEEN = "(?:[一-鿿]{1,4}(?=の))?(?:の|・|をめぐる|との|での|への)?"
_AROUND = " 　・–—-−:：、。「」『』（）()[]"

Named = Callable[[str], Entity]
Surfaces = Callable[[str], Sequence[str]]


def name_of(story: Storyline, titles: Sequence[str], named: Named, surfaces: Surfaces) -> str:
    """The name of a storyline: ベネズエラ地震, ハメネイ師の葬儀, 習近平 会談.

    titles: of its articles. named: id of an entity -> the entity. surfaces: id of an entity -> how articles write it.
    """
    core = sorted(story.core.signs, key=lambda sign: sign.kind == WORD)
    words = [one.signs[0].value for one in story.beside if one.signs[0].kind == WORD]
    if len(core) == 1:
        name = _longer(written(core[0], named), words, titles)
        return f"{name} {what}" if core[0].kind in _NEEDS_A_WORD and (what := _beside(name, words, titles)) else name
    one, other = (
        (sign.value,) if sign.kind == WORD else (*surfaces(sign.value), written(sign, named)) for sign in core
    )
    phrase = _phrase(one, other, titles) or _phrase(other, one, titles)
    if phrase:
        return phrase
    names = [_longer(_usual(sign, titles, named, surfaces), words, titles) for sign in core]
    return " ".join(dict.fromkeys(names))


def written(sign: Sign, named: Named) -> str:
    """A sign as readers know it."""
    return sign.value if sign.kind == WORD else named(sign.value).name.strip(_AROUND)


def _usual(sign: Sign, titles: Sequence[str], named: Named, surfaces: Surfaces) -> str:
    """Of a person the form that most titles have, トランプ; of all else its name."""
    name = written(sign, named)
    if sign.kind != "person":
        return name
    counts = {form: sum(form in title for title in titles) for form in {*surfaces(sign.value), name}}
    best = max(counts, key=lambda form: (counts[form], len(form), form))
    return best if counts[best] >= LEAST_TITLES else name


def _longer(name: str, words: Sequence[str], titles: Sequence[str]) -> str:
    """The longer word with it that most titles have: カタール首長; the name where there is none."""
    counts = {word: sum(word in title for title in titles) for word in words if name in word}
    best = max(counts, key=lambda word: (counts[word], len(word), word), default=name)
    return best if counts.get(best, 0) >= LONGER_SHARE * len(titles) else name


def _beside(name: str, words: Sequence[str], titles: Sequence[str]) -> str | None:
    """What happens with the one of this name, in the word that most titles have."""
    counts = {
        word: sum(word in title for title in titles) for word in words if word not in name and name not in word
    }
    best = max(counts, key=lambda word: (counts[word], len(word), word), default="")
    return best if best and counts[best] >= BESIDE_SHARE * len(titles) else None


def _phrase(one: Sequence[str], other: Sequence[str], titles: Sequence[str]) -> str | None:
    """The two with at most a title and a particle between, if enough of the titles have that."""
    either, or_other = ("|".join(map(re.escape, sorted(set(forms), key=len, reverse=True))) for forms in (one, other))
    pattern = re.compile(f"(?:{either}){_BETWEEN}(?:{or_other})")
    counts = Counter(found[0] for title in titles if (found := pattern.search(title)))
    if not counts:
        return None
    phrase, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return phrase if count >= max(LEAST_TITLES, LEAST_SHARE * len(titles)) else None

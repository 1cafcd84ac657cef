"""How the words of a query were understood: what else is searched with each, and the switch of every such form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from search.articles import KINDS
from search.query.forms import Why
from search.query.model import Request
from search.results import Interpretation, ResultPage, WordForm
from web.links import Links
from web.pages.cards import Link
from web.words import _, one_of_kind

SHOWN_FORMS = 6
"""Forms of a word in view; the others are behind "more"."""

SHOWN_WORDS = 4
LISTED_WORDS = 32
"""Words in view, and those with them behind "more": of a pasted page, nobody reads the rest."""


@dataclass(frozen=True, slots=True)
class OtherForm:
    """One form that is searched with a word, or would be if it were on.

    value: what stands for it in an address. kind: in a word, how it follows; why: the same in full, where there is
    more to say. page_url: of the person or place that it is. says_kind: the form before it has another kind.
    switch_url: the same search with it off, or on again.
    """

    label: str
    value: str
    kind: str
    why: str
    is_off: bool
    page_url: str | None = None
    says_kind: bool = True
    switch_url: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """One word. more: forms that are not in view at first. names: (who or what, how else it is written).

    off_url: the same search with the word only as typed; on_url: with all of its forms; None where it is so already.
    """

    word: str
    first: tuple[OtherForm, ...]
    more: tuple[OtherForm, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...]
    off_url: str | None
    on_url: str | None

    @property
    def hidden(self) -> int:
        """How many forms and ways to write them are not in view."""
        return len(self.more) + sum(len(written) for _name, written in self.names)

    @property
    def opens(self) -> bool:
        """Whether all are shown: what was switched off stays in view."""
        return any(form.is_off for form in self.more)


@dataclass(frozen=True, slots=True)
class Reading:
    """The words that were understood as more than what was typed; `more` are not in view at first.

    as_typed: words without any other form that are off; their links turn them on.
    all_url: the same search with other forms, where the address asks for none.
    """

    first: tuple[Understood, ...] = ()
    more: tuple[Understood, ...] = ()
    as_typed: tuple[Link, ...] = ()
    all_url: str | None = None

    def __bool__(self) -> bool:
        return bool(self.first or self.as_typed or self.all_url)


_KINDS_OF_FORM: dict[Why, tuple[Callable[[], str], Callable[[], str]]] = {
    "spelling": (lambda: _("spelling"), lambda: _("another spelling")),
    "synonym": (lambda: _("synonym"), lambda: _("a word of the same meaning")),
    "abbreviation": (lambda: _("short form"), lambda: _("the short or the full form")),
    "number": (lambda: _("number"), lambda: _("the same number, written otherwise")),
    "date": (lambda: _("date"), lambda: _("the same date, written otherwise")),
    "reading": (lambda: _("reading"), lambda: _("a word that is read so")),
    "english": (lambda: _("translation"), lambda: _("the Japanese for it")),
}


def live_off(result: ResultPage, request: Request) -> tuple[str, ...]:
    """What is switched off and still belongs to a word of the query."""
    if request.as_typed:
        return request.off
    known = {value for values in _values_of_words(result).values() for value in values}
    return tuple(value for value in request.off if value in known or value in request.text)


def still_off(result: ResultPage, request: Request, rest: str) -> tuple[str, ...]:
    """What stays switched off when no more than `rest` is left of the query."""
    values = _values_of_words(result)
    gone = {value for word in values if word not in rest for value in values[word]}
    kept = {value for word in values if word in rest for value in values[word]}
    return tuple(value for value in request.off if value in kept or value in rest or (rest and value not in gone))


def reading(result: ResultPage, request: Request, links: Links) -> Reading:
    """What the page says about the words; `request` as `live_off` leaves it."""
    words = [
        _understood(word, named, forms, request, links) for word, (named, forms) in _by_word(result).items()
    ]
    known = {word.word for word in words}
    return Reading(
        tuple(words[:SHOWN_WORDS]),
        tuple(words[SHOWN_WORDS:LISTED_WORDS]),
        tuple(
            Link(word, links.search(_with_off(request, [one for one in request.off if one != word])))
            for word in request.off if word in request.text and word not in known and not _is_form(word, result)
        ),
        links.search(replace(request, as_typed=False, page=1)) if request.as_typed and request.text else None,
    )


def _by_word(result: ResultPage) -> dict[str, tuple[list[Interpretation], list[WordForm]]]:
    """Word -> what it was taken for and its other forms, none twice; words as they stand in the query."""
    found: dict[str, tuple[list[Interpretation], list[WordForm]]] = {}
    for how in result.interpreted:
        named, _forms = found.setdefault(how.word, ([], []))
        if all(one.entity != how.entity for one in named):
            named.append(how)
    for form in result.forms:
        _named, forms = found.setdefault(form.word, ([], []))
        if all(one.text != form.text for one in forms):
            forms.append(form)
    places = {word: result.query.find(word) for word in found}
    # A word that does not stand there as it was read (full width, say) comes last.
    return {word: found[word] for word in sorted(found, key=lambda word: (places[word] < 0, places[word]))}


def _values_of_words(result: ResultPage) -> dict[str, set[str]]:
    """Word -> the values of `off` that belong to it."""
    values: dict[str, set[str]] = {}
    for how in result.interpreted:
        values.setdefault(how.word, {how.word}).add(how.entity)
    for form in result.forms:
        values.setdefault(form.word, {form.word}).add(form.text)
    return values


def _is_form(text: str, result: ResultPage) -> bool:
    return any(form.text == text for form in result.forms)


def _understood(
    word: str, named: Sequence[Interpretation], forms: Sequence[WordForm], request: Request, links: Links
) -> Understood:
    others = [*(_entity(how, links) for how in named), *map(_form, forms)]
    values = [other.value for other in others]
    for place, other in enumerate(others):
        off = _toggled(request.off, word, other, values)
        says_kind = place == 0 or others[place - 1].kind != other.kind
        others[place] = replace(other, says_kind=says_kind, switch_url=links.search(_with_off(request, off)))
    rest = [value for value in request.off if value not in (word, *values)]
    any_off, any_on = any(other.is_off for other in others), not all(other.is_off for other in others)
    return Understood(
        word, tuple(others[:SHOWN_FORMS]), tuple(others[SHOWN_FORMS:]), tuple(_names(word, named, forms)),
        links.search(_with_off(request, [*rest, word])) if any_on else None,
        links.search(_with_off(request, rest)) if any_off else None,
    )


def _entity(how: Interpretation, links: Links) -> OtherForm:
    url = links.entity(how.entity) if how.taken_as in KINDS else None
    return OtherForm(how.name, how.entity, one_of_kind(how.taken_as), "", how.is_off, url)


def _form(form: WordForm) -> OtherForm:
    kind, why = _KINDS_OF_FORM[form.why]
    return OtherForm(form.text, form.text, kind(), why(), form.is_off)


def _toggled(off: Sequence[str], word: str, other: OtherForm, values: Sequence[str]) -> list[str]:
    """The values of `off` with that of one form put in, or taken out. values: of all forms of the word."""
    if not other.is_off:
        return [*off, other.value]
    kept = [value for value in off if value not in (word, other.value)]
    # The whole word is off: all of its other forms stay so.
    return kept + [value for value in values if value not in (other.value, *kept)] if word in off else kept


def _with_off(request: Request, off: Iterable[str]) -> Request:
    return replace(request, off=tuple(off), page=1)


def _names(
    word: str, named: Sequence[Interpretation], forms: Sequence[WordForm]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who was meant, and how else they are written, where they are searched."""
    shown = {word, *(form.text for form in forms)}
    for how in named:
        written = tuple(name for name in how.also if name not in shown and name != how.name)
        if written and not how.is_off:
            yield how.name, written

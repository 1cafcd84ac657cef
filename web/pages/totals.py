"""What the search page says about how many articles there are: with all of the words, or with part of them.

"Part of the words" is meant both ways: some of several words, or some characters of a long one. What was pasted as a
sentence is looked for in titles and openings, and articles with its words further down come near.
"""

from __future__ import annotations

from search.query.model import Request
from search.results import ResultPage
from web import params
from web.pages import cards
from web.words import _, ngettext


def heading(result: ResultPage) -> str:
    """The heading of the page: how many articles have all that was asked for."""
    if _says_none_has_all(result) and result.as_sentence:
        return ngettext(
            "No article has the whole sentence in its title or first sentences; here is %(count)s that comes near",
            "No article has the whole sentence in its title or first sentences; here are %(count)s that come near",
            result.partial_total, count=f"{result.partial_total:,}",
        )
    if _says_none_has_all(result):
        return ngettext(
            "No article has all of the words; here is %(count)s with part of them",
            "No article has all of the words; here are %(count)s with part of them",
            result.partial_total, count=f"{result.partial_total:,}",
        )
    return cards.total(result)


def divider(result: ResultPage) -> str:
    """What parts the articles with all of the words from the others; "" where the heading of the page says it."""
    if _says_none_has_all(result) or not any(hit.partial for hit in result.hits):
        return ""
    if result.as_sentence:
        return ngettext(
            "%(articles)s with the whole sentence in title or first sentences; this %(count)s comes near",
            "%(articles)s with the whole sentence in title or first sentences; these %(count)s come near",
            result.partial_total, articles=cards.total(result), count=f"{result.partial_total:,}",
        )
    return ngettext(
        "%(articles)s with all of the words; this %(count)s has only part of them",
        "%(articles)s with all of the words; these %(count)s have only part of them",
        result.partial_total, articles=cards.total(result), count=f"{result.partial_total:,}",
    )


def past_the_end(result: ResultPage) -> str:
    """What to say on a page after the last; "" on any other."""
    if result.hits or not (result.total or result.partial_total):
        return ""
    found = cards.total(result)
    if result.partial_total:
        others = cards.articles(result.partial_total)
        found = _("%(articles)s, and %(others)s with part of the words", articles=found, others=others)
    return _("This page is past the end: there are %(articles)s.", articles=found)


def nothing(result: ResultPage) -> str:
    """What to say where no article was found."""
    if result.conditions:
        return _("No article meets all of these conditions.")
    return _("No article was found.")


def notes(result: ResultPage, request: Request, last_page: int) -> list[str]:
    """Sentences about counts and pages that end early."""
    found = []
    if result.pages > last_page and request.page >= last_page:
        found.append(_(
            "The pages end at article %(most)s. Narrow the search to see the others.", most=f"{params.MAX_DEPTH:,}"
        ))
    return found


def _says_none_has_all(result: ResultPage) -> bool:
    return not result.total and result.partial_total > 0

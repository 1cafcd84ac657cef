"""What a program is told of an address that it cannot use: a page forgives the same, and says what it did instead."""

from __future__ import annotations

from search.query.model import SORTS
from search.results import UNITS
from web import params
from web.params import Asked, Problem
from web.words import _

MAX_TOLD_CHARS = 60
"""Of a value in an address, in a message about it."""


def refusals(asked: Asked) -> str:
    """A plain sentence about each parameter that could not be used; "" if all could."""
    return " ".join(_refusal(problem, asked.form) for problem in asked.problems if problem.name != "q")


def _refusal(problem: Problem, form: str) -> str:
    value = problem.value if len(problem.value) <= MAX_TOLD_CHARS else f"{problem.value[:MAX_TOLD_CHARS]}…"
    match problem.name:
        case "from" | "to":
            return _("“%(value)s” is not a date. Write 2024, 2024-04, 2024-04-10 or 令和6年4月10日.", value=value)
        case "span":
            return _("The first day is after the last (%(value)s). Exchange them.", value=value)
        case "page":
            return _("“%(value)s” is not the number of a page. They count from 1.", value=value)
        case "size":
            most = params.MAX_DEPTH if form in params.WHOLE_FORMS else params.SIZES[-1]
            return _("“%(value)s” is not a number of articles from 1 to %(most)s.", value=value, most=most)
        case _:
            known = {"sort": SORTS, "by": UNITS}.get(problem.name, ())
            return _(
                "“%(value)s” is no value of %(name)s. There are %(known)s.",
                value=value, name=problem.name, known=_(", ").join(known),
            )

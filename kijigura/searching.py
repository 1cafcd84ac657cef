"""Commands that ask a question: search, export, explain, and show for one article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import wraps
from itertools import chain
from typing import Any

import click

from kijigura.command import Config, F, as_json, common, main, minus_is_text, print_json, say, tell
from kijigura.opening import answer, archive_of
from search import dates
from search.archive import Version
from search.articles import Article, Entity
from search.differences import differences
from search.engine import Explanation
from search.errors import EngineError, IndexDamaged, UsageError
from search.library import Library
from search.query.model import SORTS, Request
from search.results import FACETS, Hit, ResultPage

MAX_PAGE_ARTICLES = 10_000
WHOLE_FORMS = ("jsonl", "csv", "ris", "bibtex")
"""Forms that people save: every article, unless a page is asked for."""

DEFAULT_PAGE_ARTICLES = 20


def filters(function: F) -> F:
    """The options that narrow a search; the command gets them as one Request, `asked`."""

    @wraps(function)
    def run(query: tuple[str, ...], **given: Any) -> Any:
        chosen = {name: given.pop(name) for name in ("person", "country", "organization", "place", "topic",
                                                     "desk", "source", "year")}
        since, until = _day(given.pop("since"), first=True), _day(given.pop("until"), first=False)
        if since and until and since > until:
            raise UsageError(f"--from {since} is after --to {until}. Exchange them.")
        asked = Request(
            text=" ".join(query),
            filters={name: values for name, values in chosen.items() if values},
            excluded=_excluded(given.pop("excluded")),
            since=since,
            until=until,
            sort=given.pop("sort", None),
            off=given.pop("off", ()),
            as_typed=given.pop("as_typed", False),
            about=given.pop("about", False),
        )
        return function(asked=asked, **given)

    decorated: Any = run
    for option in reversed((
        click.option("--person", multiple=True, metavar="P", help="Any name of a person; may be repeated."),
        click.option("--country", multiple=True, metavar="C", help="Any name of a country, or its ISO code."),
        click.option("--organization", multiple=True, metavar="O", help="Any name of an organization."),
        click.option("--place", multiple=True, metavar="L", help="Any name of a place, such as 北京."),
        click.option("--topic", multiple=True, metavar="T", help="Id or name of a topic."),
        click.option("--desk", multiple=True, metavar="D", help="The newspaper's own division, such as 国際."),
        click.option("--section", "desk", multiple=True, hidden=True),
        click.option("--source", multiple=True, metavar="S", help="The newspaper or agency, as it is written."),
        click.option("--year", multiple=True, metavar="Y", help="Year of publication; none: without a date."),
        click.option("--exclude", "excluded", multiple=True, metavar="FACET=VALUE",
                     help="What articles must not have, such as desk=経済 or person=習近平; may be repeated."),
        click.option("--from", "since", metavar="DATE", help="First day: 2024, 2024-04 or 2024-04-10."),
        click.option("--to", "until", metavar="DATE", help="Last day, included."),
        click.option("--sort", type=click.Choice(SORTS), help="[default: relevance; newest without a query]"),
        click.option("--off", multiple=True, metavar="WORD", help="Search this word, or form, only as it is written."),
        click.option("--as-typed", is_flag=True, help="Search every word only as it is written."),
        click.option("--about", is_flag=True, help="Names given above are what the article is about, not only in it."),
    )):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def _excluded(written: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Facet -> values, of FACET=VALUE. Raises UsageError."""
    found: dict[str, tuple[str, ...]] = {}
    for one in written:
        facet, _, value = one.partition("=")
        if facet not in FACETS or not value:
            known = ", ".join(FACETS)
            raise UsageError(f"--exclude {one!r} names no facet and value. Write one of {known}, = and a value.")
        found[facet] = (*found.get(facet, ()), value)
    return found


def _day(text: str | None, *, first: bool) -> date | None:
    if text is None:
        return None
    days = dates.read_days(text)
    if days is None:
        raise UsageError(f"{text!r} is no date. Write 2024, 2024-04, 2024-04-10 or 令和6年4月.")
    return days[0] if first else days[1]


@main.command(context_settings=minus_is_text)
@click.argument("query", nargs=-1)
@filters
@click.option("--page", type=click.IntRange(1), help="Which page of articles. [default: 1]")
@click.option("--size", type=click.IntRange(1, MAX_PAGE_ARTICLES), help="Articles a page. [default: 20]")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", *WHOLE_FORMS, "atom"]), default="text", show_default=True,
    help=f"What to write on stdout. {', '.join(WHOLE_FORMS)}: every article, unless --page or --size is given.",
)
@common("archive", "engine", "workers")
def search(config: Config, asked: Request, page: int | None, size: int | None, form: str) -> None:
    """Find articles. Words are joined by AND; OR, NOT, -word, "…", 「…」 and ( ) work. No QUERY: all of them."""
    if form in WHOLE_FORMS and page is None and size is None:
        answer(config, lambda library: _write_all(library, asked, form))
        return
    sort = "newest" if form == "atom" and asked.sort is None else asked.sort     # as the server's feeds
    wanted = replace(asked, page=page or 1, size=size or DEFAULT_PAGE_ARTICLES, sort=sort)
    found = answer(config, lambda library: library.search(wanted))
    if form == "text":
        tell(as_text(found))
        return
    for note in found.notes:
        say(note)
    if form != "json" and (written := sum(not hit.partial for hit in found.hits)) < found.total:
        say(f"{written:,} of {_total(found)}; the others: --page {wanted.page + 1}, or --size.")
    if form == "json":
        print_json(found.as_json())
    else:
        # Flask takes longer to import than a search takes to run.
        from web.forms.exports import render

        click.echo(render(found, form, ""), nl=False)


def _write_all(library: Library, asked: Request, form: str) -> None:
    from web.forms.exports import lines

    batches = library.all_hits(asked)
    first = next(batches)       # what is wrong with the whole index is noticed before anything was written
    for note in library.notes(asked):
        say(note)
    try:
        for line in lines(form, chain(first, chain.from_iterable(batches)), ""):
            click.echo(line, nl=False)
    except IndexDamaged as error:
        # Rebuilding and asking once more would write the same articles twice.
        raise EngineError(f"{error} What was written is not all: run `kijigura rebuild`, then this again.") from error


def as_text(page: ResultPage) -> str:
    """A page of results for a person at a terminal."""
    lines = [*page.notes, *_understood(page)]
    if page.did_you_mean:
        lines.append(f"Did you mean: {page.did_you_mean}")
    lines.append(f"{_total(page)}, {page.took_ms:,.0f} ms")
    if (page.total or page.partial_total) and not page.hits:
        lines.append(f"Page {page.page} is past the last one, {page.pages}.")
    before_others = True
    for hit in page.hits:
        if hit.partial and before_others:
            before_others = False
            lines += ["", f"---- {_divider(page)} ----"]
        lines += ["", *_hit(hit)]
    for name in ("person", "country", "topic"):
        values = [f"{v.label} {v.count}" for v in page.facets[name][:8]]
        if values:
            lines += ["", f"{name}: {', '.join(values)}"]
    return "\n".join(lines)


def _understood(page: ResultPage) -> Iterator[str]:
    """A line for each word that is searched in other forms too, or would be: 首相 = 総理大臣, 内閣総理大臣."""
    forms: dict[str, list[tuple[str, bool]]] = {}
    for taken in page.interpreted:
        also = "" if taken.is_off else "、".join(name for name in taken.also if name != taken.name)
        forms.setdefault(taken.word, []).append((f"{taken.name} ({also})" if also else taken.name, taken.is_off))
    for form in page.forms:
        forms.setdefault(form.word, []).append((form.text, form.is_off))
    for word, others in forms.items():
        on, off = ([text for text, is_off in others if is_off == wanted] for wanted in (False, True))
        yield f"{word} = {', '.join(on or [word])}" + (f"; off: {', '.join(off)}" if off else "")


def _divider(page: ResultPage) -> str:
    one = page.partial_total == 1
    if page.as_sentence:
        near = "this 1 comes near" if one else f"these {page.partial_total:,} come near"
        return f"{_total(page)} with the whole sentence in title or first sentences; {near}"
    these = "this 1 has" if one else f"these {page.partial_total:,} have"
    return f"{_total(page)} with all of the words; {these} only part of them"


def _total(page: ResultPage) -> str:
    return "1 article" if page.total == 1 else f"{page.total:,} articles"


def _hit(hit: Hit) -> Iterator[str]:
    day = hit.published.at.date().isoformat() if hit.published else "no date"
    yield hit.title.text
    yield "  " + " · ".join(x for x in (day, hit.source, hit.desk, hit.id) if x)
    if hit.missing:
        yield f"    lacks: {' '.join(hit.missing)}"
    elif hit.partial:
        yield "    has all of the words, but not all in its title or first sentences"
    for section in hit.sections:
        heading = f"[{section.heading.text}] " if section.heading else ""
        text = "".join(f"*{piece}*" if marked else piece for piece, marked in section.snippet.pieces())
        yield f"    {heading}{text}"


@main.command(context_settings=minus_is_text)
@click.argument("query", nargs=-1)
@filters
@common("archive", "engine", "workers")
def export(config: Config, asked: Request) -> None:
    """Write every article that matches as JSON Lines, in the form that `add` reads."""
    def write(library: Library) -> None:
        articles = library.export(asked)        # all ids are found before the first article is read
        for note in library.notes(asked):
            say(note)
        for article in articles:
            print_json(as_record(article))

    answer(config, write)


@main.command()
@click.argument("article_id", metavar="ID")
@click.option("--history", is_flag=True, help="Its versions instead, and what changed from each to the next.")
@as_json
@common("archive", "engine")
def show(config: Config, article_id: str, history: bool, as_json: bool) -> None:
    """Print one article."""
    with archive_of(config) as archive:
        archive.receive()
        article = archive.get(article_id).article
        versions = archive.history(article_id) if history else []
    if history:
        _show_history(versions, as_json)
        return
    if as_json:
        print_json(as_record(article))
        return
    facts = [article.published.at.date().isoformat() if article.published else "", article.source, article.desk]
    tell(article.title + ("" if not article.title_inferred else " …"))
    tell(" · ".join(x for x in (*facts, *article.authors, *article.credits, article.url) if x))
    tell("\n" + article.body())
    for section in article.sections:
        if section.is_captions:
            tell("\n" + section.text)


def as_record(article: Article) -> dict[str, Any]:
    """An article in the form that `add` reads."""
    # Imported here: it knows all readers.
    from indexer import records

    return records.as_record(article)


def _show_history(versions: Sequence[Version], as_json: bool) -> None:
    if as_json:
        print_json([
            {"version": one.number, "added_at": one.added_at, "article": as_record(one.article)} for one in versions
        ])
        return
    for before, one in zip((None, *versions), versions, strict=False):
        tell(f"version {one.number}, taken in {one.added_at}")
        if before:
            for line in differences(before.article, one.article):
                tell(f"  {line}")


@main.command(context_settings=minus_is_text)
@click.argument("query")
@click.argument("article_id", metavar="ID")
@as_json
@common("archive", "engine", "workers")
def explain(config: Config, query: str, article_id: str, as_json: bool) -> None:
    """Say why an article matches a query, or does not: each word, what it adds, how often it stands there."""
    def find(library: Library) -> tuple[Explanation, list[str]]:
        found = library.explain(Request(text=query), article_id)
        return found, [_readable(leaf, library.registry.known) for leaf, _, _ in found.leaves]

    found, names = answer(config, find)
    if as_json:
        print_json({
            "id": found.article_id, "matches": found.matches, "score": round(found.score, 4),
            "leaves": [{"leaf": leaf, "score": round(s, 4), "count": n} for leaf, s, n in found.leaves],
        })
        return
    tell(f"{article_id} {'matches' if found.matches else 'does not match'}, score {found.score:.3f}")
    for (_, score, count), name in zip(found.leaves, names, strict=True):
        tell(f"  {score:8.3f} {count:5,} times  {name}")


def _readable(leaf: str, known: Callable[[str], Entity | None]) -> str:
    """The forms of a leaf, each once, by name where it is an entity; what an index has of them is for `--json`."""
    place = next(place for place in ("-title:", "title:", "-", "") if leaf.startswith(place))
    entities = {form: known(form) for form in leaf.removeprefix(place).split("/")}
    return place + " / ".join(f"{e.name} ({e.kind})" if e else form for form, e in entities.items())

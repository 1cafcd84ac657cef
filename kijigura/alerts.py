"""Commands on alerts: searches that a person wants to hear of again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from kijigura.alert_mail import Mailing, as_text, send
from kijigura.command import Config, as_json, common, main, minus_is_text, print_json, say, tell
from kijigura.opening import answer, archive_of, directory_of
from kijigura.searching import filters
from search import alerts as kept
from search.alerts import Alert, News
from search.errors import KijiguraError, NotFound, QueryTooHeavy, UsageError
from search.library import Library
from search.query.model import Request
from search.results import hit_json

SMTP = "127.0.0.1:25"
_PUT_BACK = (
    "the archive was put back to an earlier state, or made anew, since the last run. What came in since then is told, "
    "and nothing that was told before."
)


@main.group()
def alerts() -> None:
    """Searches whose new articles are told: at the terminal, as JSON or by mail."""


@alerts.command("add", context_settings=minus_is_text)
@click.argument("name")
@click.argument("query", nargs=-1)
@filters
@click.option("--all", "tell_all", is_flag=True, help="The first run tells what there is already, too.")
@common("archive", "engine", "workers")
def alerts_add(config: Config, name: str, asked: Request, tell_all: bool) -> None:
    """Add an alert called NAME, with the QUERY and filters of a search; a topic is one of these."""
    name = " ".join(name.split())
    if not name:
        raise UsageError("An alert needs a name. Give it as: kijigura alerts add NAME QUERY")
    alert = Alert(name, replace(asked, sort=None))

    def look(library: Library) -> tuple[Alert, tuple[str, ...], int]:
        now = kept.remembered(library, alert)
        return alert if tell_all else now, library.notes(asked), len(now.told)

    directory = directory_of(config)
    new, notes, count = answer(config, look)
    with kept.alone(directory):
        there = kept.load(directory)
        if any(one.name == name for one in there):
            raise UsageError(f"There is an alert {name!r} already. Remove it first: kijigura alerts remove {name!r}")
        kept.save(directory, [*there, new])
    for note in notes:
        say(note)
    first = "the first run tells them, too" if tell_all else "only what comes from now on is told"
    tell(f"{name} is an alert now. Articles there are already: {count:,}; {first}.")


@alerts.command("list")
@as_json
@common("archive", "engine")
def alerts_list(config: Config, as_json: bool) -> None:
    """List the alerts with their searches."""
    found = kept.load(_opened(config))
    if as_json:
        print_json({"alerts": [{k: v for k, v in one.as_json().items() if k != "told"} for one in found]})
        return
    for one in found:
        tell(f"{one.name}  {_search(one.request)}")


@alerts.command("remove")
@click.argument("name")
@common("archive", "engine")
def alerts_remove(config: Config, name: str) -> None:
    """Forget an alert."""
    directory = _opened(config)
    with kept.alone(directory):
        there = kept.load(directory)
        left = [one for one in there if one.name != name]
        if len(left) == len(there):
            raise _no_alert(name)
        kept.save(directory, left)
    tell(f"{name} is no alert any more.")


@alerts.command("run")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@as_json
@click.option("--mail-to", metavar="ADDRESS", multiple=True, help="Send a mail for each alert; may be repeated.")
@click.option("--smtp", metavar="HOST:PORT", default=SMTP, show_default=True, help="The server that takes the mail.")
@click.option("--mail-from", metavar="ADDRESS", default="kijigura@localhost", show_default=True, help="The sender.")
@click.option("--base-url", metavar="URL", help="Where `kijigura serve` is reached, for links to the articles.")
@common("archive", "engine", "workers")
def alerts_run(
    config: Config, names: tuple[str, ...], as_json: bool, mail_to: tuple[str, ...], smtp: str, mail_from: str,
    base_url: str | None,
) -> None:
    """Tell what is new since the last run, for each alert or those named; every article once."""
    mailing = Mailing.read(smtp, mail_from, mail_to) if mail_to else None

    def report(news: News) -> None:
        if news.hits and mailing is not None:
            send(mailing, news, base_url)
            say(f"{news.alert.name}: {len(news.hits):,} new, sent to {', '.join(mail_to)}.")
        if as_json:
            print_json({
                "alert": news.alert.name, "total": len(news.hits), "hits": [hit_json(hit) for hit in news.hits],
            })
        elif news.hits and mailing is None:
            tell(as_text(news, base_url))

    told = _run(config, names, report)
    if not told:
        say("There is no alert yet. Add one: kijigura alerts add NAME QUERY")
    elif not as_json and not any(told):
        say("Nothing new.")


def _run(config: Config, names: tuple[str, ...], report: Callable[[News], None]) -> list[int]:
    """How many articles were told, for each alert. What could not be told is told the next time.

    One that cannot be answered or told keeps none of the others back; the exit status is 1 then.
    """
    directory = _opened(config)
    with kept.alone(directory):
        there = kept.load(directory)
        for name in names:
            if name not in [one.name for one in there]:
                raise _no_alert(name)
        chosen = [one for one in there if not names or one.name in names]
        found = answer(config, lambda library: [_news(library, alert) for alert in chosen]) if chosen else []
        told: list[int] = []
        for alert, news in zip(chosen, found, strict=True):
            try:
                if isinstance(news, QueryTooHeavy):
                    raise news
                for note in (*([_PUT_BACK] if news.was_put_back else []), *news.notes):
                    say(f"{alert.name}: {note}")
                report(news)
            except UsageError:
                raise
            except KijiguraError as error:
                say(f"{alert.name}: {error}")
                continue
            there[there.index(alert)] = news.after
            kept.save(directory, there)
            told.append(len(news.hits))
    if len(told) < len(chosen):
        sys.exit(1)
    return told


def _news(library: Library, alert: Alert) -> News | QueryTooHeavy:
    try:
        return kept.news(library, alert)
    except QueryTooHeavy as error:
        return error


def _opened(config: Config) -> Path:
    """The directory of the archive, which is there."""
    directory = directory_of(config)
    archive_of(config).close()
    return directory


def _no_alert(name: str) -> NotFound:
    return NotFound(f"There is no alert {name!r}. See those there are: kijigura alerts list")


def _search(request: Request) -> str:
    """Its words and filters: 停戦 person=習近平 -desk=経済 from=2024-04-01."""
    chosen = [f"{facet}={value}" for facet, values in request.filters.items() for value in values]
    excluded = [f"-{facet}={value}" for facet, values in request.excluded.items() for value in values]
    days = [f"{name}={day}" for name, day in (("from", request.since), ("to", request.until)) if day]
    others = [*(f"off={word}" for word in request.off), *(["as-typed"] if request.as_typed else []),
              *(["about"] if request.about else [])]
    return " ".join((request.text or "(every article)", *chosen, *excluded, *days, *others))

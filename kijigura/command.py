"""The group that all commands belong to, the options that many share, and how errors end."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from search import settings
from search.errors import KijiguraError, UsageError

F = TypeVar("F", bound=Callable[..., Any])
Config = dict[str, settings.Value]

as_json = click.option("--json", "as_json", is_flag=True, help="Machine output on stdout; all else goes to stderr.")

# A query may begin with a minus: `kijigura search -- -中国` would be a lot to ask.
minus_is_text = {"ignore_unknown_options": True}

_WITHOUT_SQLITE = (
    "Make room on the disk if it is full; else put back a copy of articles.sqlite, or save what can be read: "
    "sqlite3 articles.sqlite .recover"
)

# What Python makes of bytes that are no UTF-8.
_HALF_PAIR = re.compile("[\ud800-\udfff]")

# What a terminal obeys instead of showing it: all controls but tab and line feed.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _TextCommand(click.Command):
    """Looks over the text that a person typed, before the command gets it."""

    def invoke(self, ctx: click.Context) -> Any:
        for parameter in self.params:
            name = str(parameter.name)
            # A path needs its broken characters as they are; in text they become U+FFFD, and controls go, as they do
            # in articles.
            if name not in ("archive", "engine"):
                ctx.params[name] = _whole(ctx.params[name])
            if ctx.ignore_unknown_options and isinstance(parameter, click.Argument):
                _refuse_options(ctx, ctx.params[name])
        return super().invoke(ctx)


def _refuse_options(ctx: click.Context, value: str | tuple[str, ...]) -> None:
    for word in (value,) if isinstance(value, str) else value:
        # Options that do not exist arrive here, since a query may begin with a minus.
        if word.startswith("--"):
            raise UsageError(f"There is no option {word}. See: {ctx.command_path} --help")


def _whole(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    if not isinstance(value, str):
        return value
    return _CONTROLS.sub(lambda control: " " if control[0].isspace() else "", _HALF_PAIR.sub("\ufffd", value))


class Command(click.Group):
    """Turns errors into a plain sentence and an exit status."""

    command_class = _TextCommand
    group_class = type

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsageError as error:
            raise _Failed(str(error), 2) from error
        except KijiguraError as error:
            raise _Failed(str(error), 1) from error
        except BrokenPipeError:
            # `kijigura export | head`: whoever read has read enough.
            sys.stderr.close()
            raise SystemExit(0) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise _Failed(f"{where}{error.strerror or error}.", 1) from error
        except sqlite3.Error as error:
            raise _Failed(f"SQLite cannot go on with the archive: {error}. {_WITHOUT_SQLITE}", 1) from error


class _Failed(click.ClickException):
    exit_code: int  # type: ignore[misc]

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(visible(message))
        self.exit_code = exit_code


def common(*names: str) -> Callable[[F], F]:
    """The options that many commands share, by name; each command gets its settings as `config`."""
    options = {
        "archive": click.option("--archive", metavar="DIR", help="Directory of the archive. [default: ./archive]"),
        "engine": click.option("--engine", metavar="URL", help="What keeps the index: whoosh:DIR or opensearch://HOST:PORT/NAME."),
        "workers": click.option("--workers", type=click.IntRange(1, 64), help="Processes to use."),
        "host": click.option("--host", help="Address to listen on. [default: 127.0.0.1]"),
        "port": click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. [default: 8000]"),
    }

    def decorate(function: F) -> F:
        @wraps(function)
        def run(**given: Any) -> Any:
            chosen = {name: given.pop(name, None) for name in names}
            return function(config=settings.load(chosen), **given)

        decorated: Any = run
        for name in reversed(names):
            decorated = options[name](decorated)
        return decorated  # type: ignore[no-any-return]

    return decorate


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kijigura")
def main() -> None:
    """Search Japanese news archives by word, person, country and topic."""


def say(message: str) -> None:
    """Tell the person at the keyboard something that is no result."""
    click.echo(visible(message), err=True)


def tell(text: str) -> None:
    """Write a result for a person to stdout."""
    click.echo(visible(text))


def visible(text: str) -> str:
    """The text with its control characters, which a terminal would obey, as `\\x1b`; tabs and line feeds stay."""
    return _CONTROLS.sub(lambda control: repr(control[0])[1:-1], text)


def print_json(value: object) -> None:
    """One JSON value on a line of its own, flushed."""
    print(json.dumps(value, ensure_ascii=False), flush=True)

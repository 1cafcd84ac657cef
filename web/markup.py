"""The HTML that a page has hundreds of, made for all of them at once; everything else is the templates'.

Jinja takes one or two microseconds for each value that it escapes. Templates say here too what stands around a
value; see `filled`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Flask
from markupsafe import Markup, escape

from search.results import NameMark, Snippet
from search.snippets import cut
from web.links import Links
from web.words import _, is_japanese, language, one_of_kind

_BORDER = "\0"


def add_filters(app: Flask) -> None:
    """Make them known to the templates of `app`."""
    for made in (filled, marked, named, excerpt, said):
        app.jinja_env.filters[made.__name__] = made


def filled(rows: Sequence[Sequence[str]], pattern: str) -> Markup:
    """The pattern once for each row, with the texts of the row, escaped, for its `%s`; `%%` stands for `%`."""
    return Markup(str(pattern) * len(rows) % tuple(escaped([text for row in rows for text in row])))


UNSURE = 0.5
"""A name of which we are less sure than that is drawn fainter, and so is what only stands for one."""


def is_unsure(name: NameMark) -> bool:
    return name.is_inferred or name.confidence < UNSURE


def named(snippet: Snippet, links: Links) -> Markup:
    """The text with its marks, and each name a link to its page.

    A link holds marks, never the other way round: a mark that reaches over the end of a name is cut there.
    """
    drawn: list[Markup] = []
    at = 0
    for name in snippet.names:
        drawn += (stretch(snippet, at, name.start), _named(name, stretch(snippet, name.start, name.end), links))
        at = name.end
    return Markup("").join([*drawn, stretch(snippet, at, len(snippet.text))])


def stretch(snippet: Snippet, start: int, end: int) -> Markup:
    """The characters from `start` to `end` with their marks and readings."""
    return marked(cut(snippet.text, start, end, snippet.marks, ruby=snippet.ruby)) if start < end else Markup()


def _named(name: NameMark, text: Markup, links: Links) -> Markup:
    title = f"{one_of_kind(name.kind)}{_(': ')}{name.entity.label(language())}"
    return Markup('<a class="name {}" href="{}" title="{}">{}</a>').format(
        f"{name.kind} unsure" if is_unsure(name) else name.kind, links.entity(name.entity.id),
        _("%(name)s (inferred)", name=title) if name.is_inferred
        else _("%(name)s (uncertain)", name=title) if is_unsure(name) else title, text,
    )


def marked(snippet: Snippet) -> Markup:
    """The text with its marks and readings. A mark that reaches over the end of a reading is cut there."""
    if snippet.ruby:
        return _read_aloud(snippet)
    pieces = snippet.pieces()
    texts = escaped([text for text, _ in pieces])
    return Markup("".join([
        f"<mark>{text}</mark>" if is_marked else text for text, (_, is_marked) in zip(texts, pieces, strict=True)
    ]))


_RUBY = Markup("<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>")


def _read_aloud(snippet: Snippet) -> Markup:
    drawn: list[Markup] = []
    at = 0
    plain = replace(snippet, ruby=())
    for ruby in snippet.ruby:
        drawn += (stretch(plain, at, ruby.start), _RUBY.format(stretch(plain, ruby.start, ruby.end), ruby.reading))
        at = ruby.end
    return Markup("").join([*drawn, stretch(plain, at, len(snippet.text))])


def excerpt(snippet: Snippet) -> Markup:
    """The same with an ellipsis where more text follows or comes before."""
    return Markup(f"{'' if snippet.opens else '… '}{marked(snippet)}{'' if snippet.closes else ' …'}")


def said(text: str) -> str:
    """On an English page a Japanese name says that it is Japanese, for the voice and for the shapes of its characters.

    Any other text is returned as it is, not escaped.
    """
    is_foreign = language() != "ja" and is_japanese(text)
    return Markup('<span lang="ja">{}</span>').format(text) if is_foreign else text


def escaped(texts: Sequence[str]) -> list[str]:
    """Each of the texts as it stands in HTML; Markup is taken as it is."""
    plain = [text for text in texts if not isinstance(text, Markup)]
    found = str(escape(_BORDER.join(plain))).split(_BORDER)
    if len(found) != len(plain):        # there are none, or one has the border in it
        found = [str(escape(text)) for text in plain]
    if len(found) == len(texts):
        return found
    rest = iter(found)
    return [str(text) if isinstance(text, Markup) else next(rest) for text in texts]

"""XML of a kind of its own whose elements are called what columns of tables are (`indexer.formats.names`).

    <news><article id="a1"><headline>首脳が会談</headline><date>2024-04-10</date><body><p>…</p></body></article></news>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.formats import fragments, xml_tree
from indexer.formats.named_values import article
from indexer.formats.names import known, layout
from indexer.formats.source import Source
from indexer.formats.xml_tree import name_of, words
from indexer.raw import RawArticle, Rejection, Where


def read(source: Source) -> Iterator[RawArticle | Rejection]:
    """The articles of a file; nothing where no element has a title, and a text or a date. Raises as `xml_tree.read`."""
    tree = xml_tree.read_all(source)
    alike = [one for one in tree.root.iter() if _is_article(one)]
    # A list may have a title and a date of its own.
    lists = {above for one in alike for above in one.iterancestors()}
    found = [one for one in alike if one not in lists]
    for one in found:
        yield _article(one, source)
    if found:
        yield from tree.cut(source.where)


def _is_article(element: Any) -> bool:
    fields = {meaning[0] for child in element if (meaning := known(name_of(child)))}
    return "title" in fields and not fields.isdisjoint(("body", "published"))


def _article(element: Any, source: Source) -> RawArticle:
    values: dict[str, list[str]] = {name: [value] for name, value in element.attrib.items() if "}" not in name}
    for child in element:
        name = name_of(child)
        meaning = known(name)
        is_text = meaning is not None and meaning[0] in ("body", "lead")
        text = (fragments.of_element(child).body if len(child) else child.text) if is_text else words(child)
        if name and text and text.strip():
            values.setdefault(name, []).append(text)
    record = {name: value[0] if len(value) == 1 else value for name, value in values.items()}
    return article(record, Where(source.where.path, element.sourceline), layout(record, source.facts.columns))

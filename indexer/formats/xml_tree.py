"""XML to a tree: decoded here, never fetching anything, never following an entity, within bounds of time and memory.

libxml2 and expat refuse some Japanese encodings, so they get UTF-8 without a declaration. The DOCTYPE goes too:
what stands in it is only good for attacks. Files that break the rules in small things are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from indexer.decoding import decode
from indexer.formats.source import Source, Unreadable
from indexer.raw import Rejection, Where

# libxml2 takes about 130 bytes for a tag or an attribute, so this is 260 MB. Feeds of a whole 32 MiB have fewer.
MAX_TAGS = 2_000_000
# NITF's richest has 20; feedparser takes the square of their number in time.
MAX_ATTRIBUTES = 1_000
# Each is looked at in Python, 1 µs.
MAX_REFERENCES = 5_000_000

_DOCTYPE = (
    r"<!DOCTYPE(?:[^\"'\[>]|\"[^\"]*\"|'[^']*')*+"
    r"(?:\[(?:<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|\"[^\"]*\"|'[^']*'|[^\"'\]])*+\]\s*)?+>"
)
# All that may stand before the first tag. The possessive signs keep hostile files from being tried in every way.
PROLOG = re.compile(rf"(?:[\s\ufeff]++|<\?.*?\?>|<!--.*?-->|{_DOCTYPE})*+", re.DOTALL | re.IGNORECASE)
ROOT = re.compile(r"<([^\s<>/!?&;\"'=]+)")
# <速報> in a text; but a tag may have a Japanese name.
NO_TAG = re.compile(r"<([^\s<>/!?&\x00-\x7f][^\s<>/]{0,20})>")
DECLARED_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
# An external DTD may define more; those stay as they are written.
DEFINED = re.compile(r"<!ENTITY\s+([^\s%\"'>]+)", re.IGNORECASE)

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# CDATA and comments are passed over; of the references only those that XML itself does not know are matched.
REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos);)(?:(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9._-]{0,63}));)?",
    re.DOTALL,
)

SAFE: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
# Something after the last tag, a prefix without its namespace: nothing is out of place in such a tree.
HARMLESS = (etree.ErrorTypes.ERR_DOCUMENT_END, etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE)


@dataclass(frozen=True, slots=True)
class Tree:
    """text: what was parsed; its lines are those of the file.

    cut_at: the line where the file breaks off, None for a whole one; what was not complete there is not in the tree.
    is_tangled: it was mended by guesses, so elements may be lost or stand in the wrong places.
    """

    root: Any
    text: str
    cut_at: int | None = None
    is_tangled: bool = False

    def cut(self, where: Where) -> list[Rejection]:
        """What to say of the end of the file, if anything."""
        if self.cut_at is None:
            return []
        return [Rejection(where, f"it breaks off at line {self.cut_at}; get it again for what is missing")]


def root_name(opening: str) -> str | None:
    """The name of the first tag, as it is written; None where there is none in sight."""
    prolog = PROLOG.match(opening)
    root = ROOT.match(opening, prolog.end() if prolog else 0)
    return root[1] if root else None


def claimed(source: Source, roots: Collection[str]) -> bool:
    """Whether the file's first tag is one of these, whatever its prefix; `roots` in small letters."""
    if not source.opening.startswith("<"):
        return False
    name = root_name(source.opening)
    return name is not None and name.rpartition(":")[2].lower() in roots


def read(source: Source, items: Collection[str]) -> Tree:
    """A file's tree. items: names of the elements that are articles. Raises Unreadable, Undecodable."""
    declared = DECLARED_ENCODING.search(source.head[:1_024])
    return parse(decode(source.whole(), declared[1].decode() if declared else source.facts.charset), items)


def read_all(source: Source) -> Tree:
    """The same of a file of any names, which may have several elements side by side as a list of texts in SGML has."""
    declared = DECLARED_ENCODING.search(source.head[:1_024])
    text = decode(source.whole(), declared[1].decode() if declared else source.facts.charset)
    text = NO_TAG.sub(lambda found: found[0] if f"</{found[1]}>" in text else f"&lt;{found[1]}&gt;", text)
    prolog = PROLOG.match(text)
    end = prolog.end() if prolog else 0
    root = ROOT.match(text, end)
    if root and text.count(f"</{root[1]}>", end) > 1:
        text = f"{chr(10) * text.count(chr(10), 0, end)}<all>{text[end:]}</all>"
    return parse(text, ())


def parse(text: str, items: Collection[str]) -> Tree:
    """The same for text. Raises Unreadable."""
    text = _mended(text)
    data = text.encode()
    try:
        return Tree(_checked(etree.fromstring(data, etree.XMLParser(**SAFE))), text)
    except etree.XMLSyntaxError as error:
        _check_limits(str(error))
    root = ROOT.search(text)
    if root and f"</{root[1]}" not in text:
        return _before_the_cut(text, data, items)
    parser = etree.XMLParser(recover=True, **SAFE)
    tree = etree.fromstring(data, parser)
    for entry in parser.error_log:
        _check_limits(entry.message)
    if tree is None:
        raise Unreadable(f"broken XML: {parser.error_log.last_error.message}")
    return Tree(_checked(tree), text, is_tangled=any(entry.type not in HARMLESS for entry in parser.error_log))


def name_of(element: Any) -> str:
    """An element's name in small letters, without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def find(element: Any, path: str) -> Any:
    """The first element at a path of names, in any namespace, or None."""
    return element.find(_anywhere(path))


def find_all(element: Any, path: str) -> list[Any]:
    return list(element.findall(_anywhere(path)))


def words(element: Any) -> str | None:
    """All text in an element on one line; None where there is none, or no element."""
    return " ".join("".join(element.itertext()).split()) or None if element is not None else None


def texts(element: Any, path: str) -> tuple[str, ...]:
    """The words of every element at a path, without those that have none."""
    return tuple(filter(None, map(words, find_all(element, path))))


def attribute(element: Any, path: str, *names: str) -> str | None:
    """The first of these attributes, in any letters, that is not empty, of the elements at a path."""
    for one in find_all(element, path):
        have: dict[str, str] = {name.lower(): value.strip() for name, value in one.items()}
        found = next(filter(None, (have.get(name.lower()) for name in names)), None)
        if found:
            return found
    return None


def without_empty(extra: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in extra.items() if value not in (None, "", (), [])}


def _anywhere(path: str) -> str:
    return "/".join(step if step in (".", "", "*") else f"{{*}}{step}" for step in path.split("/"))


def _mended(text: str) -> str:
    """Text without prolog, with only characters and references that XML has. Raises Unreadable."""
    prolog = PROLOG.match(text)
    end = prolog.end() if prolog else 0
    if not ROOT.match(text, end):
        raise Unreadable("XML without an element" if text[end : end + 2] != "<!" else "XML whose DOCTYPE does not end")
    if text.count("<", end) + text.count("=", end) > MAX_TAGS or text.count("&", end) > MAX_REFERENCES:
        raise Unreadable(f"XML of more than {MAX_TAGS:,} tags and attributes, or {MAX_REFERENCES:,} references")
    defined = frozenset(DEFINED.findall(text[:end]))

    def mended(match: re.Match[str]) -> str:
        decimal, hexadecimal, name = match.groups()
        if match[0][0] == "<":
            return match[0]
        if decimal or hexadecimal:
            number = int(decimal) if decimal else int(hexadecimal, 16)
            return match[0] if number < 0x110000 and not NO_XML.match(chr(number)) else ""
        if f"{name};" in html5:
            return escape(html5[f"{name};"])
        if name in defined:
            raise Unreadable(f"XML that defines an entity of its own (&{name};); those are never followed")
        return "&amp;" + match[0][1:]

    return "\n" * text.count("\n", 0, end) + REFERENCE.sub(mended, NO_XML.sub("", text[end:]))


def _check_limits(message: str) -> None:
    """Raise Unreadable for what libxml2 refuses on account of its size."""
    if "XML_PARSE_HUGE" in message:
        why = "elements nested too deep (more than 256)" if "depth" in message.lower() else "a single text over 10 MB"
        raise Unreadable(f"XML with {why}")


def _checked(root: Any) -> Any:
    if any(len(one.attrib) > MAX_ATTRIBUTES for one in root.iter(etree.Element)):
        raise Unreadable(f"XML with more than {MAX_ATTRIBUTES:,} attributes in one element")
    return root


def _before_the_cut(text: str, data: bytes, items: Collection[str]) -> Tree:
    """The tree with only those of the items that were complete when the text ended."""
    parser: Any = etree.XMLPullParser(events=("start", "end"), **SAFE)
    complete = set()
    root: Any = None
    try:
        parser.feed(data)
    except etree.XMLSyntaxError as error:
        _check_limits(str(error))
    for event, element in parser.read_events():
        root = element if root is None else root
        if event == "end":
            complete.add(element)
    line = text.count("\n") + 1
    if root is None or (root not in complete and name_of(root) in items):
        raise Unreadable(f"it breaks off at line {line}, in the middle of the article; get it again")
    for element in [one for one in root.iter() if name_of(one) in items and one not in complete]:
        element.getparent().remove(element)
    return Tree(_checked(root), text, cut_at=line)

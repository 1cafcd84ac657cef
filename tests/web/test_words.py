"""The catalogue of Japanese words."""

from __future__ import annotations

import io
from gettext import GNUTranslations
from pathlib import Path
from typing import IO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
JAPANESE = WEB / "translations" / "ja" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with (JAPANESE / "messages.po").open("rb") as file:
        return read_po(file, locale="ja")


def _used() -> set[str | tuple[str, ...]]:
    methods = [("**.py", "python"), ("templates/**", "jinja2")]
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(WEB, methods, {}, keywords)
    return {tuple(message) if isinstance(message, tuple) else message for _, _, message, _, _ in found}


def test_every_message_has_its_japanese_and_no_other_is_kept(catalog: Catalog) -> None:
    known = {tuple(m.id) if isinstance(m.id, list | tuple) else m.id for m in catalog if m.id}
    assert known == _used()
    assert all(m.string and all(m.string) for m in catalog if m.id)


def test_a_translation_has_the_places_of_its_message(catalog: Catalog) -> None:
    assert [(m.id, errors) for m, errors in catalog.check()] == []


def test_the_compiled_catalogue_is_that_of_the_source(catalog: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    with (JAPANESE / "messages.mo").open("rb") as file:
        assert _messages(file) == _messages(compiled), "Run: pybabel compile -d web/translations"


def _messages(file: IO[bytes]) -> dict[object, str]:
    """Without the header, which names the tool that wrote it."""
    catalog: dict[object, str] = vars(GNUTranslations(file))["_catalog"]
    return {key: text for key, text in catalog.items() if key}

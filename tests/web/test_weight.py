"""What a page weighs on its way to the reader, over the sample archive."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from search.keeper import Keeper
from web import create_app

STATIC = Path(__file__).parents[2] / "web" / "static"
MOST_BYTES = 60_000
"""A page with its styles and scripts, each compressed as a server in front would do it, pictures left out."""

MOST_SCRIPT_BYTES = 12_000
"""All of our JavaScript, as it lies on disk."""

PAGES = {
    "first": "/",
    "results": "/?q=" + quote("会談"),
    "a hundred results": "/?size=100",
    "long query": "/?q=" + quote("習主席 ラブロフ 停戦 和平 首相 会談") + "&size=100",
    "values": "/values/person?size=100",
    "article": "/article/{article}?q=" + quote("停戦"),
    "article with names": "/article/{article}?names=1",
    "history": "/history/{article}",
    "person": "/entity/xi-jinping",
    "country": "/entity/RU",
    "topic": "/topic/ukraine-peace-talks",
    "topics": "/topics",
    "compare": "/compare?of=RU&of=UA&of=US&of=CN",
    "save": "/save?q=" + quote("停戦"),
    "help": "/help",
}


@pytest.fixture(scope="module")
def client(sample_archive: Path) -> FlaskClient:
    return create_app(Keeper(sample_archive)).test_client()


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(client: FlaskClient, name: str, lang: str) -> None:
    longest = max(client.get("/?format=json&size=100").get_json()["hits"], key=lambda hit: len(hit["title"]))
    address = PAGES[name].replace("{article}", quote(longest["id"], safe=""))
    page = client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert page.status_code == 200
    files = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', page.text)
    assert len(files) >= 2
    parts = [page.data, *(client.get(file).data for file in files)]
    assert sum(len(gzip.compress(part, 6)) for part in parts) <= MOST_BYTES


def test_our_scripts_are_small() -> None:
    scripts = list(STATIC.glob("*.js"))
    assert scripts
    assert sum(script.stat().st_size for script in scripts) <= MOST_SCRIPT_BYTES

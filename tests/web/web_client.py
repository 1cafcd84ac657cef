"""What tests of the pages share: a page by its path, and its words."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask.testing import FlaskClient

ODD_ID = quote("odd/../ID?#%20 1", safe="")
"""The id of an article of `web_sample`, as it stands in an address."""


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def words(html: str) -> str:
    """What a reader gets to read, on one line."""
    body = html.partition("<body")[2].replace("<wbr>", "")     # where a line may be broken, and no space
    body = re.sub(r"<script.*?</script>|<[^>]*>", " ", body, flags=re.S)
    return " ".join(body.split())

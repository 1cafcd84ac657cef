"""Every JSON answer is as the description of the API says, on the double and on the sample archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from web_client import ODD_ID
from web_double import DoubleKeeper
from werkzeug.test import TestResponse

from search.errors import IndexDamaged, QueryTooHeavy
from search.keeper import Keeper
from search.query.model import SORTS
from search.results import FACETS
from web import create_app, params
from web.forms.exports import MIMETYPES
from web.links import pairs_of
from web.openapi import OPENSEARCH
from web.openapi_schemas import TEXT


@pytest.fixture(scope="module")
def real(sample_archive: Path) -> FlaskClient:
    return create_app(Keeper(sample_archive)).test_client()


def _description(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = answer.get_json()
    return found


def _wrong(client: FlaskClient, path: str, address: str, status: int = 200) -> list[str]:
    """What of the answer is not as the description of this path has it."""
    described = _description(client)
    content = described["paths"][path]["get"]["responses"][str(status)]["content"]
    answer = client.get(address)
    assert answer.status_code == status, address
    return list(_unlike(answer, content, described))


def _unlike(answer: TestResponse, content: dict[str, Any], description: dict[str, Any]) -> Iterator[str]:
    """How the answer is not what is described."""
    if answer.mimetype not in content:
        yield f"{answer.mimetype} is not described"
    elif content[answer.mimetype]["schema"] != TEXT:
        # References are into the whole document.
        schema = {**content[answer.mimetype]["schema"], "components": description["components"]}
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        for error in validator.iter_errors(answer.get_json(force=True)):
            yield f"{error.json_path}: {error.message[:300]}"


@pytest.mark.parametrize(("path", "address"), [
    ("/", "/?format=json"),
    ("/", "/?format=json&q=習主席 会談"),
    ("/", "/?format=json&q=習主席 作柄"),                      # partial matches alone
    ("/", "/?format=json&q=作がら"),                          # もしかして
    ("/", "/?format=json&q=作柄&not_desk=経済&size=2&page=2"),
    ("/", "/?format=json&q=作柄&page=999"),
    ("/values/{facet}", "/values/person?format=json&q=会談"),
    ("/values/{facet}", "/values/year?format=json&not_year=2023&order=name"),
    ("/article/{id}", f"/article/{ODD_ID}?format=json"),
    ("/history/{id}", f"/history/{ODD_ID}?format=json"),
    ("/entity/{id}", "/entity/person-xi?format=json"),
    ("/entity/{id}", "/entity/CN?format=json"),
    ("/topic/{id}", "/topic/peace?format=json"),
    ("/topics", "/topics?format=json"),
    ("/compare", "/compare?format=json&of=CN&of=RU"),
    ("/compare", "/compare?format=json"),
    ("/save", "/save?format=json&q=停戦&desk=国際"),
    ("/suggest", "/suggest?q=習"),
    ("/healthz", "/healthz"),
])
def test_an_answer_of_the_double_is_as_described(client: FlaskClient, path: str, address: str) -> None:
    assert _wrong(client, path, address) == []


EXPECTED = {"html": "text/html", "opensearch": OPENSEARCH, **MIMETYPES}
"""Form -> mimetype."""


def _requests(path: str, parameters: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Path and query with what must be there, and with each other parameter as its example or its table has it."""
    needed = {one["name"]: one["example"] for one in parameters if one.get("required") and one["in"] == "query"}
    names = {f"{{{one['name']}}}": one for one in parameters if one["in"] == "path"}
    for name, one in names.items():
        path = path.replace(name, quote(one["example"], safe=""))
    yield path, needed
    for one in parameters:
        for value in (one["example"], *one["schema"].get("enum", ())):
            Draft202012Validator(one["schema"]).validate(value)
            if one["in"] == "query":
                yield path, {**needed, one["name"]: value}


def test_every_parameter_may_be_asked_for_as_its_example_has_it(real: FlaskClient) -> None:
    described = _description(real)
    several = [
        (operation["get"], *request) for path, operation in described["paths"].items()
        for request in _requests(path, operation["get"]["parameters"])
    ]
    assert len(several) > 120
    for operation, path, query in several:
        answer = real.get(path, query_string=query)
        form = query.get("format", "json")
        assert (answer.status_code, answer.mimetype) == (200, EXPECTED[form]), (path, query)
        assert list(_unlike(answer, operation["responses"]["200"]["content"], described)) == [], (path, query)


def test_an_example_finds_something(real: FlaskClient) -> None:
    for one in _description(real)["paths"]["/"]["get"]["parameters"]:
        if not one["name"].startswith("not_"):
            query = {"format": "json", one["name"]: one["example"]}
            found = real.get("/", query_string={**query, "format": "json"}).get_json()
            assert found["total"] > 0, one["name"]


@pytest.mark.parametrize(("query", "note"), [
    ("person=nosuch", "This archive knows no person called “nosuch”."),
    ("q=日付:2026-13", "There is no date “2026-13”; 2026 was searched."),
    ("q=停戦", None),
])
def test_a_program_reads_the_notes_that_a_page_shows(real: FlaskClient, query: str, note: str | None) -> None:
    assert real.get(f"/?{query}&lang=en&format=json").get_json()["notes"] == ([note] if note else [])


def test_forms_that_are_not_described_are_refused(client: FlaskClient) -> None:
    for path, operation in _description(client)["paths"].items():
        parameters = operation["get"]["parameters"]
        forms = next((one["schema"].get("enum") for one in parameters if one["name"] == "format"), None)
        address = path.format(id={"/topic/{id}": "peace", "/entity/{id}": "CN"}.get(path, "g7"), facet="desk")
        for form in (*params.FORMS, "xml") if forms else ():
            assert client.get(f"{address}?format={form}").status_code == (200 if form in forms else 400), (path, form)


def _real_addresses(real: FlaskClient) -> Iterator[tuple[str, str]]:
    """Of articles with all there is: copies, versions, related ones."""
    for query in ("", "&q=停戦 -ガザ", "&q=首相", "&q=ceasefire&sort=oldest&size=3&page=2", "&q=停戦 合意 火星人"):
        yield "/", f"/?format=json{query}"
    for facet in FACETS:
        yield "/values/{facet}", f"/values/{facet}?format=json"
    for hit in real.get("/?format=json&size=100").get_json()["hits"]:
        article = quote(hit["id"], safe="")
        yield "/article/{id}", f"/article/{article}?format=json"
        yield "/history/{id}", f"/history/{article}?format=json"
    for entity in ("xi-jinping", "UA", "united-nations"):
        yield "/entity/{id}", f"/entity/{entity}?format=json"
    for topic in real.get("/topics?format=json").get_json()["topics"]:
        yield "/topic/{id}", f"/topic/{topic['id']}?format=json"
    yield "/topics", "/topics?format=json"
    yield "/compare", "/compare?format=json&of=CN&of=UA&of=xi-jinping&from=2022"
    yield "/save", "/save?format=json&q=停戦&country=UA&from=2022"
    yield "/suggest", "/suggest?q=しゅうき"
    yield "/healthz", "/healthz"


def test_every_answer_of_the_sample_archive_is_as_described(real: FlaskClient) -> None:
    addresses = list(_real_addresses(real))
    assert len(addresses) > 50
    assert {path for path, _ in addresses} == set(_description(real)["paths"])
    assert {address: wrong for path, address in addresses if (wrong := _wrong(real, path, address))} == {}


@pytest.mark.parametrize(("path", "address", "status"), [
    ("/", "/?format=json&size=0", 400),
    ("/", "/?format=json&sort=best", 400),
    ("/", f"/?format=json&q={'a' * params.MAX_ADDRESS_BYTES}", 414),
    ("/article/{id}", "/article/nobody?format=json", 404),
    ("/entity/{id}", "/entity/nobody?format=json", 404),
    ("/topic/{id}", "/topic/nothing?format=json", 404),
    ("/values/{facet}", "/values/colour?format=json", 404),
])
def test_an_error_is_as_described(client: FlaskClient, path: str, address: str, status: int) -> None:
    assert _wrong(client, path, address, status) == []


@pytest.mark.parametrize(("error", "address", "status"), [
    (QueryTooHeavy("slow"), "/?format=json", 422), (IndexDamaged("broken"), "/?format=json", 503),
    (IndexDamaged("broken"), "/healthz", 503),
])
def test_what_is_not_there_now_is_as_described(error: Exception, address: str, status: int) -> None:
    client = create_app(DoubleKeeper(error)).test_client()      # type: ignore[arg-type]
    assert _wrong(client, address.split("?")[0], address, status) == []


def test_schemas_are_schemas_and_refuse_what_they_do_not_name(client: FlaskClient) -> None:
    schemas = _description(client)["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
        assert not Draft202012Validator({**schema, "components": {"schemas": schemas}}).is_valid({"new": 1})


def test_every_parameter_that_is_read_is_described(client: FlaskClient) -> None:
    described = _description(client)["paths"]["/"]["get"]["parameters"]
    values = {one["name"]: one["schema"].get("enum", []) for one in described}
    assert set(FACETS) | {f"not_{facet}" for facet in FACETS} <= set(values)
    assert (values["format"], values["sort"], values["lang"]) == (list(params.FORMS), list(SORTS), ["ja", "en"])
    # Whatever stands in an address that the pages make is described, but for what only pages show.
    made = (
        "q=a&person=b&not_desk=c&from=2024&to=2024&sort=newest&page=2&size=50&by=day&off=a&as_typed=1&about=1&lang=en"
    )
    asked = params.read([tuple(pair.split("=")) for pair in made.split("&")])  # type: ignore[misc]
    names = [name for name, _ in pairs_of(asked.request, asked.lang, "json")]
    assert len(names) == 14
    assert set(names) <= set(values)


def test_every_address_that_answers_in_json_is_described(client: FlaskClient) -> None:
    """By asking each route of the application for JSON."""
    paths = _description(client)["paths"]
    rules = [str(rule) for rule in client.application.url_map.iter_rules() if rule.endpoint != "static"]
    fill = {
        "<any_id:article_id>": ODD_ID, "<any_id:entity_id>": "CN", "<any_id:topic_id>": "peace", "<facet>": "desk",
    }
    described = set()
    for rule in rules:
        address, path = rule, rule
        for variable, value in fill.items():
            address = address.replace(variable, value)
            path = path.replace(variable, "{facet}" if variable == "<facet>" else "{id}")
        answer = client.get(f"{address}?format=json")
        if answer.mimetype == "application/json" and answer.status_code == 200 and path != "/openapi.json":
            described.add(path)
    assert described == set(paths)


def test_plain_help_names_every_facet_form_and_address(client: FlaskClient) -> None:
    answer = client.get("/llms.txt", base_url="https://archive.example")
    text = answer.get_data(as_text=True)
    assert answer.content_type == "text/plain; charset=utf-8"
    assert text.startswith("# Kijigura")
    assert "https://archive.example/openapi.json" in text
    for word in (*FACETS, *params.FORMS, *SORTS):
        assert word in text, word
    for path in _description(client)["paths"]:
        assert path.split("/{")[0] in text or path == "/save", path


def test_the_examples_of_the_plain_help_answer(client: FlaskClient) -> None:
    text = client.get("/llms.txt").get_data(as_text=True)
    examples = [part.split(")")[0] for part in text.split("](http://localhost")[1:]]
    assert len(examples) == 3
    for example in examples:
        assert client.get(example).status_code == 200, example



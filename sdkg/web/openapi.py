"""The description of the API, made from the headers of the saved queries.

OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1); what a query takes and gives is said once, in its file.
It keeps to the Dutch API Design Rules (https://docs.geostandaarden.nl/api/API-Designrules/); docs/api.md says
where not, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sdkg.catalog import Parameter, SavedQuery, Text
from sdkg.header import GROUPS, PATTERNS
from sdkg.parameters import ALL, LONGEST
from sdkg.web.api_input import HIGHEST
from sdkg.web.offers import ROWS
from sdkg.web.openapi_parts import DESCRIBED, PROBLEMS, SCHEMAS, problem

VERSION = "1.0.0"
"""The version of the API, by semver; the major one is in the path."""

HEADERS = (
    ("API-Version", VERSION),
    ("X-Frame-Options", "DENY"),
    ("Access-Control-Expose-Headers", "API-Version, ETag, Link, Location, Retry-After, Total-Count"),
)
"""What every answer of the API carries (API Design Rules, version-header and security-headers)."""

PATH = "api/v1"
"""Where the API is, below the base URL."""

MOST_ROWS = 10_000
"""The most rows in one answer; links lead to the rest."""

MOST_REASONS = 100
"""The most rows whose reasons are given in one answer."""

SOME_REASONS = 10
"""The number of rows whose reasons are given unless told otherwise."""

MOST_HITS = 100
"""The most things that a search gives."""

SOME_HITS = 20
"""The number of things that a search gives unless told otherwise."""

LONGEST_SEARCH = 200
"""The longest text to search for, in characters."""

_Json = dict[str, Any]
_ERRORS = {"400": "Invoer", "404": "NietGevonden", "406": "GeenFormaat", "503": "TeDruk", "504": "TeLang"}


def describe_api(queries: Iterable[SavedQuery], base_url: str) -> _Json:
    """The OpenAPI document of the API that answers these queries under a base URL.

    Example:
        >>> describe_api([], "http://localhost/")["servers"][0]["url"]
        'http://localhost/api/v1'
    """
    saved = sorted(queries, key=lambda query: query.name)
    return {
        "openapi": "3.1.1",
        "info": _info(base_url),
        "servers": [{"url": f"{base_url}{PATH}", "description": "Deze server / This server"}],
        "security": [],
        "tags": [{"name": name, "description": f"{nl} / {en}"} for name, (nl, en) in GROUPS.items()]
        + [{"name": "api", "description": "Overzicht en zoeken / Overview and search"}],
        "paths": {**_fixed_paths(), **_query_paths(saved)},
        "components": _components(saved),
    }


def _info(base_url: str) -> _Json:
    return {
        "title": "Kennisgraaf sociaal domein: vragen aan beleidsplannen",
        "summary": "De opgeslagen vragen van de kennisgraaf / The saved questions of the knowledge graph",
        "description": _both(
            Text(
                "Doelen, maatregelen, wetten en partners uit gemeentelijke beleidsplannen. Elke vraag heeft "
                "een eigen adres, met haar antwoord en de redenen achter elke rij. Alleen lezen, zonder "
                "sleutel.",
                "Goals, measures, laws and partners from municipal policy plans. Each question has an "
                "address of its own, with its answer and the reasons behind each row. Read-only, no key "
                "needed.",
            )
        ),
        "version": VERSION,
        "contact": {"name": "Kennisgraaf sociaal domein", "url": base_url},
        "license": {"name": "CC0 1.0", "identifier": "CC0-1.0"},
    }


def _fixed_paths() -> _Json:
    name, limit, offset = (_parameter_ref(key) for key in ("name", "limit", "offset"))
    tag = _query_parameter("tag", "Alleen vragen met dit trefwoord / Only with this tag", "grondslag")
    tag["schema"] = {"type": "string", "enum": list(GROUPS)}
    text = _query_parameter("q", "Waarnaar gezocht wordt / What to look for", "mantelzorg")
    text |= {"required": True, "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_SEARCH}}
    parameter = _query_parameter("parameter", "Naam van de parameter / Name of the parameter", "plan")
    parameter |= {"in": "path", "required": True}
    values = Text("Waaruit een parameter te kiezen heeft", "What a parameter can be given")
    this = Text("Deze beschrijving", "This description")
    return {
        "/queries": _get("listQueries", Text("Alle vragen", "All questions"), "Vragen", [tag]),
        "/queries/{name}": _get("readQuery", Text("Eén vraag", "One question"), "Vraag", [name]),
        "/queries/{name}/parameters/{parameter}/values": _get(
            "listValues", values, "Waarden", [name, parameter, limit, offset]
        ),
        "/search": _get(
            "search",
            Text("Zoeken op naam", "Search by name"),
            "Treffers",
            [text, _parameter_ref("hitsLimit")],
        ),
        "/openapi.json": _get("readOpenapi", this, "Object", []),
    }


def _query_parameter(name: str, description: str, example: str) -> _Json:
    return {
        "name": name,
        "in": "query",
        "schema": {"type": "string"},
        "description": description,
        "example": example,
    }


def _parameter_ref(name: str) -> _Json:
    return {"$ref": f"#/components/parameters/{name}"}


def _query_paths(saved: Iterable[SavedQuery]) -> _Json:
    paths: _Json = {}
    for query in saved:
        own = [_parameter_ref(f"{query.name}.{parameter.name}") for parameter in query.parameters]
        paths[f"/queries/{query.name}/results"] = {"get": _results(query, own)}
        paths[f"/queries/{query.name}/reasons"] = {"get": _reasons(query, own)}
    return paths


def _results(query: SavedQuery, own: list[_Json]) -> _Json:
    shared = [_parameter_ref(name) for name in ("format", "limit", "offset")]
    content: _Json = {"application/json": {"schema": {"$ref": f"#/components/schemas/{query.name}"}}}
    content |= {
        offer.plain_type: {"schema": {"type": "object" if offer.name == "sparql-json" else "string"}}
        for offer in ROWS
        if offer.plain_type not in content
    }
    return _operation(f"{query.name}.results", query.question, query, [*own, *shared], content)


def _reasons(query: SavedQuery, own: list[_Json]) -> _Json:
    question = Text(f"Waarom? {query.question.nl}", f"Why? {query.question.en}")
    shared = [_parameter_ref(name) for name in ("reasonsLimit", "offset")]
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Redenen"}}}
    return _operation(f"{query.name}.reasons", question, query, [*own, *shared], content)


def _operation(
    identifier: str, question: Text, query: SavedQuery, parameters: list[_Json], content: _Json
) -> _Json:
    return {
        "operationId": identifier,
        "summary": question.nl,
        "description": _both(Text(query.description.nl, f"{question.en} {query.description.en}")),
        "tags": list(query.tags),
        "parameters": parameters,
        "responses": _responses(content),
    }


def _get(identifier: str, summary: Text, schema: str, parameters: list[_Json]) -> _Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {
        "get": {
            "operationId": identifier,
            "summary": f"{summary.nl} / {summary.en}",
            "tags": ["api"],
            "parameters": parameters,
            "responses": _responses(content),
        }
    }


def _responses(content: _Json) -> _Json:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in DESCRIBED}
    good = {"description": "Het antwoord / The answer", "headers": headers, "content": content}
    return {
        "200": good,
        **{status: {"$ref": f"#/components/responses/{name}"} for status, name in _ERRORS.items()},
    }


def _components(saved: Iterable[SavedQuery]) -> _Json:
    queries = list(saved)
    return {
        "parameters": {**_shared_parameters([q.name for q in queries]), **dict(_own_parameters(queries))},
        "headers": DESCRIBED,
        "responses": {name: problem(text) for name, text in PROBLEMS.items()},
        "schemas": {**SCHEMAS, **{query.name: _rows_schema(query) for query in queries}},
    }


def _own_parameters(queries: Iterable[SavedQuery]) -> Iterator[tuple[str, _Json]]:
    for query in queries:
        for parameter in query.parameters:
            yield f"{query.name}.{parameter.name}", _parameter(parameter)


def _parameter(parameter: Parameter) -> _Json:
    label = parameter.label
    found: _Json = {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required and parameter.default is None,
        "description": f"{label.nl} / {label.en}",
        "schema": _schema(parameter),
        "example": int(parameter.example) if parameter.type == "year" else parameter.example,
    }
    if parameter.type not in PATTERNS:
        found["description"] += (
            f". {parameter.type}: naam, alias, kenmerk of IRI / name, alias, identifier or IRI"
        )
    return found


def _schema(parameter: Parameter) -> _Json:
    """The JSON Schema of what a parameter takes; `alle` leaves one open that has a default."""
    open_too = parameter.default is not None and not parameter.required and parameter.type != "text"
    schemas: Mapping[str, _Json] = {
        "date": {"type": "string", "format": "date"},
        "year": {"type": "integer", "minimum": 1000, "maximum": 9999},
        "number": {"type": "string", "pattern": f"^{PATTERNS['number']}$"},
        "text": {"type": "string", "maxLength": LONGEST, "pattern": f"^{PATTERNS['text']}$"},
        "choice": {"type": "string", "enum": [*parameter.options, *(ALL if open_too else ())]},
    }
    schema = dict(schemas.get(parameter.type, {"type": "string", "maxLength": LONGEST}))
    schema |= {"minLength": 1} if parameter.required and schema["type"] == "string" else {}
    if open_too and parameter.type != "choice":
        schema = {"anyOf": [schema, {"type": "string", "enum": list(ALL)}]}
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if parameter.type == "year" else parameter.default
    return schema


def _shared_parameters(names: list[str]) -> _Json:
    def number(name: str, most: int, default: int, least: int, text: str) -> _Json:
        schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
        return {"name": name, "in": "query", "schema": schema, "description": text, "example": default}

    formats = ", ".join(offer.name for offer in ROWS)
    return {
        "name": {
            "name": "name",
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"enum": names} if names else {})},
            "example": names[0] if names else "wetten",
            "description": "Naam van de vraag / Name of the question",
        },
        "format": {
            "name": "format",
            "in": "query",
            "schema": {"type": "string", "enum": [offer.name for offer in ROWS]},
            "example": "csv-nl",
            "description": f"In plaats van Accept / Instead of Accept: {formats}",
        },
        "limit": number("limit", MOST_ROWS, MOST_ROWS, 1, "Hoeveel rijen hoogstens / At most so many rows"),
        "reasonsLimit": number(
            "limit", MOST_REASONS, SOME_REASONS, 1, "Voor hoeveel rijen / For how many rows"
        ),
        "hitsLimit": number("limit", MOST_HITS, SOME_HITS, 1, "Hoeveel treffers / How many hits"),
        "offset": number("offset", HIGHEST, 0, 0, "Hoeveel rijen overgeslagen / How many rows to skip"),
    }


def _rows_schema(query: SavedQuery) -> _Json:
    cell = {"type": ["string", "number", "boolean", "null"]}
    columns = {
        name: {**cell, "title": title.nl, "description": f"{title.nl} / {title.en}"}
        for name, title in query.columns.items()
    }
    row = {"type": "object", "properties": columns, "required": list(columns), "additionalProperties": False}
    return {
        "allOf": [
            {"$ref": "#/components/schemas/Pagina"},
            {
                "type": "object",
                "required": ["rows"],
                "properties": {"rows": {"type": "array", "items": row}},
            },
        ]
    }


def _both(text: Text) -> str:
    return f"{text.nl}\n\nEnglish: {text.en}"

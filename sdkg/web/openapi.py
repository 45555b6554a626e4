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
from sdkg.web.offers import ROWS

VERSION = "1.0.0"
"""The version of the API, by semver; the major one is in the path."""

PATH = "api/v1"
"""Where the API is, below the base URL."""

MOST_ROWS = 10_000
"""The most rows in one answer; links lead to the rest."""

MOST_REASONS = 100
"""The most rows whose reasons are given in one answer."""

SOME_REASONS = 10
"""The number of rows whose reasons are given unless told otherwise."""

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
        "paths": {**_fixed_paths([query.name for query in saved]), **_query_paths(saved)},
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


def _fixed_paths(names: list[str]) -> _Json:
    name = {"$ref": "#/components/parameters/name"}
    lists = {"name": "tag", "in": "query", "schema": {"type": "string", "enum": list(GROUPS)}}
    lists |= {"example": "grondslag", "description": "Alleen vragen met dit trefwoord / Only this tag"}
    parameter = {"name": "parameter", "in": "path", "required": True, "example": "wet"}
    parameter |= {"schema": {"type": "string"}, "description": "Naam van de parameter / Its name"}
    text = {"name": "q", "in": "query", "required": True, "example": "mantelzorg"}
    text |= {"schema": {"type": "string", "minLength": 1, "maxLength": 200}}
    text |= {"description": "Waarnaar gezocht wordt / What to look for"}
    paging = [{"$ref": "#/components/parameters/limit"}, {"$ref": "#/components/parameters/offset"}]
    return (
        {
            "/queries": _get("listQueries", Text("Alle vragen", "All questions"), "Vragen", [lists]),
            "/queries/{name}": _get("readQuery", Text("Eén vraag", "One question"), "Vraag", [name]),
            "/queries/{name}/parameters/{parameter}/values": _get(
                "listValues",
                Text("Waaruit een parameter te kiezen heeft", "What a parameter can be given"),
                "Waarden",
                [{**name, "$ref": "#/components/parameters/name"}, parameter, *paging],
            ),
            "/search": _get(
                "search", Text("Zoeken op naam", "Search by name"), "Treffers", [text, paging[0]]
            ),
            "/openapi.json": _get("readOpenapi", Text("Deze beschrijving", "This description"), "Object", []),
        }
        if names
        else {}
    )


def _query_paths(saved: Iterable[SavedQuery]) -> _Json:
    paths: _Json = {}
    for query in saved:
        own = [{"$ref": f"#/components/parameters/{query.name}.{p.name}"} for p in query.parameters]
        paths[f"/queries/{query.name}/results"] = {"get": _results(query, own)}
        paths[f"/queries/{query.name}/reasons"] = {"get": _reasons(query, own)}
    return paths


def _results(query: SavedQuery, own: list[_Json]) -> _Json:
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in ("format", "limit", "offset")]
    content: _Json = {"application/json": {"schema": {"$ref": f"#/components/schemas/{query.name}"}}}
    content |= {
        offer.plain_type: {"schema": {"type": "string"}} for offer in ROWS if offer.plain_type not in content
    }
    return _operation(f"{query.name}.results", query.question, query, [*own, *shared], content)


def _reasons(query: SavedQuery, own: list[_Json]) -> _Json:
    question = Text(f"Waarom? {query.question.nl}", f"Why? {query.question.en}")
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in ("reasonsLimit", "offset")]
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
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in ("API-Version", "Link")}
    good = {"description": "Het antwoord / The answer", "headers": headers, "content": content}
    return {
        "200": good,
        **{status: {"$ref": f"#/components/responses/{name}"} for status, name in _ERRORS.items()},
    }


def _components(saved: Iterable[SavedQuery]) -> _Json:
    queries = list(saved)
    return {
        "parameters": {**_shared_parameters([q.name for q in queries]), **dict(_own_parameters(queries))},
        "headers": _HEADERS,
        "responses": {name: _problem(text) for name, text in _PROBLEMS.items()},
        "schemas": {**_SCHEMAS, **{query.name: _rows_schema(query) for query in queries}},
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
        "choice": {"type": "string", "enum": [*parameter.options, *(ALL if open_too else ())]},
    }
    schema = dict(schemas.get(parameter.type, {"type": "string", "minLength": 1, "maxLength": LONGEST}))
    if open_too and parameter.type != "choice":
        schema = {"anyOf": [schema, {"type": "string", "enum": list(ALL)}]}
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if parameter.type == "year" else parameter.default
    return schema


def _shared_parameters(names: list[str]) -> _Json:
    def number(name: str, most: int | None, default: int, least: int, text: str) -> _Json:
        schema: _Json = {"type": "integer", "minimum": least, "default": default}
        schema |= {"maximum": most} if most is not None else {}
        return {"name": name, "in": "query", "schema": schema, "description": text, "example": default}

    formats = ", ".join(offer.name for offer in ROWS)
    return {
        "name": {
            "name": "name",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "enum": names},
            "example": names[0] if names else "",
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
        "offset": number("offset", None, 0, 0, "Hoeveel rijen overgeslagen / How many rows to skip"),
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


def _problem(text: str) -> _Json:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Probleem"}}}
    return {
        "description": text,
        "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
        "content": content,
    }


_TEXT: _Json = {"type": "string"}
_COUNT: _Json = {"type": "integer", "minimum": 0}
_LINKS: _Json = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
_TEXTS: _Json = {"type": "object", "required": ["nl", "en"], "properties": {"nl": _TEXT, "en": _TEXT}}
_PROBLEMS = {
    "Invoer": "De invoer klopt niet; alle fouten tegelijk / The input is wrong; all faults at once",
    "NietGevonden": "Die vraag of parameter is er niet / There is no such question or parameter",
    "GeenFormaat": "Geen van de gevraagde formaten / None of the formats asked for",
    "TeDruk": "Te veel vragen tegelijk; zie Retry-After / Too many questions at a time",
    "TeLang": "Geen antwoord binnen de tijd / No answer in time",
}
_HEADERS: _Json = {
    "API-Version": {
        "description": "De versie van de API / The version of the API",
        "schema": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "example": VERSION,
    },
    "Link": {
        "description": "De volgende, vorige, eerste en laatste bladzijde (RFC 8288) / The next, previous, "
        "first and last page",
        "schema": _TEXT,
    },
}


def _object(required: Mapping[str, _Json], optional: Mapping[str, _Json] | None = None) -> _Json:
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties}


_SCHEMAS: Mapping[str, _Json] = {
    "Object": {"type": "object"},
    "Tekst": {
        **_TEXTS,
        "description": "Een tekst in het Nederlands en het Engels / A text in both languages",
    },
    "Pagina": _object({"query": _TEXT, "total": _COUNT, "limit": _COUNT, "offset": _COUNT, "links": _LINKS}),
    "Vragen": _object({"total": _COUNT, "queries": {"type": "array", "items": {"type": "object"}}}),
    "Vraag": _object(
        {
            "name": _TEXT,
            "question": _TEXTS,
            "description": _TEXTS,
            "tags": {"type": "array", "items": _TEXT},
            "parameters": {"type": "array", "items": {"type": "object"}},
            "columns": {"type": "array", "items": {"type": "object"}},
            "sparql": _TEXT,
            "links": _LINKS,
        }
    ),
    "Waarden": _object({"total": _COUNT, "values": {"type": "array", "items": {"type": "object"}}}),
    "Treffers": _object({"total": _COUNT, "hits": {"type": "array", "items": {"type": "object"}}}),
    "Redenen": _object({"query": _TEXT, "total": _COUNT, "rows": {"type": "array"}, "links": _LINKS}),
    "Probleem": _object(
        {"status": {"type": "integer"}, "title": _TEXT, "detail": _TEXT},
        {"type": _TEXT, "instance": _TEXT, "errors": {"type": "array", "items": {"type": "object"}}},
    ),
}

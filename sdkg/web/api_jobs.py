"""The API at work: saved queries, their answers and reasons, what parameters take, and search."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sdkg.catalog import Parameter, SavedQuery, Text
from sdkg.choices import choices
from sdkg.errors import ProblemError
from sdkg.header import DATATYPES, GROUPS, PATTERNS
from sdkg.namespaces import BASE, QUERY, SD
from sdkg.rows import Row
from sdkg.search import search
from sdkg.web import openapi
from sdkg.web.api_input import Given, Page, Pairs
from sdkg.web.jobs import Answer, Desk
from sdkg.web.offers import ROWS

_Json = dict[str, Any]
_OFFERS = {offer.name: offer for offer in ROWS}
_STYLED = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""For the page of `sdkg.tables`, which narrows the style down to its own by itself."""


def list_queries(desk: Desk, pairs: Pairs) -> Answer:
    """All saved queries, or those with a tag."""
    given = Given(pairs)
    tag = given.choice("tag", GROUPS)
    given.done()
    queries = desk.graph.queries
    found = [queries[name] for name in sorted(queries) if tag is None or tag in queries[name].tags]
    tags = [{"name": name, "label": {"nl": nl, "en": en}} for name, (nl, en) in GROUPS.items()]
    return _json({"total": len(found), "queries": [_summary(desk, query) for query in found], "tags": tags})


def read_query(desk: Desk, name: str, pairs: Pairs) -> Answer:
    """One saved query: what it asks, takes and gives, and its SPARQL."""
    Given(pairs).done()
    query = _query(desk, name)
    found = _summary(desk, query)
    found["description"] = _text(query.description)
    found["parameters"] = [_parameter(desk, query, parameter) for parameter in query.parameters]
    found["columns"] = [{"name": column, "title": _text(title)} for column, title in query.columns.items()]
    found["sparql"] = query.text
    return _json(found)


def read_results(desk: Desk, name: str, pairs: Pairs, offer: str) -> Answer:
    """The answer to a saved query, or a page of it, in one of `sdkg.web.offers.ROWS`."""
    query, given = _query(desk, name), _given(desk, pairs)
    chosen = _OFFERS[given.choice("format", _OFFERS) or offer]
    limit = given.number("limit", openapi.MOST_ROWS, 1, openapi.MOST_ROWS)
    offset = given.number("offset", 0)
    asked: _Json = {parameter.name: given.rest.get(parameter.name) for parameter in query.parameters}
    terms = given.parameters(desk.graph, query)
    given.done()
    whole = desk.graph.query(name, **asked)
    part = whole.page(offset, limit)
    page = Page(_address(desk, name, "results"), pairs, len(whole), limit, offset)
    headers = [*_headers(page), *_saving(chosen.download, name)]
    if chosen.name == "json":
        return _json(
            _paged(page, name)
            | {
                "parameters": {key: term.value for key, term in terms.items()},
                "columns": list(part.columns),
                "rows": [_row(row) for row in part],
            },
            headers,
        )
    headers += [("Content-Security-Policy", _STYLED)] if chosen.name == "html" else []
    return _answer(part.write(chosen.writer), chosen.media_type, headers)


def read_reasons(desk: Desk, name: str, pairs: Pairs) -> Answer:
    """Why rows are in the answer to a saved query: the statements that each rests on."""
    query, given = _query(desk, name), _given(desk, pairs)
    limit = given.number("limit", openapi.SOME_REASONS, 1, openapi.MOST_REASONS)
    offset = given.number("offset", 0)
    asked: _Json = {parameter.name: given.rest.get(parameter.name) for parameter in query.parameters}
    given.parameters(desk.graph, query)
    given.done()
    total = len(desk.graph.query(name, **asked))
    page = Page(_address(desk, name, "reasons"), pairs, total, limit, offset)
    rows = [
        {
            "row": _row(row),
            "reasons": reasons.as_dict(),
            "text": {lang: reasons.text(lang) for lang in ("nl", "en")},
        }
        for row, reasons in desk.graph.why(name, limit=limit, offset=offset, **asked)
    ]
    return _json(_paged(page, name) | {"rows": rows}, _headers(page))


def list_values(desk: Desk, name: str, parameter: str, pairs: Pairs) -> Answer:
    """The values that a parameter of a saved query can be given."""
    query, given = _query(desk, name), Given(pairs)
    found = {each.name: each for each in query.parameters}
    if parameter not in found:
        raise _unknown(f"Query '{name}' has no parameter '{parameter}'.", parameter, found)
    limit = given.number("limit", openapi.MOST_ROWS, 1, openapi.MOST_ROWS)
    offset = given.number("offset", 0)
    given.done()
    every = choices(desk.graph.engine, found[parameter])
    page = Page(_address(desk, name, f"parameters/{parameter}/values"), pairs, len(every), limit, offset)
    values = [
        {
            "value": choice.value,
            "label": _text(choice.label),
            "aliases": list(choice.aliases),
            "plan": choice.plan,
        }
        for choice in every[offset : offset + limit]
    ]
    kind = found[parameter].type
    return _json(
        _paged(page, name) | {"parameter": parameter, "type": kind, "values": values}, _headers(page)
    )


def search_names(desk: Desk, pairs: Pairs) -> Answer:
    """The things whose names are like a text, the best first."""
    given = Given(pairs)
    text = given.take("q")
    limit = given.number("limit", openapi.SOME_HITS, 1, openapi.MOST_HITS)
    if text is None:
        given.fault("q", "'q', what to look for, is missing; for example 'mantelzorg'.")
    elif len(text) > openapi.LONGEST_SEARCH:
        given.fault("q", f"'q' has at most {openapi.LONGEST_SEARCH} characters.")
    given.done()
    hits = [
        {"iri": hit.iri, "name": hit.name, "matched": hit.matched, "class": hit.cls, "plan": hit.plan}
        | {"score": hit.score, "links": {"self": desk.settings.served(hit.iri)}}
        for hit in search(desk.graph, text or "", limit)
    ]
    return _json({"total": len(hits), "limit": limit, "hits": hits})


def read_openapi(desk: Desk, form: str) -> Answer:
    """The OpenAPI document, as `json` or `yaml`."""
    if form not in ("json", "yaml"):
        raise ProblemError(404, "Not found", "There is openapi.json and openapi.yaml.")
    document = openapi.describe_api(desk.graph.queries.values(), desk.settings.base_url)
    if form == "json":
        return _json(document)
    import yaml

    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return _answer(text.encode(), "application/yaml")


def read_root(desk: Desk, pairs: Pairs) -> Answer:
    """Where things are in the API."""
    Given(pairs).done()
    base = f"{desk.settings.base_url}{openapi.PATH}"
    links = {name: f"{base}/{name}" for name in ("queries", "openapi.json", "openapi.yaml")}
    return _json({"version": openapi.VERSION, "links": {**links, "search": f"{base}/search?q=mantelzorg"}})


def _given(desk: Desk, pairs: Pairs) -> Given:
    """What stands in the query string, with addresses of this server as the IRIs that they stand for."""
    base = desk.settings.base_url
    return Given([(n, BASE + v.removeprefix(base) if v.startswith(f"{base}id/") else v) for n, v in pairs])


def _query(desk: Desk, name: str) -> SavedQuery:
    queries = desk.graph.queries
    if name not in queries:
        raise _unknown(f"There is no saved query '{name}'.", name, queries)
    return queries[name]


def _unknown(detail: str, name: str, known: Mapping[str, object]) -> ProblemError:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return ProblemError(404, "Not found", detail + hint, candidates=near)


def _summary(desk: Desk, query: SavedQuery) -> _Json:
    address = _address(desk, query.name)
    return {
        "name": query.name,
        "iri": QUERY + query.name,
        "question": _text(query.question),
        "tags": list(query.tags),
        "links": {
            "self": address,
            "results": f"{address}/results",
            "reasons": f"{address}/reasons",
            "page": f"{desk.settings.base_url}queries/{query.name}",
        },
    }


def _parameter(desk: Desk, query: SavedQuery, parameter: Parameter) -> _Json:
    is_value = parameter.type in PATTERNS
    return {
        "name": parameter.name,
        "type": parameter.type,
        "datatype": f"xsd:{DATATYPES[parameter.type]}" if is_value else None,
        "class": None if is_value else SD + parameter.type,
        "label": _text(parameter.label),
        "required": parameter.required,
        "default": parameter.default,
        "example": parameter.example,
        "options": list(parameter.options),
        "links": {"values": _address(desk, query.name, f"parameters/{parameter.name}/values")},
    }


def _address(desk: Desk, name: str, *rest: str) -> str:
    return "/".join([f"{desk.settings.base_url}{openapi.PATH}/queries/{name}", *rest])


def _text(text: Text) -> dict[str, str]:
    return {"nl": text.nl, "en": text.en}


def _row(row: Row) -> _Json:
    return {column: _plain(value) for column, value in row.as_dict().items()}


def _plain(value: object) -> object:
    """A value as JSON has it: a decimal as a number, a date as text, and so what is no number in JSON."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _paged(page: Page, name: str) -> _Json:
    return {
        "query": name,
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "links": page.links(),
    }


def _headers(page: Page) -> list[tuple[str, str]]:
    links = [f'<{url}>; rel="{relation}"' for relation, url in page.links().items() if relation != "self"]
    return [("Link", ", ".join(links)), ("Total-Count", str(page.total))]


def _saving(ending: str, name: str) -> list[tuple[str, str]]:
    return [("Content-Disposition", f'attachment; filename="{name}.{ending}"')] if ending else []


def _json(content: _Json, headers: list[tuple[str, str]] | None = None) -> Answer:
    body = json.dumps(content, ensure_ascii=False, default=_strange).encode() + b"\n"
    return _answer(body, "application/json", headers)


def _answer(body: bytes, media_type: str, headers: list[tuple[str, str]] | None = None) -> Answer:
    return Answer(body, media_type, headers=(*openapi.HEADERS, *(headers or ())))


def _strange(value: object) -> str:
    return str(value)

"""`/api/v1`: the saved queries as an API, by the Dutch API Design Rules.

https://docs.geostandaarden.nl/api/API-Designrules/; the work is done in `sdkg.web.api_jobs`.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from sdkg.errors import ProblemError
from sdkg.web.api_input import Pairs
from sdkg.web.asking import accept_of, ask
from sdkg.web.offers import ROWS, choose
from sdkg.web.openapi import HEADERS, PATH
from sdkg.web.problems import as_problem, of_status, problem
from sdkg.web.responses import respond

_JOBS = "sdkg.web.api_jobs"
_JSON = tuple(offer for offer in ROWS if offer.name == "json")
_SEARCHABLE = tuple(offer for offer in ROWS if offer.name != "csv-nl")
"""Those that an Accept header can ask for; `csv-nl` has no media type of its own."""


async def root(request: Request) -> Response:
    """Where things are."""
    return await _ask_json(request, "read_root")


async def queries(request: Request) -> Response:
    """All saved queries."""
    return await _ask_json(request, "list_queries")


async def query(request: Request) -> Response:
    """One saved query."""
    return await _ask_json(request, "read_query")


async def results(request: Request) -> Response:
    """The answer to a saved query."""
    named = request.query_params.get("format")
    try:
        offer = _JSON[0] if named else choose(_SEARCHABLE, accept_of(request))
    except ProblemError as error:
        return _versioned(respond(problem(error)))
    return await _ask(request, "read_results", offer=offer.name, pairs=_pairs(request))


async def reasons(request: Request) -> Response:
    """Why the rows are in the answer."""
    return await _ask_json(request, "read_reasons")


async def values(request: Request) -> Response:
    """What a parameter can be given."""
    return await _ask_json(request, "list_values")


async def search(request: Request) -> Response:
    """Things by name."""
    return await _ask_json(request, "search_names")


async def openapi(request: Request) -> Response:
    """The description of the API."""
    return await _ask(request, "read_openapi")


async def elsewhere(request: Request) -> Response:
    """Any other path or method below the API: there is nothing, or not so."""
    scope = {**request.scope, "path_params": {}}
    allowed = {
        method
        for route in routes[:-1]
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE
        for method in route.methods or ()
    }
    told = of_status(405 if allowed else 404)
    told.headers = (("Allow", ", ".join(sorted(allowed))),) if allowed else ()
    return _versioned(respond(problem(told)))


async def _ask_json(request: Request, job: str) -> Response:
    """The answer of a job that gives JSON and nothing else."""
    try:
        choose(_JSON, accept_of(request))
    except ProblemError as error:
        return _versioned(respond(problem(error)))
    return await _ask(request, job, pairs=_pairs(request))


async def _ask(request: Request, job: str, **arguments: Any) -> Response:
    try:
        response = await ask(request, f"{_JOBS}:{job}", **request.path_params, **arguments)
    except ProblemError as error:
        response = respond(problem(as_problem(error)))
    return _versioned(response)


def _pairs(request: Request) -> Pairs:
    return tuple(request.query_params.multi_items())


def _versioned(response: Response) -> Response:
    """Give errors, too, the headers that every answer of the API has."""
    for name, value in HEADERS:
        response.headers[name] = value
    return response


_EVERY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]
_AT = f"/{PATH}"
routes: list[BaseRoute] = [
    Route(_AT, root),
    Route(f"{_AT}/queries", queries),
    Route(f"{_AT}/queries/{{name}}", query),
    Route(f"{_AT}/queries/{{name}}/results", results),
    Route(f"{_AT}/queries/{{name}}/reasons", reasons),
    Route(f"{_AT}/queries/{{name}}/parameters/{{parameter}}/values", values),
    Route(f"{_AT}/search", search),
    Route(f"{_AT}/openapi.{{form}}", openapi),
    Route("/api/{rest:path}", elsewhere, methods=_EVERY),
]

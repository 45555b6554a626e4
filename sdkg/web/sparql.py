"""`/sparql`: the SPARQL 1.1 Protocol."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sdkg.web.app import ask
from sdkg.web.jobs import Answer, Desk


def answer_query(desk: Desk, query: str, accept: str) -> Answer:
    """The answer to a query."""
    found = desk.graph.engine.query(query)
    assert isinstance(found, ox.QuerySolutions | ox.QueryBoolean)
    return Answer(
        found.serialize(format=ox.QueryResultsFormat.JSON) or b"", "application/sparql-results+json"
    )


async def sparql(request: Request) -> Response:
    """Answer a request."""
    return await ask(
        request,
        "sdkg.web.sparql:answer_query",
        query=request.query_params["query"],
        accept=request.headers.get("accept", ""),
    )


routes: list[BaseRoute] = [Route("/sparql", sparql)]

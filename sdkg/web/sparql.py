"""`/sparql`: the SPARQL 1.1 Protocol, for reading.

What the protocol says of the request is checked here; `evaluation` answers the query, in a worker.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sdkg.errors import ProblemError
from sdkg.web.asking import accept_of, ask, body_of
from sdkg.web.formats import BY_NAME, GRAPHS
from sdkg.web.negotiation import negotiate

FORM, QUERY, UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
SPARQL = "/sparql"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_FIELDS = 200


@dataclass(frozen=True)
class Asked:
    """What a request asks: the query, the dataset of the protocol, and the format if it was named."""

    query: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]
    format: str | None


async def sparql(request: Request) -> Response:
    """Answer a query, or describe the service when there is none (SPARQL 1.1 Protocol, section 2)."""
    if request.method == "OPTIONS":
        return _preflight()
    asked = _asked(await _parameters(request))
    accept = _format_of(asked) or accept_of(request)
    if asked.query is not None:
        return await ask(
            request,
            "sdkg.web.evaluation:answer_query",
            query=asked.query,
            default=asked.default,
            named=asked.named,
            accept=accept,
        )
    if request.method == "POST" or asked.default or asked.named:
        raise ProblemError(400, "No query", "The parameter 'query' is missing.")
    if negotiate(accept, (*GRAPHS, "text/html")) == "text/html":
        return Response(status_code=303, headers={"Location": "../query" if _in_folder(request) else "query"})
    return await ask(request, "sdkg.web.description:describe_service", accept=accept)


def _preflight() -> Response:
    """What a browser asks before it sends a query for a page of another host (Fetch, section 3.2.2)."""
    return Response(
        status_code=204,
        headers={
            "Allow": ", ".join(METHODS),
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Modified-Since",
            "Access-Control-Max-Age": "86400",
        },
    )


async def _parameters(request: Request) -> list[tuple[str, str]]:
    """The parameters of a request, of its address and of its body.

    Raises:
        ProblemError: 400, 413 or 415: it cannot be read, is too large, or is of another media type.
    """
    given = fields(request.scope["query_string"])
    if request.method != "POST":
        return given
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind not in (FORM, QUERY, UPDATE):
        raise ProblemError(
            415,
            "Unsupported media type",
            f"A query is posted as {QUERY} or {FORM}" + (f", not as {kind}." if kind else "; name which."),
            headers=[("Accept-Post", f"{QUERY}, {FORM}")],
        )
    if "charset" in rest.lower() and "utf-8" not in rest.lower():
        raise ProblemError(400, "Not UTF-8", "SPARQL goes over the line in UTF-8.")
    body = await body_of(request)
    if kind == FORM:
        return given + fields(body)
    return [*given, ("query" if kind == QUERY else "update", text_of(body))]


def fields(data: bytes) -> list[tuple[str, str]]:
    """The names and values of a form, or of the part of an address after the question mark.

    Raises:
        ProblemError: 400, it is not UTF-8, or there are too many.

    Example:
        >>> fields(b"query=ASK%20%7B%7D&x=")
        [('query', 'ASK {}'), ('x', '')]
    """
    try:
        return parse_qsl(text_of(data), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise ProblemError(400, "Not UTF-8", "What is percent-encoded must be UTF-8.") from None
    except ValueError:
        raise ProblemError(400, "Too many", f"A request may have {_FIELDS} parameters.") from None


def text_of(data: bytes) -> str:
    """Bytes of a request as text.

    Raises:
        ProblemError: 400, they are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(
            400, "Not UTF-8", f"Byte {error.start + 1} of the request is not UTF-8.", byte=error.start + 1
        ) from None


def _asked(parameters: list[tuple[str, str]]) -> Asked:
    """What is asked, if it may be.

    Raises:
        ProblemError: 400, more than one query or update; 403, an update.
    """
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    queries, updates = given.get("query", []), given.get("update", [])
    if len(queries) + len(updates) > 1:
        raise ProblemError(400, "More than one", "A request asks one query.")
    if updates:
        raise ProblemError(
            403,
            "Read-only",
            "The data cannot be changed here. They are files; who keeps them can build them anew.",
        )
    return Asked(
        queries[0] if queries else None,
        tuple(given.get("default-graph-uri", ())),
        tuple(given.get("named-graph-uri", ())),
        given.get("format", [None])[-1],
    )


def _format_of(asked: Asked) -> str | None:
    """The media type of the parameter `format`, which links can carry and the protocol does not know.

    Raises:
        ProblemError: 400, there is no such format.
    """
    if asked.format is None or "/" in asked.format:
        return asked.format
    if asked.format not in BY_NAME:
        raise ProblemError(400, "Unknown format", f"There is no such format. Known: {', '.join(BY_NAME)}.")
    return BY_NAME[asked.format]


def _in_folder(request: Request) -> bool:
    return request.url.path.endswith("/")


routes: list[BaseRoute] = [
    Route(SPARQL, sparql, methods=list(METHODS)),
    Route(SPARQL + "/", sparql, methods=list(METHODS)),
]

"""Any SPARQL 1.1 endpoint (SPARQL 1.1 Protocol), through SPARQLWrapper."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from sdkg.binding import bind
from sdkg.engines import NO_VALUES, Answer, with_prefixes
from sdkg.errors import DeadlineError, EndpointError, QueryError
from sdkg.namespaces import GRAPH, SD
from sdkg.reading import Term

LONGEST_GET = 1_800
"""Queries longer than this (bytes of UTF-8) go by POST: some servers and proxies take no longer address."""

_HERE = f"ASK {{ ?plan a <{SD}Beleidsplan> }}"
_IN_GRAPHS = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), '{GRAPH}')) }}"


@dataclass(frozen=True)
class Credentials:
    """Who we are to a server: a user with a password, or a token; nothing is anonymous."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    scheme: str = "basic"

    @classmethod
    def from_environment(cls) -> Credentials:
        """From SDKG_ENDPOINT_USER and _PASSWORD, with SDKG_ENDPOINT_AUTH `basic` or `digest`; or _TOKEN.

        Raises:
            EndpointError: SDKG_ENDPOINT_AUTH is neither.
        """
        scheme = os.environ.get("SDKG_ENDPOINT_AUTH", "basic").lower()
        if scheme not in ("basic", "digest"):
            raise EndpointError(f"SDKG_ENDPOINT_AUTH is '{scheme}'; use basic or digest.")
        user, password, token = (
            os.environ.get(f"SDKG_ENDPOINT_{name}", "") for name in ("USER", "PASSWORD", "TOKEN")
        )
        return cls(user, password, token, scheme)


def check_url(url: str) -> str:
    """An address of a server, if it is one that may be asked.

    Raises:
        EndpointError: it is no http or https address, or holds a password.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise EndpointError(f"'{url}' is no address: {error}.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", url):
        raise EndpointError(f"'{url}' is no http or https address.")
    if parts.username or parts.password:
        raise EndpointError(
            f"Leave user and password out of the address of {parts.hostname}: "
            "set SDKG_ENDPOINT_USER and SDKG_ENDPOINT_PASSWORD."
        )
    return url


class Endpoint:
    """An `sdkg.engines.Engine` behind an address; takes the union of its graphs, also where it does not.

    Raises:
        EndpointError: `url` is no address of a server.
    """

    name = "endpoint"

    def __init__(
        self, url: str, timeout: float | None = None, credentials: Credentials | None = None
    ) -> None:
        """An endpoint at `url`, to be waited for at most `timeout` seconds per question."""
        self.url, self.timeout = check_url(url), timeout
        self._credentials = credentials or Credentials.from_environment()

    def query(self, text: str, values: Mapping[str, Term] = NO_VALUES, unset: Collection[str] = ()) -> Answer:
        """See `sdkg.engines.Engine.query`."""
        bound = bind(text, values, unset) if values or unset else text
        return self.send(with_prefixes(bound), self._default_graphs)

    def quads(self, s: Term | None, p: ox.NamedNode | None, o: Term | None) -> list[ox.Quad]:
        """See `sdkg.engines.Engine.quads`."""
        if isinstance(s, ox.Literal):
            return []
        known = {"s": s, "p": p, "o": o}
        pattern = [f"?{name}" if term is None else term for name, term in known.items()]
        answer = self.send("SELECT * { GRAPH ?g { " + " ".join(map(str, pattern)) + " } }")
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
        found = []
        for row in answer:
            full: dict[str, Any] = {name: term or row[name] for name, term in known.items()}
            found.append(ox.Quad(full["s"], full["p"], full["o"], row["g"]))
        return found

    @cached_property
    def _default_graphs(self) -> list[str]:
        """The graphs to name as default graph: none if the endpoint takes the union of all by itself."""
        if self.send(_HERE):
            return []
        answer = self.send(_IN_GRAPHS)
        assert isinstance(answer, ox.QuerySolutions)  # noqa: S101
        graphs = sorted(row["g"].value for row in answer if isinstance(row["g"], ox.NamedNode))
        if not graphs:
            raise EndpointError(f"{self.url}: holds no plan. Load the project with 'sdkg push'.")
        return graphs

    def send(self, text: str, default_graphs: Collection[str] = ()) -> Answer:
        """The answer to a query as it stands, over what the endpoint takes as its default graph unless told.

        Raises:
            QueryError, EndpointError, DeadlineError: as `sdkg.engines.Engine.query`.
        """
        from urllib.error import HTTPError, URLError

        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        wrapper = self._wrapper(text, default_graphs)
        try:
            response = wrapper.query().response
            answer = _answer(response.read(), response.info().get_content_type())
            return _as_boolean(answer) if wrapper.queryType == "ASK" else answer
        except SPARQLWrapperException as error:
            raise self._refused(type(error).__name__, _body(error)) from None
        except HTTPError as error:
            raise self._refused(f"HTTP {error.code}", error.read()) from None
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                limit = f"within {self.timeout:g} seconds" if self.timeout else "in time"
                raise DeadlineError(f"{self.url}: no answer {limit}. Ask less, or raise --timeout.") from None
            raise EndpointError(f"{self.url}: no answer ({reason}). Is the server running?") from None

    def _wrapper(self, text: str, default_graphs: Collection[str]) -> Any:
        from SPARQLWrapper import GET, JSON, POST, TURTLE

        wrapper = _make_wrapper(self.url)
        wrapper.setQuery(text)
        wrapper.setReturnFormat(JSON if wrapper.queryType in ("SELECT", "ASK") else TURTLE)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(GET if len(text.encode()) <= LONGEST_GET and not default_graphs else POST)
        for graph in default_graphs:
            wrapper.addDefaultGraph(graph)
        if self.timeout:
            wrapper.setTimeout(max(1, round(self.timeout)))
        if self._credentials.token:
            wrapper.addCustomHttpHeader("Authorization", f"Bearer {self._credentials.token}")
        elif self._credentials.user:
            wrapper.setHTTPAuth(self._credentials.scheme.upper())
            wrapper.setCredentials(self._credentials.user, self._credentials.password)
        return wrapper

    def _refused(self, what: str, body: bytes) -> QueryError | EndpointError:
        said = one_line(body)
        if what in ("QueryBadFormed", "EndPointInternalError", "URITooLong"):
            return QueryError(f"{self.url} refuses the query: {said or what}")
        if what in ("Unauthorized", "HTTP 403"):
            said = "it asks who you are; set SDKG_ENDPOINT_USER and _PASSWORD, or SDKG_ENDPOINT_TOKEN."
        elif what == "EndPointNotFound":
            said = "there is nothing at this address."
        return EndpointError(f"{self.url}: {said or what}")


def _make_wrapper(url: str) -> Any:
    """SPARQLWrapper that keeps what it is told, and gives credentials to no other server it is sent on to."""
    from SPARQLWrapper import SPARQLWrapper

    from sdkg import __version__

    class Wrapper(SPARQLWrapper):
        def _createRequest(self) -> Any:  # noqa: N802
            request = super()._createRequest()
            secret = request.headers.pop("Authorization", None)
            if secret:
                request.add_unredirected_header("Authorization", secret)
            return request

    return Wrapper(url, agent=f"sdkg/{__version__}")


def _as_boolean(answer: Answer) -> Answer:
    """The answer to ASK; Virtuoso gives one row for true and none for false."""
    if not isinstance(answer, ox.QuerySolutions):
        return answer
    text = f'{{"head": {{}}, "boolean": {str(any(True for _ in answer)).lower()}}}'
    return ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)


def _answer(data: bytes, media_type: str) -> Answer:
    data = data.replace(b'"nodeID://', b'"')  # what Virtuoso puts before the name of a blank node
    try:
        if "json" in media_type:
            return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
        if "xml" in media_type and "rdf" not in media_type:
            return ox.parse_query_results(data, format=ox.QueryResultsFormat.XML)
        syntax = ox.RdfFormat.from_media_type(media_type) or ox.RdfFormat.TURTLE
        return [quad.triple for quad in ox.parse(data, format=syntax)]
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"The answer of the server cannot be read as {media_type}: {error}.") from None


def _body(error: Exception) -> bytes:
    """What the server said; SPARQLWrapper has it as the text of a bytes object at the end of its message."""
    said = str(error).partition("Response:\n")[2]
    try:
        value = ast.literal_eval(said)
    except (SyntaxError, ValueError):
        return said.encode()
    return value if isinstance(value, bytes) else said.encode()


def one_line(body: bytes, longest: int = 300) -> str:
    """What a server says, as one line of plain text without markup; at most `longest` characters.

    Example:
        >>> one_line(b"<html><body><h1>No</h1>\\n not  now</body></html>")
        'No not now'
    """
    text = body[:20_000].decode("utf-8", "replace")
    text = text.partition("SPARQL query:")[0]
    text = re.sub(r"<(script|style).*?</\1>|<[^<>\s][^<>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"

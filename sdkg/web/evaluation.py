"""The answer to a query: over the right graphs, in the right format, and whole or not at all.

These are jobs, done in a worker. The limits are on what goes out; time and memory are the pool's.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pyoxigraph as ox

from sdkg.binding import tokens
from sdkg.engines.embedded import evaluate
from sdkg.errors import ProblemError
from sdkg.namespaces import PREFIXES
from sdkg.web.formats import GRAPHS, RESULTS, content_type
from sdkg.web.jobs import Answer, Desk
from sdkg.web.negotiation import negotiate

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from sdkg.web.settings import Settings

_UNSTEADY = re.compile(r"\b(NOW|RAND|UUID|STRUUID|SERVICE)\b", re.IGNORECASE)
_PREFIXED = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)


def answer_query(
    desk: Desk,
    query: str,
    default: tuple[str, ...] = (),
    named: tuple[str, ...] = (),
    accept: str | None = None,
) -> Answer:
    """The answer to a query over HTTP.

    Args:
        desk: what the worker has.
        query: SPARQL 1.1; the prefixes of the project need no PREFIX.
        default: the graphs that the protocol says are the default graph.
        named: the graphs that the protocol says are named.
        accept: the Accept header.

    Raises:
        QueryError: the query is faulty.
        ProblemError: 403, it asks elsewhere; 406, no format will do; 422, the answer is too large.
    """
    settings = desk.settings
    check_services(query, settings.allow_service)
    headers = (("Cache-Control", "no-store"),) if _UNSTEADY.search(query) else ()
    base = settings.base_url + "sparql"
    found = evaluate(desk.graph.store, query, default=default, named=named, base=base)
    try:
        if isinstance(found, ox.QueryTriples):
            media_type = choose(accept, tuple(GRAPHS))
            body = write_graph(found, GRAPHS[media_type], settings)
        else:
            media_type = choose(accept, tuple(RESULTS))
            body = write_rows(found, RESULTS[media_type], settings)
    except RuntimeError as error:
        raise ProblemError(400, "Cannot be answered", f"The query cannot be answered: {error}.") from None
    finally:
        del found  # belongs to this thread
    return Answer(body, content_type(media_type), headers=headers)


def choose(accept: str | None, offers: tuple[str, ...]) -> str:
    """The media type to answer with.

    Raises:
        ProblemError: 406, the client takes none of them.
    """
    media_type = negotiate(accept, offers)
    if media_type is None:
        raise ProblemError(
            406, "Not acceptable", "There is no such format of this answer.", offers=list(offers)
        )
    return media_type


def check_services(query: str, allowed: Iterable[str]) -> None:
    """See that a query asks no endpoint elsewhere, except at a host that is allowed.

    Raises:
        ProblemError: 403, it does; names line and column.

    Example:
        >>> check_services("ASK { SERVICE <http://a.example/sparql> { ?s ?p ?o } }", ["a.example"])
    """
    if "SERVICE" not in query.upper():
        return
    found = [token for token in tokens(query) if token.kind != "blank"]
    for index, token in enumerate(found):
        if token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        target = next((t for t in found[index + 1 :] if t.text.upper() != "SILENT"), None)
        iri = target.text[1:-1] if target is not None and target.kind == "iri" else ""
        if not iri or _host(iri) not in allowed:
            line = query.count("\n", 0, token.start) + 1
            column = token.start - query.rfind("\n", 0, token.start)
            detail = "SERVICE may ask here only hosts that are allowed, named by their full IRI."
            raise ProblemError(403, "Refused", detail, line=line, column=column, allowed=list(allowed))


def _host(iri: str) -> str:
    parts = urlsplit(iri)
    return parts.netloc.rpartition("@")[2].lower() if parts.scheme in ("http", "https") else ""


def write_rows(
    found: ox.QuerySolutions | ox.QueryBoolean, style: ox.QueryResultsFormat, settings: Settings
) -> bytes:
    """Rows, or yes or no, in a format.

    Raises:
        ProblemError: 422, there are more rows or bytes than an answer may have.
    """
    output = Bounded(settings.max_bytes)
    found.serialize(output, format=style)
    body = output.getvalue()
    if (
        isinstance(found, ox.QuerySolutions)
        and count_rows(body, style, settings.max_rows) > settings.max_rows
    ):
        raise _too_many(settings.max_rows)
    return body


def write_graph(found: Iterable[ox.Triple], style: ox.RdfFormat, settings: Settings) -> bytes:
    """Triples in a format, with the prefixes of the project that they use.

    Raises:
        ProblemError: 422, there are more triples or bytes than an answer may have; 406, the format cannot
            write a triple.
    """
    triples = list(islice(found, settings.max_rows + 1))
    if len(triples) > settings.max_rows:
        raise _too_many(settings.max_rows)
    output = Bounded(settings.max_bytes)
    try:
        prefixes = used_prefixes(triples) if style in _PREFIXED else None
        ox.serialize(triples, output, format=style, prefixes=prefixes)
    except ValueError as error:
        raise ProblemError(406, "Not acceptable", f"{style.name} cannot write this: {error}.") from None
    return _in_order(output.getvalue(), style)


def _in_order(body: bytes, style: ox.RdfFormat) -> bytes:
    """The same graph with its prefixes in order: the library writes them in any, and an ETag would differ."""
    if style == ox.RdfFormat.RDF_XML:
        start = body.find(b"<rdf:RDF")
        end = body.find(b">", start)
        names = sorted(body[start:end].split()[1:])
        return b"".join((body[:start], b" ".join((b"<rdf:RDF", *names)), body[end:]))
    lines = 0
    while body.startswith(b"@prefix", lines):
        lines = body.index(b"\n", lines) + 1
    return b"".join(sorted(body[:lines].splitlines(keepends=True))) + body[lines:]


def used_prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes of the project that shorten an IRI of some triples."""
    plain = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if b"<" + namespace.encode() in plain}


class Bounded(io.BytesIO):
    """A stream in memory that refuses to grow beyond a number of bytes.

    Example:
        >>> output = Bounded(3)
        >>> output.write(b"abc"), output.getvalue()
        (3, b'abc')
        >>> output.write(b"d")
        Traceback (most recent call last):
        sdkg.errors.ProblemError: Too large. An answer may have 3 bytes. Ask less, or in parts, with LIMIT.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Buffer, /) -> int:
        """Add to the stream.

        Raises:
            ProblemError: 422, it would be too large.
        """
        written = super().write(data)
        if self.tell() > self._limit:
            detail = f"An answer may have {self._limit:,} bytes. Ask less, or in parts, with LIMIT."
            raise ProblemError(422, "Too large", detail, limit=self._limit)
        return written


def count_rows(body: bytes, style: ox.QueryResultsFormat, limit: int) -> int:
    """How many rows an answer has; looked at closely only if there may be more than `limit`.

    Example:
        >>> count_rows(b"a\\r\\n1\\r\\n2\\r\\n", ox.QueryResultsFormat.CSV, 0)
        2
    """
    if style == ox.QueryResultsFormat.XML:
        return body.count(b"<result>")
    if style == ox.QueryResultsFormat.JSON:
        most = body.count(b"},{") + 1
        return most if most <= limit else len(json.loads(body)["results"]["bindings"])
    most = body.count(b"\n") - 1
    if style == ox.QueryResultsFormat.TSV or most <= limit:
        return most
    return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1


def _too_many(limit: int) -> ProblemError:
    detail = f"An answer may have {limit:,} rows or triples. Ask less, or in parts, with LIMIT."
    return ProblemError(422, "Too many rows", detail, limit=limit)

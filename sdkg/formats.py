"""The formats in which answers and graphs are written: their names, endings and media types."""

from __future__ import annotations

from typing import NamedTuple


class Syntax(NamedTuple):
    """A syntax of RDF: its name on the command line, the ending of a file, and its IANA media type."""

    name: str
    ending: str
    media_type: str


SYNTAXES = (
    Syntax("turtle", "ttl", "text/turtle"),
    Syntax("trig", "trig", "application/trig"),
    Syntax("nt", "nt", "application/n-triples"),
    Syntax("nq", "nq", "application/n-quads"),
    Syntax("jsonld", "jsonld", "application/ld+json"),
    Syntax("rdfxml", "rdf", "application/rdf+xml"),
)
"""The syntaxes in which graphs are written, the usual one first; nothing else lists them."""

ROWS = ("table", "csv", "tsv", "json", "xml", "markdown", "html", "csv-nl", "xlsx", "parquet")
"""The formats for rows; csv, tsv, json and xml are the SPARQL 1.1 result formats."""

BINARY = ("xlsx", "parquet")
"""The formats that are no text, and do not belong on a terminal."""

GRAPHS = tuple(syntax.name for syntax in SYNTAXES)
"""The formats for graphs."""

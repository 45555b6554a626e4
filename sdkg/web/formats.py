"""The formats on offer: media types, what writes them, and the short names that a link can carry."""

from __future__ import annotations

import pyoxigraph as ox

_R, _G = ox.QueryResultsFormat, ox.RdfFormat

RESULTS = {
    "application/sparql-results+json": _R.JSON,
    "application/sparql-results+xml": _R.XML,
    "text/csv": _R.CSV,
    "text/tab-separated-values": _R.TSV,
    "application/json": _R.JSON,
    "application/xml": _R.XML,
    "text/xml": _R.XML,
}
"""For rows and for yes or no; what comes first is given to who takes anything."""

GRAPHS = {
    "text/turtle": _G.TURTLE,
    "application/n-triples": _G.N_TRIPLES,
    "application/rdf+xml": _G.RDF_XML,
    "application/ld+json": _G.JSON_LD,
    "application/trig": _G.TRIG,
    "application/n-quads": _G.N_QUADS,
    "application/x-turtle": _G.TURTLE,
    "application/json": _G.JSON_LD,
    "application/xml": _G.RDF_XML,
    "text/plain": _G.N_TRIPLES,
}
"""For graphs."""

BY_NAME = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
"""Short name to what it asks for, as an Accept header says it."""

_NO_CHARSET = ("application/",)


def content_type(media_type: str) -> str:
    """A media type as a Content-Type header: with its charset where it has one.

    Example:
        >>> content_type("text/csv"), content_type("application/ld+json")
        ('text/csv; charset=utf-8', 'application/ld+json')
    """
    return media_type if media_type.startswith(_NO_CHARSET) else f"{media_type}; charset=utf-8"

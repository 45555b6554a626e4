"""The formats on offer: media types, what writes them, and the short names that a link can carry."""

from __future__ import annotations

import pyoxigraph as ox

from sdkg.export import GRAPH_FORMATS
from sdkg.formats import SYNTAXES

_R = ox.QueryResultsFormat

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

_ALIASES = {
    "application/x-turtle": "text/turtle",
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/plain": "application/n-triples",
}
_WRITERS = {syntax.media_type: syntax.name for syntax in SYNTAXES}

WRITERS = _WRITERS | {alias: _WRITERS[media_type] for alias, media_type in _ALIASES.items()}
"""Media type to name in `sdkg.formats`, for graphs; what comes first is given to who takes anything."""

GRAPHS = {media_type: GRAPH_FORMATS[name] for media_type, name in WRITERS.items()}
"""Media type to format, for graphs."""

ENDINGS = {syntax.ending: syntax.media_type for syntax in SYNTAXES}
"""Ending of an address to media type, for graphs."""

BY_NAME = {
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    **ENDINGS,
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

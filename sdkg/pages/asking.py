"""The query page for analysts: any SPARQL, with the prefixes, classes and saved questions at hand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from sdkg.errors import SdkgError
from sdkg.export import write_triples
from sdkg.graph import KnowledgeGraph
from sdkg.namespaces import PREFIXES, SD, shorten
from sdkg.pages.answers import table
from sdkg.pages.links import Links
from sdkg.pages.questions import by_group
from sdkg.pages.reader import Reader
from sdkg.pages.render import render
from sdkg.pages.vocabulary import terms
from sdkg.results import Result

SHOWN = 500
"""How many rows or statements the page shows."""

EXAMPLE = """SELECT ?doel ?doelLabel ?plan {
  ?doel a sd:Doel ;
        skos:prefLabel ?doelLabel ;
        sd:inPlan ?plan .
}
ORDER BY ?plan ?doelLabel
LIMIT 25
"""
ROWS, TRUTHS, GRAPHS = ("csv", "tsv", "json", "xml"), ("json", "xml"), ("ttl", "nt", "jsonld", "rdf")
"""The formats of the SPARQL endpoint."""

_AT_HAND = ("sd", "id", "skos", "dct", "rdf", "rdfs", "xsd", "schema", "owl", "prov")


def query_page(graph: KnowledgeGraph, text: str, links: Links, saved: str = "") -> bytes:
    """The query page, with the answer to a query if there is one.

    Args:
        graph: the knowledge graph.
        text: the query; empty for none yet.
        links: where pages are.
        saved: the name of a saved question to show the text of, if there is no query.

    Raises:
        UnknownQueryError: there is no such saved question.

    Example:
        >>> from sdkg import load
        >>> from sdkg.pages.links import Served
        >>> b">waar<" in query_page(load(), "ASK { ?plan a sd:Beleidsplan }", Served("nl"))
        True
    """
    reader = Reader(graph, links)
    classes, properties = terms(reader)
    return render(
        "query.html",
        links,
        text=text or (graph.saved(saved).text if saved else EXAMPLE),
        prefixes=[(name, PREFIXES[name]) for name in _AT_HAND],
        more_prefixes=[(name, iri) for name, iri in PREFIXES.items() if name not in _AT_HAND],
        classes=[(shorten(SD + term.name), term.label) for term in classes],
        properties=[(shorten(SD + term.name), term.label) for term in properties],
        groups=by_group(graph, links.lang),
        editor=has_editor(),
        address=links.to("query", query=text) if text else "",
        **_answer(reader, text),
    )


def _answer(reader: Reader, text: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "problem": "",
        "table": None,
        "truth": None,
        "turtle": None,
        "cut": False,
        "raw": [],
    }
    if not text.strip():
        return shown
    try:
        answer = reader.graph.sparql(text, limit=SHOWN)
    except SdkgError as error:
        return {**shown, "problem": str(error)}
    if isinstance(answer, Result):
        return {**shown, "table": table(reader, answer), "cut": answer.cut, "raw": _raw(reader, text, ROWS)}
    if isinstance(answer, ox.QueryBoolean):
        return {**shown, "truth": bool(answer), "raw": _raw(reader, text, TRUTHS)}
    turtle = write_triples(answer[:SHOWN], "turtle").decode()
    return {**shown, "turtle": turtle, "cut": len(answer) > SHOWN, "raw": _raw(reader, text, GRAPHS)}


def _raw(reader: Reader, text: str, formats: Iterable[str]) -> list[tuple[str, str]]:
    """The answer as the endpoint gives it, by format."""
    where = reader.links.file("sparql")
    return [(style, f"{where}?{urlencode({'query': text, 'format': style})}") for style in formats]


@cache
def has_editor() -> bool:
    """Whether the editor was bundled when the package was built; without it there is the plain field."""
    return files("sdkg.pages").joinpath("static/vendor/editor.js").is_file()

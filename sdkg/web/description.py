"""The service description: what the endpoint can do, in RDF (SPARQL 1.1 Service Description)."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from sdkg.engines import select
from sdkg.namespaces import BASE, DCT, FORMATS, RDF, SERVICE_DESCRIPTION, VOID, XSD
from sdkg.web.evaluation import choose
from sdkg.web.formats import GRAPHS, content_type
from sdkg.web.jobs import Answer, Desk

_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip
_COUNT = "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
_PREFIXES = {"dct": DCT, "formats": FORMATS, "service": SERVICE_DESCRIPTION, "void": VOID}


def describe_service(desk: Desk, accept: str | None = None) -> Answer:
    """The service description, in the format that the client would rather have.

    Raises:
        ProblemError: 406, it takes none of them.
    """
    media_type = choose(accept, tuple(GRAPHS))
    triples = sorted(set(service_triples(desk)), key=str)
    body = ox.serialize(triples, format=GRAPHS[media_type], prefixes=_PREFIXES)
    return Answer(body or b"", content_type(media_type))


def service_triples(desk: Desk) -> Iterator[ox.Triple]:
    """The service: its address, language, features and formats, and the graphs of its dataset."""
    endpoint = desk.settings.base_url + "sparql"
    dataset, union = endpoint + "#dataset", endpoint + "#default"
    yield _triple(endpoint, RDF + "type", SERVICE_DESCRIPTION + "Service")
    yield _triple(endpoint, SERVICE_DESCRIPTION + "endpoint", endpoint)
    yield _triple(endpoint, SERVICE_DESCRIPTION + "supportedLanguage", SERVICE_DESCRIPTION + "SPARQL11Query")
    yield _triple(endpoint, SERVICE_DESCRIPTION + "feature", SERVICE_DESCRIPTION + "UnionDefaultGraph")
    if desk.settings.allow_service:
        yield _triple(endpoint, SERVICE_DESCRIPTION + "feature", SERVICE_DESCRIPTION + "BasicFederatedQuery")
    for name in _FORMATS:
        yield _triple(endpoint, SERVICE_DESCRIPTION + "resultFormat", FORMATS + name)
    yield _triple(endpoint, SERVICE_DESCRIPTION + "defaultDataset", dataset)
    yield _triple(dataset, RDF + "type", SERVICE_DESCRIPTION + "Dataset")
    yield _triple(dataset, SERVICE_DESCRIPTION + "defaultGraph", union)
    yield _triple(union, RDF + "type", SERVICE_DESCRIPTION + "Graph")
    counted = select(desk.graph.engine, "SELECT (COUNT(*) AS ?triples) { ?s ?p ?o }")
    yield from (_size(union, row["triples"]) for row in counted)
    for row in select(desk.graph.engine, _COUNT):
        yield from _named_graph(dataset, row)


def _named_graph(dataset: str, row: ox.QuerySolution) -> Iterator[ox.Triple]:
    name = row["graph"]
    assert isinstance(name, ox.NamedNode)  # noqa: S101
    here = f"{dataset}/{name.value.removeprefix(BASE)}"
    yield _triple(dataset, SERVICE_DESCRIPTION + "namedGraph", here)
    yield _triple(here, RDF + "type", SERVICE_DESCRIPTION + "NamedGraph")
    yield _triple(here, SERVICE_DESCRIPTION + "name", name.value)
    yield _triple(here, SERVICE_DESCRIPTION + "graph", here + "-graph")
    yield _triple(here + "-graph", RDF + "type", SERVICE_DESCRIPTION + "Graph")
    yield _size(here + "-graph", row["triples"])


def _size(graph: str, number: object) -> ox.Triple:
    assert isinstance(number, ox.Literal)  # noqa: S101
    value = ox.Literal(number.value, datatype=ox.NamedNode(XSD + "integer"))
    return ox.Triple(ox.NamedNode(graph), ox.NamedNode(VOID + "triples"), value)


def _triple(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))

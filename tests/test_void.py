"""VoID: every number is the one that SPARQL counts on the dump itself."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from sdkg.namespaces import BASE, DCT, ID, RDF, SCHEMA, SD, VOID
from sdkg.project import Project
from sdkg.publication.dumps import Dumps
from sdkg.publication.mqa import Graph
from sdkg.publication.statistics import count
from sdkg.publication.void import DOCUMENT, export_void, make_void

NUMBERS = {
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s a ?o }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "entities": f'SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{ID}")) }}',
}


@pytest.fixture(scope="module")
def described(project: Path) -> Graph:
    return Graph(make_void(Project.at(project)))


def text(project: Path, name: str) -> str:
    return gzip.decompress(Dumps(Project.at(project)).find(f"{name}.nt")[1].read_bytes()).decode()


def dump(project: Path, name: str) -> ox.Store:
    store = ox.Store()
    store.bulk_load(text(project, name), format=ox.RdfFormat.N_TRIPLES)
    return store


def rows(store: ox.Store, query: str) -> list[list[str]]:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return [[term.value for term in solution if term is not None] for solution in found]


def said(graph: Graph, iri: str, name: str) -> list[str]:
    predicate = name if ":" in name else VOID + name
    return sorted(getattr(value, "value", "") for value in graph.values(ox.NamedNode(iri), predicate))


@pytest.mark.parametrize("name", ["alles", "heerde-2022", "referentie"])
def test_numbers(described: Graph, project: Path, name: str) -> None:
    store, iri = dump(project, name), f"{ID}dataset/{name}"
    for number, query in NUMBERS.items():
        assert said(described, iri, number) == rows(store, query)[0], number
    lines = set(text(project, name).splitlines())  # as written: the store takes 1.0 and 1.00 together
    assert said(described, iri, "triples") == [str(len(lines))]
    objects = {line.split(" ", 2)[2] for line in lines}
    assert said(described, iri, "distinctObjects") == [str(len(objects))]


@pytest.mark.parametrize("name", ["alles", "heerde-2022"])
def test_partitions(described: Graph, project: Path, name: str) -> None:
    store, iri = dump(project, name), f"{ID}dataset/{name}"
    classes = dict(rows(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c"))
    properties = dict(rows(store, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    for link, key, number, truth in (
        ("classPartition", "class", "entities", classes),
        ("propertyPartition", "property", "triples", properties),
    ):
        parts = said(described, iri, link)
        told = {said(described, part, key)[0]: said(described, part, number)[0] for part in parts}
        assert told == truth
        assert len(parts) == len(truth)


def test_linksets(described: Graph, project: Path) -> None:
    iri = ID + "dataset/alles"
    wetten = 'FILTER(STRSTARTS(STR(?o), "https://wetten.overheid.nl/"))'
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{SCHEMA}sameAs> ?o {wetten} }}"
    (expected,) = rows(dump(project, "alles"), query)[0]
    linkset = f"{iri}#links-wetten-schema-sameAs"
    assert linkset in said(described, iri, "subset")
    assert said(described, linkset, "triples") == [expected]
    assert int(expected) > 20
    (target,) = said(described, linkset, "objectsTarget")
    assert said(described, target, "uriSpace") == ["https://wetten.overheid.nl/"]
    kinds = {
        subset.rpartition("#")[2].split("-")[1] for subset in said(described, iri, "subset") if "#" in subset
    }
    assert {"wetten", "tooi", "sdg"} <= kinds


def test_where_it_all_is(described: Graph) -> None:
    alles, heerde = ID + "dataset/alles", ID + "dataset/heerde-2022"
    assert len(said(described, alles, "dataDump")) == 10
    assert said(described, heerde, "sparqlEndpoint") == [BASE + "sparql"]
    assert said(described, ID + "dataset/shapes", "sparqlEndpoint") == []
    assert heerde in said(described, alles, "subset")
    assert said(described, heerde, "rootResource") == [ID + "heerde-2022"]
    assert said(described, heerde, "uriSpace") == [ID + "heerde-2022/"]
    assert SD in said(described, heerde, "vocabulary")
    assert said(described, heerde, "exampleResource") == [ID + "heerde-2022"]
    assert said(described, DOCUMENT, RDF + "type") == [VOID + "DatasetDescription"]
    assert said(described, heerde, DCT + "license")


def test_the_same_bytes_and_another_base(project: Path) -> None:
    found = Project.at(project)
    assert export_void(found) == export_void(found)
    moved = export_void(found, "nt", "https://data.example.nl/")
    assert BASE.encode() not in moved
    assert b"https://data.example.nl/dumps/alles.ttl" in moved


def test_what_is_there_twice_counts_once() -> None:
    line = f"<{ID}a> <{RDF}type> <{SD}Wet> .\n".encode()
    found = count([line, line])
    assert (found.triples, found.entities, found.classes) == (1, 1, {SD + "Wet": 1})
    assert count([f"_:x <urn:p> <{ID}a> .\n".encode()]).entities == 0


def test_texts_with_blanks_and_dots_are_told_apart() -> None:
    lines = [b'<urn:a> <urn:p> "a ." .\n', b'<urn:a> <urn:p> "a" .\n', b'<urn:a> <urn:p> "a ."@nl .\n']
    assert count(lines).objects == 3

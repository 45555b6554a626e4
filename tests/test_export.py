"""Exports: every format holds the same graph, literals as written, and the same bytes each time."""

from __future__ import annotations

import io

import pyoxigraph as ox
import pytest
import rdflib

from sdkg.export import GRAPH_FORMATS, export, serialize
from sdkg.namespaces import BASE
from sdkg.project import Project
from sdkg.query_graph import QUERIES_GRAPH
from sdkg.reading import read
from tests.paths import ROOT

PROJECT = Project.at(ROOT)
PLAN = PROJECT.plan_files[0]


def triples_of(data: bytes, format: str) -> set[ox.Triple]:  # noqa: A002
    return {quad.triple for quad in ox.parse(data, format=GRAPH_FORMATS[format])}


@pytest.mark.parametrize("format", GRAPH_FORMATS)
def test_every_format_holds_the_plan(format: str) -> None:  # noqa: A002
    data = export(PROJECT, format, PLAN)
    assert triples_of(data, format) == set(read(PLAN).triples)
    assert export(PROJECT, format, PLAN) == data


def test_turtle_of_a_plan_is_its_file() -> None:
    assert export(PROJECT, "turtle", PLAN) == PLAN.read_bytes()


@pytest.mark.parametrize("format", ["trig", "nq"])
def test_graphs_are_the_files(format: str) -> None:  # noqa: A002
    quads = ox.parse(export(PROJECT, format), format=GRAPH_FORMATS[format])
    graphs = {str(quad.graph_name)[1:-1] for quad in quads}
    files = {PROJECT.graph_of(p) for p in [*PROJECT.reference_files, *PROJECT.plan_files]}
    assert graphs == files | {QUERIES_GRAPH}


def test_everything_with_the_ontology() -> None:
    everything = triples_of(export(PROJECT, "nt", ontology=True), "nt")
    assert len(everything) > len(triples_of(export(PROJECT, "nt"), "nt")) > len(read(PLAN).triples)


def test_rdflib_reads_what_we_write() -> None:
    """An independent reader agrees on the number of statements in each format it knows."""
    expected = len(set(read(PLAN).triples))
    for format, name in (("turtle", "turtle"), ("nt", "nt"), ("rdfxml", "xml"), ("jsonld", "json-ld")):  # noqa: A001
        graph = rdflib.Dataset(default_union=True)
        graph.parse(io.BytesIO(export(PROJECT, format, PLAN)), format=name)
        assert len(set(graph.triples((None, None, None)))) == expected, format


def test_another_base() -> None:
    data = export(PROJECT, "nt", PLAN, base_url="https://data.heerde.example/")
    assert BASE.encode() not in data
    assert len(data.splitlines()) == len(set(read(PLAN).triples))


def test_blank_nodes_get_stable_names() -> None:
    def quads(first: str, second: str) -> list[ox.Quad]:
        p = ox.NamedNode("urn:p")
        a, b = ox.BlankNode(first), ox.BlankNode(second)
        return [ox.Quad(a, p, b), ox.Quad(b, p, ox.Literal("x"))]

    for format in GRAPH_FORMATS:  # noqa: A001
        assert serialize(quads("x1", "y1"), format) == serialize(quads("zz", "aa"), format)

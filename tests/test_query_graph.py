"""The catalogue of saved queries as RDF, and what other tools make of the folder."""

from __future__ import annotations

import json
import subprocess

import pyoxigraph as ox
import pytest
from rdflib import Graph

import sdkg
from sdkg.export import export
from sdkg.namespaces import QUERY
from sdkg.project import Project
from sdkg.query_graph import QUERIES_GRAPH, describe
from tests.paths import PYTHON, ROOT

GRLC = """
import json, sys
from grlc import swagger
from grlc.fileLoaders import LocalLoader
loader = LocalLoader(sys.argv[1])
found = [swagger._buildItem(file, "rq", None, "", loader, []) for file in loader.fetchFiles()]
items = [[item["call_name"], item["summary"], item["tags"], item["query"]] for item, _ in found if item]
print(json.dumps({"items": items, "warnings": [warning for _, warning in found if warning]}))
"""


def rows(graph: sdkg.KnowledgeGraph, query: str) -> sdkg.Result:
    answer = graph.sparql(query)
    assert isinstance(answer, sdkg.Result)
    return answer


def test_every_query_is_in_the_graph(graph: sdkg.KnowledgeGraph) -> None:
    found = rows(
        graph,
        f"SELECT ?q ?text ?question {{ GRAPH <{QUERIES_GRAPH}> {{ ?q a sh:SPARQLSelectExecutable ;"
        " sh:select ?text ; rdfs:label ?question FILTER(LANG(?question) = 'nl') } }",
    )
    assert {row.q: row.question for row in found} == {
        QUERY + name: saved.question.nl for name, saved in graph.queries.items()
    }
    for row in found:
        name = str(row.q).removeprefix(QUERY)
        assert "#+" not in str(row.text)
        assert str(row.text).strip() in graph.queries[name].text


def test_it_can_be_asked_what_takes_a_law(graph: sdkg.KnowledgeGraph) -> None:
    found = rows(
        graph,
        "SELECT ?q ?name ?optional { ?q sh:parameter ?p ."
        " ?p sh:class sd:Wet ; sh:path ?path ; sh:optional ?optional"
        " BIND(STRAFTER(STR(?path), '#') AS ?name) }",
    )
    expected = {
        (QUERY + name, parameter.name, not parameter.required)
        for name, saved in graph.queries.items()
        for parameter in saved.parameters
        if parameter.type == "Wet"
    }
    assert {row.values for row in found} == expected
    assert len(expected) > 2


def test_choices_and_columns_keep_their_order(graph: sdkg.KnowledgeGraph) -> None:
    query = QUERY + "doelen-op-wet-en-partner"
    choices = rows(
        graph,
        f"SELECT ?choice {{ <{query}#parameter-niveau> sh:in/rdf:rest*/rdf:first ?choice }}",
    )
    assert {row.choice for row in choices} == {"gesteld", "geerfd", "plan"}
    columns = rows(
        graph, f"SELECT ?name {{ <{query}> csvw:column ?c . ?c csvw:name ?name ; sh:order ?n }} ORDER BY ?n"
    )
    assert [row.name for row in columns] == list(graph.queries["doelen-op-wet-en-partner"].columns)


def test_a_described_query_can_be_run_as_it_stands(graph: sdkg.KnowledgeGraph) -> None:
    found = rows(
        graph,
        "SELECT ?q ?text { ?q sh:select ?text FILTER NOT EXISTS { ?q sh:parameter [ sh:optional false ] } }",
    )
    assert len(found) > 10
    for row in list(found)[:5]:
        assert graph.sparql(str(row.text)) is not None


def test_it_is_in_the_export_and_the_same_each_time(graph: sdkg.KnowledgeGraph) -> None:
    project = Project.at(ROOT)
    data = export(project, "turtle", queries=True)
    assert data == export(project, "turtle", queries=True)
    exported = {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)}
    assert exported == set(describe(graph.queries.values()))
    everything = {quad.triple for quad in ox.parse(export(project, "trig"), format=ox.RdfFormat.TRIG)}
    assert exported < everything
    assert len(Graph().parse(data=data, format="turtle")) == len(exported)


def test_no_blank_nodes(graph: sdkg.KnowledgeGraph) -> None:
    for triple in describe(graph.queries.values()):
        assert isinstance(triple.subject, ox.NamedNode)
        assert not isinstance(triple.object, ox.BlankNode)


def test_other_tools_read_the_files_as_they_are(graph: sdkg.KnowledgeGraph) -> None:
    """A `.rq` file is SPARQL 1.1 with comments: rdflib finds the described columns in each as it stands."""
    from rdflib.plugins.sparql import prepareQuery

    for path in sorted((ROOT / "queries").glob("*.rq")):
        found = prepareQuery(path.read_text("utf-8")).algebra.PV
        assert {str(name) for name in found} == set(graph.queries[path.stem].columns), path


@pytest.fixture(scope="module")
def grlc() -> dict[str, list[list[str]]]:
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", GRLC, str(ROOT / "queries")],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, list[list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_grlc_lists_them(grlc: dict[str, list[list[str]]], graph: sdkg.KnowledgeGraph) -> None:
    assert grlc["warnings"] == []
    assert {name.strip("/"): (summary, list(tags)) for name, summary, tags, _ in grlc["items"]} == {
        name: (saved.question.nl, list(saved.tags)) for name, saved in graph.queries.items()
    }

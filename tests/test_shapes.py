"""Every shape finds what it must find, and nothing else, in small data made for it.

Each folder of `tests/data/shapes` has `goed.ttl` (nothing to find), `fout.ttl` (planted faults) and
`verwacht.json` (what the shapes must then say: focus node, path, value, shape, severity; `ook` names
shapes that may speak up in `goed.ttl`). Both are seen together with the ontology and `basis.ttl`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL, RDF, RDFS, SH
from rdflib.term import Node

from sdkg.namespaces import ID, SD, shorten
from sdkg.validation.reference import graph_with_cached_queries
from tests.paths import DATA, ROOT

SHAPES = sorted((ROOT / "shapes").glob("*.ttl"))
ONTOLOGY = ROOT / "ontology" / "sociaal-domein.ttl"
VALUE_LISTS = ROOT / "instances" / "referentie" / "waardelijsten.ttl"
FOLDER = DATA / "shapes"
BASE = FOLDER / "basis.ttl"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/verwacht.json"))
SEVERITY = {
    "aanbevolen": "Warning",
    "ontologie": "Violation",
    "verouderd": "Warning",
    "verplicht": "Violation",
    "waardelijsten": "Violation",
}
DEPRECATED = "verouderd"
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
NEVER_WRITTEN = {"valtOnder", "erftSteunOp", "planSteuntOp"}
ADVICE = {"nl": r"\b(voeg|vervang|verwijder)\b", "en": r"\b(add|replace|remove|merge)\b"}

Row = tuple[str | None, ...]
"""Focus node, path, value, shape and severity of a finding, with prefixes."""


@cache
def graph_of(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def shapes() -> list[URIRef]:
    """The shapes that can give a finding: all with a target; what is inside a sh:or is part of them."""
    graph = graph_of(*SHAPES)
    found = {shape for target in TARGETS for shape in graph.subjects(target)}
    assert all(isinstance(shape, URIRef) for shape in found)
    return sorted(shape for shape in found if isinstance(shape, URIRef))


def short(node: Node | None) -> str | None:
    if isinstance(node, Literal):
        return node.n3()
    if isinstance(node, BNode):
        return "_:"
    return None if node is None else shorten(str(node))


def findings(shape_files: tuple[Path, ...], *data: Path) -> set[Row]:
    """What the shapes say about some files together.

    Not with pySHACL's option `focus_nodes`: that also skips what a shape asks of other nodes inside a
    sh:or, sh:not or sh:qualifiedValueShape, and then takes the answer for a yes.
    """
    graph = graph_with_cached_queries()
    for file in data:
        graph.parse(file)
    _, report, _ = pyshacl.validate(
        graph, shacl_graph=graph_of(*shape_files), inference="none", advanced=False, inplace=True
    )
    assert isinstance(report, Graph)
    rows: set[Row] = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        path = report.value(result, SH.resultPath)
        severity = str(report.value(result, SH.resultSeverity)).removeprefix(str(SH))
        focus, value, shape = (
            short(report.value(result, part)) for part in (SH.focusNode, SH.value, SH.sourceShape)
        )
        rows.add((focus, short(path) if isinstance(path, URIRef) else None, value, shape, severity))
    return rows


def expected(case: str) -> tuple[set[Row], set[str]]:
    """What `fout.ttl` must give, and which shapes may find something in `goed.ttl`."""
    content = json.loads((FOLDER / case / "verwacht.json").read_text(encoding="utf-8"))
    return {tuple(row) for row in content["bevindingen"]}, set(content.get("ook", []))


# ---------------------------------------------------------------- What the shapes find


def test_the_cases_are_complete() -> None:
    folders = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
    assert folders == CASES
    assert CASES
    for case in CASES:
        assert {path.name for path in (FOLDER / case).iterdir()} == {"goed.ttl", "fout.ttl", "verwacht.json"}
        assert len(graph_of(FOLDER / case / "goed.ttl")) > 0


@pytest.mark.parametrize("case", CASES)
def test_good_data_has_no_findings(case: str) -> None:
    _, also = expected(case)
    found = findings(tuple(SHAPES), ONTOLOGY, BASE, FOLDER / case / "goed.ttl")
    assert {row for row in found if row[3] not in also} == set()


@pytest.mark.parametrize("case", CASES)
def test_planted_faults_are_found(case: str) -> None:
    assert findings(tuple(SHAPES), ONTOLOGY, BASE, FOLDER / case / "fout.ttl") == expected(case)[0]


def test_every_shape_has_a_planted_fault() -> None:
    hit = {row[3] for case in CASES for row in expected(case)[0]}
    assert {short(shape) for shape in shapes()} - hit == set()


def test_the_ontology_keeps_the_house_style() -> None:
    assert findings((ROOT / "shapes" / "ontologie.ttl",), ONTOLOGY) == set()


# ---------------------------------------------------------------- How the shapes are written


def test_the_files_are_known() -> None:
    assert [path.stem for path in SHAPES] == sorted(SEVERITY)
    for path in SHAPES:
        assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_severity_is_that_of_the_file(path: Path) -> None:
    graph = graph_of(path)
    targeted = {shape for target in TARGETS for shape in graph.subjects(target)}
    assert targeted
    for shape in targeted:
        assert list(graph.objects(shape, SH.severity)) == [SH[SEVERITY[path.stem]]], shape


@pytest.mark.parametrize("shape", shapes(), ids=lambda shape: str(short(shape)))
def test_a_shape_explains_itself_in_two_languages(shape: URIRef) -> None:
    graph = graph_of(*SHAPES)
    kind = SH.PropertyShape if (shape, SH.path, None) in graph else SH.NodeShape
    assert (shape, RDF.type, kind) in graph
    for word in (SH.name, SH.description, SH.message):
        texts = [text for text in graph.objects(shape, word) if isinstance(text, Literal)]
        assert sorted(str(text.language) for text in texts) == ["en", "nl"], word
        assert all(str(text).strip() == str(text) != "" for text in texts)
    for message in graph.objects(shape, SH.message):
        assert isinstance(message, Literal)
        assert re.search(ADVICE[str(message.language)], str(message)), message
        assert "{" not in message, "pySHACL drops the language of a message with placeholders"
    for constraint in graph.objects(shape, SH.sparql):
        assert set(graph.objects(constraint, SH.message)) == set(graph.objects(shape, SH.message))


def test_no_shape_without_a_name() -> None:
    graph = graph_of(*SHAPES)
    typed = {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}
    assert typed == set(shapes())
    assert not list(graph.subject_objects(SH.property))
    assert all(str(shape).startswith("https://w3id.org/sociaal-domein/shapes#") for shape in typed)


def test_queries_stay_in_the_common_subset() -> None:
    """What some engine misses or refuses is not used: see the header of `shapes/verplicht.ttl`."""
    graph = graph_of(*SHAPES)
    queries = [str(query) for query in graph.objects(None, SH.select)]
    assert len(queries) == len(list(graph.objects(None, SH.sparql)))
    for query in queries:
        assert query.split()[:3] == ["SELECT", "DISTINCT", "$this"]
        assert "$this" in query.partition("WHERE")[2]
        assert not re.search(r"\b(MINUS|VALUES|SERVICE|AS)\b|\bSELECT\b.*\bSELECT\b", query, re.DOTALL)
    for word in (SH.target, SH.validator, SH.nodeValidator, SH.propertyValidator, SH.rule, SH.js):
        assert not list(graph.subject_objects(word))


def test_terms_in_the_shapes_exist() -> None:
    """A shape about a misspelt term would never find anything."""
    ontology = graph_of(ONTOLOGY)
    for path in SHAPES:
        graph = graph_of(path)
        used = {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}
        queries = " ".join(str(query) for query in graph.objects(None, SH.select))
        used |= {SD + name for name in re.findall(r"\bsd:(\w+)", queries)}
        unknown = {iri for iri in used if iri.startswith(SD) and iri != SD}
        unknown = {iri for iri in unknown if (URIRef(iri), RDF.type, None) not in ontology}
        assert bool(unknown) == (path.stem == DEPRECATED), unknown


def test_a_deprecated_name_has_an_existing_replacement() -> None:
    ontology = graph_of(ONTOLOGY)
    for shape in graph_of(ROOT / "shapes" / f"{DEPRECATED}.ttl").subjects(SH.severity):
        for message in graph_of(*SHAPES).objects(shape, SH.message):
            replacements = re.findall(r"\bsd:(\w+)", re.split(r" door | by ", str(message), maxsplit=1)[1])
            assert replacements or re.search(r"\b(skos|dct|schema):", str(message))
            assert all((URIRef(SD + name), RDF.type, None) in ontology for name in replacements), message


def test_values_in_the_shapes_exist() -> None:
    """The messages and conditions name only values that are in the lists."""
    listed = set(graph_of(VALUE_LISTS).subjects(RDF.type))
    text = "\n".join(path.read_text(encoding="utf-8") for path in SHAPES)
    named = set(re.findall(r"\bwaarde:([a-z-]+[a-z])", text))
    assert {"procent", "streefwaarde"} <= named
    assert {name for name in named if URIRef(f"{ID}waarde/{name}") not in listed} == set()


@pytest.mark.parametrize(
    "kind", [OWL.ObjectProperty, OWL.DatatypeProperty], ids=["relaties", "eigenschappen"]
)
def test_both_ends_of_every_property_are_checked(kind: URIRef) -> None:
    """What the ontology gives as domain and range, a shape checks; what is inferred, a shape refuses."""
    ontology, graph = graph_of(ONTOLOGY), graph_of(*SHAPES)
    terms = {term for term in ontology.subjects(RDF.type, kind) if str(term).startswith(SD)}
    assert terms
    for term in terms:
        if str(term).removeprefix(SD) in NEVER_WRITTEN:
            assert (None, SH.path, term) in graph
            continue
        domain, reach = ontology.value(term, RDFS.domain), ontology.value(term, RDFS.range)
        ends = [s for s in graph.subjects(SH.targetSubjectsOf, term) if (s, SH.path, None) not in graph]
        values = [s for s in graph.subjects(SH.targetSubjectsOf, term) if (s, SH.path, term) in graph]
        assert domain == OWL.Thing or any((s, SH["class"], domain) in graph for s in ends), term
        assert any(checks_range(graph, shape, reach) for shape in values), term


def checks_range(graph: Graph, shape: Node, reach: Node | None) -> bool:
    """Whether a shape asks for the range: the class, the datatype, a language, or at least a node."""
    if reach == RDF.langString:
        return (shape, SH.languageIn, None) in graph
    if reach == OWL.Thing:
        return (shape, SH.nodeKind, SH.IRI) in graph
    if reach == URIRef(SD + "Relatie"):
        return (shape, SH["class"], OWL.ObjectProperty) in graph
    return (shape, SH["class"], reach) in graph or (shape, SH.datatype, reach) in graph

"""The SPARQL rules infer exactly what owlrl infers, on every real plan; nothing of the housekeeping stays."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib

from sdkg.errors import UnsupportedAxiomError
from sdkg.namespaces import OWL, RDF, RDFS, SD
from sdkg.project import Project
from sdkg.reading import read
from sdkg.rules import compile_rules, infer, is_housekeeping
from tests.paths import ROOT

PROJECT = Project.at(ROOT)


def by_owlrl(triples: Iterable[ox.Triple]) -> set[ox.Triple]:
    """What owlrl infers, without the housekeeping and without what was stated."""
    stated = list(triples)
    graph = rdflib.Graph()
    graph.parse(data=ox.serialize(stated, format=ox.RdfFormat.N_TRIPLES), format="nt")
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = set()
    for subject, predicate, value in graph:
        if isinstance(subject, rdflib.URIRef) and isinstance(value, rdflib.URIRef):
            triple = ox.Triple(ox.NamedNode(subject), ox.NamedNode(str(predicate)), ox.NamedNode(value))
            if not is_housekeeping(triple):
                found.add(triple)
    return found - set(stated)


def test_there_are_plans() -> None:
    assert PROJECT.plan_files


@pytest.mark.parametrize("path", PROJECT.plan_files, ids=lambda path: path.stem)
def test_same_as_owlrl(path: Path) -> None:
    ontology = read(PROJECT.core_ontology).triples
    shared = [triple for file in PROJECT.reference_files for triple in read(file).triples]
    triples = [*read(path).triples, *shared, *ontology]
    ours, reference = infer(triples, compile_rules(ontology)), by_owlrl(triples)
    assert len(ours) > 1000
    assert ours - reference == set()
    assert reference - ours == set()


def test_a_missing_rule_would_show() -> None:
    """The comparison goes red when a rule is left out: it compares something."""
    ontology = read(PROJECT.core_ontology).triples
    plan = read(PROJECT.plan_files[0]).triples
    rules = [rule for rule in compile_rules(ontology) if "propertyChain" not in rule.name]
    ours = infer([*plan, *ontology], rules)
    chained = ox.NamedNode(SD + "erftSteunOp")
    full = infer([*plan, *ontology], compile_rules(ontology))
    assert any(triple.predicate == chained for triple in full - ours)


def test_nothing_inferred_is_housekeeping_or_stated() -> None:
    ontology = read(PROJECT.core_ontology).triples
    plan = read(PROJECT.plan_files[0]).triples
    found = infer([*plan, *ontology], compile_rules(ontology))
    assert not any(is_housekeeping(triple) for triple in found)
    assert not found & set(plan)
    assert not any(triple.predicate.value.startswith((OWL, RDFS)) for triple in found)


@pytest.mark.parametrize("construct", ["FunctionalProperty", "Restriction", "InverseFunctionalProperty"])
def test_a_construct_without_a_rule_is_refused(construct: str) -> None:
    axiom = ox.Triple(ox.NamedNode(SD + "meet"), ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + construct))
    with pytest.raises(UnsupportedAxiomError, match=construct):
        compile_rules([axiom])


def test_other_axioms_of_the_profile() -> None:
    """Inverse, symmetric and equivalent properties and classes: as owlrl does them."""
    names = {name: ox.NamedNode(f"urn:{name}") for name in "pqrstabcCDEF"}
    rdf_type = ox.NamedNode(RDF + "type")

    def owl(name: str) -> ox.NamedNode:
        return ox.NamedNode(OWL + name)

    ontology = [
        ox.Triple(names["p"], owl("inverseOf"), names["q"]),
        ox.Triple(names["r"], rdf_type, owl("SymmetricProperty")),
        ox.Triple(names["r"], rdf_type, owl("ObjectProperty")),
        ox.Triple(names["s"], owl("equivalentProperty"), names["t"]),
        ox.Triple(names["C"], owl("equivalentClass"), names["D"]),
        ox.Triple(names["p"], ox.NamedNode(RDFS + "range"), names["E"]),
    ]
    data = [
        ox.Triple(names["a"], names["p"], names["b"]),
        ox.Triple(names["a"], names["r"], names["c"]),
        ox.Triple(names["b"], names["t"], names["c"]),
        ox.Triple(names["a"], rdf_type, names["D"]),
    ]
    assert infer([*ontology, *data], compile_rules(ontology)) == by_owlrl([*ontology, *data])

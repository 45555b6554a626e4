"""Names lead to one thing or to a clear answer, never to a silent nothing."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.engines.embedded import Embedded
from sdkg.errors import AmbiguousNameError, UnknownNameError
from sdkg.names import find
from sdkg.namespaces import ID, SD

PW = ID + "wet/participatiewet"


@pytest.mark.parametrize(
    "name",
    [PW, f"<{PW}>", "wet:participatiewet", "participatiewet", "Participatiewet", "PARTICIPATIEWET", "pw",
     "Wet werk en bijstand", "BWBR0015703", "  Participatiewet "],
)  # fmt: skip
def test_every_name_of_a_law(graph: sdkg.KnowledgeGraph, name: str) -> None:
    assert graph.find(name, "Wet") == PW
    assert graph.find(name) == PW


def test_accents_do_not_matter(graph: sdkg.KnowledgeGraph) -> None:
    assert graph.find("verian") == graph.find("Vérian") == ID + "partner/verian"


def test_a_plan_element_by_its_prefixed_name(graph: sdkg.KnowledgeGraph) -> None:
    assert graph.find("heerde-2022:opgave-mantelzorgers") == ID + "heerde-2022/opgave-mantelzorgers"


def test_near_miss(graph: sdkg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean") as caught:
        graph.find("Participatie wett", "Wet")
    assert PW in caught.value.candidates


def test_the_class_counts(graph: sdkg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError):
        graph.find("Participatiewet", "Partner")
    with pytest.raises(UnknownNameError):
        graph.find(PW, "Partner")


def test_unknown_iri(graph: sdkg.KnowledgeGraph) -> None:
    with pytest.raises(UnknownNameError):
        graph.find("https://example.org/niets")


@pytest.mark.parametrize(
    "attack",
    ['" } UNION { ?s ?p ?o', "x> ; ?p ?o . <y", "\\u0022", "a\nb", "'", "}", "#", "", "x" * 100_000],
)
def test_hostile_names_find_nothing(graph: sdkg.KnowledgeGraph, attack: str) -> None:
    with pytest.raises(UnknownNameError):
        graph.find(attack, "Wet")


def test_two_of_one_name() -> None:
    store = ox.Store()
    label, kind = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), ox.NamedNode(SD + "Wet")
    for end in ("a", "b"):
        node = ox.NamedNode(f"{ID}wet/{end}")
        store.add(ox.Quad(node, label, ox.Literal("Dubbel", language="nl")))
        store.add(ox.Quad(node, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), kind))
    with pytest.raises(AmbiguousNameError, match="Choose one") as caught:
        find(Embedded(store), "dubbel")
    assert caught.value.candidates == (f"{ID}wet/a", f"{ID}wet/b")
    assert find(Embedded(store), "a", SD + "Wet") == f"{ID}wet/a"

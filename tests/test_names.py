"""Names lead to one thing or to a clear answer, never to a silent nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

import sdkg
from sdkg.engines.embedded import Embedded
from sdkg.errors import AmbiguousNameError, UnknownNameError
from sdkg.name_index import NameIndex, write_index
from sdkg.names import Asked, Indexed, Names, find
from sdkg.namespaces import GRAPH, ID, RDF, SD, SKOS

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


@pytest.fixture(params=["index", "asked"])
def twice(request: pytest.FixtureRequest, tmp_path: Path) -> Names:
    """Two laws of one name, in an index and as an endpoint would hold them."""
    store, graph = ox.Store(), ox.NamedNode(GRAPH + "instances/referentie/wetten")
    for end in ("a", "b"):
        node = ox.NamedNode(f"{ID}wet/{end}")
        store.add(ox.Quad(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal("Dubbel", language="nl"), graph))
        store.add(ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SD + "Wet"), graph))
    write_index(tmp_path, store, [graph.value])
    return Indexed(NameIndex(tmp_path), store) if request.param == "index" else Asked(Embedded(store))


def test_two_of_one_name(twice: Names) -> None:
    with pytest.raises(AmbiguousNameError, match="Choose one") as caught:
        find(twice, "dubbel")
    assert caught.value.candidates == (f"{ID}wet/a", f"{ID}wet/b")
    assert find(twice, "a", SD + "Wet") == f"{ID}wet/a"


OTHERWISE = [
    ("PARTICIPATIEWET", "Wet"),
    ("verian", "Partner"),
    ("GM0246", "Gemeente"),
    ("heerde-2022", "Beleidsplan"),
    ("EENZAAMHEID", "Onderwerp"),
    ("heerde-2022:visie", None),
]


@pytest.mark.parametrize(("name", "cls"), OTHERWISE)
def test_index_and_endpoint_agree(graph: sdkg.KnowledgeGraph, name: str, cls: str | None) -> None:
    asked = Asked(graph.engine)
    assert find(asked, name, SD + cls if cls else None) == graph.find(name, cls)


def test_the_index_follows_the_files(own_project: Path) -> None:
    plan = own_project / "instances" / "heerde" / "heerde-2022.ttl"
    before = sdkg.load(own_project)
    iri = before.find("heerde-2022:visie")
    old = before.show(iri).label
    plan.write_text(plan.read_text("utf-8").replace(f'"{old}"', '"Een naam die nieuw is"'), "utf-8")
    sdkg.build(sdkg.Project.at(own_project))
    after = sdkg.load(own_project)
    assert after.find("een náám die nieuw is") == iri
    with pytest.raises(UnknownNameError):
        after.find(old.upper())
    with closing(sqlite3.connect(after._opened[1] / "names.sqlite")) as base:
        rows = base.execute("SELECT term FROM vocabulary EXCEPT SELECT word FROM part").fetchall()
        rows += base.execute("SELECT word FROM part EXCEPT SELECT term FROM vocabulary").fetchall()
    assert rows == []

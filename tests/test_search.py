"""What people type leads to what they mean, the best first."""

from __future__ import annotations

import pytest

import sdkg
from sdkg.errors import StoreError
from sdkg.namespaces import ID, SD
from sdkg.search import WEIGHTS, search


@pytest.mark.parametrize(
    ("typed", "iri"),
    [
        ("Participatiewet", "wet/participatiewet"),
        ("particpatiewet", "wet/participatiewet"),
        ("PARTICIPATIE WET", "wet/participatiewet"),
        ("Pw", "wet/participatiewet"),
        ("Wet werk en bijstand", "wet/participatiewet"),
        ("eenzamheid", "onderwerp/eenzaamheid"),
        ("eenzaamheid", "onderwerp/eenzaamheid"),
        ("heerde", "gemeente/heerde"),
        ("herde", "gemeente/heerde"),
        ("verian", "partner/verian"),
        ("STIP", "partner/stip-heerde"),
        ("STPI", "partner/stip-heerde"),
        ("jeudgwet", "wet/jeugdwet"),
        ("bwbr0015703", "wet/participatiewet"),
    ],
)
def test_the_first_hit(graph: sdkg.KnowledgeGraph, typed: str, iri: str) -> None:
    assert [hit.iri for hit in search(graph, typed, 1)] == [graph.find(iri) if "/" not in iri else ID + iri]


def test_a_part_of_a_word(graph: sdkg.KnowledgeGraph) -> None:
    hits = search(graph, "mantelzorg")
    assert any("mantelzorgers" in hit.matched.lower() for hit in hits)
    assert hits == sorted(hits, key=lambda hit: -hit.score)


def test_where_a_hit_is(graph: sdkg.KnowledgeGraph) -> None:
    iri = ID + "heerde-2022/visie"
    name = graph.show(iri).label
    (hit,) = (hit for hit in search(graph, name) if hit.iri == iri)
    assert (hit.plan, hit.cls, hit.name) == (ID + "heerde-2022", SD + "Visie", name)


def test_an_alias_is_shown_by_the_name_of_the_thing(graph: sdkg.KnowledgeGraph) -> None:
    (hit,) = search(graph, "Wet werk en bijstand", 1)
    assert (hit.name, hit.matched) == ("Participatiewet", "Wet werk en bijstand")


@pytest.mark.parametrize(
    "typed", ["", "   ", '"', "* OR *", "NEAR(a b)", "x" * 10_000, "\x00", "name:x", "'; --"]
)
def test_hostile_texts_do_no_harm(graph: sdkg.KnowledgeGraph, typed: str) -> None:
    assert isinstance(search(graph, typed), list)


def test_what_counts_exists(graph: sdkg.KnowledgeGraph) -> None:
    classes = "SELECT DISTINCT ?class { ?thing a ?class ; skos:prefLabel ?name }"
    rows = graph.sparql(classes)
    assert isinstance(rows, sdkg.Result)
    assert set(WEIGHTS) <= {str(row.values[0]) for row in rows}


def test_the_dutch_name_comes_first(graph: sdkg.KnowledgeGraph) -> None:
    hits = search(graph, "loneliness")
    assert [(hit.name, hit.matched) for hit in hits[:1]] == [("eenzaamheid", "loneliness")]


def test_nothing_like_it(graph: sdkg.KnowledgeGraph) -> None:
    assert search(graph, "qqqqqqqqzzzz") == []


def test_an_endpoint_is_not_searched(project: str) -> None:
    with pytest.raises(StoreError, match="index of names"):
        search(sdkg.load(project, endpoint="http://127.0.0.1:9/"), "Jeugdwet")
